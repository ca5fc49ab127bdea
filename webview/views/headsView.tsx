import { Fragment, type JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { HeadPattern, HeadSummary } from "../../src/attention/result.ts";
import type { ResultSummary } from "../../src/protocol/core.ts";
import { numberText } from "../../src/tensor/print.ts";
import { useAnswer, useDispatch, useSelect, useTranslate } from "../context.ts";
import { useNames } from "../data/names.ts";
import { flatHead, type HeadSort, headSorts, type UiState } from "../state.ts";
import { arrowTarget } from "../ui/arrowKeys.ts";
import { Dropdown } from "../ui/controls.ts";
import { useWidth } from "../ui/useWidth.ts";
import { headName, labelOf } from "../words.ts";
import { coarse } from "./stageStrip.tsx";
import { Thumb } from "./thumb.tsx";
import { Together } from "./together.tsx";

interface HeadsProps {
  readonly result: ResultSummary;
}

/** All heads as small pictures: click shows one, Shift adds it, a double-click shows it alone. */
export function HeadsView({ result }: HeadsProps): JSX.Element | null {
  const translate = useTranslate();
  const { sizes } = result;
  const count = sizes.batch * sizes.heads;
  const { value: summaries } = useAnswer<"summaries">(
    count > 1 ? { method: "summaries", result: result.result } : null,
  );
  const sort = useSelect(({ ui }) => ui.headSort);
  const dispatch = useDispatch();
  const [near, setNear] = useState<HeadSummary | null>(null);
  const current = useSelect(({ ui }) => flatHead(ui, sizes.heads));
  const grid = useRef<HTMLDivElement>(null);
  const width = useWidth(grid);
  if (count < 2) return null;
  const order = sorted(summaries ?? plain(result), sort);
  const columns =
    sort === "position" && sizes.batch > 1 && sizes.heads <= 16
      ? sizes.heads
      : Math.min(count, Math.max(3, Math.floor(width / 64)));
  const isGrid = sort === "position" && sizes.batch > 1 && columns === sizes.heads;
  const margin = isGrid ? 22 : 0;
  const side = Math.max(14, Math.min(84, (width - 6 - margin - 2 * (columns - 1)) / columns - 4));
  const told = near ?? summaries?.find((summary) => flatHead(summary, sizes.heads) === current) ?? null;
  return (
    <section class="heads" aria-label={translate("Heads")}>
      <header>
        <h2>{translate("Heads")}</h2>
        <Dropdown
          label={translate("Sort heads")}
          value={sort}
          options={headSorts.map((each) => ({ value: each, text: sortName(each, translate) }))}
          onChoose={(value) => dispatch({ type: "ui", change: { headSort: value as HeadSort } })}
        />
      </header>
      <div
        ref={grid}
        class="head-grid"
        role="toolbar"
        aria-label={translate("Heads")}
        style={{ gridTemplateColumns: `${isGrid ? `${margin - 2}px ` : ""}repeat(${columns}, ${side + 4}px)` }}
        onPointerLeave={() => setNear(null)}
        onKeyDown={(event) => walk(event, columns)}
      >
        {width > 0 && isGrid && <HeadNumbers result={result} />}
        {width > 0 &&
          order.map((summary) => (
            <Fragment key={flatHead(summary, sizes.heads)}>
              {isGrid && summary.head === 0 && <Numeral>{labelOf(result.axes?.batch, summary.batch)}</Numeral>}
              <HeadButton result={result} summary={summary} side={side} onNear={setNear} />
            </Fragment>
          ))}
      </div>
      <Together result={result}>
        <span class="hint">{translate("Shift-click shows several heads together.")}</span>
      </Together>
      {told && <HeadFacts result={result} summary={told} />}
    </section>
  );
}

/** The heads' numbers above their columns; the corner belongs to the numbers of the layers. */
function HeadNumbers({ result }: HeadsProps): JSX.Element {
  return (
    <>
      <span />
      {Array.from({ length: result.sizes.heads }, (_, head) => (
        <Numeral key={head}>{labelOf(result.axes?.head, head)}</Numeral>
      ))}
    </>
  );
}

function Numeral({ children }: { readonly children: string }): JSX.Element {
  return (
    <span class="numeral" aria-hidden="true">
      {children}
    </span>
  );
}

/** Before the summaries are there: heads without their numbers. */
function plain({ sizes }: ResultSummary): HeadSummary[] {
  return Array.from({ length: sizes.batch * sizes.heads }, (_, flat) => ({
    batch: Math.floor(flat / sizes.heads),
    head: flat % sizes.heads,
    entropy: Number.NaN,
    peak: { value: Number.NaN, query: 0, key: 0 },
    self: 0,
    previous: 0,
    first: 0,
    fullyMaskedRows: 0,
    pattern: null,
  }));
}

function sorted(summaries: readonly HeadSummary[], sort: HeadSort): readonly HeadSummary[] {
  const by: Record<HeadSort, ((summary: HeadSummary) => number) | null> = {
    position: null,
    entropy: ({ entropy }) => entropy,
    peak: ({ peak }) => -peak.value,
    sink: ({ first }) => -first,
    previous: ({ previous }) => -previous,
    diagonal: ({ self }) => -self,
    uniform: ({ entropy }) => -entropy,
  };
  const key = by[sort];
  return key ? [...summaries].sort((a, b) => key(a) - key(b)) : summaries;
}

type Say = ReturnType<typeof useTranslate>;

function sortName(sort: HeadSort, translate: Say): string {
  switch (sort) {
    case "position":
      return translate("In order");
    case "entropy":
      return translate("Lowest entropy first");
    case "peak":
      return translate("Largest weight first");
    case "sink":
      return translate("First-token sink");
    case "previous":
      return translate("Previous token");
    case "diagonal":
      return translate("Own position");
    case "uniform":
      return translate("Uniform");
  }
}

function patternName(pattern: HeadPattern, translate: Say): string {
  switch (pattern) {
    case "sink":
      return translate("first-token sink");
    case "previous":
      return translate("previous token");
    case "diagonal":
      return translate("own position");
    case "uniform":
      return translate("uniform");
  }
}

interface HeadButtonProps extends HeadsProps {
  readonly summary: HeadSummary;
  readonly side: number;
  readonly onNear: (summary: HeadSummary) => void;
}

/** A head's picture, asked for when it comes into view. */
function HeadButton({ result, summary, side, onNear }: HeadButtonProps): JSX.Element {
  const translate = useTranslate();
  const dispatch = useDispatch();
  const button = useRef<HTMLButtonElement>(null);
  const seen = useSeen(button);
  const { batch, head } = summary;
  const { heads, queries, keys } = result.sizes;
  const flat = flatHead(summary, heads);
  const isCurrent = useSelect(({ ui }) => flatHead(ui, heads) === flat);
  const isTogether = useSelect(({ ui }) => ui.together.includes(flat));
  const together = useSelect(({ ui }) => ui.together);
  const colors = useSelect(({ snapshot, ui }) => ui.colorMap ?? snapshot?.settings.colorMap ?? "viridis");
  const asked = {
    method: "tile",
    result: result.result,
    batch,
    head,
    stage: "weights",
    ...coarse(queries, keys, 32),
    beyond: 0,
  } as const;
  const { value: tile } = useAnswer<"tile">(seen && queries * keys > 0 ? asked : null, true);
  const press = (event: MouseEvent) => {
    if (!event.shiftKey)
      return dispatch({
        type: "ui",
        change: { batch, head, together: together.length > 0 && isTogether ? together : [] },
      });
    const toggled = ({ together }: UiState) => {
      const rest = together.filter((each) => each !== flat);
      return { together: rest.length < together.length ? rest : [...rest, flat] };
    };
    dispatch({ type: "ui", change: toggled });
  };
  const name = headName(result, summary, translate);
  const numbers = translate("{0}: entropy {1}, largest weight {2}", {
    0: name,
    1: numberText(summary.entropy, 3),
    2: numberText(summary.peak.value, 3),
  });
  const short = `H ${numberText(summary.entropy, 2)}${side >= 80 ? ` · ${numberText(summary.peak.value, 2)}` : ""}`;
  return (
    <button
      ref={button}
      type="button"
      class="head"
      tabIndex={isCurrent ? 0 : -1}
      aria-pressed={isCurrent || isTogether}
      aria-label={Number.isNaN(summary.entropy) ? name : numbers}
      data-numbers={side >= 56 && !Number.isNaN(summary.entropy) ? short : undefined}
      title={numbers}
      onClick={press}
      onDblClick={() => dispatch({ type: "ui", change: { batch, head, together: [] } })}
      onPointerEnter={() => onNear(summary)}
      onFocus={() => onNear(summary)}
    >
      <Thumb
        tile={tile}
        rows={queries}
        columns={keys}
        colors={colors}
        fromZero={true}
        width={side}
        height={side}
        fill={true}
      />
      {side >= 44 && <span class="head-name">{result.sizes.batch > 1 ? `${batch}·${head}` : head}</span>}
    </button>
  );
}

function useSeen(element: { readonly current: HTMLElement | null }): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const target = element.current;
    if (!target || seen) return;
    const observer = new IntersectionObserver(
      (entries) => entries.some(({ isIntersecting }) => isIntersecting) && setSeen(true),
      {
        rootMargin: "100px",
      },
    );
    observer.observe(target);
    return () => observer.disconnect();
  }, [seen]);
  return seen;
}

