import { graphql, useLazyLoadQuery, usePaginationFragment } from 'react-relay';
import type { PartiesPageQuery } from './generated/PartiesPageQuery.graphql';
import type { PartiesQuery, PartiesQuery$variables } from './generated/PartiesQuery.graphql';
import type { Parties_list$key } from './generated/Parties_list.graphql';

/** A list at the root, from any place in it, which grows at both ends. */
export function Parties(from: PartiesQuery$variables) {
  const query = useLazyLoadQuery<PartiesQuery>(
    graphql`
      query PartiesQuery($first: Int, $after: String, $last: Int, $before: String) {
        ...Parties_list @arguments(first: $first, after: $after, last: $last, before: $before)
      }
    `,
    from,
  );
  return <PartyList query={query} />;
}

function PartyList({ query }: { query: Parties_list$key }) {
  const { data, hasNext, hasPrevious, loadNext, loadPrevious } = usePaginationFragment<
    PartiesPageQuery,
    Parties_list$key
  >(
    graphql`
      fragment Parties_list on Query
      @refetchable(queryName: "PartiesPageQuery")
      @argumentDefinitions(
        first: { type: "Int" }
        after: { type: "String" }
        last: { type: "Int" }
        before: { type: "String" }
      ) {
        parties(first: $first, after: $after, last: $last, before: $before)
          @connection(key: "Parties_parties") {
          edges {
            node {
              id
              title
            }
          }
        }
      }
    `,
    query,
  );
  return (
    <>
      {hasPrevious && <button name="before" onClick={() => loadPrevious(4)} />}
      <ol>
        {data.parties?.edges.map(({ node }) => (
          <li key={node.id} id={node.id}>
            {node.title}
          </li>
        ))}
      </ol>
      {hasNext && <button name="after" onClick={() => loadNext(4)} />}
    </>
  );
}
