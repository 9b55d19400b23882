import { Client, fetchExchange } from '@urql/core';
import { cacheExchange, type KeyingConfig, type ResolverConfig } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import { persistedExchange } from '@urql/exchange-persisted';
import graph from '../generated/graph.json';
import introspection from '../generated/introspection.json';

/** Every list that pages is kept as one list; what has no id belongs to what holds it. */
const resolvers: ResolverConfig = Object.fromEntries(
  Object.entries(graph.connections).map(([type, fields]) => [
    type,
    Object.fromEntries(Object.keys(fields).map((name) => [name, relayPagination()])),
  ]),
);
const keys: KeyingConfig = Object.fromEntries(graph.embedded.map((type) => [type, () => null]));

/** urql over a Pactbook at an address, such as http://127.0.0.1:8000/graphql. */
export function urql(url: string, through: typeof fetch = fetch): Client {
  return new Client({
    url,
    fetch: through,
    exchanges: [
      cacheExchange({ schema: introspection as any, keys, resolvers }),
      persistedExchange({ preferGetForPersistedQueries: true }),
      fetchExchange,
    ],
  });
}
