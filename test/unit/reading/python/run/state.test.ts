import assert from "node:assert/strict";
import fc from "fast-check";
import { State, type Writes } from "../../../../../src/reading/python/run/state.ts";

type Act = { readonly key: string; readonly value: number | null };

const acts: fc.Arbitrary<Act> = fc.record({
  key: fc.constantFrom("a", "b", "c"),
  value: fc.option(fc.integer({ min: 0, max: 9 })),
});

function perform(state: State, map: Map<string, number>, { key, value }: Act): void {
  if (value === null) state.deleteKey(map, key);
  else state.setKey(map, key, value);
}

/** What was written, told from two copies: before and after. */
function changes(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): Record<string, unknown> {
  const told: Record<string, unknown> = {};
  for (const key of ["a", "b", "c"])
    if (before.get(key) !== after.get(key)) told[key] = [before.get(key), after.get(key)];
  return told;
}

function told(writes: Writes, map: Map<string, number>): Record<string, unknown> {
  const number = (x: unknown): unknown => (typeof x === "number" ? x : undefined);
  const places = [...(writes.get(map as Map<unknown, unknown>) ?? [])];
  const changed = places.filter(([, { before, after }]) => number(before) !== number(after));
  return Object.fromEntries(changed.map(([key, { before, after }]) => [key, [number(before), number(after)]]));
}

describe("State", () => {
  it("undoes what a speculation wrote and tells it, however often a place was written", () => {
    fc.assert(
      fc.property(fc.array(acts), fc.array(acts, { maxLength: 30 }), (first, then) => {
        const [state, map] = [new State(1000), new Map<string, number>()];
        for (const act of first) perform(state, map, act);
        const before = new Map(map);
        let after = new Map<string, number>();
        const { writes } = state.speculate(() => {
          for (const act of then) perform(state, map, act);
          after = new Map(map);
        });
        assert.deepEqual(changes(before, map), {});
        assert.deepEqual(told(writes, map), changes(before, after));
        state.adopt(writes);
        assert.deepEqual(changes(after, map), {});
      }),
    );
  });

  it("tells an outer stretch what inner ones wrote, while they go on and after them", () => {
    fc.assert(
      fc.property(fc.array(acts), fc.array(acts), fc.array(acts), (outer, watched, speculated) => {
        const [state, map] = [new State(1000), new Map([["a", 1]])];
        const before = new Map(map);
        state.watch((writes) => {
          for (const act of outer) perform(state, map, act);
          state.watch(() => {
            for (const act of watched) perform(state, map, act);
            assert.deepEqual(told(writes(), map), changes(before, map));
          });
          const kept = new Map(map);
          state.speculate(() => {
            for (const act of speculated) perform(state, map, act);
            assert.deepEqual(told(writes(), map), changes(before, map));
          });
          assert.deepEqual(changes(kept, map), {});
          assert.deepEqual(told(writes(), map), changes(before, kept));
        });
        assert.equal(state.watched, false);
      }),
    );
  });

  it("undoes a speculation that throws, with what was watched inside it", () => {
    const [state, map] = [new State(1000), new Map([["a", 1]])];
    const thrown = (): void => {
      state.watch(() => {
        state.setKey(map, "a", 2);
        throw new Error("stop");
      });
    };
    assert.throws(() => state.speculate(thrown), /stop/);
    assert.deepEqual([...map], [["a", 1]]);
    assert.equal(state.watched, false);
  });
});
