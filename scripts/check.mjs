// Everything that can be said of the code without running it: format and lint, types, who imports whom, unused exports.
// Each check is a well-kept tool with its configuration beside package.json; they run at once and all are reported.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const checks = [
  {
    name: "format and lint",
    command: ["biome", "ci", "--reporter=summary", "--diagnostic-level=error", "--colors=off", "."],
  },
  { name: "types and layers", command: ["tsc", "-b", "--pretty", "false"] },
  {
    name: "import rules",
    command: ["depcruise", "src", "webview", "--config", ".dependency-cruiser.cjs", "--output-type", "err-long"],
  },
  { name: "unused files, exports and packages", command: ["knip", "--no-progress"] },
];

const results = await Promise.all(checks.map(run));
for (const { name, code, output, seconds } of results) {
  if (code !== 0) console.log(output);
  console.log(`${code === 0 ? "ok    " : "FAILED"} ${name} (${seconds.toFixed(1)} s)`);
}
process.exitCode = results.some(({ code }) => code !== 0) ? 1 : 0;

function run({ name, command: [tool, ...args] }) {
  const started = performance.now();
  const child = spawn(join(root, "node_modules/.bin", tool), args, {
    cwd: root,
    shell: process.platform === "win32",
    env: { ...process.env, PATH: `${join(root, "node_modules/.bin")}:${process.env.PATH}` },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += data));
  return new Promise((resolve) => {
    child.on("close", (code) => resolve({ name, code, output, seconds: (performance.now() - started) / 1000 }));
  });
}
