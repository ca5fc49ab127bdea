import type { Argument, BinaryOperator, Clause, CompareOperator, Expr, FormatPart, Parameter, Unit } from "./ast.ts";
import { integer, unescaped } from "./strings.ts";
import { child, childrenOf, named, ofType, type Tree } from "./tree.ts";

/** What lowering needs to know: the document's text and the unit that nodes are placed in. */
export interface Lowering {
  readonly text: string;
  readonly unit: Unit;
}

interface Place {
  readonly unit: Unit;
  readonly start: number;
  readonly end: number;
}

function place(l: Lowering, node: Tree): Place {
  return { unit: l.unit, start: node.start - l.unit.base, end: node.end - l.unit.base };
}

function textOf(l: Lowering, node: Tree): string {
  return l.text.slice(node.start, node.end);
}

function broken(l: Lowering, node: Tree): Expr {
  return { ...place(l, node), kind: "broken" };
}

function field(l: Lowering, node: Tree, name: string): Expr {
  const found = child(node, name);
  return found ? expression(l, found) : broken(l, node);
}

/** An expression; whatever is not one (half-typed code) becomes `broken`, which evaluates to unknown. */
export function expression(l: Lowering, node: Tree): Expr {
  if (node.missing) return broken(l, node);
  const walrus = walrusOutside(l, node);
  if (walrus) return walrus;
  const lower = lowerings[node.type] as Lower | undefined;
  return lower ? starOutside(lower(l, node)) : broken(l, node);
}

const afterValue: ReadonlySet<string> = new Set([
  "conditional_expression",
  "boolean_operator",
  "comparison_operator",
  "binary_operator",
]);

/** tree-sitter reads `x := a if b else c` as `(x := a) if b else c`. */
function walrusOutside(l: Lowering, node: Tree): Expr | null {
  const first = afterValue.has(node.type) ? named(node)[0] : undefined;
  const value = first?.type === "named_expression" ? child(first, "value") : undefined;
  if (!first || !value) return null;
  const inner = node.children.map((c) => (c === first ? { ...value, field: first.field } : c));
  const rest = expression(l, { ...node, start: value.start, children: inner });
  return { ...place(l, node), kind: "walrus", target: field(l, first, "name"), value: rest };
}

/** tree-sitter reads `*a.b` in a tuple without parentheses as `(*a).b`. */
function starOutside(e: Expr): Expr {
  if (e.kind === "attribute" && e.object.kind === "starred") {
    return { ...e.object, end: e.end, value: { ...e, start: e.object.value.start, object: e.object.value } };
  }
  if (e.kind === "subscript" && e.object.kind === "starred") {
    return { ...e.object, end: e.end, value: { ...e, start: e.object.value.start, object: e.object.value } };
  }
  if (e.kind === "call" && e.callee.kind === "starred") {
    return { ...e.callee, end: e.end, value: { ...e, start: e.callee.value.start, callee: e.callee.value } };
  }
  return e;
}

function items(l: Lowering, node: Tree): Expr[] {
  return named(node).map((item) => expression(l, item));
}

type Lower = (l: Lowering, node: Tree) => Expr;

const name: Lower = (l, node) => ({ ...place(l, node), kind: "name", id: textOf(l, node) });
const tuple: Lower = (l, node) => ({ ...place(l, node), kind: "tuple", items: items(l, node) });
const list: Lower = (l, node) => ({ ...place(l, node), kind: "list", items: items(l, node) });
const starred: Lower = (l, node) => ({ ...place(l, node), kind: "starred", value: only(l, node) });

/** The one named child: what is inside parentheses, a star, an await. */
function only(l: Lowering, node: Tree): Expr {
  const inside = named(node).filter((c) => c.type !== "ERROR");
  return inside.length > 0 ? expression(l, inside[0]!) : broken(l, node);
}

