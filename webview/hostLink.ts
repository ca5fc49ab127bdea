import * as v from "valibot";
import {
  type HostMessage,
  hostMessage,
  type PanelAnswers,
  type PanelIntent,
  type PanelMessage,
  type PanelRequest,
  type PanelSnapshot,
} from "../src/protocol/panel.ts";
import { CallError } from "../src/protocol/rpc.ts";
import { fromWire } from "../src/protocol/wire.ts";
import { fits } from "./data/answerShapes.ts";

export type Method = PanelRequest["method"];
export type RequestOf<M extends Method> = Extract<PanelRequest, { method: M }>;

/** What the page uses of the world around it. */
export interface HostWorld {
  post(message: PanelMessage): void;
  setTimer(run: () => void, milliseconds: number): number;
  clearTimer(timer: number): void;
}

interface Waiting {
  readonly method: Method;
  /** Waited for so long that a user should know, and be able to stop it. */
  isSlow: boolean;
  /** The share that is done, 0 … 1; null where the host does not know. */
  done: number | null;
  slowTimer: number;
  readonly resolve: (answer: never) => void;
  readonly reject: (error: CallError) => void;
  timer: number;
}

/** An answer that takes longer than this, in milliseconds, is worth speaking of. */
const slowAfter = 300;

/** Without an answer or a sign of progress for this long, a request is given up. */
const patience = 30_000;

/** The page's end of the wire to the host. Every message is checked; one that does not fit is reported and dropped. */
export class HostLink {
  readonly #waiting = new Map<number, Waiting>();
  readonly #world: HostWorld;
  readonly #onSnapshot: (snapshot: PanelSnapshot) => void;
  readonly #onSlow = new Set<() => void>();
  #next = 0;
  #sent = 0;

  constructor(world: HostWorld, onSnapshot: (snapshot: PanelSnapshot) => void) {
    this.#world = world;
    this.#onSnapshot = onSnapshot;
  }

  /** @param selectedIn the document in which the page brings a selected cell along */
  ready(selectedIn: string | null): void {
    this.#world.post({ type: "ready", selectedIn });
  }

  /** Intents so far: the host has heard them once a snapshot's `heard` is as many. */
  get sent(): number {
    return this.#sent;
  }

  intent(intent: PanelIntent): void {
    this.#sent++;
    this.#world.post({ type: "intent", intent });
  }

  failure(text: string): void {
    this.#world.post({ type: "failure", text: text.slice(0, 4000) });
  }

  /** Rejects with a CallError: `cancelled`, `timeout`, or the host's reason. */
  request<M extends Method>(request: RequestOf<M>, signal?: AbortSignal): Promise<PanelAnswers[M]> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(new CallError("cancelled", "cancelled before it was sent"));
      const id = this.#next++;
      const slowTimer = this.#world.setTimer(() => this.#slow(id), slowAfter);
      const timer = this.#patience(id);
      this.#waiting.set(id, { method: request.method, resolve, reject, timer, slowTimer, isSlow: false, done: null });
      signal?.addEventListener("abort", () => this.#cancel(id), { once: true });
      this.#world.post({ type: "request", id, request });
    });
  }

  /** What has been waited for longer than a moment, each kind once, with how much of the least advanced one is done. */
  get slow(): readonly { readonly method: Method; readonly done: number | null }[] {
    const found = new Map<Method, number | null>();
    for (const { isSlow, method, done } of this.#waiting.values()) {
      if (!isSlow) continue;
      const other = found.get(method);
      found.set(method, other === undefined || other === null || done === null ? done : Math.min(other, done));
    }
    return [...found].map(([method, done]) => ({ method, done }));
  }

  /** Calls back whenever `slow` may have become another; the returned function ends that. */
  watchSlow(changed: () => void): () => void {
    this.#onSlow.add(changed);
    return () => this.#onSlow.delete(changed);
  }

  /** Gives up everything of this kind that was waited for long. */
  stop(method: Method): void {
    for (const [id, waiting] of this.#waiting) if (waiting.isSlow && waiting.method === method) this.#cancel(id);
  }

  #slow(id: number): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    waiting.isSlow = true;
    this.#tellSlow();
  }

  #tellSlow(): void {
    for (const changed of this.#onSlow) changed();
  }

  /** Takes a request off the list of those that are waited for. */
  #end(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    if (!waiting) return undefined;
    this.#waiting.delete(id);
    this.#world.clearTimer(waiting.timer);
    this.#world.clearTimer(waiting.slowTimer);
    if (waiting.isSlow) this.#tellSlow();
    return waiting;
  }

  receive(raw: unknown): void {
    const parsed = v.safeParse(hostMessage, fromWire(raw));
    if (!parsed.success) {
      this.failure(`host message dropped: ${parsed.issues.map(({ message }) => message).join("; ")}`);
      return;
    }
    const message = parsed.output;
    if (message.type === "snapshot") this.#onSnapshot(message.snapshot);
    else this.#settle(message);
  }

  #settle(message: Exclude<HostMessage, { type: "snapshot" }>): void {
    const waiting = this.#waiting.get(message.id);
    if (!waiting) return; // its asker has given up
    if (message.type === "progress") {
      this.#world.clearTimer(waiting.timer);
      waiting.timer = this.#patience(message.id);
      waiting.done = message.done;
      if (waiting.isSlow) this.#tellSlow();
      return;
    }
    this.#end(message.id);
    if (message.type === "refusal") waiting.reject(new CallError(message.failure.code, message.failure.text));
    else if (fits(waiting.method, message.answer)) waiting.resolve(message.answer as never);
    else {
      this.failure(`the answer to ${waiting.method} does not fit`);
      waiting.reject(new CallError("failed", "malformed answer"));
    }
  }

  #cancel(id: number): void {
    if (!this.#waiting.has(id)) return;
    this.#world.post({ type: "cancel", id });
    this.#giveUp(id, "cancelled", "cancelled by the page");
  }

  #patience(id: number): number {
    return this.#world.setTimer(() => this.#giveUp(id, "timeout", "no answer in time"), patience);
  }

  #giveUp(id: number, reason: string, text: string): void {
    this.#end(id)?.reject(new CallError(reason, text));
  }
}
