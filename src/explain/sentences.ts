import type { Message, MessageArgument, Translate } from "../tensor/message.ts";
import { shapeText } from "../tensor/tensor.ts";

/** How the messages of one layer are said: code → sentence. `translate` is called with literal text, so that it can be checked. */
export type Sentences = Readonly<
  Record<string, (translate: Translate, args: Readonly<Record<string, string | number>>) => string>
>;

/** Says messages; a code that no table has is said as the code itself, so that nothing is lost. */
export function sayer(translate: Translate, tables: readonly Sentences[]): (message: Message) => string {
  const all = Object.assign({}, ...tables) as Sentences;
  return ({ code, args }) => all[code]?.(translate, plain(args ?? {})) ?? code;
}

/** Shapes become `4×8`, lists become `a, b`. */
function plain(args: Readonly<Record<string, MessageArgument>>): Record<string, string | number> {
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [name, plainArgument(value)]));
}

function plainArgument(value: MessageArgument): string | number {
  if (typeof value === "number" || typeof value === "string") return value;
  if (typeof value === "boolean") return String(value);
  return typeof value[0] === "number" ? shapeText(value as readonly number[]) : value.join(", ");
}
