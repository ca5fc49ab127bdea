import type { ReadingProblem } from "../../document.ts";
import { roleOf } from "../../roles.ts";
import type { Parsed } from "../parse.ts";
import type { Expr, Stmt } from "../syntax/ast.ts";
import { raggedRow } from "./places.ts";

/** What is wrong with the text: places that are not Python, and lists whose rows differ in length. */
export function problemsOf(parsed: Parsed): ReadingProblem[] {
  const problems: ReadingProblem[] = parsed.broken.map((range) => ({
    severity: "error",
    range,
    message: { code: "python.syntax" },
    broken: true,
    saidElsewhere: true,
  }));
  for (const { node } of parsed.statements) problems.push(...raggedIn(node));
  return problems.sort((a, b) => a.range.start - b.range.start);
}

/** Ragged rows in what is surely meant as a matrix: the argument of an array's constructor, or a name that says so. */
function raggedIn(s: Stmt): ReadingProblem[] {
  if (s.kind !== "assign") return [];
  const named = s.targets.some((t) => t.kind === "name" && roleOf(t.id) !== null);
  const literal = matrixLiteral(s.value) ?? (named ? s.value : null);
  const ragged = literal && raggedRow(literal);
  if (!ragged) return [];
  const { range, row, length, expected } = ragged;
  return [{ severity: "error", range, message: { code: "python.raggedRow", args: { row, length, expected } } }];
}

function matrixLiteral(e: Expr): Expr | null {
  if (
    e.kind !== "call" ||
    e.callee.kind !== "attribute" ||
    !["array", "asarray", "tensor", "as_tensor", "constant"].includes(e.callee.name)
  )
    return null;
  const first = e.args[0]?.value;
  return first?.kind === "list" || first?.kind === "tuple" ? first : null;
}
