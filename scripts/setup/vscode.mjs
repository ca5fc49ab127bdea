// A real VS Code that comes from the npm registry: the server build inside the package code-server, without code-server
// itself. It is kept beside the desktop builds of @vscode/test-electron, in a folder named after its version.
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
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
  return join(home, inside);
}

function install(folder) {
  writeFileSync(join(folder, "package.json"), `{ "private": true }\n`);
  npm(["install", `code-server@${version}`, "--ignore-scripts"], { cwd: folder });
  npm(["install", "--omit=dev", "--ignore-scripts"], { cwd: join(folder, inside) });
  rmSync(join(folder, inside, "extensions", "copilot"), { recursive: true, force: true });
}

/** Another process may have finished the same work first; its copy is as good as ours. */
function moveIntoPlace(folder) {
  try {
    renameSync(folder, home);
  } catch (error) {
    if (!existsSync(home)) throw error;
  }
}
