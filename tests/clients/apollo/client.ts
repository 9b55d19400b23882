import { ApolloClient, HttpLink, InMemoryCache, type TypePolicies } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { relayStylePagination } from '@apollo/client/utilities';
import graph from '../generated/graph.json';

/** Every list that pages is kept as one list for each of its questions. */
const typePolicies: TypePolicies = Object.fromEntries(
  Object.entries(graph.connections).map(([type, fields]) => [
    type,
    { fields: Object.fromEntries(Object.entries(fields).map(([name, keys]) => [name, relayStylePagination(keys)])) },
  ]),
);

/** Browsers offer `crypto.subtle` to pages from https and from localhost. */
export async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Apollo over a Pactbook at an address, such as http://127.0.0.1:8000/graphql. */
export function apollo(url: string, through: typeof fetch = fetch): ApolloClient {
  const persisted = new PersistedQueryLink({ sha256, useGETForHashedQueries: true });
  return new ApolloClient({
    cache: new InMemoryCache({ possibleTypes: graph.possibleTypes, typePolicies }),
    link: persisted.concat(new HttpLink({ uri: url, fetch: through })),
  });
}
