/** One id, one content: whatever else a cache holds, each answer is read from it as it came. */
import assert from 'node:assert/strict';
import { gql } from '@apollo/client';
import { ADDRESS, plainly } from '../address';
import { QUERIES } from '../everything';
import { apollo } from './client';

const client = apollo(ADDRESS);
const answers = new Map<string, unknown>();
for (const query of QUERIES) {
  answers.set(query, await plainly(query));
  client.writeQuery({ query: gql(query), data: answers.get(query) as object });
}
assert.ok(Object.keys(client.extract() as object).length > 200);
for (const [query, answer] of answers) assert.deepEqual(client.readQuery({ query: gql(query) }), answer, query);
