import { Uri } from "vscode";

/** The last part of the path, as tabs show it. */
export function nameOf(uri: string): string {
  const { path } = Uri.parse(uri);
  return path.slice(path.lastIndexOf("/") + 1) || path;
}
