// Running other programs from our scripts: quiet when they work, complete when they fail.
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const windows = process.platform === "win32";

/** Runs a program to its end. Throws with everything it said when it fails; its output is not shown otherwise. */
export function run(command, args, { cwd, env } = {}) {
  const ended = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (ended.status === 0) return ended.stdout;
  const why = ended.error?.message ?? `it ended with ${ended.status ?? ended.signal}`;
  throw new Error(
    `\`${[command, ...args].join(" ")}\` did not work: ${why}\n${ended.stdout ?? ""}${ended.stderr ?? ""}`,
  );
}

/** Runs npm, which on Windows is a script and needs a shell. */
export function npm(args, { cwd }) {
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error", "--no-update-notifier"];
  if (!windows) return run("npm", [...quiet, ...args], { cwd });
  return run("cmd.exe", ["/d", "/s", "/c", "npm", ...quiet, ...args], { cwd });
}

/** The first of `names` that can be run from PATH, as an absolute path, or undefined. */
export function findProgram(...names) {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  const endings = windows ? [".exe", ".cmd"] : [""];
  const candidates = names.flatMap((name) =>
    folders.flatMap((folder) => endings.map((end) => join(folder, name + end))),
  );
  return candidates.find(isRunnable);
}

export function isRunnable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
