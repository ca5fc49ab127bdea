import type { Expr } from "../syntax/ast.ts";
import type { Machine } from "./machine.ts";
import { sizeOfValue } from "./scalars.ts";
import type { Scope } from "./values.ts";

/** Takes note of what must hold for the program to go on: sizes that are equal, sizes that divide others. */
export function assume(m: Machine, test: Expr, truth: boolean, scope: Scope): void {
  if (test.kind === "unary" && test.operator === "not") {
    assume(m, test.operand, !truth, scope);
    return;
  }
  if (test.kind === "bool" && (test.operator === "and") === truth) {
    assume(m, test.left, truth, scope);
    assume(m, test.right, truth, scope);
    return;
  }
  if (test.kind === "binary" && test.operator === "%" && !truth) {
    divides(m, test, scope);
    return;
  }
  if (test.kind !== "compare" || test.rest.length !== 1) return;
  const { operator, right } = test.rest[0]!;
  if (truth ? operator !== "==" : operator !== "!=") return;
  if (test.first.kind === "binary" && test.first.operator === "%" && right.kind === "int" && right.value === 0) {
    divides(m, test.first, scope);
    return;
  }
  if (!harmless(test.first) || !harmless(right)) return;
  const [a, b] = [sizeOfValue(m.evaluate(test.first, scope)), sizeOfValue(m.evaluate(right, scope))];
  if (a !== null && b !== null) m.symbols.unify(a, b);
}

function divides(m: Machine, test: Extract<Expr, { kind: "binary" }>, scope: Scope): void {
  if (!harmless(test)) return;
  m.symbols.assumeDivides(sizeOfValue(m.evaluate(test.right, scope)), sizeOfValue(m.evaluate(test.left, scope)));
}

/** Evaluating it a second time changes nothing. */
function harmless(e: Expr): boolean {
  switch (e.kind) {
    case "name":
    case "int":
    case "constant":
    case "string":
      return true;
    case "attribute":
      return harmless(e.object);
    case "subscript":
      return harmless(e.object) && harmless(e.index);
    case "binary":
      return harmless(e.left) && harmless(e.right);
    case "unary":
      return harmless(e.operand);
    case "call":
      return e.callee.kind === "attribute"
        ? ["size", "dim"].includes(e.callee.name) && harmless(e.callee.object) && e.args.every((a) => harmless(a.value))
        : e.callee.kind === "name" && e.callee.id === "len" && e.args.every((a) => harmless(a.value));
    default:
      return false;
  }
}
