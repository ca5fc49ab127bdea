import {
  type CancellationToken,
  Disposable,
  EventEmitter,
  InlayHint,
  InlayHintKind,
  type InlayHintsProvider,
  languages,
  type Range,
  type TextDocument,
} from "vscode";
import { compact } from "../explain/position.ts";
import type { Hints } from "../protocol/core.ts";
import type { Dim } from "../reading/document.ts";
import type { CoreSession } from "../sources/coreSession.ts";
import type { DocumentMirror } from "../sources/documentMirror.ts";
import { onDidChangeSettings, settingsFor } from "./settings.ts";

/** More shapes than this at one place are told by the hover. */
const shown = 2;

/** `x: [4, 10, 32]` beside the names of Python code, in the manner of type hints. */
export class ShapeHints implements InlayHintsProvider, Disposable {
  readonly #core: CoreSession;
  readonly #mirror: DocumentMirror;
  readonly #changed = new EventEmitter<void>();
  readonly #subscriptions: Disposable;
  readonly onDidChangeInlayHints = this.#changed.event;

  constructor(core: CoreSession, mirror: DocumentMirror) {
    this.#core = core;
    this.#mirror = mirror;
    this.#subscriptions = Disposable.from(
      languages.registerInlayHintsProvider({ language: "python" }, this),
      mirror.onDidRead(() => this.#changed.fire()),
      onDidChangeSettings(() => this.#changed.fire()),
    );
  }

  async provideInlayHints(document: TextDocument, range: Range, token: CancellationToken): Promise<InlayHint[]> {
    const { inlayHints: of } = settingsFor(document);
    if (of === "off" || !(await this.#mirror.reading(document)) || token.isCancellationRequested) return [];
    const [start, end] = [document.offsetAt(range.start), document.offsetAt(range.end)];
    const { version, hints } = await this.#core.remote.hints({ uri: document.uri.toString(), start, end, of });
    return version === document.version ? hints.flatMap((hint) => inlayHint(document, hint)) : [];
  }

  dispose(): void {
    Disposable.from(this.#subscriptions, this.#changed).dispose();
  }
}

/** Nothing where no shape is known: a hint that says `?` tells nobody anything. */
function inlayHint(document: TextDocument, { offset, shapes }: Hints["hints"][number]): InlayHint[] {
  const known = shapes.filter((shape) => shape?.some((size) => size !== null));
  if (known.length === 0) return [];
  const words = known
    .slice(0, shown)
    .map((shape) => `[${(shape as readonly Dim[]).map((size) => compact(size ?? "?")).join(", ")}]`);
  const label = `: ${words.join(" | ")}${known.length > shown ? " | …" : ""}`;
  return [new InlayHint(document.positionAt(offset), label, InlayHintKind.Type)];
}
