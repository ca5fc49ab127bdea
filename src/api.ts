import type { TextDocument } from "vscode";
import type { AttendOptions, Choice, DocumentSummary, ResultSummary } from "./protocol/core.ts";
import type { CoreSession } from "./sources/coreSession.ts";
import type { DocumentMirror } from "./sources/documentMirror.ts";
import type { Message } from "./tensor/message.ts";

/**
 * What other extensions may call:
 * `const loupe = await extensions.getExtension<AttentionLoupe>("attention-loupe.attention-loupe")?.activate()`.
 * Additions do not change `version`; anything that would break a caller does.
 */
export interface AttentionLoupe {
  readonly version: 1;
  /**
   * The tensors of an open JSON or Python document as it now is, the attention problems in it, and what is wrong with
   * it. Offsets are for `document.positionAt`, and right while `document.version` equals the answer's `version`. null:
   * not a language that is read.
   */
  inspect(document: TextDocument): Promise<DocumentSummary | null>;
  /** Computes softmax(QKᵀ · scale + mask) · V from tensors of an open document. */
  attend(problem: ApiProblem): Promise<ApiAnswer>;
}

export interface ApiProblem {
  readonly document: TextDocument;
  /** Tensor ids of `inspect`, or the id of one of its sites. */
  readonly choice: Choice;
  /** Absent: as the document says, else no mask and 1/√E. */
  readonly options?: AttendOptions;
}

export type ApiAnswer =
  | { readonly ok: true; readonly value: ApiResult }
  /** Why it cannot be computed: a code with arguments, and the same as a sentence in the user's language. */
  | { readonly ok: false; readonly problem: Message; readonly text: string };

export interface ApiResult
  extends Pick<ResultSummary, "sizes" | "scale" | "queryTokens" | "keyTokens" | "fullyMaskedRows"> {
  /** One query's weights over the keys, float64, summing to 1; zeros where no key may be attended to. */
  weights(at: { readonly batch?: number; readonly head?: number; readonly query: number }): Promise<Float64Array>;
  /** One query's output, float64. */
  output(at: { readonly batch?: number; readonly head?: number; readonly query: number }): Promise<Float64Array>;
  /** Frees what was computed; `weights` and `output` reject afterwards. */
  dispose(): void;
}

export interface ApiParts {
  readonly core: CoreSession;
  readonly mirror: DocumentMirror;
  readonly say: (message: Message) => string;
}

/** The API over the running core. */
export function createApi({ core, mirror, say }: ApiParts): AttentionLoupe {
  return {
    version: 1,
    inspect: (document) => mirror.reading(document),
    async attend({ document, choice, options = {} }) {
      await mirror.reading(document);
      const outcome = await core.remote.attend({ uri: document.uri.toString(), choice, options });
      return outcome.ok
        ? { ok: true, value: resultOf(core, outcome.value) }
        : { ...outcome, text: say(outcome.problem) };
    },
  };
}

function resultOf(
  core: CoreSession,
  { result, sizes, scale, queryTokens, keyTokens, fullyMaskedRows }: ResultSummary,
): ApiResult {
  const row = (at: { batch?: number; head?: number; query: number }) =>
    core.remote.row({ result, batch: 0, head: 0, ...at });
  return {
    sizes,
    scale,
    queryTokens,
    keyTokens,
    fullyMaskedRows,
    weights: async (at) => (await row(at)).weights,
    output: async (at) => (await row(at)).output,
    // Freed twice, or with the core gone: there is nothing left to free.
    dispose: () => void core.remote.release({ result }).catch(() => undefined),
  };
}
