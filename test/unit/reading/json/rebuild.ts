import { kind, type Tape } from "../../../../src/reading/json/tape.ts";
import { children, fieldOf, keyOf, kindOf, rangeOf, scalarOf, stringOf } from "../../../../src/reading/json/tree.ts";

/** The value that a tape says, built from nothing but the tape: to be compared with JSON.parse. */
export function rebuild(tape: Tape, node = 0): unknown {
  const what = kindOf(tape, node);
  if (what === kind.null) return null;
  if (what === kind.object) {
    // As JSON.parse: `__proto__` is a key like any other, and of equal keys the last one counts.
    const members = [...children(tape, node)].map((value) => [
      stringOf(tape, keyOf(tape, value)),
      rebuild(tape, value),
    ]);
    return Object.fromEntries(members);
  }
  return what === kind.array ? elements(tape, node) : scalarOf(tape, node);
}

function elements(tape: Tape, array: number): unknown[] {
  const placed = [...children(tape, array)].map(
    (node) => [rangeOf(tape, node).start, rebuild(tape, node), rangeOf(tape, node).end] as const,
  );
  let leaf = fieldOf(tape, array, "leaf");
  const all: (readonly [number, unknown])[] = [];
  for (const [start, value, end] of placed) {
    for (; leaf < fieldOf(tape, array, "leafEnd") && tape.starts[leaf]! < start; leaf++) all.push(leafAt(tape, leaf));
    all.push([start, value]);
    while (leaf < fieldOf(tape, array, "leafEnd") && tape.starts[leaf]! < end) leaf++;
  }
  for (; leaf < fieldOf(tape, array, "leafEnd"); leaf++) all.push(leafAt(tape, leaf));
  return all.map(([, value]) => value);
}

function leafAt(tape: Tape, leaf: number): readonly [number, unknown] {
  const start = tape.starts[leaf]!;
  const first = tape.text.slice(start, start + 1);
  return [start, first === "t" || first === "f" ? tape.values[leaf] === 1 : tape.values[leaf]];
}
