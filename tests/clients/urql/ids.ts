/** One id, one content: whatever else graphcache holds, each answer is read from it as it came. */
import assert from 'node:assert/strict';
import { ADDRESS, plainly } from '../address';
import { QUERIES } from '../everything';
import { urql } from './client';

const client = urql(ADDRESS);
for (const query of QUERIES) assert.ifError((await client.query(query, {})).error);
for (const query of QUERIES) assert.deepEqual(client.readQuery(query, {})?.data, await plainly(query), query);
