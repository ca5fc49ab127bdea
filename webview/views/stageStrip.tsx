import type { ComponentChildren, JSX } from "preact";
import { useRef } from "preact/hooks";
import { type Stage, stages } from "../../src/attention/problem.ts";
import type { ResultSummary } from "../../src/protocol/core.ts";
import { goToPart, useAnswer, useHead, usePanel, useRefined, useSelect, useTranslate } from "../context.ts";
import { stageSize } from "../state.ts";
import { useWidth } from "../ui/useWidth.ts";
import { stageName } from "./gridCells.tsx";
import { Thumb } from "./thumb.tsx";

const formulas = { scores: "QKᵀ", scaled: "· 1/√d", masked: "+ mask", weights: "softmax", output: "· V" } as const;

const scoreFormulas = {
  scaledDot: "Q′K′ᵀ",
  dot: "QKᵀ",
  general: "QWKᵀ",
  additive: "vᵀtanh(q+k)",
  pooling: "vᵀtanh(Wx)",
  cosine: "cos(Q,K)",
  linear: "lnφ(Q)φ(K)ᵀ",
} as const;

/** What a stage does to the one before it. */
function formulaOf(stage: Stage, { form }: ResultSummary): string {
  if (!form) return formulas[stage];
  if (stage === "scores" && (form.steps.length > 0 || form.score !== "scaledDot")) return scoreFormulas[form.score];
  if (stage === "scaled" && form.score !== "scaledDot") return form.score === "cosine" ? "· 1/τ" : "· 1";
  if (stage === "masked" && form.bias) return "+ B + M";
  return formulas[stage];
}

interface StripProps {
  readonly result: ResultSummary;
}

/**
 * The five stages in their order, as a list of tabs (arrows go along, digits jump), each with its picture; between them
 * what goes in: Q and Kᵀ before the scores, V before the output.
 */
export function StageStrip({ result }: StripProps): JSX.Element {
  const translate = useTranslate();
  const panel = usePanel();
  const current = useSelect(({ ui }) => ui.stage);
  const strip = useRef<HTMLDivElement>(null);
  const width = useWidth(strip);
  const shown = stages.filter((stage) => result.stages.includes(stage));
  const box = boxFor(width, shown.length);
  const go = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const jump = { Home: 0, End: shown.length - 1 }[event.key];
    const next =
      jump ?? (step === undefined ? undefined : (shown.indexOf(current) + step + shown.length) % shown.length);
    if (next === undefined) return;
    event.preventDefault();
    goToPart(panel, shown[next]!);
    (event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('[role="tab"]')[next]?.focus();
  };
  return (
    <div
      ref={strip}
      class={box.inputs ? "stages with-inputs" : "stages"}
      role="tablist"
      aria-label={translate("Stages")}
      tabIndex={-1}
      onKeyDown={go}
    >
      {box.inputs && shown.includes("scores") && (
        <>
          <Input result={result} plays="query" name="Q" words={translate("queries")} box={box} />
          <Operator>×</Operator>
          <Input result={result} plays="key" name="Kᵀ" words={translate("keys")} box={box} />
          <Operator>=</Operator>
        </>
      )}
      {shown.map((stage) => (
        <>
          {box.inputs && stage === "output" && (
            <>
              <Operator>×</Operator>
              <Input result={result} plays="value" name="V" words={translate("values")} box={box} />
              <Operator>=</Operator>
            </>
          )}
          {box.inputs && stage !== "output" && stage !== shown[0] && <Operator>→</Operator>}
          <button
            key={stage}
            type="button"
            role="tab"
            class="stage"
            aria-selected={stage === current}
            tabIndex={stage === current ? 0 : -1}
            onClick={() => goToPart(panel, stage)}
          >
            <StageThumb result={result} stage={stage} box={box} />
            <span class="stage-name">{stageName(stage, translate)}</span>
            <span class="stage-formula" aria-hidden="true">
              {formulaOf(stage, result)}
            </span>
            <Shape {...stageSize(stage, result)} />
          </button>
        </>
      ))}
    </div>
  );
}

