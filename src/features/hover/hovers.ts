import {
  type CancellationToken,
  Hover,
  type HoverProvider,
  MarkdownString,
  type Position,
  type TextDocument,
} from "vscode";
import { type Block, paragraph, plain } from "../../explain/blocks.ts";
import { explainFacts } from "../../explain/explainFacts.ts";
import type { Facts } from "../../explain/facts.ts";
import { blocksToMarkdown } from "../../explain/markdown/blocksToMarkdown.ts";
import type { PlaceRequest } from "../../protocol/core.ts";
import { CallError } from "../../protocol/rpc.ts";
import type { CoreSession } from "../../sources/coreSession.ts";
import type { DocumentMirror } from "../../sources/documentMirror.ts";
import { editorRange } from "../../sources/placing.ts";
import type { Message, Translate } from "../../tensor/message.ts";
import type { Choices } from "../choices.ts";
import { type Settings, settingsFor } from "../settings.ts";
import { hoverPictures } from "./hoverPictures.ts";
import { commandOf, linkCommands } from "./linkCommands.ts";
import { timed } from "./timed.ts";

export interface HoverParts {
  readonly core: CoreSession;
  readonly mirror: DocumentMirror;
  readonly choices: Choices;
  readonly translate: Translate;
  readonly say: (message: Message) => string;
  readonly onFailure: (error: unknown) => void;
}

/** What a tensor is and what it does in attention, where the pointer is. */
export class Hovers implements HoverProvider {
  readonly #parts: HoverParts;

  constructor(parts: HoverParts) {
    this.#parts = parts;
  }

  provideHover(document: TextDocument, position: Position, token: CancellationToken): Promise<Hover | null> {
    return timed("attentionLoupe.hover", () => this.#hover(document, position, token));
  }

  async #hover(document: TextDocument, position: Position, token: CancellationToken): Promise<Hover | null> {
    const settings = settingsFor(document);
    if (settings.hover === "off") return null;
    const summary = await this.#parts.mirror.reading(document);
    if (token.isCancellationRequested) return null;
    if (!summary) return this.#stopped(document);
    const facts = await this.#facts(document, position, settings);
    if (!facts || facts.version !== document.version || !worthSaying(facts, document)) return null;
    return new Hover(await this.#markdown(facts, document, settings), editorRange(document, facts.range));
  }

  /** Why nothing is said, where the reader has failed. */
  #stopped(document: TextDocument): Hover | null {
    const why = this.#parts.mirror.stopped(document.uri.toString());
    if (!why) return null;
    const says: Block = paragraph(plain(`Attention Loupe: ${this.#parts.say(why)}`));
    return new Hover(new MarkdownString(blocksToMarkdown([says], { command: commandOf })));
  }

  async #facts(document: TextDocument, position: Position, { options }: Settings): Promise<Facts | null> {
    const uri = document.uri.toString();
    const choice = this.#parts.choices.get(uri);
    const request: PlaceRequest = { uri, offset: document.offsetAt(position), options, ...(choice && { choice }) };
    try {
      return await timed("attentionLoupe.facts", () => this.#parts.core.remote.facts(request));
    } catch (error) {
      // Closed, or edited again, while the core was asked: there is nothing to say any more.
      if (!CallError.is(error) || error.reason === "failed") this.#parts.onFailure(error);
      return null;
    }
  }

  async #markdown(
    facts: Facts,
    document: TextDocument,
    { hover, pictures, colorMap }: Settings,
  ): Promise<MarkdownString> {
    const { translate, say } = this.#parts;
    const verbosity = hover === "brief" ? "brief" : "full";
    const blocks: Block[] = explainFacts(facts, { translate, say, verbosity, uri: document.uri.toString() });
    const shown = pictures ? await hoverPictures(colorMap) : {};
    const markdown = new MarkdownString(blocksToMarkdown(blocks, { command: commandOf, ...shown }));
    markdown.supportHtml = true;
    markdown.isTrusted = { enabledCommands: linkCommands };
    return markdown;
  }
}

/** JSON is full of short lists of numbers that nobody wants explained; in Python every tensor is meant as one. */
function worthSaying({ attention, tensor }: Facts, { languageId }: TextDocument): boolean {
  return attention !== undefined || languageId === "python" || (tensor.shape?.length ?? 0) >= 2;
}
