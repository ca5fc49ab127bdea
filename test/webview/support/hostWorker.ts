import { attend } from "../../../src/attention/engine.ts";
import { formOf } from "../../../src/attention/forms/formOf.ts";
import type { AttentionProblem, Causal } from "../../../src/attention/problem.ts";
import type { AttentionResult } from "../../../src/attention/result.ts";
import type { ResultSummary, TensorSummary } from "../../../src/protocol/core.ts";
import type {
  PanelIntent,
  PanelMessage,
  PanelRequest,
  PanelSnapshot,
  SourceStatus,
} from "../../../src/protocol/panel.ts";
import { noTrials, takenBack, triedOut } from "../../../src/protocol/whatIf.ts";
import type { Role } from "../../../src/reading/document.ts";
import { differenceTile, divergence, rowLimits, topKeys } from "../../../src/service/looks.ts";
import { withForbidden } from "../../../src/service/tryOut.ts";
import { type Tensor, valueAt, withRank } from "../../../src/tensor/tensor.ts";
import { make, type Scenario } from "./scenarios.ts";

/** The extension host of the webview's tests: a worker with the real engine behind the real messages. */

interface Start {
  readonly type: "start";
  readonly scenario: string | null;
  readonly locale: string;
  readonly strings: Record<string, string>;
}

let scenario: Scenario | null = null;
let result: AttentionResult | null = null;
let number = 0;
let baseline: ResultSummary | null = null;
/** Every result so far, by its number. */
const kept = new Map<number, { result: AttentionResult; summary: ResultSummary }>();
let serial = 0;
let trials = noTrials;
let heard = 0;
let start: Start = { type: "start", scenario: null, locale: "en", strings: {} };
const source: { pinned: boolean; status: SourceStatus; text?: string } = { pinned: false, status: "live" };
const crosshair: { serial: number; query: number | null; key: number | null } = { serial: 0, query: null, key: null };

/** What a test makes happen on the host's side. */
interface Change {
  readonly type: "set";
  /** Why the result is stale. */
  readonly stale?: string;
  /** How the source is doing. */
  readonly status?: SourceStatus;
  /** Where the editor's cursor goes: query and key. */
  readonly cursor?: [number, number];
  /** Milliseconds that every answer of this method takes from now on. */
  readonly slow?: { readonly method: string; readonly by: number };
}

const delays = new Map<string, number>();

addEventListener("message", ({ data }: MessageEvent<Start | PanelMessage | Change>) => {
  void receive(data);
});

async function receive(message: Start | PanelMessage | Change): Promise<void> {
  if (message.type === "start") start = message;
  else if (message.type === "ready") await sendSnapshot();
  else if (message.type === "request") await answer(message.id, message.request);
  else if (message.type === "intent") await obey(message.intent);
  else if (message.type === "cancel") cancelled.add(message.id);
  else if (message.type === "set") {
    if (message.slow) delays.set(message.slow.method, message.slow.by);
    if (message.status) source.status = message.status;
    if (message.stale !== undefined) Object.assign(source, { status: "stale", text: message.stale });
    if (message.cursor)
      Object.assign(crosshair, { serial: ++serial, query: message.cursor[0], key: message.cursor[1] });
    await sendSnapshot();
  }
}

async function obey(intent: PanelIntent): Promise<void> {
  heard++;
  if (intent.kind === "setPinned") source.pinned = intent.pinned;
  else if (intent.kind === "tryOut") trials = triedOut(trials, intent.change);
  else if (intent.kind === "takeBack") trials = takenBack(trials);
  else if (intent.kind === "keepBaseline")
    baseline = intent.result === null ? null : (kept.get(intent.result)?.summary ?? null);
  else return;
  if (intent.kind === "tryOut" || intent.kind === "takeBack") result = null;
  await sendSnapshot();
}

async function computed(): Promise<AttentionResult> {
  if (result) return result;
  const outcome = await attend(tried(scenario!.problem));
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problem));
  number++;
  result = outcome.value;
  return result;
}

function tried(problem: AttentionProblem): AttentionProblem {
  const { causal, scale, softcap, window, blocked, excluded } = trials.current;
  const forbidden = withForbidden(problem, { blocked, excluded });
  return {
    ...(forbidden.ok ? forbidden.value : problem),
    ...(causal !== null && { causal: causal as Causal }),
    ...(scale !== null && { scale }),
    ...(softcap && { softcap }),
    ...(window && { window }),
  };
}

