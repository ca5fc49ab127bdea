import type { Expr, Stmt, StmtOf } from "../syntax/ast.ts";
import { assignTo } from "./assign.ts";
import { joinPlaces } from "./join.ts";
import { type Completion, type Machine, Raised, Unclear } from "./machine.ts";
import type { Writes } from "./state.ts";
import { escapes, SteadyAppends } from "./steadyAppends.ts";
import { list, type Scope, tuple, unknown, type Value } from "./values.ts";

const iterationLimit = 4096;

/** After so many rounds that may have been the last, how many there are is not known at all. */
const undecidedEnds = 32;

/** A loop being run: what its undecided `break` and `continue` have left behind. */
export interface Loop {
  left(how: "break" | "continue"): void;
}

type WithLoops = Machine & { readonly loops: Loop[] };

/** `for target in iterable`. */
export function runFor(m: Machine, s: StmtOf<"for">, scope: Scope): Completion {
  const over = m.evaluate(s.iterable, scope);
  const sequence = m.iterate(over);
  const items = sequence?.items ?? [unknown("python.notIterable")];
  const open = sequence?.open ?? true;
  const next = (round: number): Value | null => items[round] ?? null;
  const take = (item: Value): void => {
    assignTo(m, s.target, item, scope);
    m.bound(s.target, s.target, item, scope);
  };
  const rounds = items.some(isLayer) ? items.length : m.budget.loop.first.rounds;
  const begin = (round: number): boolean | null => {
    const item = next(round);
    if (round < 0) take(anyOf(items));
    else if (!item) return open && items.length === 0 ? null : false;
    else take(item);
    return true;
  };
  return runLoop(m, s.body, s.otherwise, scope, { open, patient: rounds, length: items.length }, begin);
}

/** A layer, or a pair with one: each round may be another step of a network. */
function isLayer(item: Value): boolean {
  return item.kind === "instance" || (item.kind === "tuple" && item.items.some(isLayer));
}

/** What stands for every item: all numbers of a range or a list, or what all of them are. */
function anyOf(items: readonly Value[]): Value {
  const first = items[0]!;
  if (items.every((item) => item === first)) return first;
  const kind = items.every((item) => item.kind === first.kind) ? first.kind : null;
  if (
    first.kind === "tuple" &&
    items.every((item) => item.kind === "tuple" && item.items.length === first.items.length)
  ) {
    return tuple(first.items.map((_, at) => anyOf(items.map((item) => (item as typeof first).items[at]!))));
  }
  if (
    first.kind === "list" &&
    items.every((item) => item.kind === "list" && !item.open && item.items.length === first.items.length)
  ) {
    return list(first.items.map((_, at) => anyOf(items.map((item) => (item as typeof first).items[at]!))));
  }
  if (kind === "tensor") return items.at(-1)!;
  return kind === "int" || kind === "float" || kind === "string"
    ? unknown("python.loopLimit", undefined, kind)
    : unknown("python.loopLimit");
}

/** `while test`. */
export function runWhile(m: Machine, s: StmtOf<"while">, scope: Scope): Completion {
  const bounds = { open: false, patient: m.budget.loop.first.rounds, length: null };
  return runLoop(m, s.body, s.otherwise, scope, bounds, () => m.truth(m.evaluate(s.test as Expr, scope)));
}

/**
 * Runs rounds while `begin` says so. null: whether there is a further round is not known; then one more is run, and
 * everything that it changed may have either value.
 */
function runLoop(
  m: Machine,
  body: readonly Stmt[],
  otherwise: readonly Stmt[],
  scope: Scope,
  bounds: Bounds,
  begin: (round: number) => boolean | null,
): Completion {
  if (bounds.open) return unsureRounds(m, body, scope, () => begin(0));
  if (!escapes(body)) return rounds(m, body, otherwise, scope, bounds, begin, null);
  return m.state.watch((writes) => {
    const escaped: Escaped = { broken: [], continued: [], writes, round: writes };
    const left = (how: "break" | "continue"): void => {
      if (how === "break") escaped.broken.push(escaped.writes());
      else escaped.continued.push(escaped.round());
    };
    (m as WithLoops).loops.push({ left });
    try {
      return rounds(m, body, otherwise, scope, { ...bounds, length: null }, begin, escaped);
    } finally {
      (m as WithLoops).loops.pop();
    }
  });
}

