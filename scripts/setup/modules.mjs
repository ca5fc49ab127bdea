// node_modules as package-lock.json wants it, and the Node that the project is written for.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { projectNode, root } from "./paths.mjs";
import { npm, run } from "./shell.mjs";

const lockFile = join(root, "package-lock.json");
const installedLockFile = join(root, "node_modules", ".package-lock.json");

/** Installs what package-lock.json asks for and is not there. A folder that stands is completed, never deleted. */
export function ensureModules(say) {
  if (!existsSync(installedLockFile)) {
    say("Installing node_modules (npm ci)…");
    installAll(say);
  } else if (isOutOfDate()) {
    say("Bringing node_modules up to date (npm install)…");
    npm(["install", "--no-save"], { cwd: root });
  }
  ensureProjectNode(say);
}

/** `npm ci` refuses a lock file that lacks packages of other platforms; that is no reason not to work on this one. */
function installAll(say) {
  try {
    npm(["ci"], { cwd: root });
  } catch (error) {
    say(`${error.message.split("\n", 3).join("\n")}\nInstalling with npm install instead…`);
    npm(["install", "--no-save"], { cwd: root });
  }
}

function isOutOfDate() {
  const packagesOf = (file) => JSON.parse(readFileSync(file, "utf8")).packages;
  const installed = packagesOf(installedLockFile);
  return Object.entries(packagesOf(lockFile)).some(
    ([path, wanted]) => path !== "" && !wanted.optional && installed[path]?.version !== wanted.version,
  );
}

/** The package `node` fetches its binary in an install script, which npm may have been told not to run. */
function ensureProjectNode(say) {
  const wanted = JSON.parse(readFileSync(lockFile, "utf8")).packages["node_modules/node"].version;
  if (installedNodeVersion() === wanted) return;
  say(`Installing Node ${wanted} into node_modules…`);
  npm(["rebuild", "node", "--ignore-scripts=false", "--foreground-scripts"], { cwd: root });
  const got = installedNodeVersion();
  if (got !== wanted)
    throw new Error(
      `Expected Node ${wanted} at ${projectNode}, found ${got ?? "none"}. Delete node_modules and try again.`,
    );
}

function installedNodeVersion() {
  return existsSync(projectNode) ? run(projectNode, ["-p", "process.versions.node"]).trim() : undefined;
}

// Files of TypeScript are imported as they are; Node wants to say each time that it had to look what kind of module they are.
const quiet = "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON";

/** Runs the script that is running again under the project's Node, unless that is where it runs already. */
export function continueUnderProjectNode() {
  if (process.execPath === realpathSync(projectNode) && process.execArgv.includes(quiet)) return;
  const ended = spawnSync(projectNode, [quiet, ...process.argv.slice(1)], { stdio: "inherit" });
  process.exit(ended.status ?? 1);
}
