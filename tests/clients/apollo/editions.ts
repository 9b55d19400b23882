/** What was known at an edition and what is known now stand side by side in one cache. */
import assert from 'node:assert/strict';
import { gql, type TypedDocumentNode } from '@apollo/client';
import { ADDRESS, plainly } from '../address';
import { apollo } from './client';

type Deal = { procurement: { id: string; title: string; quantity: { maximum: number | null } } };
const query: TypedDocumentNode<Deal, { asOf?: { edition: number } }> = gql`
  query Deal($asOf: AsOf) {
    procurement(by: { slug: "south-korea-polish-drones" }, asOf: $asOf) {
      id
      title
      quantity { id minimum maximum }
      orderedOn { id stated earliest }
    }
  }
`;
const client = apollo(ADDRESS);
const asked = [{ asOf: { edition: 3 } }, {}];
for (const variables of asked) await client.query({ query, variables });

const kept = asked.map((variables) => client.readQuery({ query, variables }) as Deal);
assert.deepEqual(kept.map(({ procurement }) => procurement.quantity.maximum), [199, 200]);
const [then, now] = kept.map(({ procurement }) => procurement.id);
assert.deepEqual([then, now], ['procurement/south-korea-polish-drones@3', 'procurement/south-korea-polish-drones']);
for (const entry of [`Procurement:${then}`, `Procurement:${now}`]) assert.ok(entry in (client.extract() as object));

/** An id alone reads again what it was read from. */
const again = await plainly<{ node: { id: string; quantity: { maximum: number } } }>(
  'query ($id: ID!) { node(id: $id) { id ... on Procurement { quantity { maximum } } } }',
  { id: then },
);
assert.deepEqual(again.node, { id: then, quantity: { maximum: 199 } });
