// npm run bench -- [NAME …] [--check] [options of that benchmark]
// Runs bench/NAME/run.mjs, or every benchmark there is. `--check` fails where a floor is not held.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const all = readdirSync(here).filter((name) => existsSync(join(here, name, "run.mjs")));
const names = process.argv.slice(2).filter((word) => all.includes(word));
const options = process.argv.slice(2).filter((word) => !all.includes(word));
const unknown = options.find((word) => !word.startsWith("-") && !/^\d/.test(word));
if (unknown) {
  console.error(`There is no benchmark “${unknown}”. There are: ${all.join(", ")}.`);
  process.exit(2);
}

installPeers();
let failed = 0;
for (const name of names.length ? names : all) {
  console.log(`\n${name}`);
  const { status } = spawnSync(
    process.execPath,
    ["--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", join(here, name, "run.mjs"), ...options],
    { stdio: "inherit" },
  );
  if (status !== 0) failed++;
}
process.exit(failed ? 1 : 0);

/** What we compare with lives in a package of its own, so that nobody else has to install it. */
function installPeers() {
  const { dependencies } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));
  if (Object.keys(dependencies).every((name) => existsSync(join(here, "node_modules", name)))) return;
  const { status } = spawnSync("npm", ["install", "--no-audit", "--no-fund", "--silent"], {
    cwd: here,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error("the peers of the benchmarks could not be installed: npm install in bench/ failed");
}
