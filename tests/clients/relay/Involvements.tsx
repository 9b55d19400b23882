import { graphql, useLazyLoadQuery, usePaginationFragment } from 'react-relay';
import type { InvolvementsPageQuery } from './generated/InvolvementsPageQuery.graphql';
import type { InvolvementsQuery, InvolvementsQuery$variables } from './generated/InvolvementsQuery.graphql';
import type { Involvements_list$key } from './generated/Involvements_list.graphql';

/** A list below a record: Relay asks for its next page by `node(id:)`. */
export function Involvements(from: InvolvementsQuery$variables) {
  const { party } = useLazyLoadQuery<InvolvementsQuery>(
    graphql`
      query InvolvementsQuery($slug: String!, $first: Int, $last: Int) {
        party(by: { slug: $slug }) {
          ...Involvements_list @arguments(first: $first, last: $last)
        }
      }
    `,
    from,
  );
  return party && <InvolvementList party={party} />;
}

function InvolvementList({ party }: { party: Involvements_list$key }) {
  const { data, hasNext, hasPrevious, loadNext, loadPrevious } = usePaginationFragment<
    InvolvementsPageQuery,
    Involvements_list$key
  >(
    graphql`
      fragment Involvements_list on Party
      @refetchable(queryName: "InvolvementsPageQuery")
      @argumentDefinitions(
        first: { type: "Int" }
        after: { type: "String" }
        last: { type: "Int" }
        before: { type: "String" }
      ) {
        involvements(first: $first, after: $after, last: $last, before: $before)
          @connection(key: "Involvements_involvements") {
          edges {
            node {
              id
              title
            }
          }
        }
      }
    `,
    party,
  );
  return (
    <>
      {hasPrevious && <button name="before" onClick={() => loadPrevious(2)} />}
      <ol>
        {data.involvements.edges.map(({ node }) => (
          <li key={node.id} id={node.id}>
            {node.title}
          </li>
        ))}
      </ol>
      {hasNext && <button name="after" onClick={() => loadNext(2)} />}
    </>
  );
}
