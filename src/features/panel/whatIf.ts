import type { AttendOptions } from "../../protocol/core.ts";
import type { WhatIf } from "../../protocol/whatIf.ts";

/** The options as the page keeps them: everything that is not tried out is null, or empty. */
export function whatIfOf({ causal, scale, softcap, window, blocked, excluded }: AttendOptions): WhatIf {
  return {
    causal: causal ?? null,
    scale: scale ?? null,
    softcap: softcap ?? null,
    window: window ? [...window] : null,
    blocked: (blocked ?? []).map(([query, key]) => [query, key]),
    excluded: [...(excluded ?? [])],
  };
}

/** The other way: what is null or empty leaves the document and the settings their say. */
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
