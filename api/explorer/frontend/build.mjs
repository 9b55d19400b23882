/* Builds the page into static/: every file named after its content and compressed, and bundle.json. */

import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import { build } from "esbuild";

const squeeze = promisify(gzip);
const written = [];

/* The name of each entry's file, by the name of the entry. */
async function bundle(entryPoints, options) {
  const { metafile, outputFiles } = await build({
    entryPoints,
    bundle: true,
    minify: true,
    metafile: true,
    write: false,
    outdir: "static",
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    target: "es2022",
    logLevel: "warning",
    logOverride: { "ignored-bare-import": "silent" },
    define: { "process.env.NODE_ENV": '"production"' },
    ...options,
  });
  written.push(...outputFiles);
  const outputs = Object.entries(metafile.outputs).filter(([, output]) => output.entryPoint);
  const names = Object.keys(entryPoints).map((name) => {
    const made = outputs.find(([path]) => basename(path).startsWith(`${name}-`));
    return [name, basename(made[0])];
  });
  return Object.fromEntries(names);
}

const workers = await bundle(
  {
    editor: "monaco-editor/esm/vs/editor/editor.worker.js",
    json: "monaco-editor/esm/vs/language/json/json.worker.js",
    graphql: "monaco-graphql/esm/graphql.worker.js",
  },
  { format: "iife" },
);
const { boot } = await bundle(
  { boot: "boot.js" },
  {
    format: "esm",
    splitting: true,
    jsx: "automatic",
    // The style below holds all of it.
    loader: { ".css": "empty" },
    define: { "process.env.NODE_ENV": '"production"', WORKERS: JSON.stringify(workers) },
  },
);
/* Roboto and Fira Code are ten times as large as all styles; the fonts of the reader do. */
const systemFonts = {
  name: "system-fonts",
  setup({ onLoad }) {
    onLoad({ filter: /graphiql\/dist\/style\.css$/ }, async ({ path }) => {
      const style = await readFile(path, "utf8");
      const faces = /@font-face\s*\{(?![^}]*font-family:\s*codicon)[^}]*\}/g;
      return { contents: style.replace(faces, ""), loader: "css" };
    });
  },
};
const styles = await bundle({ boot: "boot.css", page: "page.css" }, { plugins: [systemFonts] });

await rm("static", { recursive: true, force: true });
await mkdir("static");
for (const { path, contents } of written) {
  const packed = await squeeze(contents, { level: constants.Z_BEST_COMPRESSION });
  await writeFile(`static/${basename(path)}.gz`, packed);
}
await writeFile(
  "static/bundle.json",
  JSON.stringify({ script: boot, bootStyle: styles.boot, style: styles.page }),
);
