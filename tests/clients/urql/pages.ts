/** graphcache joins the pages of a list, at the root and below a record, in both directions. */
import assert from 'node:assert/strict';
import { gql } from '@urql/core';
import { ADDRESS, plainly } from '../address';
import { urql } from './client';

type List = { edges: { node: { id: string } }[]; pageInfo: { startCursor: string; endCursor: string } };
type Answer = { parties: List; party: { involvements: List } };

const PARTIES = `parties(first: $first, after: $after, last: $last, before: $before) {
  edges { node { id title } }
  pageInfo { startCursor endCursor hasNextPage hasPreviousPage }
}`;
const INVOLVEMENTS = `party(by: { slug: "poland" }) { id ${PARTIES.replace('parties', 'involvements')} }`;

/** All ids of a list after so many pages. */
async function walked(field: string, list: (data: Answer) => List, size: number, way: string, pages: number) {
  const client = urql(ADDRESS);
  const query = gql(`query ($first: Int, $after: String, $last: Int, $before: String) { ${field} }`);
  let variables: Record<string, unknown> = way === 'forwards' ? { first: size } : { last: size };
  let shown: List | undefined;
  for (let page = 0; page < pages; page++) {
    const { data, error } = await client.query<Answer>(query, variables).toPromise();
    assert.ifError(error);
    shown = list(data as Answer);
    const { startCursor, endCursor } = shown.pageInfo;
    variables = way === 'forwards' ? { first: size, after: endCursor } : { last: size, before: startCursor };
  }
  return shown?.edges.map(({ node }) => node.id);
}

const ids = ({ edges }: List) => edges.map(({ node }) => node.id);
const { top, end, party } = await plainly<Answer & { top: List; end: List }>(`{
  top: parties(first: 12) { edges { node { id } } }
  end: parties(last: 12) { edges { node { id } } }
  party(by: { slug: "poland" }) { involvements(first: 100) { edges { node { id } } } }
}`);
const roles = ids(party.involvements);

assert.deepEqual(await walked(PARTIES, ({ parties }) => parties, 4, 'forwards', 3), ids(top));
assert.deepEqual(await walked(PARTIES, ({ parties }) => parties, 4, 'backwards', 3), ids(end));
for (const way of ['forwards', 'backwards'])
  assert.deepEqual(
    await walked(INVOLVEMENTS, ({ party }) => party.involvements, 2, way, Math.ceil(roles.length / 2)),
    roles,
  );
