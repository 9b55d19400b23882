/** A persisted query is asked by GET and its hash alone, once the server has seen it. */
import assert from 'node:assert/strict';
import { gql } from '@urql/core';
import { ADDRESS } from '../address';
import { Requests } from '../requests';
import { urql } from './client';

const query = gql`
  query Anew${String(Date.now())} {
    party(by: { slug: "poland" }) { id title }
  }
`;

const first = new Requests();
await urql(ADDRESS, first.fetch).query(query, {});
assert.deepEqual(first.seen, ['GET hash 400', 'GET query 200']);

const second = new Requests();
const { data, error } = await urql(ADDRESS, second.fetch).query(query, {});
assert.ifError(error);
assert.deepEqual(second.seen, ['GET hash 200']);
assert.deepEqual(data?.party, { id: 'party/poland', title: 'Poland' });
