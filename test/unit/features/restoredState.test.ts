import { deepStrictEqual, strictEqual } from "node:assert/strict";
import * as fc from "fast-check";
import { restoredState } from "../../../src/features/panel/restoredState.ts";
import { optionsOf } from "../../../src/features/panel/whatIf.ts";
import type { WhatIf } from "../../../src/protocol/whatIf.ts";

const nothing: WhatIf = { causal: null, scale: null, softcap: null, window: null, blocked: [], excluded: [] };

describe("what a panel of an earlier window left", () => {
  it("is its file, its options and whether it was pinned", () => {
    const state = {
      ui: { stage: "scores" },
      source: { uri: "file:///a.json", pinned: true },
      overrides: { ...nothing, scale: 1 },
      site: "second",
    };
    const { overrides } = state;
    deepStrictEqual(restoredState(state), { uri: "file:///a.json", pinned: true, overrides, site: "second" });
  });

  it("is nothing where it makes no sense", () => {
    for (const state of [undefined, null, 3, "x", {}, { source: { uri: 3 } }, { source: null }])
      strictEqual(restoredState(state), null);
    fc.assert(fc.property(fc.anything(), (state) => void restoredState(state)));
  });

  it("is computed with what was tried out, and with nothing else", () => {
    deepStrictEqual(optionsOf(nothing), {});
    const tried: WhatIf = {
      causal: "topLeft",
      scale: "auto",
      softcap: 2,
      window: [1, null],
      blocked: [[0, 1]],
      excluded: [3],
    };
    deepStrictEqual(optionsOf(tried), tried);
  });
});