const lowerings: Readonly<Record<string, Lower>> = {
  identifier: name,
  keyword_identifier: name,
  dotted_name: dotted,
  integer: number,
  float: number,
  string: (l, node) => strings(l, node, [node]),
  concatenated_string: (l, node) => strings(l, node, named(node)),
  true: (l, node) => ({ ...place(l, node), kind: "constant", value: true }),
  false: (l, node) => ({ ...place(l, node), kind: "constant", value: false }),
  none: (l, node) => ({ ...place(l, node), kind: "constant", value: null }),
  ellipsis: (l, node) => ({ ...place(l, node), kind: "constant", value: "..." }),
  list,
  list_pattern: list,
  tuple,
  tuple_pattern: tuple,
  expression_list: tuple,
  pattern_list: tuple,
  set: (l, node) => ({ ...place(l, node), kind: "set", items: items(l, node) }),
  dictionary: (l, node) => ({ ...place(l, node), kind: "dict", entries: named(node).map((entry) => pair(l, entry)) }),
  parenthesized_expression: only,
  parenthesized_list_splat: only,
  type: only,
  as_pattern_target: only,
  unary_operator: (l, node) => ({
    ...place(l, node),
    kind: "unary",
    operator: (node.children[0]?.type ?? "-") as "-",
    operand: field(l, node, "argument"),
  }),
  not_operator: (l, node) => ({
    ...place(l, node),
    kind: "unary",
    operator: "not",
    operand: field(l, node, "argument"),
  }),
  binary_operator: (l, node) => ({
    ...place(l, node),
    kind: "binary",
    operator: (child(node, "operator")?.type ?? "+") as BinaryOperator,
    left: field(l, node, "left"),
    right: field(l, node, "right"),
  }),
  boolean_operator: (l, node) => ({
    ...place(l, node),
    kind: "bool",
    operator: (child(node, "operator")?.type ?? "and") as "and",
    left: field(l, node, "left"),
    right: field(l, node, "right"),
  }),
  comparison_operator: comparison,
  call,
  attribute: (l, node) => {
    const attribute = child(node, "attribute");
    return {
      ...place(l, node),
      kind: "attribute",
      object: field(l, node, "object"),
      name: attribute ? textOf(l, attribute) : "",
      nameStart: (attribute?.start ?? node.end) - l.unit.base,
    };
  },
  subscript,
  slice,
  lambda: (l, node) => ({
    ...place(l, node),
    kind: "lambda",
    parameters: parameters(l, child(node, "parameters")),
    body: field(l, node, "body"),
  }),
  conditional_expression: (l, node) => {
    const [then, test, otherwise] = named(node);
    if (!then || !test || !otherwise) return broken(l, node);
    return {
      ...place(l, node),
      kind: "if",
      test: expression(l, test),
      consequence: expression(l, then),
      otherwise: expression(l, otherwise),
    };
  },
  list_comprehension: (l, node) => comprehension(l, node, "list"),
  set_comprehension: (l, node) => comprehension(l, node, "set"),
  generator_expression: (l, node) => comprehension(l, node, "generator"),
  dictionary_comprehension: (l, node) => {
    const body = child(node, "body");
    if (!body) return broken(l, node);
    return {
      ...place(l, node),
      kind: "dictComprehension",
      key: field(l, body, "key"),
      value: field(l, body, "value"),
      clauses: clauses(l, node),
    };
  },
  named_expression: (l, node) => ({
    ...place(l, node),
    kind: "walrus",
    target: field(l, node, "name"),
    value: field(l, node, "value"),
  }),
  list_splat: starred,
  list_splat_pattern: starred,
  await: (l, node) => ({ ...place(l, node), kind: "await", value: only(l, node) }),
  yield: (l, node) => {
    const value = named(node)[0];
    const from = node.children.some((c) => c.type === "from");
    return { ...place(l, node), kind: "yield", value: value ? expression(l, value) : null, from };
  },
};

function dotted(l: Lowering, node: Tree): Expr {
  const [first, ...rest] = named(node);
  let at: Expr = first ? name(l, first) : broken(l, node);
  for (const part of rest) {
    at = {
      unit: l.unit,
      start: at.start,
      end: part.end - l.unit.base,
      kind: "attribute",
      object: at,
      name: textOf(l, part),
      nameStart: part.start - l.unit.base,
    };
  }
  return at;
}

