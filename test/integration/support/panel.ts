// A panel whose page is the test: the real core, mirror, session and controller, in the real extension host.
import { deepStrictEqual } from "node:assert/strict";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import { Choices } from "../../../src/features/choices.ts";
import { FarColumns } from "../../../src/features/farColumns.ts";
import { CellToEditor } from "../../../src/features/panel/cellToEditor.ts";
import { FocusedQuery } from "../../../src/features/panel/focusedQuery.ts";
import { InsertWeights } from "../../../src/features/panel/insertWeights.ts";
import { PanelIntents } from "../../../src/features/panel/intents.ts";
import { PanelController } from "../../../src/features/panel/panelController.ts";
import { PanelExports } from "../../../src/features/panel/panelExports.ts";
import { RowHighlights } from "../../../src/features/panel/rowHighlights.ts";
import { PanelSession } from "../../../src/features/panel/session.ts";
import { TextEdits } from "../../../src/features/panel/textEdits.ts";
import type { CoreWorker } from "../../../src/platform/contract.ts";
import { startCore } from "../../../src/platform/node/platform.ts";
import type {
  HostMessage,
  PanelIntent,
  PanelMessage,
  PanelRequest,
  PanelSnapshot,
} from "../../../src/protocol/panel.ts";
import { fromWire } from "../../../src/protocol/wire.ts";
import { ActiveSource } from "../../../src/sources/activeSource.ts";
import { CoreSession } from "../../../src/sources/coreSession.ts";
import { DocumentMirror } from "../../../src/sources/documentMirror.ts";
import { NotebookOutputs } from "../../../src/sources/notebookOutputs.ts";
import type { Translate } from "../../../src/tensor/message.ts";
import { closeAll, loupe } from "./workspace.ts";

/** Hands a panel of its own to each test of a suite; when the test is over, it must have failed in nothing. */
export function withPanel(use: (panel: TestPanel) => void): void {
  let panel: TestPanel;
  before(loupe);
  beforeEach(() => {
    panel = new TestPanel();
    use(panel);
  });
  afterEach(async () => {
    await closeAll();
    panel.dispose();
    deepStrictEqual(panel.failures, []);
  });
}

/** Of the watch over a core: five seconds. */
const patience = { pace: 100, looks: 50 };

export class TestPanel {
  readonly failures: unknown[] = [];
  /** How often the page was given the focus back. */
  refocused = 0;
  readonly session: PanelSession;
  readonly source: ActiveSource;
  readonly mirror: DocumentMirror;
  readonly translate: Translate;
  readonly core: CoreSession;
  readonly #subscriptions: vscode.Disposable;
  readonly #toHost = new vscode.EventEmitter<PanelMessage>();
  readonly #waiting = new Map<number, (message: HostMessage) => void>();
  readonly snapshots: PanelSnapshot[] = [];
  readonly #listeners: ((message: HostMessage) => void)[] = [];
  #next = 0;
  #worker: CoreWorker | null = null;
  #isDeaf = false;
  /** Why cores ended. */
  readonly ends: string[] = [];

  /** @param selectedIn the document in which the page brings a selected cell along */
  constructor(selectedIn: string | null = null) {
    const onFailure = (error: unknown) => void this.failures.push(error);
    const translate = (text: string, args?: Readonly<Record<string, string | number>>) =>
      vscode.l10n.t(text, { ...args });
    const say = ({ code }: { code: string }) => code;
    const dist = join(vscode.extensions.getExtension("attention-loupe.attention-loupe")!.extensionPath, "dist");
    this.core = new CoreSession(() => this.#start(dist), { onEnd: (why) => void this.ends.push(why) }, patience);
    const { core } = this;
    const mirror = new DocumentMirror(core, onFailure);
    this.mirror = mirror;
    this.translate = translate;
    this.source = new ActiveSource(mirror);
    const choices = new Choices(forgetful());
    const highlights = new RowHighlights();
    const outputs = new NotebookOutputs({ core, mirror, source: this.source, onFailure });
    const editor = new CellToEditor({ core, mirror, outputs, highlights, far: new FarColumns(translate) });
    this.session = new PanelSession({ core, mirror, choices, translate, say, onFailure });
    const focused = new FocusedQuery();
    const edits = new TextEdits({ core, mirror, editor, say });
    const exports = new PanelExports({ core, translate, say });
    const weights = new InsertWeights({ core, mirror, say });
    const intents = new PanelIntents({ editor, edits, exports, weights, focused, source: this.source });
    const parts = { core, intents, focused, translate, say, onFailure };
    const refocus = async () => void this.refocused++;
    const webview = {
      onDidReceiveMessage: this.#toHost.event,
      postMessage: async (message: unknown) => this.#receive(fromWire(message) as HostMessage),
    };
    this.#subscriptions = vscode.Disposable.from(
      new PanelController(webview, this.session, parts, refocus),
      this.session,
      highlights,
      choices,
      outputs,
      this.source,
      mirror,
      core,
      this.source.onDidChange((uri) => this.session.follow(uri)),
    );
    this.send({ type: "ready", selectedIn });
  }

  get snapshot(): PanelSnapshot {
    return this.snapshots.at(-1)!;
  }

  /** Ends the core's worker, as running out of memory would. */
  killCore(): void {
    this.#worker?.end();
  }

  /** From now on the core's worker hears nothing, as if it never came to an end with something. */
  hangCore(): void {
    this.#isDeaf = true;
  }

  send(message: PanelMessage): void {
    this.#toHost.fire(structuredClone(message));
  }

  intend(intent: PanelIntent): void {
    this.send({ type: "intent", intent });
  }

  /** Hears every message that the page gets from now on. */
  listen(listener: (message: HostMessage) => void): void {
    this.#listeners.push(listener);
  }

  ask(request: PanelRequest): Promise<HostMessage> {
    const id = this.#next++;
    const answered = new Promise<HostMessage>((resolve) => this.#waiting.set(id, resolve));
    this.send({ type: "request", id, request });
    return answered;
  }

  /** The first row of weights of the result that is shown. */
  async firstRow(): Promise<number[]> {
    const message = await this.ask({
      method: "row",
      result: this.snapshot.result!.result,
      batch: 0,
      head: 0,
      query: 0,
    });
    if (message.type !== "answer") throw new Error(JSON.stringify(message));
    return Array.from((message.answer as { weights: Float64Array }).weights);
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #start(dist: string): CoreWorker {
    const worker = startCore({ dist, storage: tmpdir() }, () => undefined);
    this.#worker = worker;
    this.#isDeaf = false;
    const send: CoreWorker["send"] = (message, transfer) => this.#isDeaf || worker.send(message, transfer);
    return { ...worker, send };
  }

  async #receive(message: HostMessage): Promise<boolean> {
    for (const listener of this.#listeners) listener(message);
    if (message.type === "snapshot") this.snapshots.push(structuredClone(message.snapshot));
    else if ("id" in message) this.#waiting.get(message.id)?.(message);
    return true;
  }
}

/** A memory like the workspace's, that ends with the test. */
export function forgetful(): vscode.Memento {
  const kept = new Map<string, unknown>();
  return {
    keys: () => [...kept.keys()],
    get: (key: string, fallback?: unknown) => (kept.has(key) ? kept.get(key) : fallback),
    update: async (key: string, value: unknown) => void kept.set(key, value),
  } as vscode.Memento;
}
