import assert from "node:assert/strict";
import fc from "fast-check";
import type { ResultSummary } from "../../../src/protocol/core.ts";
import type { PanelSnapshot } from "../../../src/protocol/panel.ts";
import { persisted, restored } from "../../../webview/persisted.ts";
import { firstState, firstUi, type PanelState, placed, reduce, selected } from "../../../webview/state.ts";

function snapshot(
  queries: number,
  keys: number,
  crosshair: PanelSnapshot["crosshair"] = { serial: 0, query: null, key: null },
): PanelSnapshot {
  const sizes = { batch: 1, heads: 2, kvHeads: 2, queries, keys, size: 4, valueSize: 3 };
  const stages = ["scores", "scaled", "masked", "weights", "output"] as const;
  const result = {
    result: 1,
    uri: "file:///a.json",
    causal: "none",
    sizes,
    stages,
    roles: {},
    queryTokens: null,
    keyTokens: null,
  } as unknown as ResultSummary;
  return {
    heard: 0,
    locale: "en",
    strings: {},
    result,
    sites: [],
    crosshair,
    canTakeBack: false,
    baseline: null,
    notes: [],
    source: { uri: "file:///a.json", name: "a.json", status: "live", pinned: true },
    settings: { colorMap: "viridis" },
    overrides: { causal: "topLeft", scale: null, softcap: null, window: null, blocked: [], excluded: [] },
  };
}

function shown(queries = 6, keys = 5): PanelState {
  return reduce(firstState(), { type: "snapshot", snapshot: snapshot(queries, keys) });
}

