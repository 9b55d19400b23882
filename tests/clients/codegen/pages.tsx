/** A list page and a record page, drawn from typed documents; what is marked are the passages' words. */
import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { renderToStaticMarkup } from 'react-dom/server';
import { ADDRESS, plainly } from '../address';
import { marked } from './highlight';
import { ask } from './ask';
import { graphql } from './generated';
import { List } from './List';
import { Record } from './Record';
import { site } from './site';

const { procurements, procurement } = await plainly<any>(`{
  procurements { totalCount nodes { id title } }
  procurement(by: { slug: "south-korea-polish-drones" }) {
    claims(first: 100) { nodes { passages { exact startUtf16 endUtf16 source { id text } } } }
  }
}`);

const list = renderToStaticMarkup(await List({ url: ADDRESS, first: 2 }));
assert.match(list, new RegExp(`<h1>${procurements.totalCount} deals</h1>`));
assert.equal(list.match(/<li>/g)?.length, 2);
const [, after] = list.match(/href="\?after=([^"]*)"/) ?? [];
const next = renderToStaticMarkup(await List({ url: ADDRESS, first: 2, after }));
for (const [page, deals] of [[list, procurements.nodes.slice(0, 2)], [next, procurements.nodes.slice(2, 4)]])
  for (const { id, title } of deals) assert.ok(page.includes(`<a href="/${id}">${title}</a>`), title);

const record = renderToStaticMarkup(await Record({ url: ADDRESS, id: 'procurement/south-korea-polish-drones' }));
assert.match(record, /<dd>200 to 200<\/dd>/);
const shown = [...record.matchAll(/<mark>(.*?)<\/mark>/gs)].map(([, words]) => words);
assert.ok(shown.length > 3);
const passages = procurement.claims.nodes.flatMap(({ passages }: any) => passages);
for (const { exact, startUtf16, endUtf16, source } of passages) {
  assert.equal(source.text.slice(startUtf16, endUtf16), exact);
  assert.ok(marked(source.text, [{ startUtf16, endUtf16 }]).some(({ words, isMarked }) => isMarked && words === exact));
}

const served = site(ADDRESS).listen(0);
const place = `http://127.0.0.1:${(served.address() as AddressInfo).port}`;
const whole = await (await fetch(place)).text();
assert.equal(whole.match(/<li>/g)?.length, procurements.nodes.length);
const [, path] = whole.match(/href="(\/procurement[^"]*drones)"/) ?? [];
assert.equal(await (await fetch(`${place}${path}`)).text(), `<!doctype html>${record}`);
assert.equal((await fetch(`${place}/?after=nowhere`)).status, 502);
served.close();

const absent = renderToStaticMarkup(await Record({ url: ADDRESS, id: 'procurement/none' }));
assert.match(absent, /There is no deal/);

assert.deepEqual(
  marked('🛩 one two three', [{ startUtf16: 3, endUtf16: 10 }, { startUtf16: 7, endUtf16: 8 }, { startUtf16: 9, endUtf16: 12 }]),
  [
    { words: '🛩 ', isMarked: false },
    { words: 'one two', isMarked: true },
    { words: ' t', isMarked: true },
    { words: 'hree', isMarked: false },
  ],
);

const { party } = await ask(ADDRESS, graphql(`query Title($slug: String!) { party(by: { slug: $slug }) { title } }`), {
  slug: 'poland',
});
const title: string | undefined = party?.title;
assert.equal(title, 'Poland');
// @ts-expect-error A title is text.
const number: number | undefined = party?.title;
// @ts-expect-error The document does not ask for it.
party?.description;
