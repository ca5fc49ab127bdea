import type { Tree as SyntaxTree, Parser as TreeSitterParser } from "@vscode/tree-sitter-wasm";
import * as treeSitter from "@vscode/tree-sitter-wasm";
import type { TextRange } from "../document.ts";
import type { Statement, Unit } from "./syntax/ast.ts";
import { statement } from "./syntax/lowerStatements.ts";
import { copyTree, named, type Tree } from "./syntax/tree.ts";

/** A text as statements, in order, and the places that are not (yet) Python. */
export interface Parsed {
  readonly statements: readonly Statement[];
  readonly broken: readonly TextRange[];
}

/** Text → statements. Holds tree-sitter's memory: one an editor, for as long as it lives. */
export interface PythonParser {
  /** Statements whose text is unchanged are the same objects as in the parse before, with their base moved. */
  parse(text: string, previous?: Parsed): Parsed;
  /** Another file that the document imports. */
  parseForeign(text: string): Parsed;
}

/** The two files of `@vscode/tree-sitter-wasm` as bytes: `tree-sitter.wasm` and `tree-sitter-python.wasm`. */
export interface ParserBytes {
  readonly treeSitter: Uint8Array;
  readonly grammar: Uint8Array;
}

/** The package is CommonJS: its exports arrive under `default` in Node, directly in a bundle. */
const api = ((treeSitter as unknown as { default?: typeof treeSitter }).default ?? treeSitter) as typeof treeSitter;

/** Starts tree-sitter. Rejects where the bytes are not WebAssembly of the expected kind. */
export async function createParser(bytes: ParserBytes): Promise<PythonParser> {
  const options = { wasmBinary: bytes.treeSitter, locateFile: (file: string) => file };
  await api.Parser.init(options);
  const parser = new api.Parser();
  parser.setLanguage(await api.Language.load(bytes.grammar));
  return incrementalParser(parser);
}

/** Keeps the last tree, so that an edit costs what it changes. */
function incrementalParser(parser: TreeSitterParser): PythonParser {
  const last: { text: string; tree: SyntaxTree | null } = { text: "", tree: null };
  return {
    parse(text, previous) {
      const source = withoutMagics(text);
      if (last.tree) last.tree.edit(editBetween(last.text, source));
      const tree = parser.parse(source, last.tree);
      last.tree?.delete();
      last.tree = tree;
      last.text = source;
      return tree ? lowered(tree, source, previous) : { statements: [], broken: [{ start: 0, end: text.length }] };
    },
    parseForeign(text) {
      const tree = parser.parse(withoutMagics(text));
      const parsed = tree ? lowered(tree, text, undefined, true) : { statements: [], broken: [] };
      tree?.delete();
      return parsed;
    },
  };
}

/** Lines of IPython that are not Python become spaces, so that places stay. */
export function withoutMagics(text: string): string {
  if (!/^[ \t]*[%!]/m.test(text)) return text;
  return text.replace(/^([ \t]*)(%%?|!)[A-Za-z./].*$/gm, (line) => " ".repeat(line.length));
}

/** The one edit that turns `before` into `after`. tree-sitter's rows and columns are only used for its own bookkeeping. */
function editBetween(before: string, after: string) {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let tail = 0;
  while (
    tail < shorter - start &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  )
    tail++;
  const [oldEnd, newEnd] = [before.length - tail, after.length - tail];
  return {
    startIndex: start,
    oldEndIndex: oldEnd,
    newEndIndex: newEnd,
    startPosition: pointAt(before, start),
    oldEndPosition: pointAt(before, oldEnd),
    newEndPosition: pointAt(after, newEnd),
  };
}

function pointAt(text: string, offset: number): { row: number; column: number } {
  let row = 0;
  let line = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) {
    row++;
    line = at + 1;
  }
  return { row, column: offset - line };
}

function lowered(tree: SyntaxTree, text: string, previous: Parsed | undefined, foreign = false): Parsed {
  const kept = keptStatements(previous);
  const cursor = tree.walk();
  const statements: Statement[] = [];
  const broken: TextRange[] = [];
  if (cursor.gotoFirstChild()) {
    do {
      const { nodeType, startIndex, endIndex } = cursor;
      if (nodeType === "comment" || nodeType === "line_continuation") continue;
      const source = text.slice(startIndex, endIndex);
      const old = kept.get(source)?.pop();
      if (old) {
        old.statement.unit.base = startIndex;
        statements.push(old.statement);
        continue;
      }
      const copy = copyTree(cursor);
      if (cursor.currentNode.hasError) collectErrors(copy, broken);
      if (!copy.named || nodeType === "ERROR") {
        for (const inner of nodeType === "ERROR" ? named(copy) : []) statements.push(topLevel(inner, text, foreign));
      } else statements.push(topLevel(copy, text, foreign));
    } while (cursor.gotoNextSibling());
  }
  cursor.delete();
  return { statements, broken };
}

function topLevel(node: Tree, text: string, foreign: boolean): Statement {
  const unit: Unit = foreign ? { base: node.start, foreign } : { base: node.start };
  const isStatement = /_(statement|definition)$/.test(node.type);
  const whole: Tree = isStatement ? node : { ...node, type: "expression_statement", field: "", children: [node] };
  return { unit, node: statement({ text, unit }, whole), source: text.slice(node.start, node.end) };
}

/** The statements of the last parse by their text; those with errors are read anew, so that their errors are found again. */
function keptStatements(previous: Parsed | undefined): Map<string, { statement: Statement }[]> {
  const kept = new Map<string, { statement: Statement }[]>();
  if (!previous || previous.broken.length > 0) return kept;
  for (const statement of [...previous.statements].reverse()) {
    const { source } = statement;
    const same = kept.get(source);
    if (same) same.push({ statement });
    else kept.set(source, [{ statement }]);
  }
  return kept;
}

function collectErrors(node: Tree, into: TextRange[]): void {
  if (node.type === "ERROR" || node.missing) into.push({ start: node.start, end: Math.max(node.end, node.start) });
  else for (const inner of node.children) collectErrors(inner, into);
}
