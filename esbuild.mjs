// Builds every bundle of the extension. `--watch` goes on building; `--development` keeps names and adds source maps;
// `--tests` builds the tests that run inside VS Code as well.
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import * as esbuild from "esbuild";
import { buildKernels } from "./assembly/build.mjs";
import { buildJsonScanner } from "./assembly/json/build.mjs";
import { typesetFormulas } from "./scripts/typesetFormulas.mjs";

const watch = process.argv.includes("--watch");
const development = watch || process.argv.includes("--development");
const tests = process.argv.includes("--tests");
const require = createRequire(import.meta.url);

const shared = {
  bundle: true,
  minify: !development,
  keepNames: false,
  sourcemap: development ? "linked" : false,
  target: "es2023",
  legalComments: "none",
  logLevel: "info",
};
const node = { ...shared, platform: "node", format: "cjs", target: "node20" };
const browser = { ...shared, platform: "browser", format: "cjs" };

/** One entry a bundle: who runs it, from where, under which name in dist. */
const bundles = [
  {
    ...node,
    entryPoints: ["src/extension.ts"],
    outfile: "dist/extension.js",
    external: ["vscode"],
    alias: platform("node"),
  },
  { ...node, entryPoints: ["src/platform/node/worker.ts"], outfile: "dist/worker.js" },
  // Loaded by the worker when the first Python text is read, as a script. Scripts import nothing at run time; tree-sitter
  // does so only where it sees Node, and needs nothing of it.
  {
    ...node,
    entryPoints: ["src/reading/python/reader.ts"],
    outfile: "dist/python.js",
    define: { process: "undefined" },
  },
  { ...node, entryPoints: ["src/platform/node/taskWorker.ts"], outfile: "dist/taskWorker.js" },
  { ...node, entryPoints: ["src/cli.ts"], outfile: "dist/cli.js", banner: { js: "#!/usr/bin/env node" } },
  {
    ...browser,
    entryPoints: ["src/extension.ts"],
    outfile: "dist/web/extension.js",
    external: ["vscode"],
    alias: platform("web"),
  },
  {
    ...browser,
    format: "iife",
    entryPoints: ["src/platform/web/worker.ts"],
    outfile: "dist/web/worker.js",
    // tree-sitter asks for its script's address and, in Node only, for Node's modules; a web worker has neither.
    define: { document: "self" },
    external: ["module", "url", "fs/promises"],
  },
  {
    ...browser,
    format: "iife",
    entryPoints: ["src/platform/web/taskWorker.ts"],
    outfile: "dist/web/taskWorker.js",
  },
  {
    ...browser,
    format: "iife",
    entryPoints: { panel: "webview/main.ts", styles: "webview/styles/panel.css" },
    outdir: "dist/webview",
    alias: { "#formulaMarkup": "./dist/formulas/mathml.json" },
  },
  ...(tests
    ? [
        {
          ...node,
          entryPoints: ["test/integration/*.ts"],
          outdir: "dist/test",
          external: ["vscode", "mocha"],
          minify: false,
        },
      ]
    : []),
];

/** `#platform` is the one name by which the composition root asks for what depends on where it runs; `#formulas` is typeset here. */
function platform(name) {
  return { "#platform": `./src/platform/${name}/platform.ts`, "#formulas": "./dist/formulas/svg.json" };
}

/** Files that are loaded at run time as they are. */
function copyAssets() {
  mkdirSync("dist/wasm", { recursive: true });
  const treeSitter = dirname(require.resolve("@vscode/tree-sitter-wasm/package.json"));
  for (const name of ["tree-sitter.wasm", "tree-sitter-python.wasm"])
    cpSync(join(treeSitter, "wasm", name), join("dist/wasm", name));
}

/** Formulas for hovers (SVG) and for the panel (MathML): bundled, so that no typesetter ships. */
async function writeFormulas() {
  const { svg, mathml } = await typesetFormulas();
  mkdirSync("dist/formulas", { recursive: true });
  writeFileSync("dist/formulas/svg.json", JSON.stringify(svg));
  writeFileSync("dist/formulas/mathml.json", JSON.stringify({ markup: mathml }));
}

/** Editors wait for the last line before they start the extension. */
async function watchAll() {
  const contexts = await Promise.all(bundles.map((bundle) => esbuild.context(bundle)));
  await Promise.allSettled(contexts.map((context) => context.rebuild()));
  console.log("[watch] all bundles are built");
  await Promise.all(contexts.map((context) => context.watch()));
}

if (!watch)
  for (const name of [
    "web",
    "webview",
    "wasm",
    "test",
    "extension.js",
    "worker.js",
    "python.js",
    "taskWorker.js",
    "cli.js",
  ])
    rmSync(join("dist", name), { recursive: true, force: true });
copyAssets();
await buildKernels("dist/wasm");
await buildJsonScanner("dist/wasm");
await writeFormulas();
if (watch) await watchAll();
else await Promise.all(bundles.map((bundle) => esbuild.build(bundle)));
