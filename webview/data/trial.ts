import type { WhatIf } from "../../src/protocol/panel.ts";
import type { Place } from "../state.ts";

/** Nothing tried out: everything as the settings and the document say. */
export const asItIs: WhatIf = { causal: null, scale: null, softcap: null, window: null, blocked: [], excluded: [] };

/** With this cell forbidden, or allowed again if it was. */
export function withCell(trial: WhatIf, { query, key }: Place): WhatIf {
  const rest = trial.blocked.filter(([q, k]) => q !== query || k !== key);
  return { ...trial, blocked: rest.length < trial.blocked.length ? rest : [...rest, [query, key]] };
}

/** Without this key for every query, or with it again if it was left out. */
export function withoutKey(trial: WhatIf, key: number): WhatIf {
  const rest = trial.excluded.filter((each) => each !== key);
  return { ...trial, excluded: rest.length < trial.excluded.length ? rest : [...rest, key] };
}
