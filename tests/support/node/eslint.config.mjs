/** The lint profile of the schema: every rule of graphql-eslint for schemas and Relay, but five. */
import plugin from '@graphql-eslint/eslint-plugin';

const everyRule = {
  ...plugin.configs['flat/schema-recommended'].rules,
  ...plugin.configs['flat/schema-all'].rules,
  ...plugin.configs['flat/schema-relay'].rules,
};

/** Object types that nobody looks up by an id. */
const withoutId = {
  types: ['PageInfo', 'Query', 'Mutation', 'Subscription', 'EquivalentSum'],
  suffixes: [
    'Connection',
    'Edge',
    'Payload',
    'Error',
    'Count',
    'Range',
    'Statistics',
    'Cost',
    'RateLimit',
  ],
};

/** The configuration for one schema file. */
export default (schema) => [
  {
    files: ['**/*.graphql'],
    plugins: { '@graphql-eslint': plugin },
    languageOptions: {
      parser: plugin.parser,
      parserOptions: { graphQLConfig: { schema } },
    },
    rules: {
      ...everyRule,
      // graphql-schema-linter holds the order; this rule would put `id` first.
      '@graphql-eslint/alphabetize': 'off',
      // It forbids mutations.
      '@graphql-eslint/no-root-type': 'off',
      // It wants an argument that the standard directive does not have.
      '@graphql-eslint/require-deprecation-date': 'off',
      // A list is never null, at the root no more than elsewhere; test_nullability.py holds both.
      '@graphql-eslint/require-nullable-result-in-root': 'off',
      // A source has `sources` as every record has; test_nullability.py allows that name alone.
      '@graphql-eslint/no-typename-prefix': 'off',
      '@graphql-eslint/require-description': [
        'error',
        {
          types: true,
          DirectiveDefinition: true,
          rootField: true,
          FieldDefinition: true,
          InputValueDefinition: true,
          EnumValueDefinition: true,
        },
      ],
      '@graphql-eslint/relay-edge-types': ['error', { listTypeCanWrapOnlyEdgeType: false }],
      '@graphql-eslint/strict-id-in-types': ['error', { exceptions: withoutId }],
    },
  },
];
