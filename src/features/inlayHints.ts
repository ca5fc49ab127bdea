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
import type { Hints, HintsRequest } from "../protocol/core.ts";
import { CallError } from "../protocol/rpc.ts";
import type { Dim, TextRange } from "../reading/document.ts";
import type { CoreSession } from "../sources/coreSession.ts";
import type { DocumentMirror } from "../sources/documentMirror.ts";
import { KeptPlaces } from "./keptPlaces.ts";
import { onDidChangeSettings, settingsFor } from "./settings.ts";

/** More shapes than this at one place are told by the hover. */
const most = 2;

/** `x: [4, 10, 32]` beside the names of Python code, in the manner of type hints. */
export class ShapeHints implements InlayHintsProvider, Disposable {
  readonly #core: CoreSession;
  readonly #mirror: DocumentMirror;
  readonly #changed = new EventEmitter<void>();
  readonly #subscriptions: Disposable;
  readonly #kept = new KeptPlaces<ShownHint>();
  readonly onDidChangeInlayHints = this.#changed.event;

  constructor(core: CoreSession, mirror: DocumentMirror) {
    this.#core = core;
    this.#mirror = mirror;
    this.#subscriptions = Disposable.from(
      this.#kept,
      languages.registerInlayHintsProvider({ language: "python" }, this),
      mirror.onDidRead(() => this.#changed.fire()),
      onDidChangeSettings(() => this.#changed.fire()),
    );
  }

  async provideInlayHints(document: TextDocument, range: Range, token: CancellationToken): Promise<InlayHint[]> {
    const { inlayHints: of } = settingsFor(document);
    if (of === "off") return [];
    const uri = document.uri.toString();
    const summary = await this.#mirror.reading(document);
    if (token.isCancellationRequested) return [];
    const stretch = { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
    const read = summary && (await this.#read({ uri, ...stretch, of }));
    if (!read || read.version !== document.version) return this.#kept.within(uri, stretch).map(toHint(document));
    const shown = summary.draft ? this.#kept.completed(uri, read.hints, stretch) : read.hints;
    this.#kept.replace(uri, shown, stretch);
    return shown.map(toHint(document));
  }

  /** null where the document was closed or edited meanwhile. */
  async #read(request: HintsRequest): Promise<{ version: number; hints: ShownHint[] } | null> {
    try {
      const { version, hints } = await this.#core.remote.hints(request);
      return { version, hints: hints.flatMap(shownHint) };
    } catch (error) {
      if (CallError.is(error) && error.reason !== "failed") return null;
      throw error;
    }
  }

  dispose(): void {
    Disposable.from(this.#subscriptions, this.#changed).dispose();
  }
}

interface ShownHint extends TextRange {
  readonly label: string;
}

/** Nothing where no shape is known: a hint that says `?` tells nobody anything. */
function shownHint({ offset, shapes }: Hints["hints"][number]): ShownHint[] {
  const known = shapes.filter((shape) => shape?.some((size) => size !== null));
  if (known.length === 0) return [];
  const words = known
    .slice(0, most)
    .map((shape) => `[${(shape as readonly Dim[]).map((size) => compact(size ?? "?")).join(", ")}]`);
  const label = `: ${words.join(" | ")}${known.length > most ? " | …" : ""}`;
  return [{ start: offset, end: offset, label }];
}

function toHint(document: TextDocument): (hint: ShownHint) => InlayHint {
  return ({ start, label }) => new InlayHint(document.positionAt(start), label, InlayHintKind.Type);
}