function number(l: Lowering, node: Tree): Expr {
  const text = textOf(l, node);
  if (/[jJ]$/.test(text))
    return { ...place(l, node), kind: "complex", value: Number(text.slice(0, -1).replaceAll("_", "")) };
  if (node.type === "float") return { ...place(l, node), kind: "float", value: Number(text.replaceAll("_", "")) };
  return /^(0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|[\d_]+)$/.test(text) && /\d/.test(text)
    ? { ...place(l, node), kind: "int", value: integer(text) }
    : broken(l, node);
}

function pair(l: Lowering, node: Tree): { key: Expr | null; value: Expr } {
  if (node.type === "pair") return { key: field(l, node, "key"), value: field(l, node, "value") };
  return { key: null, value: node.type === "dictionary_splat" ? only(l, node) : broken(l, node) };
}

function comparison(l: Lowering, node: Tree): Expr {
  const operands = named(node);
  const rest: { operator: CompareOperator; right: Expr }[] = [];
  let operator = "";
  for (const part of node.children.slice(1)) {
    if (part.field === "operators" || !part.named) operator = operator ? `${operator} ${part.type}` : part.type;
    else {
      rest.push({ operator: (operator === "<>" ? "!=" : operator) as CompareOperator, right: expression(l, part) });
      operator = "";
    }
  }
  return operands[0]
    ? { ...place(l, node), kind: "compare", first: expression(l, operands[0]), rest }
    : broken(l, node);
}

function call(l: Lowering, node: Tree): Expr {
  const list = child(node, "arguments");
  const args: Argument[] = [];
  if (list?.type === "generator_expression") args.push({ name: "", value: expression(l, list) });
  else for (const argument of list ? named(list) : []) args.push(callArgument(l, argument));
  return { ...place(l, node), kind: "call", callee: field(l, node, "function"), args };
}

function callArgument(l: Lowering, node: Tree): Argument {
  switch (node.type) {
    case "keyword_argument": {
      const key = child(node, "name");
      return { name: key ? textOf(l, key) : "", value: field(l, node, "value") };
    }
    case "list_splat":
      return { name: "*", value: only(l, node) };
    case "dictionary_splat":
      return { name: "**", value: only(l, node) };
    case "parenthesized_expression": {
      const inside = named(node)[0];
      return inside?.type === "list_splat" ? callArgument(l, inside) : { name: "", value: expression(l, node) };
    }
    default:
      return { name: "", value: expression(l, node) };
  }
}

/** The argument list of a call or of a class's bases. */
export function argumentsOf(l: Lowering, node: Tree | undefined): Argument[] {
  return node ? named(node).map((argument) => callArgument(l, argument)) : [];
}

function subscript(l: Lowering, node: Tree): Expr {
  const parts = childrenOf(node, "subscript");
  const first = parts[0];
  if (!first) return { ...place(l, node), kind: "subscript", object: field(l, node, "value"), index: broken(l, node) };
  const comma = node.children.some((c) => c.type === ",");
  const index: Expr = comma
    ? {
        unit: l.unit,
        start: first.start - l.unit.base,
        end: parts.at(-1)!.end - l.unit.base,
        kind: "tuple",
        items: parts.map((p) => expression(l, p)),
      }
    : expression(l, first);
  return { ...place(l, node), kind: "subscript", object: field(l, node, "value"), index };
}

function slice(l: Lowering, node: Tree): Expr {
  const parts: (Expr | null)[] = [null, null, null];
  let at = 0;
  for (const part of node.children) {
    if (part.type === ":") at++;
    else if (part.named && at < 3) parts[at] = expression(l, part);
  }
  return { ...place(l, node), kind: "slice", lower: parts[0]!, upper: parts[1]!, step: parts[2]! };
}

