import { useMemo } from "preact/hooks";
import type { Stage } from "../../src/attention/problem.ts";
import { type ColorMap, colorMap } from "../../src/picture/colorMaps.ts";
import { balanced, type Domain, finiteDomain, scaleOver } from "../../src/picture/scale.ts";
import { useAnswer, useHead, useRefined, useSelect } from "../context.ts";
import type { Paint } from "../map/tiles.ts";
import { useOther } from "./subject.ts";
import { useTogetherLimits } from "./together.ts";

/** How the stage that is shown is coloured. */
export interface Coloring {
  readonly paint: Paint;
  readonly map: ColorMap;
  /** What the colours span. */
  readonly domain: Domain;
  /** The stage's own least and largest number; null until they are known or where none is finite. */
  readonly limits: Domain | null;
  /** No number is beyond those, but none need be as large: of many heads together. */
  readonly isBound: boolean;
  /** Those are of evenly chosen rows, not of all. */
  readonly isSampled: boolean;
  /** Every row has ends of its own. */
  readonly isPerRow: boolean;
  /** That was asked for, but there are too many numbers to look at all. */
  readonly isOneForAll: boolean;
}

/** Every number is looked at for rows' own colours: of up to so many, about two seconds. */
const rowLimitsOf = 2 ** 28;

export function useColoring(stage: Stage): Coloring {
  const head = useHead();
  const setting = useSelect(({ snapshot }) => snapshot?.settings.colorMap ?? "viridis");
  const chosen = useSelect(({ ui }) => ui.colorMap);
  const kind = useSelect(({ ui }) => ui.scale);
  const perRow = useSelect(({ ui }) => ui.perRow);
  const asked = useSelect(({ ui }) => ui.domain);
  const sizes = useSelect(({ snapshot }) => snapshot?.result?.sizes ?? null);
  const { value: own } = useRefined<"limits">(head && { method: "limits", ...head, stage });
  const apart = useDifferenceLimits(stage);
  const together = useTogetherLimits();
  const limits = apart ?? together ?? own;
  const isSampled = (apart ?? (together ? null : own))?.sampled === true;
  const isVast = sizes !== null && sizes.queries * (stage === "output" ? sizes.valueSize : sizes.keys) > rowLimitsOf;
  const rows = perRow && head && !apart && !isVast && sizes ? sizes.queries : 0;
  const { value: rowLimits } = useAnswer<"rowLimits">(
    head && rows > 0 ? { method: "rowLimits", ...head, stage, row: 0, rows, step: 1 } : null,
  );
  return useMemo(() => {
    const known = limits && Number.isFinite(limits.minimum) && Number.isFinite(limits.maximum) ? limits : null;
    const map = colorMap(apart ? "diverging" : (chosen ?? (stage === "weights" ? setting : "diverging")));
    const domain = asked ?? spanned(stage, map, known ?? { minimum: 0, maximum: 1 });
    const whole = scaleOver(kind, domain);
    const scale = (row: number) => {
      if (!rowLimits) return whole;
      const own = { minimum: rowLimits.minimum[row]!, maximum: rowLimits.maximum[row]! };
      return Number.isFinite(own.minimum) ? scaleOver(kind, spanned(stage, map, own)) : whole;
    };
    return {
      paint: { map, scale },
      map,
      domain,
      limits: known,
      isBound: !apart && together?.isBound === true,
      isSampled,
      isPerRow: rowLimits !== undefined,
      isOneForAll: perRow && isVast,
    };
  }, [setting, chosen, stage, kind, asked, limits, isSampled, rowLimits, perRow, isVast, apart, together]);
}

/** The limits of a difference; null where nothing is compared. A difference of nothing spans a little, to be seen as white. */
function useDifferenceLimits(stage: Stage): (Domain & { readonly sampled?: boolean }) | null {
  const head = useHead();
  const other = useOther();
  const sizes = useSelect(({ snapshot }) => snapshot?.result?.sizes ?? null);
  const columns = stage === "output" ? sizes?.valueSize : sizes?.keys;
  const step = sizes && columns ? 2 ** Math.max(0, Math.ceil(Math.log2(Math.max(sizes.queries, columns) / 64))) : 1;
  const asked = head && other && sizes && columns;
  const { value } = useAnswer<"difference">(
    asked
      ? {
          method: "difference",
          ...head,
          other,
          stage,
          row: 0,
          column: 0,
          step,
          rows: Math.ceil(sizes.queries / step),
          columns: Math.ceil(columns / step),
        }
      : null,
  );
  return useMemo(() => {
    if (!value) return null;
    const limits = finiteDomain(value.values);
    const wide = limits && limits.maximum > limits.minimum ? limits : { minimum: -1e-12, maximum: 1e-12 };
    return value.sampled ? { ...wide, sampled: true } : wide;
  }, [value]);
}

/** Weights are shares: their colours start at 0. Numbers with a sign have 0 in the middle of a diverging map. */
function spanned(stage: Stage, map: ColorMap, limits: Domain): Domain {
  if (map.diverging) return balanced(limits);
  return stage === "weights" ? { minimum: 0, maximum: limits.maximum } : limits;
}
