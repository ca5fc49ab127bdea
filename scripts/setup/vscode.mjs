// A real VS Code that comes from the npm registry: the server build inside the package code-server, without code-server
// itself. Its native modules are not compiled; where that hurts, a stand-in of ours takes their place. It is kept beside the desktop builds of @vscode/test-electron, in a folder named after its version.
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";
import { npm } from "./shell.mjs";

const version = "4.139.1"; // VS Code 1.139.1
const cache = join(root, ".vscode-test");
const home = join(cache, `code-server-${version}`);
const inside = join("node_modules", "code-server", "lib", "vscode");

/** The folder of the VS Code server, installed if it is not there yet. */
export function ensureVscode(say) {
  if (!existsSync(home)) {
    say(`Installing VS Code (code-server ${version} from npm, about 600 MB)…`);
    mkdirSync(cache, { recursive: true });
    const half = mkdtempSync(join(cache, "installing-"));
    try {
      install(half);
      moveIntoPlace(half);
    } finally {
      rmSync(half, { recursive: true, force: true });
    }
  }
  placeStandIns();
  return join(home, inside);
}

function install(folder) {
  writeFileSync(join(folder, "package.json"), `{ "private": true }\n`);
  npm(["install", `code-server@${version}`, "--ignore-scripts"], { cwd: folder });
  npm(["install", "--omit=dev", "--ignore-scripts"], { cwd: join(folder, inside) });
  rmSync(join(folder, inside, "extensions", "copilot"), { recursive: true, force: true });
}

/** Done each time: they may be newer than the copy of VS Code. */
function placeStandIns() {
  const modules = { "@vscode/spdlog": "spdlog.cjs", "@vscode/native-watchdog": "nativeWatchdog.cjs" };
  for (const [name, file] of Object.entries(modules)) {
    cpSync(join(root, "scripts", "setup", "standIns", file), join(home, inside, "node_modules", name, "index.js"));
  }
}

/** Another process may have finished the same work first; its copy is as good as ours. */
function moveIntoPlace(folder) {
  try {
    renameSync(folder, home);
  } catch (error) {
    if (!existsSync(home)) throw error;
  }
}
