import { spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";
import { root } from "../setup/paths.mjs";
import type { Counts } from "./counts.ts";

const quiet = "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON";

/** A script of ours that counts as one test: passed when it ends with 0. */
export function runScript(script: string, ...args: string[]): Counts {
  const PATH = `${join(root, "node_modules", ".bin")}${delimiter}${process.env.PATH}`;
  const ended = spawnSync(process.execPath, [quiet, join(root, script), ...args], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, PATH },
  });
  return ended.status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}
