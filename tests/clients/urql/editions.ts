/** What was known at an edition and what is known now stand side by side in graphcache. */
import assert from 'node:assert/strict';
import { gql } from '@urql/core';
import { ADDRESS } from '../address';
import { urql } from './client';

const query = gql`
  query Deal($asOf: AsOf) {
    procurement(by: { slug: "south-korea-polish-drones" }, asOf: $asOf) {
      id
      quantity { id minimum maximum }
      orderedOn { id stated earliest }
    }
  }
`;
const client = urql(ADDRESS);
const asked = [{ asOf: { edition: 3 } }, {}];
for (const variables of asked) assert.ifError((await client.query(query, variables)).error);

const kept = asked.map((variables) => client.readQuery(query, variables)?.data.procurement);
assert.deepEqual(kept.map(({ quantity }) => quantity.maximum), [199, 200]);
assert.deepEqual(
  kept.map(({ id }) => id),
  ['procurement/south-korea-polish-drones@3', 'procurement/south-korea-polish-drones'],
);
