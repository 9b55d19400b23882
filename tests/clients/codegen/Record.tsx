import { ask } from './ask';
import { graphql } from './generated';
import { marked } from './highlight';

const DEAL = graphql(`
  query Deal($id: ID!) {
    node(id: $id) {
      __typename
      ... on Procurement {
        title
        quantity { minimum maximum }
        sources { nodes { id title text } }
        claims(first: 100) { nodes { passages { startUtf16 endUtf16 source { id } } } }
      }
    }
  }
`);

/** A deal, and the texts that speak of it with every passage marked that a claim rests on. */
export async function Record({ url, id }: { url: string; id: string }) {
  const { node } = await ask(url, DEAL, { id });
  if (node?.__typename !== 'Procurement') return <main>There is no deal {id}.</main>;
  const passages = node.claims.nodes.flatMap(({ passages }) => passages);
  return (
    <main>
      <h1>{node.title}</h1>
      <dl>
        <dt>Quantity</dt>
        <dd>{node.quantity ? `${node.quantity.minimum ?? '…'} to ${node.quantity.maximum ?? '…'}` : 'not known'}</dd>
      </dl>
      {node.sources.nodes.map(({ id, title, text }) => (
        <article key={id}>
          <h2>{title}</h2>
          {marked(text ?? '', passages.filter(({ source }) => source.id === id)).map(({ words, isMarked }, place) =>
            isMarked ? <mark key={place}>{words}</mark> : words,
          )}
        </article>
      ))}
    </main>
  );
}
