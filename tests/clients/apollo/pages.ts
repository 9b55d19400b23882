/** `fetchMore` walks lists at the root and below a record, in both directions. */
import assert from 'node:assert/strict';
import { gql, type TypedDocumentNode } from '@apollo/client';
import { ADDRESS, plainly } from '../address';
import { apollo } from './client';

type Cursors = { first?: number; after?: string | null; last?: number; before?: string | null };
type List = {
  edges: { node: { id: string } }[];
  pageInfo: { startCursor: string | null; endCursor: string | null; hasNextPage: boolean; hasPreviousPage: boolean };
};

const PAGE = gql`
  fragment Page on PageInfo {
    startCursor
    endCursor
    hasNextPage
    hasPreviousPage
  }
`;
const PARTIES: TypedDocumentNode<{ parties: List }, Cursors> = gql`
  query Parties($first: Int, $after: String, $last: Int, $before: String) {
    parties(first: $first, after: $after, last: $last, before: $before) {
      edges { node { id title } }
      pageInfo { ...Page }
    }
  }
  ${PAGE}
`;
const INVOLVEMENTS: TypedDocumentNode<{ party: { involvements: List } }, Cursors> = gql`
  query Involvements($first: Int, $after: String, $last: Int, $before: String) {
    party(by: { slug: "poland" }) {
      id
      involvements(first: $first, after: $after, last: $last, before: $before) {
        edges { node { id title } }
        pageInfo { ...Page }
      }
    }
  }
  ${PAGE}
`;

/** All ids of a list, which grows page by page from one end until it says that there is no more. */
async function walked<Data>(
  query: TypedDocumentNode<Data, Cursors>,
  list: (data: Data) => List,
  size: number,
  way: 'forwards' | 'backwards',
  pages = Infinity,
): Promise<string[]> {
  const client = apollo(ADDRESS);
  const variables: Cursors = way === 'forwards' ? { first: size } : { last: size };
  const watched = client.watchQuery({ query, variables });
  const shown = () => list(client.readQuery({ query, variables }) as Data);
  await client.query({ query, variables });
  for (let page = 1; page < pages; page++) {
    const before = shown().edges.length;
    const { startCursor, endCursor, hasNextPage, hasPreviousPage } = shown().pageInfo;
    if (way === 'forwards' ? !hasNextPage : !hasPreviousPage) break;
    await watched.fetchMore({
      variables:
        way === 'forwards'
          ? { first: size, after: endCursor }
          : { last: size, before: startCursor },
    });
    assert.ok(shown().edges.length > before, 'a page adds to the list');
  }
  return shown().edges.map(({ node }) => node.id);
}

const ids = ({ edges }: List) => edges.map(({ node }) => node.id);
const { top, end, party } = await plainly<{ top: List; end: List; party: { involvements: List } }>(`{
  top: parties(first: 12) { edges { node { id } } }
  end: parties(last: 12) { edges { node { id } } }
  party(by: { slug: "poland" }) { involvements(first: 100) { edges { node { id } } } }
}`);

assert.deepEqual(await walked(PARTIES, ({ parties }) => parties, 4, 'forwards', 3), ids(top));
assert.deepEqual(await walked(PARTIES, ({ parties }) => parties, 4, 'backwards', 3), ids(end));
for (const way of ['forwards', 'backwards'] as const)
  assert.deepEqual(await walked(INVOLVEMENTS, ({ party }) => party.involvements, 2, way), ids(party.involvements));
