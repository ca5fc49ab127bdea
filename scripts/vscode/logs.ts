import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What the extension wrote to its output channel in all windows of a server so far. */
export function extensionLog(dataFolder: string): string {
  return readAll(dataFolder, "data/logs/*/exthost*/attention-loupe.attention-loupe/*.log");
}

/** Lines in which the extension, or VS Code on its behalf, reports an error. */
export function reportedErrors(dataFolder: string): string[] {
  const host = readAll(dataFolder, "data/logs/*/exthost*/remoteexthost.log").split("\n");
  const own = extensionLog(dataFolder).split("\n");
  const isError = (line: string) => / \[(error|critical)\] /.test(line);
  // The folder's own name is no sign of ours: VS Code complains of files in it.
  const isOurs = (line: string) => /attention-?loupe/i.test(line.replaceAll(dataFolder, ""));
  return [...own.filter(isError), ...host.filter((line) => isError(line) && isOurs(line))];
}

function readAll(dataFolder: string, pattern: string): string {
  const files = globSync(pattern, { cwd: dataFolder }).sort();
  return files.map((file) => readFileSync(join(dataFolder, file), "utf8")).join("");
}
