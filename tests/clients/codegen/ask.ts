import type { TypedDocumentString } from './generated/graphql';

/** The answer to a document of the generated `graphql`, typed by it. */
export async function ask<Result, Variables>(
  url: string,
  document: TypedDocumentString<Result, Variables>,
  ...[variables]: Variables extends Record<string, never> ? [] : [Variables]
): Promise<Result> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query: document.toString(), variables }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(errors.map(({ message }: Error) => message).join('\n'));
  return data;
}
