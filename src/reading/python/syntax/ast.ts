/**
 * The part of Python's syntax that the interpreter runs, as a tree of our own. Positions are relative to the start of
 * the top-level statement (`Unit`) that a node belongs to, so that a statement whose text did not change keeps its tree
 * when text above it does.
 */
export interface Unit {
  /** Offset of the statement's first character in the document, in UTF-16 code units. */
  base: number;
  /** Of another file than the document: nothing is told of it. */
  readonly foreign?: boolean;
}

interface At {
  readonly unit: Unit;
  readonly start: number;
  readonly end: number;
}

export type BinaryOperator = "+" | "-" | "*" | "/" | "//" | "%" | "**" | "@" | "&" | "|" | "^" | "<<" | ">>";
export type CompareOperator = "<" | "<=" | ">" | ">=" | "==" | "!=" | "in" | "not in" | "is" | "is not";

export type Expr = At &
  (
    | { readonly kind: "name"; readonly id: string }
    | { readonly kind: "int"; readonly value: number | bigint }
    | { readonly kind: "float"; readonly value: number }
    | { readonly kind: "complex"; readonly value: number }
    | { readonly kind: "string"; readonly value: string }
    | { readonly kind: "bytes"; readonly value: string }
    | { readonly kind: "fstring"; readonly parts: readonly (string | FormatPart)[] }
    | { readonly kind: "constant"; readonly value: true | false | null | "..." }
    | { readonly kind: "list" | "tuple" | "set"; readonly items: readonly Expr[] }
    | { readonly kind: "dict"; readonly entries: readonly { readonly key: Expr | null; readonly value: Expr }[] }
    | { readonly kind: "unary"; readonly operator: "+" | "-" | "~" | "not"; readonly operand: Expr }
    | { readonly kind: "binary"; readonly operator: BinaryOperator; readonly left: Expr; readonly right: Expr }
    | { readonly kind: "bool"; readonly operator: "and" | "or"; readonly left: Expr; readonly right: Expr }
    | {
        readonly kind: "compare";
        readonly first: Expr;
        readonly rest: readonly { readonly operator: CompareOperator; readonly right: Expr }[];
      }
    | { readonly kind: "call"; readonly callee: Expr; readonly args: readonly Argument[] }
    | { readonly kind: "attribute"; readonly object: Expr; readonly name: string; readonly nameStart: number }
    | { readonly kind: "subscript"; readonly object: Expr; readonly index: Expr }
    | { readonly kind: "slice"; readonly lower: Expr | null; readonly upper: Expr | null; readonly step: Expr | null }
    | { readonly kind: "lambda"; readonly parameters: readonly Parameter[]; readonly body: Expr }
    | { readonly kind: "if"; readonly test: Expr; readonly consequence: Expr; readonly otherwise: Expr }
    | {
        readonly kind: "comprehension";
        readonly of: "list" | "set" | "generator";
        readonly element: Expr;
        readonly clauses: readonly Clause[];
      }
    | {
        readonly kind: "dictComprehension";
        readonly key: Expr;
        readonly value: Expr;
        readonly clauses: readonly Clause[];
      }
    | { readonly kind: "walrus"; readonly target: Expr; readonly value: Expr }
    | { readonly kind: "starred"; readonly value: Expr }
    | { readonly kind: "await"; readonly value: Expr }
    | { readonly kind: "yield"; readonly value: Expr | null; readonly from: boolean }
    | { readonly kind: "broken" }
  );

export type ExprOf<K extends Expr["kind"]> = Extract<Expr, { kind: K }>;

/** A replacement field of an f-string; `format` is the text after the colon, null where it is not plain text. */
export interface FormatPart {
  readonly value: Expr;
  readonly conversion: string;
  readonly format: string | null;
  /** The text before `=` in `{x=}`. */
  readonly label: string;
}

export interface Argument {
  readonly value: Expr;
  /** `""` positional, a keyword's name, `*` or `**`. */
  readonly name: string;
}

export interface Clause {
  /** null: an `if`. */
  readonly target: Expr | null;
  readonly value: Expr;
}

export interface Parameter {
  readonly name: string;
  readonly kind: "plain" | "positionalOnly" | "keywordOnly" | "rest" | "keywords";
  readonly default: Expr | null;
  readonly annotation: Expr | null;
}

