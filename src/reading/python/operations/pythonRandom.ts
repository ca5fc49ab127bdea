import { PythonRandom } from "../random/pythonRandom.ts";
import type { Machine } from "../run/machine.ts";
import { numeric } from "../run/scalars.ts";
import { float, int, list, none, type Value } from "../run/values.ts";
import { draw, seed, unmodelled, whyUnknown } from "./draws.ts";
import { type Given, type Operation, operation } from "./operation.ts";
import { shuffledInPlace } from "./randomOrder.ts";

/** Python's own `random` module. */
export const pythonRandom: readonly Operation[] = [
  operation("random.seed", "a?, version?", (g, m) => {
    const value = g.get("a");
    seed(m, m.randoms.python, value?.kind === "int" ? PythonRandom.seeded(BigInt(value.value)) : null);
    return none;
  }),
  operation("random.random", "", (g, m) => number(g, m, (r) => r.uniform())),
  operation("random.uniform", "a, b", (g, m) =>
    number(
      g,
      m,
      between(g, "a", "b", (r, low, high) => r.uniform(low, high)),
    ),
  ),
  operation("random.gauss", "mu?, sigma?", (g, m) =>
    number(
      g,
      m,
      between(g, "mu", "sigma", (r, mean, deviation) => r.gauss(mean, deviation)),
    ),
  ),
  operation("random.randint", "a, b", (g, m) => whole(g, m, g.need("a"), g.need("b"), 1)),
  operation("random.randrange", "start, stop?", (g, m) => {
    const stop = g.get("stop");
    return stop ? whole(g, m, g.need("start"), stop, 0) : whole(g, m, int(0), g.need("start"), 0);
  }),
  operation("random.choice", "seq", (g, m) => {
    const inside = m.iterate(g.need("seq"));
    const at =
      inside && !inside.open && inside.items.length > 0
        ? draw<PythonRandom, number>(m, m.randoms.python, 1, (r) => r.below(inside.items.length))
        : null;
    if (at !== null) return inside!.items[at]!;
    if (!inside || inside.open) unmodelled(m, m.randoms.python, g.path);
    return lost(m);
  }),
  operation("random.shuffle", "x", (g, m) => {
    const order = (count: number) => draw<PythonRandom, number[]>(m, m.randoms.python, count, (r) => r.order(count));
    shuffledInPlace(m, g.need("x"), order, () => unmodelled(m, m.randoms.python, g.path));
    return none;
  }),
  operation("random.sample random.choices", "population, *rest, **more", (g, m) => {
    const why = unmodelled(m, m.randoms.python, g.path);
    const count = g.rest.at(-1) ?? g.keywords.get("k");
    const size = count?.kind === "int" ? Number(count.value) : null;
    return size !== null && size <= 4096
      ? list(Array.from({ length: size }, () => ({ kind: "unknown", why }) as Value))
      : { kind: "unknown", why };
  }),
];

function lost(m: Machine, type?: "int" | "float"): Value {
  const why = whyUnknown(m.randoms.python) ?? { code: "python.notComputed" };
  return type ? { kind: "unknown", why, type } : { kind: "unknown", why };
}

function number(g: Given, m: Machine, from: ((r: PythonRandom) => number) | null): Value {
  if (!from) unmodelled(m, m.randoms.python, g.path);
  const value = from && draw<PythonRandom, number>(m, m.randoms.python, 1, from);
  return value === null ? lost(m, "float") : float(value);
}

function between(
  g: Given,
  first: string,
  second: string,
  from: (r: PythonRandom, a: number, b: number) => number,
): ((r: PythonRandom) => number) | null {
  const [a, b] = [g.get(first) ? numeric(g.need(first)) : 0, g.get(second) ? numeric(g.need(second)) : 1];
  return a === null || b === null ? null : (r) => from(r, a, b);
}

function whole(g: Given, m: Machine, from: Value, to: Value, more: number): Value {
  const [low, high] = [from.kind === "int" ? Number(from.value) : null, to.kind === "int" ? Number(to.value) : null];
  const size = low === null || high === null ? 0 : high - low + more;
  if (low === null || size < 1 || size >= 2 ** 32) {
    unmodelled(m, m.randoms.python, g.path);
    return lost(m, "int");
  }
  const value = draw<PythonRandom, number>(m, m.randoms.python, 1, (r) => low + r.below(size));
  return value === null ? lost(m, "int") : int(value);
}