/** What is known of the rounds before they are run. */
interface Bounds {
  /** There may be more or fewer than there seem to be. */
  readonly open: boolean;
  /** So many may take long. */
  readonly patient: number;
  /** How many there are, if nothing ends the loop early. */
  readonly length: number | null;
}

/** What undecided escapes have left behind: a `break` all that the loop had written, a `continue` what its round had. */
interface Escaped {
  readonly broken: Writes[];
  readonly continued: Writes[];
  readonly writes: () => Writes;
  round: () => Writes;
}

function rounds(
  m: Machine,
  body: readonly Stmt[],
  otherwise: readonly Stmt[],
  scope: Scope,
  { patient, length }: Bounds,
  begin: (round: number) => boolean | null,
  escaped: Escaped | null,
): Completion {
  const start = m.state.steps;
  for (let round = 0; ; round++) {
    const more = begin(round);
    if (more === false) break;
    if (more === null) {
      unsureRounds(m, body, scope, () => true);
      return leave(m, escaped, "next");
    }
    m.state.step();
    const unsure = escaped !== null && escaped.broken.length >= undecidedEnds;
    if (unsure || round >= iterationLimit || m.state.steps - start > allowance(m, round, patient)) {
      widen(m, body, scope, () => void begin(-1), length === null ? 0 : length - round);
      return leave(m, escaped, "next");
    }
    const end = escaped ? escapingRound(m, body, scope, escaped) : m.execute(body, scope);
    if (end === "break") return leave(m, escaped, "next");
    if (typeof end === "object") {
      leave(m, escaped, "next");
      return end;
    }
  }
  const end = m.execute(otherwise, scope);
  return leave(m, escaped, end);
}

/** What a loop may have spent when it goes on: the less is left, the less. Its first rounds may spend more. */
function allowance(m: Machine, round: number, patient: number): number {
  const { first, steps } = m.budget.loop;
  if (round < patient) return first.steps;
  return Math.min(steps, Math.max(steps / 10, (m.state.stepLimit - m.state.steps) / 8));
}

/** A round that may have been left by an undecided `continue` on the way: its end is that of either way. */
function escapingRound(m: Machine, body: readonly Stmt[], scope: Scope, escaped: Escaped): Completion {
  return m.state.watch((writes) => {
    escaped.round = writes;
    const end = m.execute(body, scope);
    rejoin(m, escaped.continued, writes);
    return end;
  });
}

function rejoin(m: Machine, left: Writes[], writes: () => Writes): void {
  while (left.length > 0) m.state.adoptEither(writes(), left.pop()!, joinPlaces(m.symbols));
}

function leave(m: Machine, escaped: Escaped | null, end: Completion): Completion {
  if (escaped) rejoin(m, escaped.broken, escaped.writes);
  return end;
}

/** One more round, of which nobody knows the number, and whose changes stand for all further ones: so many, or 0. */
function widen(m: Machine, body: readonly Stmt[], scope: Scope, begin: () => void, further: number): void {
  const lists = further > 0 ? new SteadyAppends(m, body, scope) : null;
  m.state.watch((writes) => {
    begin();
    try {
      m.execute(body, scope);
    } catch (error) {
      // What stands for all rounds may not fit where the right one would: that is no fault of the program.
      if (error instanceof Raised) throw new Unclear("python.loopLimit");
      throw error;
    }
    const lengthened = lists?.after();
    m.state.blur(writes(), joinPlaces(m.symbols));
    lengthened?.(further);
  });
}

/** Runs a body that may be run any number of times, until its effect no longer grows. */
function unsureRounds(m: Machine, body: readonly Stmt[], scope: Scope, begin: () => boolean | null): Completion {
  for (let pass = 0; pass < 3; pass++) {
    const { result, writes } = m.state.speculate(() => {
      begin();
      (m as WithLoops).loops.push({ left: () => {} });
      try {
        return m.execute(body, scope);
      } finally {
        (m as WithLoops).loops.pop();
      }
    });
    m.state.adoptEither(writes, new Map(), joinPlaces(m.symbols));
    if (typeof result === "object") rememberReturn(m, scope, result.value);
  }
  return "next";
}

function rememberReturn(m: Machine, scope: Scope, value: Value): void {
  let at: Scope | null = scope;
  while (at && !at.frame) at = at.outer;
  if (at?.frame && !at.frame.returned) m.state.set(at.frame, "returned", value);
}
