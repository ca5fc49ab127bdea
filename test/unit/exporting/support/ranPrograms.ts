import { python } from "./python.ts";

/** What an exported program came to: weights and output, row after row. */
export type Ran = readonly [weights: string[], output: string[]];

/** Runs every program by itself; null where this Python does not have the library. */
export function ranPrograms(codes: readonly string[], library: "numpy" | "torch"): Ran[] | null {
  return python(runner.replace("LIBRARY", library), codes) as Ran[] | null;
}

const runner = `
import contextlib, io, json, sys
try:
    import numpy, LIBRARY
except ImportError:
    print("null")
    sys.exit()
ran = []
for code in json.load(sys.stdin):
    names = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(code, "exported", "exec"), names)
    ran.append([[str(x) for x in numpy.asarray(names[name]).ravel()] for name in ("weights", "output")])
print(json.dumps(ran))
`;