/** Arrow keys go from head to head: hundreds of them are one step of the Tab key. */
function walk(event: KeyboardEvent, columns: number): void {
  const heads = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>(".head")];
  const at = heads.indexOf(document.activeElement as HTMLElement);
  const target = { Home: 0, End: heads.length - 1 }[event.key] ?? arrowTarget(event.key, at, columns);
  if (at < 0 || target === undefined) return;
  event.preventDefault();
  heads[target]?.focus();
}

function HeadFacts({ result, summary }: HeadsProps & { readonly summary: HeadSummary }): JSX.Element {
  const translate = useTranslate();
  const names = useNames(result);
  const { entropy, peak, pattern, known } = summary;
  return (
    <dl class="head-facts">
      <dt>{headName(result, summary, translate)}</dt>
      <dd>{pattern && <b>{patternName(pattern, translate)}</b>}</dd>
      <dt>{translate("mean entropy")}</dt>
      <dd>{numberText(entropy, 3)}</dd>
      <dt>{translate("largest weight")}</dt>
      <dd>
        {numberText(peak.value, 3)}{" "}
        <small>
          {names.query(peak.query)} → {names.key(peak.key)}
        </small>
      </dd>
      <dt>{translate("mean weight on")}</dt>
      <dd>
        {translate("itself {0} · previous {1} · first {2}", {
          0: numberText(summary.self, 2),
          1: numberText(summary.previous, 2),
          2: numberText(summary.first, 2),
        })}
      </dd>
      {known !== undefined && (
        <>
          <dt>{translate("a draft")}</dt>
          <dd>{translate("{0} % of the rows are computed", { 0: Math.max(1, Math.floor(known * 100)) })}</dd>
        </>
      )}
    </dl>
  );
}
