import * as v from "valibot";
import { Disposable, type Webview } from "vscode";
import { type HostMessage, type PanelMessage, type PanelRequest, panelMessage } from "../../protocol/panel.ts";
import { CallError } from "../../protocol/rpc.ts";
import { toWire } from "../../protocol/wire.ts";
import type { CoreSession } from "../../sources/coreSession.ts";
import { whileWaiting } from "../../sources/whileWaiting.ts";
import type { Message, Translate } from "../../tensor/message.ts";
import { answer } from "./answers.ts";
import { CursorToCell } from "./cursorToCell.ts";
import type { FocusedQuery } from "./focusedQuery.ts";
import type { PanelIntents } from "./intents.ts";
import type { PanelSession } from "./session.ts";
import { snapshotOf } from "./snapshot.ts";

export interface ControllerParts {
  readonly core: CoreSession;
  readonly intents: PanelIntents;
  readonly focused: FocusedQuery;
  readonly translate: Translate;
  readonly say: (message: Message) => string;
  /** What went wrong in the page or in its messages. */
  readonly onFailure: (error: unknown) => void;
}

const anyIntent = v.object({ type: v.literal("intent") });

/** Milliseconds between two looks at how far long work is. */
const watchPace = 400;

/** One page, in the side bar or in an editor: sends it whole snapshots, answers its requests, does what it intends. */
export class PanelController implements Disposable {
  readonly #webview: Pick<Webview, "postMessage" | "onDidReceiveMessage">;
  readonly #session: PanelSession;
  readonly #parts: ControllerParts;
  readonly #refocus: () => Promise<void>;
  readonly #asked = new Map<number, AbortController>();
  readonly #subscriptions: Disposable;
  readonly #cursor: CursorToCell;
  /** The page runs and can be seen: messages to any other are lost. */
  #ready = false;
  /** Intents of this page so far. */
  #heard = 0;

  /** @param refocus gives the page the focus. */
  constructor(
    webview: PanelController["webview"],
    session: PanelSession,
    parts: ControllerParts,
    refocus: () => Promise<void>,
  ) {
    this.#refocus = refocus;
    this.#webview = webview;
    this.#session = session;
    this.#parts = parts;
    this.#cursor = new CursorToCell(session, parts);
    this.#subscriptions = Disposable.from(
      webview.onDidReceiveMessage((raw) => this.#receive(raw)),
      session.onDidChange(() => this.update()),
      this.#cursor,
    );
  }

  get webview(): Pick<Webview, "postMessage" | "onDidReceiveMessage"> {
    return this.#webview;
  }

  /** Sends the state as it is: a page keeps nothing that the host knows. */
  update(): void {
    if (!this.#ready) return;
    const { translate, say } = this.#parts;
    this.#post({ type: "snapshot", snapshot: snapshotOf(this.#session.state, this.#heard, translate, say) });
  }

  /** A page that is hidden is destroyed; when it comes back it says `ready` again. */
  hidden(): void {
    this.#ready = false;
    this.#session.watch(false);
    this.#giveUpAnswers();
  }

  dispose(): void {
    this.hidden();
    this.#subscriptions.dispose();
  }

  #receive(raw: unknown): void {
    // Also one that is dropped: the page waits until it is heard.
    if (v.is(anyIntent, raw)) this.#heard++;
    const parsed = v.safeParse(panelMessage, raw);
    if (parsed.success) this.#act(parsed.output);
    else this.#parts.onFailure(new Error(`A message of the panel was dropped: ${v.summarize(parsed.issues)}`));
  }

  #act(message: PanelMessage): void {
    switch (message.type) {
      case "ready":
        this.#giveUpAnswers();
        this.#ready = true;
        this.#heard = 0;
        this.#cursor.leaveAlone(message.selectedIn);
        this.#session.watch(true);
        this.update();
        break;
      case "request":
        void this.#answer(message);
        break;
      case "cancel":
        this.#asked.get(message.id)?.abort();
        break;
      case "intent":
        this.#parts.intents.act(message.intent, this.#session, this.#refocus).catch(this.#parts.onFailure);
        break;
      case "failure":
        this.#parts.onFailure(new Error(message.text));
    }
  }

  async #answer({ id, request }: Extract<PanelMessage, { type: "request" }>): Promise<void> {
    const asked = new AbortController();
    this.#asked.set(id, asked);
    try {
      const look = () => void this.#tellProgress(id, request, asked.signal);
      const found = await whileWaiting(answer(this.#parts.core, request, asked.signal), look, watchPace);
      if (!asked.signal.aborted) this.#post({ type: "answer", id, answer: found });
    } catch (error) {
      if (!asked.signal.aborted) this.#refuse(id, error);
    } finally {
      if (this.#asked.get(id) === asked) this.#asked.delete(id);
    }
  }

  /** How far the work is that a question waits for; it also says that the question is not forgotten. */
  async #tellProgress(id: number, request: PanelRequest, signal: AbortSignal): Promise<void> {
    const { result, method } = request;
    const head = method === "summaries" ? null : { batch: request.batch, head: request.head };
    const done = await this.#parts.core.remote.progress({ result, head }).catch(() => null);
    if (done !== null && !signal.aborted && this.#asked.has(id)) this.#post({ type: "progress", id, done });
  }

  /** A page that comes back numbers its questions anew: none may get an answer to an earlier page's. */
  #giveUpAnswers(): void {
    for (const asked of this.#asked.values()) asked.abort();
    this.#asked.clear();
  }

  #refuse(id: number, error: unknown): void {
    const code = CallError.is(error) ? error.reason : "failed";
    if (code === "failed") this.#parts.onFailure(error);
    this.#post({
      type: "refusal",
      id,
      failure: { code, text: error instanceof Error ? error.message : String(error) },
    });
  }

  #post(message: HostMessage): void {
    this.#webview.postMessage(toWire(message)).then(undefined, this.#parts.onFailure);
  }
}
