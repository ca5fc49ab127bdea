import {
  type CancellationToken,
  CodeLens,
  type CodeLensProvider,
  Disposable,
  EventEmitter,
  languages,
  type TextDocument,
} from "vscode";
import type { LinkTarget } from "../explain/blocks.ts";
import { inLabel } from "../explain/visible.ts";
import type { DocumentSummary, SiteSummary, TensorSummary } from "../protocol/core.ts";
import type { TextRange } from "../reading/document.ts";
import type { DocumentMirror } from "../sources/documentMirror.ts";
import { ourLanguages } from "../sources/languages.ts";
import { editorRange } from "../sources/placing.ts";
import type { Translate } from "../tensor/message.ts";
import type { Choices } from "./choices.ts";
import { KeptPlaces } from "./keptPlaces.ts";
import { onDidChangeSettings, settingsFor } from "./settings.ts";
import { chosenRoles, recognised, rolesText, sizesText } from "./shapes.ts";

interface LensPlace {
  readonly anchor: TextRange;
  readonly offer: string;
  readonly site?: string;
}

interface ShownLens extends TextRange {
  readonly title: string;
  readonly uri: string;
  readonly site?: string;
}

/** `▷ Attention · Q 4×8 · K 6×8 · V 6×8`, of code `▷ Attention · 4 heads · 10×12`, above what was recognised or chosen; nothing anywhere else. */
export class CodeLenses implements CodeLensProvider, Disposable {
  readonly #mirror: DocumentMirror;
  readonly #choices: Choices;
  readonly #translate: Translate;
  readonly #changed = new EventEmitter<void>();
  readonly #subscriptions: Disposable;
  readonly #kept = new KeptPlaces<ShownLens>();
  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(mirror: DocumentMirror, choices: Choices, translate: Translate) {
    this.#mirror = mirror;
    this.#choices = choices;
    this.#translate = translate;
    this.#subscriptions = Disposable.from(
      this.#kept,
      languages.registerCodeLensProvider([...ourLanguages], this),
      // A request that came too early, or was overtaken, is not made again by itself.
      mirror.onDidRead(() => this.#changed.fire()),
      choices.onDidChange(() => this.#changed.fire()),
      onDidChangeSettings(() => this.#changed.fire()),
    );
  }

  async provideCodeLenses(document: TextDocument, token: CancellationToken): Promise<CodeLens[]> {
    if (!settingsFor(document).codeLens) return [];
    const uri = document.uri.toString();
    const summary = await this.#mirror.reading(document);
    if (token.isCancellationRequested) return [];
    const everywhere = { start: 0, end: Number.POSITIVE_INFINITY };
    if (summary?.version !== document.version) return this.#kept.within(uri, everywhere).map(toLens(document));
    const places = this.#places(summary, document.languageId).map((place) => this.#shown(summary.uri, place));
    const shown = summary.draft ? this.#kept.completed(uri, places, everywhere) : places;
    this.#kept.replace(uri, shown, everywhere);
    return shown.map(toLens(document));
  }

  #shown(uri: string, { anchor, offer, site }: LensPlace): ShownLens {
    const title = [`▷ ${this.#translate("Attention")}`, ...(offer ? [inLabel(offer)] : [])].join(" · ");
    return { ...anchor, title, uri, ...(site && { site }) };
  }

  dispose(): void {
    Disposable.from(this.#subscriptions, this.#changed).dispose();
  }

  /** What the user chose stands for itself: it takes the place of the site that begins with the same tensor. */
  #places(summary: DocumentSummary, language: string): LensPlace[] {
    const choice = this.#choices.get(summary.uri);
    const chosen = choice && chosenRoles(summary, choice);
    const first = chosen && firstOf(chosen);
    const found = recognised(summary).filter(({ roles }) => !first || firstOf(roles)?.id !== first.id);
    const offerOf = (site: SiteSummary) =>
      language === "python" ? sizesText(site, this.#translate) : rolesText(site.roles);
    const lenses = found.map((site) => ({ anchor: site.anchor, offer: offerOf(site), site: site.id }));
    if (!first) return lenses;
    return [{ anchor: first.nameRange ?? first.range, offer: rolesText(chosen) }, ...lenses];
  }
}

function toLens(document: TextDocument): (shown: ShownLens) => CodeLens {
  return ({ start, end, title, uri, site }) => {
    const target: LinkTarget = { uri, offset: start, ...(site && { site }) };
    const command = { title, command: "attentionLoupe.run", arguments: [target] };
    return new CodeLens(editorRange(document, { start, end }), command);
  };
}

function firstOf({ query, weights }: SiteSummary["roles"]): TensorSummary | undefined {
  return query ?? weights;
}
