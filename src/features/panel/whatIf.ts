import type { AttendOptions } from "../../protocol/core.ts";
import type { WhatIf } from "../../protocol/whatIf.ts";

/** What is tried out, for the core: what is null or empty leaves the document and the settings their say. */
export function optionsOf({ causal, scale, softcap, window, blocked, excluded }: WhatIf): AttendOptions {
  return {
    ...(causal !== null && { causal }),
    ...(scale !== null && { scale }),
    ...(softcap !== null && softcap > 0 && { softcap }),
    ...(window !== null && { window }),
    ...(blocked.length > 0 && { blocked }),
    ...(excluded.length > 0 && { excluded }),
  };
}
