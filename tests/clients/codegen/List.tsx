import { ask } from './ask';
import { graphql } from './generated';

const DEALS = graphql(`
  query Deals($first: Int!, $after: String) {
    procurements(first: $first, after: $after) {
      totalCount
      nodes { id title stage orderedOn { stated } }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

/** A page of the list of deals, and the way to the next. */
export async function List({ url, first = 20, after }: { url: string; first?: number; after?: string }) {
  const { procurements } = await ask(url, DEALS, { first, after });
  if (!procurements) return <main>There are no deals.</main>;
  return (
    <main>
      <h1>{procurements.totalCount} deals</h1>
      <ul>
        {procurements.nodes.map(({ id, title, stage, orderedOn }) => (
          <li key={id}>
            <a href={`/${id}`}>{title}</a> {stage?.toLowerCase()} {orderedOn?.stated}
          </li>
        ))}
      </ul>
      {procurements.pageInfo.hasNextPage && <a href={`?after=${procurements.pageInfo.endCursor}`}>More</a>}
    </main>
  );
}
