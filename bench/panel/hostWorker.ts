import type { Tile } from "../../src/attention/result.ts";
import type { ResultSummary } from "../../src/protocol/core.ts";
import type { PanelMessage, PanelRequest, PanelSnapshot } from "../../src/protocol/panel.ts";

/** A host whose numbers cost nothing: what is measured is the page, not the engine. `scenario` is the size n. */

let n = 0;

addEventListener("message", ({ data }: MessageEvent<{ type: "start"; scenario: string } | PanelMessage>) => {
  if (data.type === "start") n = Number(data.scenario);
  else if (data.type === "ready") postMessage({ type: "snapshot", snapshot: snapshot() });
  else if (data.type === "request") postMessage({ type: "answer", id: data.id, answer: answer(data.request) });
});

function snapshot(): PanelSnapshot {
  const sizes = { batch: 1, heads: 1, kvHeads: 1, queries: n, keys: n, size: 64, valueSize: 64 };
  const stages = ["scores", "scaled", "masked", "weights", "output"] as const;
  const result: ResultSummary = {
    result: 1,
    uri: "file:///bench.npy",
    version: 1,
    site: "0",
    name: "bench",
    sizes,
    scale: 0.125,
    options: {},
    roles: {},
    queryTokens: null,
    keyTokens: null,
    given: false,
    fullyMaskedRows: 0,
    stages,
    notes: [],
  };
  return {
    locale: "en",
    strings: {},
    result,
    sites: [],
    baseline: null,
    notes: [],
    source: { uri: "file:///bench.npy", name: "bench.npy", status: "live", pinned: false },
    crosshair: { serial: 0, query: null, key: null },
    settings: { colorMap: "viridis" },
    overrides: { causal: null, scale: null, softcap: null, window: null, blocked: [], excluded: [] },
  };
}

function answer(request: PanelRequest): unknown {
  switch (request.method) {
    case "tile":
    case "input":
    case "difference":
      return tile(request);
    case "limits":
      return { minimum: 0, maximum: 1 };
    case "row":
      return { ...request, ...row(), output: new Float64Array(64) };
    case "top":
      return { query: request.query, keys: new Uint32Array(8), weights: new Float64Array(8), statistics };
    case "cell":
      return { ...request, ...cell };
    case "summaries":
      return [];
    default:
      throw new Error(`not measured: ${request.method}`);
  }
}

/** Waves and a diagonal, every value at least 0.4: no pixel of the map is dark. */
function tile(request: Pick<Tile, "row" | "column" | "rows" | "columns" | "step">): object {
  const { rows, columns, step } = request;
  const values = new Float32Array(rows * columns);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const [y, x] = [request.row + r * step, request.column + c * step];
      values[r * columns + c] = Math.abs(x - y) < step ? 1 : 0.6 + 0.2 * Math.sin(x / 37) * Math.cos(y / 23);
    }
  }
  return { ...request, values };
}

const statistics = { maximum: 1, sum: 8, logSumExp: 2, entropy: 2, effectiveKeys: 7, peak: 0, fullyMasked: false };

function row(): object {
  const same = () => new Float64Array(n).fill(1 / n);
  return { scores: same(), scaled: same(), masked: same(), weights: same(), statistics };
}

const cell = {
  products: new Float64Array(64),
  queryRow: new Float64Array(64),
  keyRow: new Float64Array(64),
  score: 1,
  scale: 0.125,
  scaled: 0.125,
  capped: 0.125,
  maskTerm: 0,
  maskedBy: [],
  masked: 0.125,
  row: statistics,
  exponential: 1,
  weight: 0.125,
  contribution: new Float64Array(64),
  rank: 0,
};
