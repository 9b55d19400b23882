import type { TadaDocumentNode } from 'gql.tada';
import { print } from 'graphql';

/** The answer to a document of `graphql`, typed by it. */
export async function ask<Result, Variables>(
  url: string,
  document: TadaDocumentNode<Result, Variables>,
  variables: Variables,
): Promise<Result> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query: print(document), variables }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(errors.map(({ message }: Error) => message).join('\n'));
  return data;
}
