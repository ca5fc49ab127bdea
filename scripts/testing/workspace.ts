import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { root } from "../setup/paths.mjs";

const copies: string[] = [];
process.once("exit", () => {
  for (const copy of copies) rmSync(copy, { recursive: true, force: true });
});

/** A copy of the examples that a test may write in, without their settings; it goes when the process ends. */
export function copyOfExamples(): string {
  const copy = mkdtempSync(join(tmpdir(), "attention-loupe-examples-"));
  cpSync(join(root, "examples"), copy, { recursive: true, filter: (path) => basename(path) !== ".vscode" });
  copies.push(copy);
  return copy;
}
