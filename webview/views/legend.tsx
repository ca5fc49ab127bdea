import type { JSX } from "preact";
import type { Stage } from "../../src/attention/problem.ts";
import { type ColorMap, hexColor } from "../../src/picture/colorMaps.ts";
import { type Domain, type Scale, scaleOver } from "../../src/picture/scale.ts";
import type { ResultSummary } from "../../src/protocol/core.ts";
import { numberText } from "../../src/tensor/print.ts";
import { useAnswer, useHead, useSelect, useTranslate } from "../context.ts";
import { useColoring } from "../data/coloring.ts";
import { useOther } from "../data/subject.ts";
import { stageSize } from "../state.ts";
import { coarse } from "./stageStrip.tsx";

/** What the colours mean: the ends of the scale, and the true limits of the stage. */
export function Legend({ result }: { readonly result: ResultSummary }): JSX.Element {
  const translate = useTranslate();
  const stage = useSelect(({ ui }) => ui.stage);
  const maskSeen = useSelect((state) => state.maskSeen);
  const { map, domain, limits } = useColoring(stage);
  const middle = map.diverging ? 0 : (domain.minimum + domain.maximum) / 2;
  return (
    <figure class="legend" aria-label={translate("Legend")}>
      <Histogram result={result} stage={stage} domain={domain} />
      <div class="legend-bar" style={{ backgroundImage: gradient(map) }} />
      <div class="legend-numbers">
        <span>{numberText(domain.minimum, 3)}</span>
        <span>{numberText(middle, 3)}</span>
        <span>{numberText(domain.maximum, 3)}</span>
      </div>
      <figcaption>
        {limits &&
          translate("least {0}, largest {1}", { 0: numberText(limits.minimum), 1: numberText(limits.maximum) })}
        {maskSeen && (stage === "masked" || stage === "weights") && (
          <span class="legend-mask">
            <i class="hatch" aria-hidden="true" />
            {translate("masked")}
          </span>
        )}
      </figcaption>
    </figure>
  );
}

interface HistogramProps {
  readonly result: ResultSummary;
  readonly stage: Stage;
  readonly domain: Domain;
}

const bins = 64;

/** How often the colours occur, of the blocks that the small picture shows; counts by their logarithm. */
function Histogram({ result, stage, domain }: HistogramProps): JSX.Element | null {
  const head = useHead();
  const other = useOther();
  const kind = useSelect(({ ui }) => ui.scale);
  const { rows, columns } = stageSize(stage, result);
  const asked =
    head && !other && rows * columns > 0
      ? ({ method: "tile", ...head, stage, ...coarse(rows, columns), beyond: 0 } as const)
      : null;
  const { value: tile } = useAnswer<"tile">(asked, true);
  if (!tile || other) return null;
  const counts = counted(tile.values, scaleOver(kind, domain));
  const most = Math.log1p(Math.max(...counts));
  const bars = counts
    .map((count, i) => (count > 0 ? `M${i} 16V${16 - (16 * Math.log1p(count)) / most}h1V16z` : ""))
    .join("");
  return (
    <svg class="histogram" viewBox={`0 0 ${bins} 16`} preserveAspectRatio="none" aria-hidden="true">
      <path d={bars} />
    </svg>
  );
}

function counted(values: Float32Array, scale: Scale): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const x of values) if (Number.isFinite(x)) counts[Math.min(bins - 1, Math.floor(scale(x) * bins))]!++;
  return counts;
}

function gradient(map: ColorMap): string {
  const stops = Array.from({ length: 17 }, (_, i) => hexColor(map, Math.min(255, i * 16)));
  return `linear-gradient(to right, ${stops.join(", ")})`;
}
