import type { Stmt, StmtOf } from "../syntax/ast.ts";
import type { Machine } from "./machine.ts";
import { moduleScope, setName } from "./scopes.ts";
import { library, type ModuleValue, type Scope, unknown, type Value } from "./values.ts";

/** Packages whose parts are known here by full name. Python's own library counts as known to be there. */
const installed: ReadonlySet<string> = new Set([
  "torch",
  "numpy",
  "math",
  "typing",
  "typing_extensions",
  "dataclasses",
  "functools",
  "collections",
  "itertools",
  "random",
  "time",
  "os",
  "sys",
  "copy",
  "enum",
  "abc",
  "json",
  "re",
  "warnings",
  "logging",
  "argparse",
  "pathlib",
  "string",
  "contextlib",
  "operator",
  "inspect",
  "types",
  "__future__",
  "builtins",
  "datetime",
  "pickle",
  "io",
  "glob",
  "shutil",
  "subprocess",
  "unittest",
  "statistics",
  "cmath",
  "numbers",
  "traceback",
]);

/** The same thing under another name. */
const aliases: Readonly<Record<string, string>> = {
  "jax.numpy": "jax.numpy",
  "tensorflow.keras": "keras",
  "einops.layers.torch": "einops.layers.torch",
  "numpy.core": "numpy",
};

function canonical(path: string): string {
  if (/^torch\.nn\.modules(\.(?!utils)\w+)?$/.test(path)) return "torch.nn";
  return aliases[path] ?? path;
}

/** `import a.b as c`. */
export function importModules(m: Machine, s: StmtOf<"import">, scope: Scope): void {
  for (const { path, as } of s.names) {
    const root = path.split(".")[0]!;
    const local = installed.has(root) ? null : m.load(path, scope);
    if (local && as) setName(m, scope, as, moduleValue(path, local));
    else if (local) setName(m, scope, root, packageValue(m, path, scope));
    else setName(m, scope, as ?? root, library(canonical(as ? path : root)));
  }
}

/** `import a.b` binds a, in which b is found. */
function packageValue(m: Machine, path: string, scope: Scope): ModuleValue {
  const parts = path.split(".");
  const top = moduleValue(parts[0]!, m.load(parts[0]!, scope) ?? moduleScope());
  let at = top;
  for (let count = 2; count <= parts.length; count++) {
    const name = parts.slice(0, count).join(".");
    const inner = moduleValue(name, m.load(name, scope) ?? moduleScope());
    at.scope.names.set(parts[count - 1]!, inner);
    at = inner;
  }
  return top;
}

function moduleValue(name: string, scope: Scope): ModuleValue {
  return { kind: "module", name, scope };
}

/** `from a.b import c as d`. */
export function importFrom(m: Machine, s: StmtOf<"from">, scope: Scope): void {
  const root = s.module.split(".")[0]!;
  const known = installed.has(root);
  const local = known ? null : m.load(s.module, scope);
  if (s.names === "*") {
    importAll(m, s.module, local, scope);
    return;
  }
  for (const { name, as } of s.names) {
    const found = local?.names.get(name) ?? (known ? null : submodule(m, s.module, name, scope));
    if (found) setName(m, scope, as, found);
    else if (local || s.module.startsWith("."))
      setName(m, scope, as, unknown("python.opaque", { name: `${s.module}.${name}` }));
    else
      setName(
        m,
        scope,
        as,
        m.find(library(canonical(s.module)), name) ?? unknown("python.opaque", { name: `${s.module}.${name}` }),
      );
  }
}

function submodule(m: Machine, module: string, name: string, scope: Scope): Value | null {
  const path = module.endsWith(".") ? module + name : `${module}.${name}`;
  const inner = m.load(path, scope);
  return inner && moduleValue(path, inner);
}

/** Star imports of known libraries bring the names that this interpreter knows of them. */
function importAll(m: Machine, module: string, local: Scope | null, scope: Scope): void {
  if (local) for (const [name, value] of local.names) if (!name.startsWith("_")) setName(m, scope, name, value);
  if (!local && !module.startsWith(".")) setName(m, scope, `*${module}`, library(canonical(module)));
}

/** Whether a body imports something that may not be there. */
export function maybeMissing(m: Machine, body: readonly Stmt[]): boolean {
  return body.some((s) => {
    if (s.kind === "import")
      return s.names.some(
        ({ path }) => !installed.has(path.split(".")[0]!) && m.load(path, null as unknown as Scope) === null,
      );
    if (s.kind === "from")
      return (
        !s.module.startsWith(".") &&
        !installed.has(s.module.split(".")[0]!) &&
        m.load(s.module, null as unknown as Scope) === null
      );
    return false;
  });
}
