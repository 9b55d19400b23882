import { readFileSync } from 'node:fs';
import { buildSchema, getNamedType, type GraphQLField, isCompositeType, isInterfaceType, isObjectType, isRequiredArgument } from 'graphql';

const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
const fields = (type: unknown) =>
  isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];

/** All that can be asked of a type without an argument, so many objects deep; the first three of each list that pages. */
function selection(type: unknown, depth: number): string {
  const asked = fields(type).filter(({ args }) => !args.some(isRequiredArgument));
  const chosen = asked.map((field) => {
    const below = getNamedType(field.type);
    if (!isCompositeType(below)) return field.name;
    if (!below.name.endsWith('Connection')) return depth ? `${field.name} ${selection(below, depth - 1)}` : '';
    return depth ? `${field.name}(first: 3) ${page(below, depth)}` : '';
  });
  return `{ __typename ${chosen.join(' ')} }`;
}

function page(connection: unknown, depth: number): string {
  const edges = fields(connection).find(({ name }) => name === 'edges') as GraphQLField<unknown, unknown>;
  const node = fields(getNamedType(edges.type)).find(({ name }) => name === 'node') as GraphQLField<unknown, unknown>;
  return `{ __typename edges { __typename node ${selection(getNamedType(node.type), depth - 1)} } }`;
}

/** A query of a root field, given with its arguments, and of everything in its answer. */
function everything(asked: string, depth = 1): string {
  const root = fields(schema.getQueryType()).find(({ name }) => name === asked.split('(')[0]);
  if (!root) throw new Error(`there is no ${asked}`);
  const type = getNamedType(root.type);
  const below = type.name.endsWith('Connection') ? page(type, depth + 1) : selection(type, depth);
  return `{ ${asked} ${below} }`;
}

const POLAND = 'party/poland';

/** Questions that lead to the same things, at other editions or in other circles, each with how deep it is asked. */
export const QUERIES = [
  ...[2, 3, 4, 5].map((edition) => everything(`procurement(by: {slug: "south-korea-polish-drones"}, asOf: {edition: ${edition}})`)),
  everything('procurement(by: {slug: "south-korea-polish-drones"})'),
  everything('party(by: {slug: "poland"}, asOf: {edition: 1})'),
  everything('party(by: {slug: "poland"})'),
  everything(`relationship(between: ["${POLAND}", "party/south-korea"])`, 2),
  everything(`relationship(between: ["${POLAND}", "party/north-korea"])`, 2),
  everything('network', 2),
  everything(`network(where: {involves: [{actor: "${POLAND}"}]})`, 2),
  everything('timeline(first: 5)'),
  everything(`timeline(first: 5, where: {involves: [{actor: "${POLAND}"}]})`),
  everything('search(text: "drones", first: 5)'),
  everything('search(text: "korea", first: 5)'),
  everything('changes(since: {edition: 1}, first: 5)'),
  everything('difference(from: 2, to: 3, first: 5)'),
  everything('difference(from: 2, to: 5, first: 5)'),
];
