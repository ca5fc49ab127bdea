import { type TextDocument, Uri, workspace } from "vscode";
import type { AttendOptions, Choice, DocumentSummary, ResultSummary } from "../../protocol/core.ts";
import type { TextRange } from "../../reading/document.ts";
import type { CoreSession } from "../../sources/coreSession.ts";
import type { DocumentMirror } from "../../sources/documentMirror.ts";
import { languageOf } from "../../sources/languages.ts";
import type { Message, Translate } from "../../tensor/message.ts";
import type { Choices } from "../choices.ts";
import { settingsFor } from "../settings.ts";
import { chosenRoles, isAbout, recognised } from "../shapes.ts";

type ReadProblem = DocumentSummary["problems"][number];

export interface AttemptParts {
  readonly core: CoreSession;
  readonly mirror: DocumentMirror;
  readonly choices: Choices;
  readonly translate: Translate;
  readonly say: (message: Message) => string;
}

export interface Wanted {
  readonly uri: string;
  /** Null: what the user chose for the file, else the first site that was recognised. */
  readonly choice: Choice | null;
  readonly overrides: AttendOptions;
}

export type Attempt =
  | {
      readonly kind: "result";
      readonly result: ResultSummary;
      readonly choice: Choice;
      readonly summary: DocumentSummary;
    }
  /** No result: why, as a sentence. */
  | { readonly kind: "none"; readonly text: string; readonly summary: DocumentSummary | null };

/** Reads a document as it now is and computes its attention; rejects with `CallError` when it was overtaken. */
export async function attempt(
  parts: AttemptParts,
  { uri, choice, overrides }: Wanted,
  signal: AbortSignal,
): Promise<Attempt> {
  const { core, mirror, choices, translate, say } = parts;
  const document = workspace.textDocuments.find((each) => each.uri.toString() === uri);
  if (document) await mirror.reading(document);
  const summary = await mirror.refinedOf(uri);
  const stopped = mirror.stopped(uri);
  if (!summary) return { kind: "none", text: stopped ? say(stopped) : translate("The file is not open."), summary };
  const none = (text: string): Attempt => ({ kind: "none", text, summary });
  const wanted = choice ?? choices.get(uri) ?? firstSite(summary);
  const broken = breakFor(summary, wanted, document);
  if (broken) return none(placed(broken, parts, document));
  if (!wanted) return none(nothingFound(summary, translate));
  const options = { ...settingsFor(document ?? Uri.parse(uri)).options, ...overrides };
  const outcome = await core.remote.attend({ uri, choice: wanted, options }, signal);
  if (!outcome.ok) {
    const cause = causeOf(summary, wanted);
    return none(cause ? placed(cause, parts, document) : say(outcome.problem));
  }
  return { kind: "result", result: outcome.value, choice: wanted, summary };
}

function firstSite(summary: DocumentSummary): Choice | null {
  const site = recognised(summary)[0];
  return site ? { site: site.id } : null;
}

/** Where the text ends being one of its language; in JSON Lines that spoils its own line alone. */
function breakFor(
  { problems, sites }: DocumentSummary,
  choice: Choice | null,
  document?: TextDocument,
): ReadProblem | undefined {
  const breaks = problems.filter(({ broken }) => broken);
  const site = choice && "site" in choice ? sites.find(({ id }) => id === choice.site) : undefined;
  if (!site || !document || languageOf(document) !== "jsonl") return breaks[0];
  const lineOf = ({ start }: TextRange) => document.positionAt(start).line;
  return breaks.find(({ range }) => lineOf(range) === lineOf(site.anchor));
}

/** What the reader found wrong with the tensors themselves says more than that they cannot be computed with. */
function causeOf(summary: DocumentSummary, choice: Choice): ReadProblem | undefined {
  const site =
    "site" in choice ? summary.sites.find(({ id }) => id === choice.site)?.roles : chosenRoles(summary, choice);
  if (!site) return undefined;
  return summary.problems.find(({ severity, range }) => severity === "error" && isAbout(range, site));
}

/** A problem of the document as a sentence that says where it is. */
function placed(
  { message, range, place }: ReadProblem,
  { translate, say }: AttemptParts,
  document?: TextDocument,
): string {
  const [problem, offset] = [say(message), range.start];
  if (place) return translate("Line {line}, byte {byte} of the file: {problem}", { ...place, problem });
  if (!document) return translate("Character {offset}: {problem}", { offset, problem });
  return translate("Line {line}: {problem}", { line: document.positionAt(offset).line + 1, problem });
}

function nothingFound({ tensors }: DocumentSummary, translate: Translate): string {
  const matrices = tensors.filter(({ shape }) => (shape?.length ?? 0) >= 2).length;
  if (matrices === 0) return translate("No matrix was found in this file.");
  return translate("No query, key and value were recognised. Choose them among the matrices of the file ({count}).", {
    count: matrices,
  });
}
