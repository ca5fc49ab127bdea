import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import type { FindModule } from "../../reading/document.ts";
import { moduleFinder } from "../../reading/python/modules.ts";

const projectMarks = [".git", "pyproject.toml", "setup.py", "setup.cfg", "requirements.txt"];
/** Larger files are not read for an import. */
const sizeLimit = 2_000_000;

/** What a Python file imports from the files around it, up to `root`, or else up to the folder that looks like a project's. */
export function importsOf(file: string, root?: string): FindModule {
  const path = resolve(file);
  const top = root === undefined ? projectRoot(dirname(path)) : resolve(root);
  return moduleFinder(slashed(path), slashed(top), readText);
}

/** The nearest folder with a project's file in it; the given one where there is none. */
function projectRoot(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (projectMarks.some((mark) => existsSync(join(at, mark)))) return at;
    if (dirname(at) === at) return folder;
  }
}

function slashed(path: string): string {
  return sep === "/" ? path : path.replaceAll(sep, "/");
}

function readText(path: string): string | null {
  try {
    return statSync(path).size <= sizeLimit ? readFileSync(path, "utf8") : null;
  } catch {
    return null;
  }
}
