import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Stage } from "../../src/attention/problem.ts";
import { alarmColor } from "../../src/picture/cells.ts";
import { type ColorMap, hexColor } from "../../src/picture/colorMaps.ts";
import { type Domain, type Scale, scaleOver } from "../../src/picture/scale.ts";
import type { ResultSummary } from "../../src/protocol/core.ts";
import { numberText } from "../../src/tensor/print.ts";
import { useAnswer, useDispatch, useHead, useSelect, useTranslate } from "../context.ts";
import { useColoring } from "../data/coloring.ts";
import { usePatchDomain, usePatchGrid } from "../data/patches.ts";
import { useOther } from "../data/subject.ts";
import { useTogetherOverview } from "../data/together.ts";
import { stageSize } from "../state.ts";
import { TypedNumber } from "./scrub.tsx";
import { coarse } from "./stageStrip.tsx";

/** What the colours mean: the ends of the scale, which can be typed over, and the true limits of the stage. */
export function Legend({ result }: { readonly result: ResultSummary }): JSX.Element {
  const translate = useTranslate();
  const dispatch = useDispatch();
  const stage = useSelect(({ ui }) => ui.stage);
  const asked = useSelect(({ ui }) => ui.domain);
  const perRow = useSelect(({ ui }) => ui.perRow);
  const grid = usePatchGrid(result);
  const isPatches = useSelect(({ ui }) => ui.view === "patches") && grid !== null;
  const { map, domain, limits, isBound, isSampled, isPerRow, isOneForAll } = useColoring(stage);
  const patches = usePatchDomain(result, isPatches);
  const shown = patches ?? domain;
  const alarmSeen = useSelect((state) => state.alarmSeen);
  // Where no number is finite, no colour stands for any.
  const isBare = alarmSeen && limits === null && !patches;
  const middle = map.diverging ? 0 : (shown.minimum + shown.maximum) / 2;
  const set = (end: keyof Domain) => (number: number) => {
    const next = { ...domain, [end]: number };
    if (next.minimum < next.maximum) dispatch({ type: "ui", change: { domain: next } });
  };
  const end = (which: keyof Domain, label: string) =>
    patches || isPerRow ? (
      <span>{isPerRow && !patches ? label : numberText(shown[which], 3)}</span>
    ) : (
      <EditableNumber label={label} value={domain[which]} onChange={set(which)} />
    );
  return (
    <figure class="legend" aria-label={translate("Legend")}>
      {!patches && !isPerRow && !isBare && <Histogram result={result} stage={stage} domain={domain} />}
      {!isBare && <div class="legend-bar" style={{ backgroundImage: gradient(map) }} />}
      <div class="legend-numbers" hidden={isBare}>
        {end("minimum", perRow && isPerRow ? translate("row's least") : translate("Colors start at"))}
        {!isPerRow && <span>{numberText(middle, 3)}</span>}
        {end("maximum", perRow && isPerRow ? translate("row's largest") : translate("Colors end at"))}
      </div>
      <figcaption>
        {patches
          ? translate("the selected query's weights on the patches")
          : limits &&
            !isBound &&
            translate("least {0}, largest {1}", { 0: numberText(limits.minimum), 1: numberText(limits.maximum) })}
        {limits && isSampled && !patches && <span>{translate("of evenly chosen rows")}</span>}
        {isOneForAll && !patches && <span>{translate("too many numbers for colors by row: one scale for all")}</span>}
        {!patches && <Signs stage={stage} />}
        {asked && !patches && (
          <button type="button" class="link" onClick={() => dispatch({ type: "ui", change: { domain: null } })}>
            {translate("As the numbers are")}
          </button>
        )}
      </figcaption>
    </figure>
  );
}

/** What else can be seen on the map: masked cells, numbers that have no colour, blocks of many cells. */
function Signs({ stage }: { readonly stage: Stage }): JSX.Element {
  const translate = useTranslate();
  const maskSeen = useSelect((state) => state.maskSeen);
  const alarmSeen = useSelect((state) => state.alarmSeen);
  const side = useSelect((state) => state.blockSide);
  const isMean = useSelect(({ ui }) => ui.together.length > 0 && ui.combine === "mean");
  const isCompared = useOther() !== null;
  return (
    <>
      {maskSeen && (stage === "masked" || stage === "weights") && (
        <span class="legend-sign">
          <i class="hatch" aria-hidden="true" />
          {translate("masked")}
        </span>
      )}
      {alarmSeen && (
        <span class="legend-sign">
          <i class="alarm" style={{ backgroundColor: alarmColor }} aria-hidden="true" />
          {translate("NaN or ∞")}
        </span>
      )}
      {side > 1 && <span>{blockWords(side, stage, isMean && !isCompared, isCompared, translate)}</span>}
    </>
  );
}

function blockWords(
  side: number,
  stage: Stage,
  isMean: boolean,
  isCompared: boolean,
  translate: ReturnType<typeof useTranslate>,
): string {
  if (isMean)
    return translate("each point: the mean over the heads of the largest of a block of {0} × {0}", { 0: side });
  if (isCompared || stage === "output")
    return translate("each point: the largest in size of a block of {0} × {0}", { 0: side });
  return translate("each point: the largest of a block of {0} × {0}", { 0: side });
}

interface EditableProps {
  readonly label: string;
  readonly value: number;
  readonly onChange: (next: number) => void;
}

/** A number that turns into a field when it is pressed. */
function EditableNumber({ label, value, onChange }: EditableProps): JSX.Element {
  const [typing, setTyping] = useState(false);
  if (!typing)
    return (
      <button
        type="button"
        class="editable"
        aria-label={`${label} ${numberText(value, 3)}`}
        title={label}
        onClick={() => setTyping(true)}
      >
        {numberText(value, 3)}
      </button>
    );
  const done = (typed: number | null) => {
    setTyping(false);
    if (typed !== null) onChange(typed);
  };
  return <TypedNumber value={Number(value.toPrecision(3))} label={label} onDone={done} />;
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
  const together = useTogetherOverview();
  const { value: own } = useAnswer<"tile">(together === null ? asked : null, true);
  const tile = together === null ? own : together;
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
