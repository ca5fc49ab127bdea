import type { FindModule } from "../document.ts";
import type { Parsed } from "./parse.ts";
import type { SearchFolder } from "./run/machine.ts";
import { moduleScope } from "./run/scopes.ts";
import { type Scope, string } from "./run/values.ts";
import type { Statement } from "./syntax/ast.ts";

/** The other files of the workspace: how they are found, and their syntax. */
export interface Files {
  readonly find: FindModule;
  readonly parse: (id: string, text: string) => Parsed;
}

/** Modules that import modules that import …: more than this are not followed. */
const moduleLimit = 200;

/** Loads modules once each: their statements are read with `run`. One that is being loaded is given as far as it is. */
export function moduleLoader(
  files: Files,
  run: (statements: readonly Statement[], scope: Scope) => void,
): (name: string, from: Scope | null, folders: readonly SearchFolder[]) => Scope | null {
  const loaded = new Map<string, Scope>();
  const homes = new Map<Scope, string>();
  return (name, from, folders) => {
    const among = (first: boolean) =>
      name.startsWith(".") ? [] : folders.filter((f) => f.first === first).map((f) => `${f.path}/`);
    const places = [...among(true), (from && homes.get(from.module)) ?? null, ...among(false)];
    const found = firstOf(places, (place) => files.find(name, place));
    if (!found) return null;
    const known = loaded.get(found.id);
    if (known) return known;
    if (loaded.size >= moduleLimit) return null;
    const scope = moduleScope();
    loaded.set(found.id, scope);
    homes.set(scope, found.id);
    scope.names.set("__name__", string(name.replace(/^\.+/, "")));
    scope.names.set("__file__", string(found.id));
    run(files.parse(found.id, found.text).statements, scope);
    return scope;
  };
}

function firstOf<T, R>(all: readonly T[], find: (each: T) => R | null): R | null {
  for (const each of all) {
    const found = find(each);
    if (found !== null) return found;
  }
  return null;
}

/** Reads the file of this path; null where there is none. */
export type ReadFile = (path: string) => string | null;

/**
 * Finds modules as Python does for a script: in the folder of the file, then in each folder above it up to `root`.
 * Paths are written with `/`. A folder without `__init__.py` is found through the modules in it.
 */
export function moduleFinder(path: string, root: string, read: ReadFile): FindModule {
  const cache = new Map<string, string | null>();
  const textOf = (file: string): string | null => {
    const known = cache.get(file);
    if (known !== undefined) return known;
    const text = read(file);
    cache.set(file, text);
    return text;
  };
  return (name, from) => {
    const dots = /^\.*/.exec(name)![0].length;
    const parts = name.slice(dots).split(".").filter(Boolean);
    const home = from === null ? path : from.startsWith(".") ? `${parent(path)}/${from}` : from;
    for (const folder of foldersFor(normal(home), root, dots)) {
      const base = [folder, ...parts].join("/");
      for (const file of parts.length > 0 ? [`${base}.py`, `${base}/__init__.py`] : [`${base}/__init__.py`]) {
        const text = file === path ? null : textOf(file);
        if (text !== null) return { id: file, text };
      }
    }
    return null;
  };
}

/** Where a name is looked for: one folder for a relative import, else the file's and those above it. */
function foldersFor(file: string, root: string, dots: number): string[] {
  let folder = parent(file);
  if (file.endsWith("/")) return folder === root || folder.startsWith(`${root}/`) ? [folder] : [];
  if (dots > 0) {
    for (let up = 1; up < dots; up++) folder = parent(folder);
    return [folder];
  }
  const folders = [folder];
  while (folder !== root && folder.startsWith(`${root}/`)) {
    folder = parent(folder);
    folders.push(folder);
  }
  return folders;
}

/** Without `.` and `..`. */
function normal(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === ".." && parts.length > 1) parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}

function parent(path: string): string {
  const at = path.lastIndexOf("/");
  return at <= 0 ? "" : path.slice(0, at);
}
