/** A persisted query is asked by GET and its hash alone, once the server has seen it. */
import assert from 'node:assert/strict';
import { gql } from '@apollo/client';
import { ADDRESS } from '../address';
import { Requests } from '../requests';
import { apollo } from './client';

const query = gql`
  query Anew${Date.now()} {
    party(by: { slug: "poland" }) { id title }
  }
`;

const first = new Requests();
await apollo(ADDRESS, first.fetch).query({ query });
assert.deepEqual(first.seen, ['GET hash 400', 'POST query 200']);

const second = new Requests();
const { data } = await apollo(ADDRESS, second.fetch).query({ query });
assert.deepEqual(second.seen, ['GET hash 200']);
assert.deepEqual(data, { party: { __typename: 'Party', id: 'party/poland', title: 'Poland' } });
