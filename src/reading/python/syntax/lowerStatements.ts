import type { BinaryOperator, Case, Expr, FunctionNode, Handler, Pattern, Stmt } from "./ast.ts";
import { argumentsOf, expression, type Lowering, parameters } from "./lowerExpressions.ts";
import { child, childrenOf, named, ofType, type Tree } from "./tree.ts";

function place(l: Lowering, node: Tree) {
  return { unit: l.unit, start: node.start - l.unit.base, end: node.end - l.unit.base };
}

function textOf(l: Lowering, node: Tree): string {
  return l.text.slice(node.start, node.end);
}

/** Statements of a block or module; what tree-sitter could not read becomes one `broken` statement each. */
export function block(l: Lowering, node: Tree | undefined): Stmt[] {
  return node ? named(node).map((s) => statement(l, s)) : [];
}

function fieldOf(l: Lowering, node: Tree, name: string): Expr {
  const found = child(node, name);
  return found ? expression(l, found) : { ...place(l, node), kind: "broken" };
}

type Lower = (l: Lowering, node: Tree) => Stmt;

/** One statement, compound or simple. */
export function statement(l: Lowering, node: Tree): Stmt {
  const lower = lowerings[node.type] as Lower | undefined;
  return lower && !node.missing ? lower(l, node) : { ...place(l, node), kind: "broken" };
}

const lowerings: Readonly<Record<string, Lower>> = {
  expression_statement: expressionStatement,
  return_statement: (l, node) => ({ ...place(l, node), kind: "return", value: optional(l, named(node)[0]) }),
  if_statement: ifStatement,
  while_statement: (l, node) => ({
    ...place(l, node),
    kind: "while",
    test: fieldOf(l, node, "condition"),
    body: block(l, child(node, "body")),
    otherwise: elseOf(l, node),
  }),
  for_statement: (l, node) => ({
    ...place(l, node),
    kind: "for",
    target: fieldOf(l, node, "left"),
    iterable: fieldOf(l, node, "right"),
    body: block(l, child(node, "body")),
    otherwise: elseOf(l, node),
  }),
  function_definition: (l, node) => functionNode(l, node, []),
  class_definition: (l, node) => classNode(l, node, []),
  decorated_definition: (l, node) => {
    const decorators = node.children.filter((c) => c.type === "decorator").map((d) => expression(l, named(d)[0] ?? d));
    const definition = child(node, "definition");
    if (definition?.type === "function_definition") return functionNode(l, definition, decorators);
    if (definition?.type === "class_definition") return classNode(l, definition, decorators);
    return { ...place(l, node), kind: "broken" };
  },
  import_statement: (l, node) => ({
    ...place(l, node),
    kind: "import",
    names: childrenOf(node, "name").map((n) => imported(l, n)),
  }),
  import_from_statement: fromImport,
  future_import_statement: (l, node) => ({ ...place(l, node), kind: "pass" }),
  with_statement: withStatement,
  try_statement: tryStatement,
  raise_statement: (l, node) => ({
    ...place(l, node),
    kind: "raise",
    value: optional(
      l,
      named(node).find((c) => c.field !== "cause"),
    ),
  }),
  assert_statement: (l, node) => {
    const [test, text] = named(node);
    return test
      ? { ...place(l, node), kind: "assert", test: expression(l, test), message: optional(l, text) }
      : { ...place(l, node), kind: "broken" };
  },
  delete_statement: (l, node) => {
    const target = named(node)[0];
    const targets = target?.type === "expression_list" ? named(target) : target ? [target] : [];
    return { ...place(l, node), kind: "delete", targets: targets.map((t) => expression(l, t)) };
  },
  global_statement: (l, node) => ({ ...place(l, node), kind: "global", names: named(node).map((n) => textOf(l, n)) }),
  nonlocal_statement: (l, node) => ({
    ...place(l, node),
    kind: "nonlocal",
    names: named(node).map((n) => textOf(l, n)),
  }),
  match_statement: (l, node) => ({
    ...place(l, node),
    kind: "match",
    subject: fieldOf(l, node, "subject"),
    cases: named(child(node, "body") ?? node)
      .filter((c) => c.type === "case_clause")
      .map((c) => matchCase(l, c)),
  }),
  pass_statement: (l, node) => ({ ...place(l, node), kind: "pass" }),
  break_statement: (l, node) => ({ ...place(l, node), kind: "break" }),
  continue_statement: (l, node) => ({ ...place(l, node), kind: "continue" }),
  type_alias_statement: (l, node) => ({ ...place(l, node), kind: "pass" }),
  print_statement: (l, node) => ({ ...place(l, node), kind: "pass" }),
  exec_statement: (l, node) => ({ ...place(l, node), kind: "pass" }),
};

function optional(l: Lowering, node: Tree | undefined): Expr | null {
  return node ? expression(l, node) : null;
}