interface Box {
  readonly width: number;
  readonly height: number;
  /** Whether there is room for Q, Kᵀ and V. */
  readonly inputs: boolean;
}

function boxFor(width: number, count: number): Box {
  if (width >= 620) return { width: Math.min(96, (width - 150) / (count + 3) - 14), height: 72, inputs: true };
  return { width: Math.max(24, width / Math.max(1, count) - 16), height: 44, inputs: false };
}

function Shape({ rows, columns }: { readonly rows: number; readonly columns: number }): JSX.Element {
  return (
    <span class="stage-shape">
      {rows}×<wbr />
      {columns}
    </span>
  );
}

function Operator({ children }: { readonly children: ComponentChildren }): JSX.Element {
  return (
    <span class="operator" aria-hidden="true">
      {children}
    </span>
  );
}

/** Blocks along a small picture's longer side. */
const blocks = 64;

/** The request for the whole stage in at most `most` blocks a side. */
export function coarse(
  rows: number,
  columns: number,
  most = blocks,
): { row: 0; column: 0; rows: number; columns: number; step: number } {
  const step = 2 ** Math.max(0, Math.ceil(Math.log2(Math.max(rows, columns, 1) / most)));
  return { row: 0, column: 0, rows: Math.ceil(rows / step), columns: Math.ceil(columns / step), step };
}

function StageThumb({ result, stage, box }: StripProps & { readonly stage: Stage; readonly box: Box }): JSX.Element {
  const head = useHead();
  const query = useSelect(({ ui }) => ui.query);
  const key = useSelect(({ ui }) => ui.key);
  const dimension = useSelect(({ ui }) => ui.dimension);
  const setting = useSelect(({ snapshot, ui }) =>
    stage === "weights" ? (ui.colorMap ?? snapshot?.settings.colorMap) : "diverging",
  );
  const { rows, columns } = stageSize(stage, result);
  const asked =
    head && rows * columns > 0 ? ({ method: "tile", ...head, stage, ...coarse(rows, columns) } as const) : null;
  const { value: tile } = useRefined<"tile">(asked, true);
  return (
    <Thumb
      tile={tile}
      rows={rows}
      columns={columns}
      colors={setting ?? "viridis"}
      fromZero={stage === "weights"}
      row={query}
      column={stage === "output" ? dimension : key}
      width={box.width}
      height={box.height}
    />
  );
}

interface InputProps extends StripProps {
  readonly plays: "query" | "key" | "value";
  readonly name: string;
  readonly words: string;
  readonly box: Box;
}

function Input({ result, plays, name, words, box }: InputProps): JSX.Element {
  const head = useHead();
  const query = useSelect(({ ui }) => ui.query);
  const key = useSelect(({ ui }) => ui.key);
  const { queries, keys, size, valueSize } = result.sizes;
  const [rows, columns] = [plays === "query" ? queries : keys, plays === "value" ? valueSize : size];
  const asked =
    head && rows * columns > 0 ? ({ method: "input", ...head, role: plays, ...coarse(rows, columns) } as const) : null;
  const { value: tile } = useAnswer<"input">(asked, true);
  const panel = usePanel();
  const marked = useSelect((state) => state.marked === plays);
  const written = result.written?.includes(plays);
  const transposed = plays === "key";
  const look = `input${marked ? " marked" : ""}${written ? " written" : ""}`;
  return (
    // For the pointer alone: the keyboard gets to the same expression by the first stage that uses it.
    <figure class={look} aria-hidden="true" {...(written && { onClick: () => goToPart(panel, plays) })}>
      <Thumb
        tile={tile}
        rows={rows}
        columns={columns}
        transposed={transposed}
        colors="diverging"
        row={transposed ? null : plays === "query" ? query : key}
        column={transposed ? key : null}
        width={box.width}
        height={box.height}
      />
      <span class="stage-name">{name}</span>
      <span class="stage-formula">{words}</span>
      <Shape rows={transposed ? columns : rows} columns={transposed ? rows : columns} />
    </figure>
  );
}
