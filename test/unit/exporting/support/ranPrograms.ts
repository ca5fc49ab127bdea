import { python } from "./python.ts";

/** What an exported program came to: weights and output, row after row. */
export type Ran = readonly [weights: string[], output: string[]];

/** Runs every program by itself; null where this Python does not have the library. */
export function ranPrograms(codes: readonly string[], library: "numpy" | "torch"): Ran[] | null {
  return allRan(codes, library, 'exec(compile(given, "exported", "exec"), names)');
}

/** Runs the program.py of every folder in it, as a reader would; null where this Python does not have the library. */
export function ranFolders(folders: readonly string[], library: "numpy" | "torch"): Ran[] | null {
  return allRan(folders, library, 'os.chdir(given); names = runpy.run_path("program.py")');
}

function allRan(given: readonly string[], library: string, run: string): Ran[] | null {
  return python(runner.replace("LIBRARY", library).replace("RUN", run), given) as Ran[] | null;
}

const runner = `
import contextlib, io, json, os, runpy, sys
try:
    import numpy, LIBRARY
except ImportError:
    print("null")
    sys.exit()
ran = []
for given in json.load(sys.stdin):
    names = {}
    with contextlib.redirect_stdout(io.StringIO()):
        RUN
    ran.append([[str(x) for x in numpy.asarray(names[name]).ravel()] for name in ("weights", "output")])
print(json.dumps(ran))
`;
