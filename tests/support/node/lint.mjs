/** Lint a schema with graphql-eslint and graphql-schema-linter; any problem is a failure. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import profile from './eslint.config.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const schema = resolve(process.argv[2] ?? resolve(here, '../../../schema/schema.graphql'));
if (!existsSync(schema)) {
  console.error(`There is no schema at ${schema}. Write it with \`pactbook schema\`.`);
  process.exit(2);
}

/** Problems as `line:column rule message`. */
async function eslintProblems() {
  const eslint = new ESLint({
    cwd: dirname(schema),
    overrideConfigFile: true,
    overrideConfig: profile(schema),
    allowInlineConfig: false,
  });
  const [result] = await eslint.lintFiles([basename(schema)]);
  return result.messages.map(
    ({ line, column, ruleId, message }) => `${line}:${column} ${ruleId ?? 'parse'} ${message}`,
  );
}

/** Problems as `line:column rule message`. */
async function schemaLinterProblems() {
  const require = createRequire(import.meta.url);
  const { run } = require('graphql-schema-linter/lib/runner.js');
  let report = '';
  const collect = { write: (text) => ((report += text), true) };
  const code = await run(collect, process.stdin, process.stderr, [
    process.argv[0],
    'graphql-schema-linter',
    '--format',
    'json',
    schema,
  ]);
  if (!report) throw new Error(`graphql-schema-linter ended with ${code} and no report.`);
  return JSON.parse(report).errors.map(
    ({ location, rule, message }) => `${location.line}:${location.column} ${rule} ${message}`,
  );
}

const problems = {
  'graphql-eslint': await eslintProblems(),
  'graphql-schema-linter': await schemaLinterProblems(),
};
for (const [linter, found] of Object.entries(problems)) {
  for (const problem of found) console.log(`${linter} ${problem}`);
  console.log(`${linter}: ${found.length} problems`);
}
process.exitCode = Object.values(problems).every((found) => found.length === 0) ? 0 : 1;
