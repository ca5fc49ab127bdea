import {
  Diagnostic,
  type DiagnosticCollection,
  DiagnosticRelatedInformation,
  DiagnosticSeverity,
  Disposable,
  Location,
  languages,
  type TextDocument,
} from "vscode";
import { inLabel } from "../explain/visible.ts";
import type { DocumentSummary, SiteSummary, TensorSummary } from "../protocol/core.ts";
import type { Role, Severity, TextRange } from "../reading/document.ts";
import type { DocumentMirror } from "../sources/documentMirror.ts";
import { editorRange } from "../sources/placing.ts";
import type { Message } from "../tensor/message.ts";
import type { Choices } from "./choices.ts";
import { isAbout, recognised, shapeOf } from "./shapes.ts";

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/**
 * What is wrong with the attention in a document, at its place. Documents without recognised or chosen attention are
 * left alone, and what the language's own service says is not said again.
 */
export class Diagnostics implements Disposable {
  readonly #mirror: DocumentMirror;
  readonly #choices: Choices;
  readonly #say: (message: Message) => string;
  readonly #collection: DiagnosticCollection = languages.createDiagnosticCollection("attentionLoupe");
  readonly #subscriptions: Disposable;

  constructor(mirror: DocumentMirror, choices: Choices, say: (message: Message) => string) {
    this.#mirror = mirror;
    this.#choices = choices;
    this.#say = say;
    this.#subscriptions = Disposable.from(
      mirror.onDidRead(({ uri }) => this.#update(uri)),
      mirror.onDidClose((uri) => this.#collection.delete(uri)),
      mirror.onDidStop((uri) => this.#collection.delete(uri)),
      choices.onDidChange((uri) => this.#update(uri)),
    );
  }

  dispose(): void {
    Disposable.from(this.#subscriptions, this.#collection).dispose();
  }

  #update(uri: string): void {
    const [summary, document] = [this.#mirror.newest(uri), this.#mirror.document(uri)];
    if (summary && document && summary.version === document.version) {
      this.#collection.set(document.uri, this.#wanted(summary) ? this.#of(summary, document) : []);
    }
  }

  #wanted(summary: DocumentSummary): boolean {
    return recognised(summary).length > 0 || this.#choices.get(summary.uri) !== undefined;
  }

  #of(summary: DocumentSummary, document: TextDocument): Diagnostic[] {
    const own = summary.problems.filter(({ saidElsewhere }) => !saidElsewhere);
    const read = own.map(({ range, message, severity }) =>
      this.#diagnostic(document, range, message, severities[severity]),
    );
    const unsaid = recognised(summary).filter((site) => !own.some(({ range }) => isAbout(range, site.roles)));
    return [...read, ...unsaid.flatMap((site) => this.#ofSite(site, document))];
  }

  /** A site that cannot be computed: said where the tensors that do not fit are written. */
  #ofSite({ problem, roles, anchor }: SiteSummary, document: TextDocument): Diagnostic[] {
    if (!problem || problem.code.startsWith("service.")) return [];
    const parts = (["key", "value", "query", "mask"] as const).flatMap((role) =>
      roles[role] ? [[role, roles[role]] as const] : [],
    );
    const at = parts.find(([role]) => problem.args?.role === role) ?? parts[0];
    const diagnostic = this.#diagnostic(document, at ? placeOf(at[1]) : anchor, problem, DiagnosticSeverity.Error);
    diagnostic.relatedInformation = parts
      .filter((part) => part !== at)
      .map(([role, tensor]) => related(document, role, tensor));
    return [diagnostic];
  }

  #diagnostic(document: TextDocument, range: TextRange, message: Message, severity: DiagnosticSeverity): Diagnostic {
    const diagnostic = new Diagnostic(editorRange(document, range), inLabel(this.#say(message)), severity);
    diagnostic.source = "Attention Loupe";
    diagnostic.code = message.code;
    return diagnostic;
  }
}

function placeOf({ nameRange, range }: TensorSummary): TextRange {
  return nameRange ?? range;
}

function related(document: TextDocument, role: Role, tensor: TensorSummary): DiagnosticRelatedInformation {
  const place = new Location(document.uri, editorRange(document, placeOf(tensor)));
  return new DiagnosticRelatedInformation(place, inLabel(`${tensor.name || role} ${shapeOf(tensor)}`));
}
