/** Tell Apollo and graphcache what they must know of the graph: `node describe.mjs` beside `schema.graphql`. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { minifyIntrospectionQuery } from '@urql/introspection';
import { buildSchema, getNamedType, introspectionFromSchema, isAbstractType, isObjectType } from 'graphql';

const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
const objects = types.filter(isObjectType);
const paging = ['first', 'after', 'last', 'before'];

/** The lists of a type that page, each with the arguments that make it another list. */
function connections(type) {
  const fields = Object.values(type.getFields());
  const lists = fields.filter((field) => getNamedType(field.type).name.endsWith('Connection'));
  return lists.map(({ name, args }) => [name, args.map(({ name }) => name).filter((name) => !paging.includes(name))]);
}

const graph = {
  possibleTypes: Object.fromEntries(
    types.filter(isAbstractType).map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)]),
  ),
  connections: Object.fromEntries(objects.map((type) => [type.name, Object.fromEntries(connections(type))])),
  embedded: objects.filter((type) => !type.getFields().id).map(({ name }) => name),
};
mkdirSync('generated', { recursive: true });
writeFileSync('generated/graph.json', JSON.stringify(graph));
writeFileSync('generated/introspection.json', JSON.stringify(minifyIntrospectionQuery(introspectionFromSchema(schema))));
