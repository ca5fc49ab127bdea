import { Uri, workspace } from "vscode";
import type { LinkTarget } from "../../explain/blocks.ts";
import { explainFacts } from "../../explain/explainFacts.ts";
import { type TourPage, tourPages } from "../../explain/tour/tour.ts";
import type { TourFacts } from "../../explain/tour/tourFacts.ts";
import type { CoreSession } from "../../sources/coreSession.ts";
import type { DocumentMirror } from "../../sources/documentMirror.ts";
import type { Message, Translate } from "../../tensor/message.ts";
import type { Choices } from "../choices.ts";
import type { Panels } from "../panel/panels.ts";
import { settingsFor } from "../settings.ts";

export interface ExplainParts {
  readonly core: CoreSession;
  readonly mirror: DocumentMirror;
  readonly choices: Choices;
  readonly panels: Panels;
  readonly translate: Translate;
  readonly say: (message: Message) => string;
}

/** The example that the tour is about where no open file has attention in it. */
const exampleUri = "attention-loupe-example:/attention.json";

/** **Attention: Explain the Formula**, and the full text of one place that hovers lead to. */
export class Explain {
  readonly #parts: ExplainParts;
  readonly #example: Uri;

  constructor(extension: Uri, parts: ExplainParts) {
    this.#parts = parts;
    this.#example = Uri.joinPath(extension, "examples", "attention.json");
  }

  /** The guided tour, with the numbers of what the panel shows or would show, else of an example. */
  async formula(uri: string | null): Promise<void> {
    const { panels, translate } = this.#parts;
    const facts = (uri === null ? null : await this.#factsOf(uri)) ?? (await this.#exampleFacts());
    if (facts) await panels.tell(translate("Explain the Formula"), tourPages(facts, translate));
  }

  /** Everything about the place that a hover was on. */
  async place(target: LinkTarget): Promise<void> {
    const { panels, translate, say, core, choices } = this.#parts;
    const document = await this.#read(target.uri);
    if (!document) return;
    const choice = choices.get(target.uri);
    const { options } = settingsFor(document);
    const { uri, offset } = target;
    const facts = await core.remote.facts({ uri, offset, options, ...(choice && { choice }) });
    if (!facts) return;
    const blocks = explainFacts(facts, { translate, say, verbosity: "everything" });
    const page: TourPage = { title: facts.tensor.name, blocks };
    await panels.tell(translate("Explain"), [page]);
  }

  async #factsOf(uri: string): Promise<TourFacts | null> {
    const { core, choices } = this.#parts;
    const document = await this.#read(uri);
    if (!document) return null;
    const choice = choices.get(uri);
    return core.remote.tour({ uri, options: settingsFor(document).options, ...(choice && { choice }) });
  }

  async #read(uri: string) {
    const document = workspace.textDocuments.find((each) => each.uri.toString() === uri);
    return document && (await this.#parts.mirror.reading(document)) ? document : null;
  }

  async #exampleFacts(): Promise<TourFacts | null> {
    const { remote } = this.#parts.core;
    const text = new TextDecoder().decode(await workspace.fs.readFile(this.#example));
    await remote.open({ uri: exampleUri, language: "json", version: 1, text });
    try {
      const facts = await remote.tour({ uri: exampleUri });
      return facts && { ...facts, name: "attention.json" };
    } finally {
      await remote.close({ uri: exampleUri });
    }
  }
}
