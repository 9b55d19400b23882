/** Compile the documents of a Relay project, by its configuration; what Relay refuses is a failure. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import compiler from 'relay-compiler';

if (!compiler || !existsSync(compiler)) {
  console.error(`relay-compiler has no program for ${process.platform} on ${process.arch}.`);
  process.exit(69);
}
const cwd = dirname(process.argv[2]); // the compiler looks for documents from where it stands
const { status, error } = spawnSync(compiler, process.argv.slice(2), { cwd, stdio: 'inherit' });
if (error) console.error(error.message);
process.exit(status ?? 1);