async function sendSnapshot(): Promise<void> {
  scenario ??= start.scenario === null ? null : make(start.scenario);
  const summary = scenario ? summaryOf(scenario, await computed()) : null;
  if (summary) kept.set(summary.result, { result: result!, summary });
  const snapshot: PanelSnapshot = {
    heard,
    locale: start.locale,
    strings: start.strings,
    source: scenario && { uri: `file:///${scenario.name}`, name: scenario.name, ...source },
    result: summary,
    sites: [],
    crosshair,
    settings: { colorMap: "viridis" },
    overrides: trials.current,
    canTakeBack: trials.past.length > 0,
    baseline,
    notes: [],
  };
  postMessage({ type: "snapshot", snapshot });
}

function summaryOf(
  { name, problem, queryTokens, keyTokens, axes }: Scenario,
  { sizes, scale, stages, fullyMaskedRows }: AttentionResult,
): ResultSummary {
  const form = formOf(problem, problem.before?.steps);
  const roles: [Role, Tensor][] = [
    ["query", problem.query],
    ["key", problem.key],
    ["value", problem.value],
  ];
  return {
    result: number,
    uri: `file:///${name}`,
    version: 1,
    site: "0",
    name,
    sizes,
    scale,
    causal: tried(scenario!.problem).causal ?? "none",
    roles: Object.fromEntries(roles.map(([role, t]) => [role, tensorSummary(role, t)])),
    queryTokens,
    keyTokens,
    given: false,
    fullyMaskedRows,
    stages,
    ...(axes && { axes }),
    ...(form && { form }),
    notes: [],
  };
}

function tensorSummary(role: string, t: Tensor): TensorSummary {
  const range = { start: 0, end: 1 };
  return {
    id: role,
    name: role,
    path: `$.${role}`,
    range,
    shape: t.shape,
    dtype: t.dtype,
    origin: "literal",
    exact: true,
    hasValues: true,
  } as TensorSummary;
}

const cancelled = new Set<number>();

async function answer(id: number, request: PanelRequest): Promise<void> {
  const delay = delays.get(request.method);
  if (delay) {
    setTimeout(() => postMessage({ type: "progress", id, done: 0.42 }), Math.min(400, delay / 2));
    await new Promise((resolve) => setTimeout(resolve, delay));
  }
  if (cancelled.has(id)) return;
  try {
    postMessage({ type: "answer", id, answer: await ask(await computed(), request) });
  } catch (error) {
    postMessage({ type: "refusal", id, failure: { code: "failed", text: String(error) } });
  }
}

/** The core lets others in between; here nobody waits. */
const turn = async (): Promise<void> => {};

function known(of: number): AttentionResult {
  const found = kept.get(of);
  if (!found) throw new Error(`no result ${of}`);
  return found.result;
}

async function ask(of: AttentionResult, request: PanelRequest): Promise<unknown> {
  switch (request.method) {
    case "tile":
      return of.tile(request);
    case "row":
      return of.row(request, request.query);
    case "cell":
      return of.cell(request, request.query, request.key);
    case "limits":
      return { ...(await of.limits(request, request.stage)), ...(scenario?.draft && { sampled: true }) };
    case "summaries":
      return (await of.summaries()).map((each) => ({ ...each, ...(scenario?.draft && { known: scenario.draft }) }));
    case "input":
      return inputTile(request);
    case "top":
      return topKeys(of, request);
    case "rowLimits":
      return rowLimits(of, request, turn);
    case "difference":
      return differenceTile(of, known(request.other.result), request, turn);
    case "divergence":
      return divergence(of, known(request.other.result), request, turn);
  }
}

function inputTile(request: Extract<PanelRequest, { method: "input" }>): unknown {
  const t = withRank(scenario!.problem[request.role], 4);
  const [, heads, length, size] = t.shape as [number, number, number, number];
  const first = (request.batch * heads + (request.head % heads)) * length * size;
  const values = new Float32Array(request.rows * request.columns);
  for (let r = 0; r < request.rows; r++) {
    for (let c = 0; c < request.columns; c++) {
      values[r * request.columns + c] = valueAt(
        t,
        first + (request.row + r * request.step) * size + request.column + c * request.step,
      );
    }
  }
  return { ...request, values };
}
