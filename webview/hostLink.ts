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
  readonly resolve: (answer: never) => void;
  readonly reject: (error: CallError) => void;
  timer: number;
}

/** Without an answer or a sign of progress for this long, a request is given up. */
const patience = 30_000;

/** The page's end of the wire to the host. Every message is checked; one that does not fit is reported and dropped. */
export class HostLink {
  readonly #waiting = new Map<number, Waiting>();
  readonly #world: HostWorld;
  readonly #onSnapshot: (snapshot: PanelSnapshot) => void;
  #next = 0;

  constructor(world: HostWorld, onSnapshot: (snapshot: PanelSnapshot) => void) {
    this.#world = world;
    this.#onSnapshot = onSnapshot;
  }

  ready(): void {
    this.#world.post({ type: "ready" });
  }

  intent(intent: PanelIntent): void {
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
      this.#waiting.set(id, { method: request.method, resolve, reject, timer: this.#patience(id) });
      signal?.addEventListener("abort", () => this.#cancel(id), { once: true });
      this.#world.post({ type: "request", id, request });
    });
  }

  receive(raw: unknown): void {
    const parsed = v.safeParse(hostMessage, raw);
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
    this.#world.clearTimer(waiting.timer);
    if (message.type === "progress") {
      waiting.timer = this.#patience(message.id);
      return;
    }
    this.#waiting.delete(message.id);
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
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (waiting) this.#world.clearTimer(waiting.timer);
    waiting?.reject(new CallError(reason, text));
  }
}