function expressionStatement(l: Lowering, node: Tree): Stmt {
  const parts = named(node);
  const inner = parts[0];
  if (!inner) return { ...place(l, node), kind: "broken" };
  if (inner.type === "assignment") return assignment(l, inner);
  if (inner.type === "augmented_assignment") {
    const operator = (child(inner, "operator")?.type ?? "+=").slice(0, -1) as BinaryOperator;
    return {
      ...place(l, inner),
      kind: "augmented",
      target: fieldOf(l, inner, "left"),
      operator,
      value: fieldOf(l, inner, "right"),
    };
  }
  if (parts.length > 1) {
    const items = parts.map((p) => expression(l, p));
    return { ...place(l, node), kind: "expression", value: { ...place(l, node), kind: "tuple", items } };
  }
  return { ...place(l, node), kind: "expression", value: expression(l, inner) };
}

function assignment(l: Lowering, node: Tree): Stmt {
  const type = child(node, "type");
  const right = child(node, "right");
  if (type) {
    return {
      ...place(l, node),
      kind: "annotated",
      target: fieldOf(l, node, "left"),
      annotation: expression(l, type),
      value: optional(l, right),
    };
  }
  const targets = [fieldOf(l, node, "left")];
  let value = right;
  while (value?.type === "assignment") {
    targets.push(fieldOf(l, value, "left"));
    value = child(value, "right");
  }
  return {
    ...place(l, node),
    kind: "assign",
    targets,
    value: value ? expression(l, value) : { ...place(l, node), kind: "broken" },
  };
}

function ifStatement(l: Lowering, node: Tree): Stmt {
  const alternatives = childrenOf(node, "alternative");
  const chain = (at: number): Stmt[] => {
    const next = alternatives[at];
    if (!next) return [];
    if (next.type === "else_clause") return block(l, child(next, "body"));
    return [
      {
        ...place(l, next),
        kind: "if",
        test: fieldOf(l, next, "condition"),
        consequence: block(l, child(next, "consequence")),
        otherwise: chain(at + 1),
      },
    ];
  };
  return {
    ...place(l, node),
    kind: "if",
    test: fieldOf(l, node, "condition"),
    consequence: block(l, child(node, "consequence")),
    otherwise: chain(0),
  };
}

function elseOf(l: Lowering, node: Tree): Stmt[] {
  const alternative = child(node, "alternative");
  return alternative ? block(l, child(alternative, "body")) : [];
}

function functionNode(l: Lowering, node: Tree, decorators: readonly Expr[]): FunctionNode {
  const name = child(node, "name");
  return {
    ...place(l, node),
    kind: "function",
    name: name ? textOf(l, name) : "",
    nameStart: (name?.start ?? node.start) - l.unit.base,
    parameters: parameters(l, child(node, "parameters")),
    body: block(l, child(node, "body")),
    decorators,
    isAsync: node.children[0]?.type === "async",
    yields: node.children.some(yieldsIn),
  };
}

/** Whether a tree yields, functions in it aside. */
function yieldsIn(node: Tree): boolean {
  if (node.type === "yield") return true;
  return node.type !== "function_definition" && node.type !== "lambda" && node.children.some(yieldsIn);
}

function classNode(l: Lowering, node: Tree, decorators: readonly Expr[]): Stmt {
  const name = child(node, "name");
  return {
    ...place(l, node),
    kind: "class",
    name: name ? textOf(l, name) : "",
    nameStart: (name?.start ?? node.start) - l.unit.base,
    bases: argumentsOf(l, child(node, "superclasses")),
    body: block(l, child(node, "body")),
    decorators,
  };
}

function imported(l: Lowering, node: Tree): { path: string; as: string | null } {
  if (node.type !== "aliased_import") return { path: pathText(l, node), as: null };
  const [path, alias] = [child(node, "name"), child(node, "alias")];
  return { path: path ? pathText(l, path) : "", as: alias ? textOf(l, alias) : null };
}

function pathText(l: Lowering, node: Tree): string {
  return textOf(l, node).replace(/\s+/g, "");
}

function fromImport(l: Lowering, node: Tree): Stmt {
  const module = child(node, "module_name");
  const names = ofType(node, "wildcard_import")
    ? "*"
    : childrenOf(node, "name")
        .map((n) => imported(l, n))
        .map(({ path, as }) => ({ name: path, as: as ?? path }));
  return { ...place(l, node), kind: "from", module: module ? pathText(l, module) : "", names };
}

function withStatement(l: Lowering, node: Tree): Stmt {
  const clause = ofType(node, "with_clause");
  const items = (clause ? named(clause) : []).map((item) => withItem(l, child(item, "value") ?? item));
  return { ...place(l, node), kind: "with", items: items.flat(), body: block(l, child(node, "body")) };
}

