import type { PanelAnswers } from "../../src/protocol/panel.ts";
import { CallError } from "../../src/protocol/rpc.ts";
import type { HostLink, Method, RequestOf } from "../hostLink.ts";
import { Queue } from "./queue.ts";

/** Answers that are kept: enough to go back and forth without asking again. */
const kept = 400;

/** What the host answered, so that nothing is asked twice. The eldest unused answers are forgotten. */
export class Answers {
  readonly #link: Pick<HostLink, "request">;
  readonly #known = new Map<string, unknown>();
  readonly #background = new Queue(2);
  readonly #asked = new Map<string, Promise<unknown>>();

  constructor(link: Pick<HostLink, "request">) {
    this.#link = link;
  }

  known<M extends Method>(request: RequestOf<M>): PanelAnswers[M] | undefined {
    const key = keyOf(request);
    const value = this.#known.get(key);
    if (value === undefined) return undefined;
    this.#known.delete(key);
    this.#known.set(key, value);
    return value as PanelAnswers[M];
  }

  /** @param background small pictures that can wait: only a few are asked for at a time. */
  ask<M extends Method>(request: RequestOf<M>, signal?: AbortSignal, background = false): Promise<PanelAnswers[M]> {
    const key = keyOf(request);
    const known = this.known(request);
    if (known !== undefined) return Promise.resolve(known);
    if (background) return this.#background.run(() => this.#send(key, request, signal), signal);
    // One that can be cancelled is nobody else's: its asker may give up while others still wait.
    if (signal) return this.#send(key, request, signal);
    const asked = this.#asked.get(key) ?? this.#send(key, request).finally(() => this.#asked.delete(key));
    this.#asked.set(key, asked);
    return asked as Promise<PanelAnswers[M]>;
  }

  async #send<M extends Method>(key: string, request: RequestOf<M>, signal?: AbortSignal): Promise<PanelAnswers[M]> {
    const answer = await this.#link.request<M>(request, signal);
    this.#known.set(key, answer);
    if (this.#known.size > kept) this.#known.delete(this.#known.keys().next().value!);
    return answer;
  }

  /** Forgets what belongs to results that are no longer shown. */
  keepOnly(results: readonly number[]): void {
    for (const key of this.#known.keys()) {
      if (!results.includes((JSON.parse(key) as { result: number }).result)) this.#known.delete(key);
    }
  }
}

function keyOf(request: RequestOf<Method>): string {
  return JSON.stringify(request);
}

/** Reasons that need no word: a newer question or a newer snapshot is on its way. */
export function isQuiet(error: unknown): boolean {
  return CallError.is(error, "cancelled") || CallError.is(error, "gone") || CallError.is(error, "superseded");
}
