import * as v from "valibot";

const index = v.pipe(v.number(), v.integer(), v.minValue(0));
const side = v.nullable(index);
const cell = v.tuple([index, index]);

const causal = v.picklist(["none", "topLeft", "bottomRight"]);

/** What the user tries out in the panel. null: as the settings and the document say. Nothing in the file changes. */
export const whatIf = v.object({
  causal: v.nullable(causal),
  scale: v.nullable(v.union([v.pipe(v.number(), v.finite()), v.literal("auto")])),
  softcap: v.nullable(v.pipe(v.number(), v.finite(), v.minValue(0))),
  /** Keys before and after a query's own position. */
  window: v.nullable(v.tuple([side, side])),
  /** Cells `[query, key]` that the user forbade, in every head. */
  blocked: v.array(cell),
  /** Keys that the user took out, for every query. */
  excluded: v.array(index),
});
export type WhatIf = v.InferOutput<typeof whatIf>;

/** Nothing tried out: everything as the settings and the document say. */
export const asItIs: WhatIf = { causal: null, scale: null, softcap: null, window: null, blocked: [], excluded: [] };

/**
 * What becomes different. The page sends steps, never what it believes the whole to be: two that follow each other
 * faster than the host answers must not undo one another.
 */
export const whatIfChange = v.partial(
  v.object({
    ...whatIf.entries,
    /** One side of the window; the other stays. null: no limit on this side. */
    keysBefore: side,
    keysAfter: side,
    /** Forbids this cell, or allows it again if it was forbidden. */
    cell,
    /** Leaves this key out, or takes it in again if it was left out. */
    key: index,
  }),
);
export type WhatIfChange = v.InferOutput<typeof whatIfChange>;

/** What is tried out after this step. */
export function changed(trial: WhatIf, { keysBefore, keysAfter, cell, key, ...whole }: WhatIfChange): WhatIf {
  const next = { ...trial, ...whole };
  const [before, after] = next.window ?? [null, null];
  const window: [number | null, number | null] = [
    keysBefore === undefined ? before : keysBefore,
    keysAfter === undefined ? after : keysAfter,
  ];
  return {
    ...next,
    window: window[0] === null && window[1] === null ? null : window,
    blocked: cell ? toggled(next.blocked, cell, ([q, k]) => q === cell[0] && k === cell[1]) : next.blocked,
    excluded: key === undefined ? next.excluded : toggled(next.excluded, key, (each) => each === key),
  };
}

/** With this one at the end; without it where it was there. */
function toggled<T>(all: readonly T[], one: T, isOne: (each: T) => boolean): T[] {
  const rest = all.filter((each) => !isOne(each));
  return rest.length < all.length ? rest : [...rest, one];
}

/** What is tried out, and the way back: the host keeps it, so that no step is lost on a slow wire or with a hidden page. */
export interface Trials {
  readonly current: WhatIf;
  readonly past: readonly WhatIf[];
  /** A number that is dragged makes many steps of one kind, and one to be taken back. */
  readonly dragged: string | null;
}

export const noTrials: Trials = { current: asItIs, past: [], dragged: null };

/** Steps further back than this are forgotten. */
const mostSteps = 200;

export function triedOut({ current, past, dragged }: Trials, change: WhatIfChange): Trials {
  const [kind, ...more] = Object.keys(change);
  const drags = more.length === 0 && (kind === "scale" || kind === "softcap") ? kind : null;
  const isSameDrag = drags !== null && drags === dragged;
  return {
    current: changed(current, change),
    past: isSameDrag ? past : [...past, current].slice(-mostSteps),
    dragged: drags,
  };
}

export function takenBack(trials: Trials): Trials {
  const before = trials.past.at(-1);
  return before ? { current: before, past: trials.past.slice(0, -1), dragged: null } : trials;
}
