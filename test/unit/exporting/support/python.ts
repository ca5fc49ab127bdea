import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** The system's own has the libraries where they were installed as packages. */
const python3 = existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

/** Runs a program that reads JSON from its input and prints JSON. */
export function python(program: string, input: unknown): unknown {
  const { stdout, stderr, error } = spawnSync(python3, ["-c", program], {
    input: JSON.stringify(input),
    encoding: "utf8",
  });
  if (error) throw error;
  assert.equal(stderr, "");
  return JSON.parse(stdout);
}
