import { useMemo } from "preact/hooks";
import { useHead, useSelect } from "../context.ts";
import type { HeadOf, Subject } from "./askTile.ts";

/** What the map shows now; the same object as long as it shows the same. */
export function useSubject(): Subject | null {
  const own = useHead();
  const stage = useSelect(({ ui }) => ui.stage);
  const together = useSelect(({ ui }) => ui.together);
  const combine = useSelect(({ ui }) => ui.combine);
  const heads = useSelect(({ snapshot }) => snapshot?.result?.sizes.heads ?? 1);
  const other = useOther();
  const identity = JSON.stringify([own, stage, together, combine, heads, other]);
  return useMemo(() => {
    if (!own) return null;
    const rest = together
      .map((flat) => ({ result: own.result, batch: Math.floor(flat / heads), head: flat % heads }))
      .filter(({ batch, head }) => batch !== own.batch || head !== own.head);
    if (other) return { ...own, stage, other };
    return rest.length > 0 ? { ...own, stage, together: rest, combine } : { ...own, stage };
  }, [identity]);
}

/** The head that the shown one is compared with; null where there is none that fits. */
export function useOther(): HeadOf | null {
  const compare = useSelect(({ ui }) => ui.compare);
  const result = useSelect(({ snapshot }) => snapshot?.result ?? null);
  const baseline = useSelect(({ snapshot }) => snapshot?.baseline ?? null);
  const batch = useSelect(({ ui }) => ui.batch);
  const head = useSelect(({ ui }) => ui.head);
  const stage = useSelect(({ ui }) => ui.stage);
  if (!result || compare.kind === "none") return null;
  if (compare.kind === "head") return { result: result.result, batch: compare.batch, head: compare.head };
  const [a, b] = [result.sizes, baseline?.sizes];
  const fits = b && a.queries === b.queries && a.keys === b.keys && a.valueSize === b.valueSize;
  if (!baseline || !fits || batch >= b.batch || head >= b.heads || !baseline.stages.includes(stage)) return null;
  return { result: baseline.result, batch, head };
}
