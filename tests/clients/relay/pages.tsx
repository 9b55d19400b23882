/** `usePaginationFragment` walks lists at the root and below a record, in both directions. */
import assert from 'node:assert/strict';
import { plainly } from '../address';
import { Involvements } from './Involvements';
import { Page } from './page';
import { Parties } from './Parties';

type List = { edges: { cursor: string; node: { id: string } }[] };
const { parties, party } = await plainly<{ parties: List; party: { involvements: List } }>(`{
  parties(first: 20) { edges { cursor node { id } } }
  party(by: { slug: "poland" }) { involvements(first: 100) { edges { cursor node { id } } } }
}`);
const states = parties.edges.map(({ node }) => node.id);
const roles = party.involvements.edges.map(({ node }) => node.id);

let page = new Page(<Parties first={4} />);
assert.deepEqual(await page.holding(4), states.slice(0, 4));
assert.deepEqual(page.offered, ['after']);
page.press('after');
assert.deepEqual(await page.holding(8), states.slice(0, 8));
page.press('after');
assert.deepEqual(await page.holding(12), states.slice(0, 12));
page.close();

page = new Page(<Parties last={4} before={parties.edges[12]?.cursor} />);
assert.deepEqual(await page.holding(4), states.slice(8, 12));
assert.deepEqual(page.offered, ['before', 'after']);
page.press('before');
assert.deepEqual(await page.holding(8), states.slice(4, 12));
page.press('after');
assert.deepEqual(await page.holding(12), states.slice(4, 16));
page.press('before');
assert.deepEqual(await page.holding(16), states.slice(0, 16));
assert.deepEqual(page.offered, ['after']);
page.close();

page = new Page(<Involvements slug="poland" first={roles.length - 3} />);
assert.deepEqual(await page.holding(roles.length - 3), roles.slice(0, -3));
page.press('after');
await page.holding(roles.length - 1);
page.press('after');
assert.deepEqual(await page.holding(roles.length), roles);
assert.deepEqual(page.offered, []);
page.close();

page = new Page(<Involvements slug="poland" last={roles.length - 3} />);
assert.deepEqual(await page.holding(roles.length - 3), roles.slice(3));
page.press('before');
await page.holding(roles.length - 1);
page.press('before');
assert.deepEqual(await page.holding(roles.length), roles);
assert.deepEqual(page.offered, []);
page.close();
