import type { CoreApi, ResultSummary } from "./core.ts";
import type { Remote } from "./rpc.ts";

/** Tells which document a call of the core is about, also of calls that name a result. */
export class Suspects {
  readonly #ofResults = new Map<number, string>();

  /** The same core; what it answers is taken note of. */
  noting(remote: Remote<CoreApi>): Remote<CoreApi> {
    return {
      ...remote,
      attend: async (request, signal) => {
        const outcome = await remote.attend(request, signal);
        if (outcome.ok) this.#note(outcome.value);
        return outcome;
      },
      change: async (request, signal) => {
        const answer = await remote.change(request, signal);
        if (answer.again?.outcome.ok) this.#note(answer.again.outcome.value);
        return answer;
      },
      release: (request, signal) => {
        this.#ofResults.delete(request.result);
        return remote.release(request, signal);
      },
    };
  }

  /** The first document that one of these calls, by their arguments, is about; null: none. */
  first(calls: readonly unknown[]): string | null {
    for (const call of calls) {
      const { uri, result } = (call ?? {}) as { readonly uri?: string; readonly result?: number };
      const document = uri ?? (result === undefined ? undefined : this.#ofResults.get(result));
      if (document !== undefined) return document;
    }
    return null;
  }

  #note({ result, uri }: ResultSummary): void {
    this.#ofResults.set(result, uri);
  }
}