export type Stmt = At &
  (
    | { readonly kind: "expression"; readonly value: Expr }
    | { readonly kind: "assign"; readonly targets: readonly Expr[]; readonly value: Expr }
    | { readonly kind: "annotated"; readonly target: Expr; readonly annotation: Expr; readonly value: Expr | null }
    | { readonly kind: "augmented"; readonly target: Expr; readonly operator: BinaryOperator; readonly value: Expr }
    | { readonly kind: "return"; readonly value: Expr | null }
    | {
        readonly kind: "if";
        readonly test: Expr;
        readonly consequence: readonly Stmt[];
        readonly otherwise: readonly Stmt[];
      }
    | {
        readonly kind: "while";
        readonly test: Expr;
        readonly body: readonly Stmt[];
        readonly otherwise: readonly Stmt[];
      }
    | {
        readonly kind: "for";
        readonly target: Expr;
        readonly iterable: Expr;
        readonly body: readonly Stmt[];
        readonly otherwise: readonly Stmt[];
      }
    | FunctionNode
    | ClassNode
    | { readonly kind: "import"; readonly names: readonly { readonly path: string; readonly as: string | null }[] }
    | {
        readonly kind: "from";
        readonly module: string;
        readonly names: readonly { readonly name: string; readonly as: string }[] | "*";
      }
    | {
        readonly kind: "with";
        readonly items: readonly { readonly value: Expr; readonly target: Expr | null }[];
        readonly body: readonly Stmt[];
      }
    | {
        readonly kind: "try";
        readonly body: readonly Stmt[];
        readonly handlers: readonly Handler[];
        readonly otherwise: readonly Stmt[];
        readonly finally: readonly Stmt[];
      }
    | { readonly kind: "raise"; readonly value: Expr | null }
    | { readonly kind: "assert"; readonly test: Expr; readonly message: Expr | null }
    | { readonly kind: "delete"; readonly targets: readonly Expr[] }
    | { readonly kind: "global" | "nonlocal"; readonly names: readonly string[] }
    | { readonly kind: "match"; readonly subject: Expr; readonly cases: readonly Case[] }
    | { readonly kind: "pass" | "break" | "continue" | "broken" }
  );

export type StmtOf<K extends Stmt["kind"]> = Extract<Stmt, { kind: K }>;

export interface FunctionNode extends At {
  readonly kind: "function";
  readonly name: string;
  readonly nameStart: number;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Stmt[];
  readonly decorators: readonly Expr[];
  readonly isAsync: boolean;
  /** Its body yields. */
  readonly yields: boolean;
}

export interface ClassNode extends At {
  readonly kind: "class";
  readonly name: string;
  readonly nameStart: number;
  readonly bases: readonly Argument[];
  readonly body: readonly Stmt[];
  readonly decorators: readonly Expr[];
}

export interface Handler {
  readonly type: Expr | null;
  readonly name: string | null;
  readonly body: readonly Stmt[];
}

export interface Case {
  readonly pattern: Pattern;
  readonly guard: Expr | null;
  readonly body: readonly Stmt[];
}

export type Pattern =
  | { readonly kind: "capture"; readonly name: string }
  | { readonly kind: "wildcard" }
  | { readonly kind: "value"; readonly value: Expr }
  | { readonly kind: "sequence"; readonly items: readonly Pattern[] }
  | { readonly kind: "rest"; readonly name: string }
  | {
      readonly kind: "mapping";
      readonly entries: readonly { readonly key: Expr; readonly pattern: Pattern }[];
      readonly rest: string | null;
    }
  | {
      readonly kind: "class";
      readonly type: Expr;
      readonly items: readonly Pattern[];
      readonly named: readonly { readonly name: string; readonly pattern: Pattern }[];
    }
  | { readonly kind: "or"; readonly items: readonly Pattern[] }
  | { readonly kind: "as"; readonly pattern: Pattern; readonly name: string }
  | { readonly kind: "unknown" };

/** A top-level statement: what is parsed, kept and shifted as one. */
export interface Statement {
  readonly unit: Unit;
  readonly node: Stmt;
  readonly source: string;
}

/** Where a node is in the document. */
export function rangeOf(node: At): { start: number; end: number } {
  return { start: node.unit.base + node.start, end: node.unit.base + node.end };
}

/** Where what is bound stands: `self.scores = …` is about `scores`; reading `self` is another thing. */
export function targetRange(e: Expr): { start: number; end: number } {
  const range = rangeOf(e);
  return e.kind === "attribute" ? { start: e.unit.base + e.nameStart, end: range.end } : range;
}
