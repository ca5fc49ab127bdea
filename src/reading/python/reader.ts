import type { Reader, ReadOptions, TensorDocument } from "../document.ts";
import { standardLibrary } from "./operations/table.ts";
import { createParser, type Parsed, type ParserBytes, type PythonParser } from "./parse.ts";
import { ParsedModules } from "./parsedModules.ts";
import { readPython } from "./read.ts";

/**
 * Reads Python without running it: shapes, dtypes and, where they are literal or seeded, values. Never throws on any
 * text; what it cannot tell is unknown, with the reason.
 */
export function pythonReader(parser: PythonParser): Reader {
  const framework = standardLibrary();
  const parses = new WeakMap<TensorDocument, Parsed>();
  const foreign = new ParsedModules((text) => parser.parseForeign(text));
  return {
    read(given, options: ReadOptions): TensorDocument {
      const text = String(given);
      const parsed = parser.parse(text, options.previous && parses.get(options.previous));
      const files = {
        find: options.modules ?? (() => null),
        parse: (id: string, text: string) => foreign.of(id, text),
      };
      const document = readPython({ text, parsed, framework, files, hurried: options.hurried ?? false });
      parses.set(document, parsed);
      return document;
    },
  };
}

/** A reader from the two WebAssembly files of `@vscode/tree-sitter-wasm`. Rejects where they are not those. */
export async function createPythonReader(bytes: ParserBytes): Promise<Reader> {
  return pythonReader(await createParser(bytes));
}
