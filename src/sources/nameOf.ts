import { Uri } from "vscode";

/** The last part of the path, as tabs show it. */
export function nameOf(uri: Uri | string): string {
  const { path } = typeof uri === "string" ? Uri.parse(uri) : uri;
  return path.slice(path.lastIndexOf("/") + 1) || path;
}
