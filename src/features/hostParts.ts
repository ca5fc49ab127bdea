import type { LogOutputChannel, Uri } from "vscode";
import type { ActiveSource } from "../sources/activeSource.ts";
import type { CoreSession } from "../sources/coreSession.ts";
import type { DocumentMirror } from "../sources/documentMirror.ts";
import type { SourceDocuments } from "../sources/sourceDocuments.ts";
import type { Message, Translate } from "../tensor/message.ts";
import type { Choices } from "./choices.ts";

/** What there is one of, and what most features are made of. Each asks for no more of it than it uses. */
export interface HostParts {
  readonly core: CoreSession;
  readonly mirror: DocumentMirror;
  readonly source: ActiveSource;
  readonly documents: SourceDocuments;
  readonly choices: Choices;
  readonly translate: Translate;
  readonly say: (message: Message) => string;
  readonly log: LogOutputChannel;
  readonly onFailure: (error: unknown) => void;
  /** Where the extension is installed. */
  readonly extension: Uri;
}