function withItem(l: Lowering, node: Tree): { value: Expr; target: Expr | null }[] {
  const inner = named(node)[0];
  if (node.type === "parenthesized_expression" && inner?.type === "as_pattern") return withItem(l, inner);
  if (node.type === "tuple" && named(node).some((c) => c.type === "as_pattern"))
    return named(node).flatMap((c) => withItem(l, c));
  if (node.type !== "as_pattern") return [{ value: expression(l, node), target: null }];
  const alias = child(node, "alias");
  return [
    {
      value: inner ? expression(l, inner) : { ...place(l, node), kind: "broken" },
      target: alias ? expression(l, alias) : null,
    },
  ];
}

function tryStatement(l: Lowering, node: Tree): Stmt {
  const handlers = node.children
    .filter((c) => c.type === "except_clause" || c.type === "except_group_clause")
    .map((c) => handler(l, c));
  const last = ofType(node, "finally_clause");
  const otherwise = ofType(node, "else_clause");
  return {
    ...place(l, node),
    kind: "try",
    body: block(l, child(node, "body")),
    handlers,
    otherwise: otherwise ? block(l, child(otherwise, "body")) : [],
    finally: last ? block(l, ofType(last, "block")) : [],
  };
}

function handler(l: Lowering, node: Tree): Handler {
  const value = child(node, "value") ?? named(node).find((c) => c.type !== "block");
  const body = block(l, ofType(node, "block"));
  if (!value) return { type: null, name: null, body };
  if (value.type !== "as_pattern") return { type: expression(l, value), name: null, body };
  const alias = child(value, "alias");
  return { type: optional(l, named(value)[0]), name: alias ? textOf(l, alias) : null, body };
}

function matchCase(l: Lowering, node: Tree): Case {
  const patterns = named(node)
    .filter((c) => c.type === "case_pattern")
    .map((p) => pattern(l, p));
  const guard = child(node, "guard");
  const comma = node.children.some((c) => c.type === ",");
  return {
    pattern: patterns.length === 1 && !comma ? patterns[0]! : { kind: "sequence", items: patterns },
    guard: guard ? optional(l, named(guard)[0]) : null,
    body: block(l, child(node, "consequence")),
  };
}

function pattern(l: Lowering, node: Tree): Pattern {
  const parts = named(node);
  switch (node.type) {
    case "case_pattern":
      if (parts.length === 0) return textOf(l, node).trim() === "_" ? { kind: "wildcard" } : { kind: "unknown" };
      if (node.children[0]?.type === "-") return { kind: "value", value: negative(l, node, parts[0]!) };
      return pattern(l, parts[0]!);
    case "dotted_name":
      return parts.length === 1
        ? { kind: "capture", name: textOf(l, node) }
        : { kind: "value", value: expression(l, node) };
    case "list_pattern":
    case "tuple_pattern":
      return { kind: "sequence", items: parts.map((p) => pattern(l, p)) };
    case "splat_pattern":
      return { kind: "rest", name: textOf(l, node).replace(/^\*+\s*/, "") };
    case "union_pattern":
      return { kind: "or", items: parts.map((p) => pattern(l, p)) };
    case "as_pattern":
      return parts[0] && parts[1]
        ? { kind: "as", pattern: pattern(l, parts[0]), name: textOf(l, parts[1]) }
        : { kind: "unknown" };
    case "dict_pattern":
      return mapping(l, node);
    case "class_pattern":
      return classPattern(l, parts);
    default:
      return { kind: "value", value: expression(l, node) };
  }
}

function negative(l: Lowering, node: Tree, operand: Tree): Expr {
  return { ...place(l, node), kind: "unary", operator: "-", operand: expression(l, operand) };
}

function mapping(l: Lowering, node: Tree): Pattern {
  const entries: { key: Expr; pattern: Pattern }[] = [];
  let rest: string | null = null;
  let key: Expr | null = null;
  for (const part of named(node)) {
    if (part.type === "splat_pattern") rest = textOf(l, part).replace(/^\*+\s*/, "");
    else if (part.field === "key") key = expression(l, part);
    else if (key) entries.push({ key, pattern: pattern(l, part) });
  }
  return { kind: "mapping", entries, rest };
}

function classPattern(l: Lowering, parts: readonly Tree[]): Pattern {
  if (!parts[0]) return { kind: "unknown" };
  const items: Pattern[] = [];
  const namedItems: { name: string; pattern: Pattern }[] = [];
  for (const part of parts.slice(1)) {
    const inner = named(part)[0];
    if (inner?.type === "keyword_pattern") {
      const [name, value] = named(inner);
      if (name && value) namedItems.push({ name: textOf(l, name), pattern: pattern(l, value) });
    } else items.push(pattern(l, part));
  }
  return { kind: "class", type: expression(l, parts[0]), items, named: namedItems };
}
