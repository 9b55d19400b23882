import { Environment, Network, RecordSource, Store } from 'relay-runtime';

/** Relay over a Pactbook at an address, such as http://127.0.0.1:8000/graphql. */
export function environment(url: string): Environment {
  const network = Network.create(async ({ text }, variables) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ query: text, variables }),
    });
    return response.json();
  });
  return new Environment({ network, store: new Store(new RecordSource()) });
}