describe("the panel's state", () => {
  it("adopts the editor's cursor once", () => {
    let state = reduce(shown(), { type: "snapshot", snapshot: snapshot(6, 5, { serial: 1, query: 4, key: null }) });
    assert.equal(state.ui.query, 4);
    state = reduce(state, { type: "pick", selection: { query: 2, key: 1 }, intent: 1 });
    state = reduce(state, { type: "snapshot", snapshot: snapshot(6, 5, { serial: 1, query: 4, key: null }) });
    assert.equal(state.ui.query, 2);
  });

  it("shows the stage that the editor's cursor came to, once", () => {
    const come = (part: PanelSnapshot["part"]) => ({ ...snapshot(6, 5), part: part! });
    let state = reduce(shown(), { type: "snapshot", snapshot: come({ serial: 1, part: "scaled" }) });
    assert.equal(state.ui.stage, "scaled");
    state = reduce(state, { type: "ui", change: { stage: "output" } });
    state = reduce(state, { type: "snapshot", snapshot: come({ serial: 1, part: "scaled" }) });
    assert.equal(state.ui.stage, "output");
    state = reduce(state, { type: "snapshot", snapshot: come({ serial: 2, part: "mask" }) });
    assert.equal(state.ui.stage, "masked");
  });

  it("marks what goes in where the cursor came to that, until another stage is shown", () => {
    const come = (part: PanelSnapshot["part"]) => ({ ...snapshot(6, 5), part: part! });
    const marked = reduce(shown(), { type: "snapshot", snapshot: come({ serial: 1, part: "key" }) });
    assert.deepEqual([marked.marked, marked.ui.stage], ["key", "weights"]);
    assert.equal(reduce(marked, { type: "snapshot", snapshot: come({ serial: 1, part: "key" }) }).marked, "key");
    assert.equal(reduce(marked, { type: "snapshot", snapshot: come({ serial: 2, part: "output" }) }).marked, null);
    assert.equal(reduce(marked, { type: "ui", change: { stage: "scores" } }).marked, null);
  });

  it("does not go where the cursor was before the newest choice in the page", () => {
    const caret = (serial: number, heard: number) => ({
      type: "snapshot" as const,
      snapshot: { ...snapshot(6, 5, { serial, query: 4, key: null }), heard },
    });
    let state = reduce(shown(), { type: "pick", selection: { query: 2 }, intent: 3 });
    state = reduce(state, caret(1, 2));
    assert.equal(state.ui.query, 2);
    state = reduce(state, caret(1, 3));
    assert.equal(state.ui.query, 2);
    state = reduce(state, caret(2, 3));
    assert.equal(state.ui.query, 4);
  });

  it("does not show the stage where the cursor was before another was chosen in the page", () => {
    const come = (serial: number, heard: number) => ({
      type: "snapshot" as const,
      snapshot: { ...snapshot(6, 5), part: { serial, part: "scaled" as const }, heard },
    });
    let state = reduce(shown(), { type: "pick", selection: { stage: "output" }, intent: 3 });
    state = reduce(state, come(1, 2));
    assert.equal(state.ui.stage, "output");
    assert.equal(reduce(state, come(2, 3)).ui.stage, "scaled");
  });

  it("starts at a query that has a choice, and anew in another document only", () => {
    const first = (causal: string, more: object = {}, uri = "file:///a.json") => {
      const plain = snapshot(6, 6);
      return { ...plain, result: { ...plain.result!, causal, uri, ...more } as ResultSummary };
    };
    const start = (...of: Parameters<typeof first>) => {
      const { query, key } = reduce(firstState(), { type: "snapshot", snapshot: first(...of) }).ui;
      return [query, key];
    };
    assert.deepEqual(start("none"), [0, 0]);
    assert.deepEqual(start("topLeft"), [5, 5]);
    assert.deepEqual(start("none", { given: true }), [5, 5]);
    assert.deepEqual(start("none", { roles: { mask: {} } }), [5, 5]);
    assert.deepEqual(start("none", { queryTokens: ["<s>", "a", "b", "c", "d", "</s>"] }), [1, 1]);
    assert.deepEqual(start("topLeft", { queryTokens: ["<s>", "a", "b", "c", "d", "</s>"] }), [4, 4]);
    let state = reduce(shown(6, 6), { type: "pick", selection: { query: 2, key: 1 }, intent: 1 });
    state = reduce(state, { type: "ui", change: { domain: { minimum: 0, maximum: 9 }, stage: "scaled" } });
    state = reduce(state, { type: "snapshot", snapshot: first("topLeft") });
    assert.deepEqual([state.ui.query, state.ui.key, state.ui.domain?.maximum], [2, 1, 9]);
    state = reduce(state, { type: "snapshot", snapshot: first("topLeft", {}, "file:///b.json") });
    assert.deepEqual([state.ui.query, state.ui.domain, state.ui.stage], [5, null, "scaled"]);
    const kept = firstState(restored(JSON.parse(JSON.stringify(persisted(state)))));
    const back = { ...first("topLeft", {}, "file:///b.json"), heard: 0 };
    const picked = reduce({ ...kept, ui: { ...kept.ui, query: 3 } }, { type: "snapshot", snapshot: back });
    assert.equal(picked.ui.query, 3);
  });

  it("goes to the key that a query attends to most, until somebody has chosen one", () => {
    const caret = (serial: number, query: number | null, key: number | null) => ({
      type: "snapshot" as const,
      snapshot: snapshot(6, 5, { serial, query, key }),
    });
    let state = reduce(shown(), { type: "telling", query: 0, key: 3 });
    assert.equal(state.ui.key, 3);
    state = reduce(state, { type: "telling", query: 5, key: 1 });
    assert.equal(state.ui.key, 3, "that is not the query that is shown");
    state = reduce(reduce(state, caret(1, 2, null)), { type: "telling", query: 2, key: 4 });
    assert.equal(state.ui.key, 4);
    const chosen = reduce(state, { type: "pick", selection: { query: 2, key: 1 }, intent: 1 });
    assert.equal(reduce(chosen, { type: "telling", query: 2, key: 4 }).ui.key, 1);
    const told = reduce(state, caret(2, null, 0));
    assert.equal(reduce(told, { type: "telling", query: 2, key: 4 }).ui.key, 0);
    const kept = firstState(restored(JSON.parse(JSON.stringify(persisted(state)))));
    const back = reduce(kept, { type: "snapshot", snapshot: snapshot(6, 5) });
    assert.equal(reduce(back, { type: "telling", query: 2, key: 0 }).ui.key, 4);
  });

  it("does not take its own wish to compare for news when the host tells of it", () => {
    const plain = snapshot(6, 5);
    let state = reduce(shown(), { type: "keep", result: 1 });
    assert.deepEqual(state.ui.compare, { kind: "kept" });
    state = reduce(state, { type: "ui", change: { compare: { kind: "none" } } });
    state = reduce(state, { type: "snapshot", snapshot: { ...plain, baseline: plain.result } });
    assert.deepEqual(state.ui.compare, { kind: "none" });
  });

  it("shows the difference as soon as there is something to compare with", () => {
    const plain = snapshot(6, 5);
    const withKept = { ...plain, baseline: { ...plain.result!, result: 9 } };
    const kept = reduce(shown(), { type: "snapshot", snapshot: withKept });
    assert.deepEqual(kept.ui.compare, { kind: "kept" });
    const dropped = reduce(kept, { type: "ui", change: { compare: { kind: "none" } } });
    const again = reduce(dropped, { type: "snapshot", snapshot: withKept });
    assert.deepEqual(again.ui.compare, { kind: "none" });
    const reloaded = reduce(firstState(), { type: "snapshot", snapshot: withKept });
    assert.deepEqual(reloaded.ui.compare, { kind: "none" });
  });

  it("keeps a dimension of the output apart from a key", () => {
    let state = reduce(shown(), { type: "pick", selection: placed("weights", { query: 1, key: 4 }), intent: 1 });
    state = reduce(state, { type: "ui", change: { stage: "output" } });
    state = reduce(state, { type: "pick", selection: placed("output", { query: 1, key: 2 }), intent: 2 });
    assert.deepEqual(selected(state.ui), { query: 1, key: 2 });
    state = reduce(state, { type: "ui", change: { stage: "weights" } });
    assert.deepEqual(selected(state.ui), { query: 1, key: 4 });
  });

  it("falls back to the weights where a stage does not exist", () => {
    const before = reduce(shown(), { type: "ui", change: { stage: "scores" } });
    const given = snapshot(6, 5);
    const result = { ...given.result!, stages: ["weights"] as const };
    assert.equal(reduce(before, { type: "snapshot", snapshot: { ...given, result } }).ui.stage, "weights");
  });

  it("is the same object when the pointer stays on its cell", () => {
    const state = reduce(shown(), { type: "point", place: { query: 1, key: 1 } });
    assert.equal(reduce(state, { type: "point", place: { query: 1, key: 1 } }), state);
  });

  it("never leaves the result, whatever is done to it", () => {
    const place = fc.record({ query: fc.integer({ min: -3, max: 20 }), key: fc.integer({ min: -3, max: 20 }) });
    const action = fc.oneof(
      place.map((selection) => ({ type: "pick" as const, selection, intent: 0 })),
      fc.record({ head: fc.integer(), batch: fc.integer() }).map((change) => ({ type: "ui" as const, change })),
      fc
        .constantFrom("scores" as const, "output" as const)
        .map((stage) => ({ type: "ui" as const, change: { stage } })),
      fc
        .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
        .map(([queries, keys]) => ({ type: "snapshot" as const, snapshot: snapshot(queries, keys) })),
    );
    fc.assert(
      fc.property(fc.array(action), (actions) => {
        const { ui, snapshot: last } = actions.reduce(reduce, shown());
        const { sizes } = last!.result!;
        assert.ok(ui.query >= 0 && ui.query < sizes.queries && ui.key >= 0 && ui.key < sizes.keys);
        assert.ok(ui.dimension >= 0 && ui.dimension < 3 && ui.head >= 0 && ui.head < 2 && ui.batch === 0);
      }),
    );
  });

  it("keeps choices over a reload, with what the host needs to find the source again", () => {
    const state = reduce(shown(), { type: "ui", change: { stage: "scaled", query: 3 } });
    const kept = JSON.parse(JSON.stringify(persisted(state)));
    assert.deepEqual(restored(kept), state.ui);
    assert.deepEqual(kept.source, { uri: "file:///a.json", pinned: true });
    assert.equal(kept.overrides.causal, "topLeft");
    const sites = [
      { id: "a", name: "a", current: false },
      { id: "b", name: "b", current: true },
    ];
    const chosen = reduce(state, { type: "snapshot", snapshot: { ...state.snapshot!, sites } });
    assert.equal(JSON.parse(JSON.stringify(persisted(chosen))).site, "b");
  });

  it("starts afresh from a kept state that makes no sense", () => {
    for (const kept of [undefined, null, 3, {}, { ui: { stage: "no such stage" } }, { ui: { query: -1 } }]) {
      assert.deepEqual(restored(kept), firstUi);
    }
  });

  it("forgets what the legend explained when another result comes, and keeps what the page has seen", () => {
    const seen = (["mapSeen", "maskSeen", "alarmSeen", "again"] as const).reduce(
      (state, type) => reduce(state, { type }),
      reduce(firstState(), { type: "snapshot", snapshot: snapshot(4, 4) }),
    );
    assert.deepEqual([seen.mapSeen, seen.maskSeen, seen.alarmSeen, seen.again], [true, true, true, 1]);
    const other = snapshot(4, 4);
    const next = reduce(seen, {
      type: "snapshot",
      snapshot: { ...other, result: { ...other.result!, result: 2 } },
    });
    assert.deepEqual([next.mapSeen, next.maskSeen, next.alarmSeen], [true, false, false]);
    const coarse = reduce(next, { type: "blocks", side: 4 });
    assert.equal(coarse.blockSide, 4);
    assert.equal(reduce(coarse, { type: "blocks", side: 4 }), coarse);
  });
});
