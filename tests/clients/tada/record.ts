/** gql.tada types an answer by the document alone; `tsc` refuses what the graph does not promise. */
import assert from 'node:assert/strict';
import { ADDRESS } from '../address';
import { ask } from './ask';
import { graphql } from './graphql';

const Title = graphql(`
  fragment Title on Record @_unmask { id title }
`);
const DEAL = graphql(
  `
    query Deal($slug: String!) {
      procurement(by: { slug: $slug }) {
        ...Title
        stage
        quantity { minimum }
        orderedOn { earliest stated }
      }
    }
  `,
  [Title],
);

const { procurement } = await ask(ADDRESS, DEAL, { slug: 'south-korea-polish-drones' });
const title: string | undefined = procurement?.title;
const least: number | null | undefined = procurement?.quantity?.minimum;
const earliest: string | null | undefined = procurement?.orderedOn?.earliest;
assert.deepEqual(
  [title, procurement?.stage, least, earliest],
  ['Drone technology from Poland for South Korea', 'SIGNED', 200, '2024-10-01'],
);

// What is wrong is an error of types; without one, these lines would be.
// @ts-expect-error The variable is asked for.
void (() => ask(ADDRESS, DEAL, {}));
// @ts-expect-error A stage is one of those that the graph lists.
procurement?.stage === 'DREAMT';
// @ts-expect-error The document does not ask for it.
procurement?.sources;
