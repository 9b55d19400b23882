/** Where the graph is that a program asks; `run.mjs` says it. */
export const ADDRESS = process.env.PACTBOOK ?? 'http://127.0.0.1:8000/graphql';

/** The answer without any client, to compare theirs with. */
export async function plainly<Data>(query: string, variables = {}): Promise<Data> {
  const response = await fetch(ADDRESS, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: Data; errors?: unknown };
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}
