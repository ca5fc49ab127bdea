import type { Translate } from "../tensor/message.ts";
import type { AttendCommandOptions } from "./attend.ts";
import { UsageError } from "./commandLine.ts";

/** The flags of every command as they were typed. */
export interface Flags {
  readonly json: boolean;
  readonly values: string;
  readonly query?: string | undefined;
  readonly key?: string | undefined;
  readonly value?: string | undefined;
  readonly mask?: string | undefined;
  readonly causal?: boolean | undefined;
  readonly scale?: string | undefined;
  readonly softcap?: string | undefined;
  readonly window?: string | undefined;
}

/** What `attend` is asked for; a flag that is not what it should be is a UsageError that says which. */
export function attendOptions(flags: Flags, translate: Translate): AttendCommandOptions {
  const { json, query, key, value, mask, causal, scale, softcap, window } = flags;
  if (query === undefined && (key ?? value ?? mask) !== undefined)
    throw new UsageError(translate("--key, --value and --mask go with --query, which is missing."));
  return {
    json,
    ...(query !== undefined && { query }),
    ...(key !== undefined && { key }),
    ...(value !== undefined && { value }),
    ...(mask !== undefined && { mask }),
    ...(causal && { causal: "topLeft" as const }),
    ...(scale !== undefined && { scale: scale === "auto" ? scale : numberOf("scale", scale, translate) }),
    ...(softcap !== undefined && { softcap: numberOf("softcap", softcap, translate) }),
    ...(window !== undefined && { window: windowOf(window, translate) }),
  };
}

/** The most values that `inspect` prints of a tensor. */
export function valuesOf({ values }: Flags, translate: Translate): number {
  const most = numberOf("values", values, translate);
  if (Number.isInteger(most) && most >= 0) return most;
  throw new UsageError(translate("--values expects a whole number from 0, got {text}.", { text: values }));
}

function numberOf(flag: string, text: string, translate: Translate): number {
  const number = text.trim() === "" ? Number.NaN : Number(text);
  if (Number.isFinite(number)) return number;
  throw new UsageError(translate("--{flag} expects a number, got {text}.", { flag, text: text || '""' }));
}

/** `LEFT,RIGHT`: how many keys before and after itself a query may attend to; an empty side has no limit. */
function windowOf(text: string, translate: Translate): [number | null, number | null] {
  const sides = text.split(",").map((side) => (side.trim() === "" ? null : Number(side)));
  const [left, right] = sides;
  if (sides.length === 2 && sides.every((side) => side === null || (Number.isInteger(side) && side >= 0)))
    return [left!, right!];
  throw new UsageError(translate("--window expects LEFT,RIGHT in whole numbers, as 2,0 or 2, got {text}.", { text }));
}
