/** Run a program of this folder against a server: `node run.mjs apollo/pages.ts http://127.0.0.1:8000`. */
import { mkdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import babel from '@babel/core';
import { build } from 'esbuild';

/** What `babel-plugin-relay` does in a front end's own build: it puts what the compiler made in place of documents. */
const relay = {
  name: 'relay',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]relay[\\/][^\\/]+\.tsx?$/ }, async ({ path }) => {
      const { code } = await babel.transformAsync(await readFile(path, 'utf8'), {
        babelrc: false,
        configFile: false,
        filename: path,
        parserOpts: { plugins: ['typescript', 'jsx'] },
        plugins: [['relay', { eagerEsModules: true }]],
      });
      return { contents: code, loader: 'tsx' };
    }),
};

const [program, address] = process.argv.slice(2);
process.env.PACTBOOK = `${address}/graphql`;
const outfile = resolve('generated/bundles', program.replace(/[\\/]/g, '-').replace(/\.tsx?$/, '.mjs'));
await mkdir('generated/bundles', { recursive: true });
await build({
  entryPoints: [program],
  outfile,
  bundle: true,
  format: 'esm',
  jsx: 'automatic',
  packages: 'external',
  platform: 'node',
  sourcemap: 'inline',
  logLevel: 'error',
  plugins: [relay],
});
process.setSourceMapsEnabled(true);
await import(pathToFileURL(outfile)); // a program fails by what it throws
process.exit(); // caches wait for what nobody will ask any more
