/** Make what each client generates from `schema.graphql` and its documents. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import relay from 'relay-compiler';

/** The program that a package puts on the path. */
function program(name, command) {
  const manifest = fileURLToPath(new URL(`node_modules/${name}/package.json`, import.meta.url));
  return join(dirname(manifest), JSON.parse(readFileSync(manifest, 'utf8')).bin[command]);
}

function run(command, ...given) {
  const { status, error } = spawnSync(command, given, { stdio: 'inherit' });
  if (status === 0) return;
  console.error(error?.message ?? `${command} ${given.join(' ')} ended with ${status}`);
  process.exit(1);
}

mkdirSync('relay/generated', { recursive: true });
run(relay, 'relay.config.json');
run(process.execPath, program('@graphql-codegen/cli', 'graphql-codegen'), '--config', 'codegen.config.ts');
run(process.execPath, program('gql.tada', 'gql.tada'), 'generate-output');
run(process.execPath, 'describe.mjs');
