// Makes the checkout ready to run and test: node_modules, Node, VS Code and Chromium. Does nothing where all is there.
// `node scripts/setup.mjs` runs it alone (`--node`: without VS Code and Chromium); the other scripts call it first.
import { pathToFileURL } from "node:url";
import { ensureChromium } from "./setup/chromium.mjs";
import { continueUnderProjectNode, ensureModules } from "./setup/modules.mjs";
import { ensureVscode } from "./setup/vscode.mjs";
import { ensureVscodeWeb } from "./setup/vscodeWeb.mjs";

const say = (line) => console.error(line);

/** node_modules and Node; from here on the script runs under the project's Node and may import TypeScript. */
export function prepareNode() {
  ensureModules(say);
  continueUnderProjectNode();
}

/** What it takes to show VS Code without a desktop: the server's folder and the browser's path. */
export function prepareVscode() {
  return { serverFolder: ensureVscode(say), chromium: ensureChromium(say) };
}

/** What it takes to show VS Code as a web page: the folder of its files and the browser's path. */
export function prepareVscodeWeb() {
  return { pageFolder: ensureVscodeWeb(say), chromium: ensureChromium(say) };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    prepareNode();
    const machine = process.argv.includes("--node") ? {} : prepareVscode();
    console.log(JSON.stringify({ node: process.version, ...machine }, undefined, 2));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
