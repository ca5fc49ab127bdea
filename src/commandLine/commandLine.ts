import type { Language, Reader, TensorDocument } from "../reading/document.ts";
import type { Message, Translate } from "../tensor/message.ts";

/** A file that was read, and what a command needs to speak of it. */
export interface CommandInput {
  readonly file: string;
  readonly text: string;
  readonly language: Language;
  readonly reader: Reader;
  readonly document: TensorDocument;
  readonly translate: Translate;
  readonly say: (message: Message) => string;
}

/** Something that the user can mend: printed in one line, exit code 2. */
export class UsageError extends Error {}

const languages: Readonly<Record<string, Language>> = {
  ".json": "json",
  ".jsonc": "jsonc",
  ".jsonl": "jsonl",
  ".ndjson": "jsonl",
  ".py": "python",
};

/** The language of a file by its ending, as VS Code would have it; files of other endings are read as JSON. */
export function languageOf(extension: string): Language {
  return languages[extension.toLowerCase()] ?? "json";
}
