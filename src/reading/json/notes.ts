import { message } from "../../tensor/message.ts";
import type { TapeProblem } from "./tape.ts";
import type { Text } from "./text.ts";

/** At most this many notes of one kind are listed; a file full of NaN has one for every number. */
export const maximumNotes = 100;

/** A number that is read, and about which something is to be said. */
export interface Noted {
  readonly code: "json.special" | "json.overflow";
  readonly start: number;
  readonly end: number;
}

/** Notes in the order of the text as problems, and behind them one for all that were too many to list. */
export function noteProblems(
  text: Text,
  notes: readonly Noted[],
  counts: ReadonlyMap<Noted["code"], number>,
): TapeProblem[] {
  const codes = ["json.special", "json.overflow"] as const;
  const listed = codes.flatMap((code) => notes.filter((note) => note.code === code).slice(0, maximumNotes));
  const problems = listed.sort((a, b) => a.start - b.start).map((note) => problemOf(text, note));
  for (const code of codes) {
    const count = counts.get(code) ?? 0;
    const last = listed.findLast((note) => note.code === code);
    if (count <= maximumNotes || !last) continue;
    const more = message(`${code}More`, { count: count - maximumNotes });
    problems.push({ ...problemOf(text, last), message: more });
  }
  return problems;
}

function problemOf(text: Text, { code, start, end }: Noted): TapeProblem {
  const special = code === "json.special";
  const args = special ? { text: text.slice(start, end) } : undefined;
  return {
    severity: special ? "information" : "warning",
    range: { start, end },
    message: message(code, args),
    broken: false,
  };
}