function comprehension(l: Lowering, node: Tree, of: "list" | "set" | "generator"): Expr {
  return { ...place(l, node), kind: "comprehension", of, element: field(l, node, "body"), clauses: clauses(l, node) };
}

function clauses(l: Lowering, node: Tree): Clause[] {
  const found: Clause[] = [];
  for (const part of node.children) {
    if (part.type === "for_in_clause") {
      const right = childrenOf(part, "right");
      const value: Expr =
        right.length === 1
          ? expression(l, right[0]!)
          : { ...place(l, part), kind: "tuple", items: right.map((r) => expression(l, r)) };
      found.push({ target: field(l, part, "left"), value });
    } else if (part.type === "if_clause") found.push({ target: null, value: only(l, part) });
  }
  return found;
}

/** Parameters of a function or lambda. */
export function parameters(l: Lowering, node: Tree | undefined): Parameter[] {
  let found: Parameter[] = [];
  let kind: Parameter["kind"] = "plain";
  for (const part of node ? named(node) : []) {
    if (part.type === "positional_separator") found = found.map((p) => ({ ...p, kind: "positionalOnly" }));
    else if (part.type === "keyword_separator") kind = "keywordOnly";
    else {
      const parameter = oneParameter(l, part, kind);
      if (!parameter) continue;
      if (parameter.kind === "rest") kind = "keywordOnly";
      found.push(parameter);
    }
  }
  return found;
}

function oneParameter(l: Lowering, node: Tree, kind: Parameter["kind"]): Parameter | null {
  const type = child(node, "type");
  const annotation = type ? expression(l, type) : null;
  const value = child(node, "value");
  const inner = child(node, "name") ?? (node.type === "typed_parameter" ? named(node)[0] : node);
  if (!inner) return null;
  const given = value ? expression(l, value) : null;
  if (inner.type === "identifier") return { name: textOf(l, inner), kind, default: given, annotation };
  const starredName = ofType(inner, "identifier");
  if (!starredName) return null;
  if (inner.type === "list_splat_pattern")
    return { name: textOf(l, starredName), kind: "rest", default: null, annotation };
  if (inner.type === "dictionary_splat_pattern")
    return { name: textOf(l, starredName), kind: "keywords", default: null, annotation };
  return null;
}

function strings(l: Lowering, node: Tree, pieces: readonly Tree[]): Expr {
  const parts: (string | FormatPart)[] = [];
  let bytes = false;
  for (const piece of pieces) {
    const start = ofType(piece, "string_start");
    const prefix = start ? textOf(l, start).toLowerCase() : "";
    bytes ||= prefix.includes("b");
    for (const part of piece.children) {
      if (part.type === "string_content") addText(parts, stringContent(l, part, prefix));
      else if (part.type === "interpolation") parts.push(interpolation(l, part));
    }
  }
  if (parts.some((p) => typeof p !== "string")) return { ...place(l, node), kind: "fstring", parts };
  return { ...place(l, node), kind: bytes ? "bytes" : "string", value: parts.join("") };
}

function addText(parts: (string | FormatPart)[], text: string): void {
  if (typeof parts.at(-1) === "string") parts[parts.length - 1] += text;
  else parts.push(text);
}

function stringContent(l: Lowering, node: Tree, prefix: string): string {
  const text = unescaped(textOf(l, node), prefix.includes("r"));
  return prefix.includes("f") ? text.replaceAll("{{", "{").replaceAll("}}", "}") : text;
}

function interpolation(l: Lowering, node: Tree): FormatPart {
  const inside = child(node, "expression");
  const conversion = ofType(node, "type_conversion");
  const format = ofType(node, "format_specifier");
  const equals = node.children.some((c) => c.type === "=");
  return {
    value: inside ? expression(l, inside) : broken(l, node),
    conversion: conversion ? textOf(l, conversion).slice(1) : "",
    format: format ? (named(format).length > 0 ? null : textOf(l, format).slice(1)) : "",
    label: equals && inside ? `${textOf(l, inside)}=` : "",
  };
}
