import type { CSSProperties, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { alarmColor } from "../../src/picture/cells.ts";
import { type ColorMap, colorIndex, colorMap, hexColor, inkOn } from "../../src/picture/colorMaps.ts";
import type { ResultSummary } from "../../src/protocol/core.ts";
import { columnTexts, numberText } from "../../src/tensor/print.ts";
import { useDispatch, usePanel, useSelect, useTranslate } from "../context.ts";
import { hiddenKeys, shownKeys } from "../data/filters.ts";
import { type Names, useNames } from "../data/names.ts";
import { type RowOfWeights, useWeights } from "../data/rows.ts";
import { pick } from "../picking.ts";
import { KeyName } from "./keyName.tsx";
import { useTrial } from "./whatIf.tsx";

/** The selected query: its words tinted by weight, its largest weights as bars, how it shares them out. */
export function QueryView({ result }: { readonly result: ResultSummary }): JSX.Element {
  const translate = useTranslate();
  const names = useNames(result);
  const query = useSelect(({ ui }) => ui.query);
  const { value: row, current } = useWeights(result, query);
  const dispatch = useDispatch();
  const told = useRef("");
  useEffect(() => {
    const about = `${result.uri} ${row?.query}`;
    // Of each query once: while its numbers are edited, the cell stays.
    if (!row || !current || row.weights.length === 0 || told.current === about) return;
    told.current = about;
    dispatch({ type: "telling", query: row.query, key: row.keys[largestOf(row.weights)]! });
  }, [result.uri, row, current]);
  return (
    <section class="query" aria-busy={!current}>
      <h2>
        {translate("Query")} <q>{names.query(row?.query ?? query)}</q>
      </h2>
      {row && (
        <>
          <TokenStrip result={result} row={row} />
          <Bars result={result} row={row} />
          <RowFacts row={row} names={names} />
        </>
      )}
    </section>
  );
}

function largestOf(weights: Float64Array): number {
  return weights.reduce((best, weight, at) => (weight > weights[best]! ? at : best), 0);
}

interface RowProps {
  readonly result: ResultSummary;
  readonly row: RowOfWeights;
}

/** Words around the strongest one, where there are more than this. */
const stripLength = 240;

function TokenStrip({ result, row }: RowProps): JSX.Element | null {
  const translate = useTranslate();
  const names = useNames(result);
  const panel = usePanel();
  const trial = useTrial();
  const key = useSelect(({ ui }) => ui.key);
  const setting = useSelect(({ snapshot }) => snapshot?.settings.colorMap ?? "viridis");
  if (!result.keyTokens || !row.whole) return null;
  const map = colorMap(setting);
  const most = row.weights.reduce((a, b) => Math.max(a, b), Number.MIN_VALUE);
  const from = Math.max(0, Math.min(row.weights.length - stripLength, key - stripLength / 2));
  const keys = Array.from({ length: Math.min(stripLength, row.weights.length) }, (_, i) => from + i);
  return (
    <fieldset class="strip" aria-label={translate("Keys, tinted by weight")}>
      {from > 0 && <small>… </small>}
      {keys.map((each) => (
        <button
          type="button"
          key={each}
          class={tokenClass(each === key, trial.current.excluded.includes(each))}
          tabIndex={-1}
          dir="auto"
          style={tint(map, row.weights[each]! / most)}
          title={numberText(row.weights[each]!, 6)}
          onClick={() => pick(panel, { key: each })}
          onDblClick={() => result.given || trial.set({ key: each })}
        >
          {names.key(each)}
        </button>
      ))}
      {from + keys.length < row.weights.length && <small> … {row.weights.length - from - keys.length}</small>}
    </fieldset>
  );
}

function tokenClass(isSelected: boolean, isLeftOut: boolean): string {
  return ["token", isSelected && "selected", isLeftOut && "left-out"].filter(Boolean).join(" ");
}

function tint(map: ColorMap, share: number): CSSProperties {
  if (Number.isNaN(share)) return { backgroundColor: alarmColor, color: "#ffffff" };
  const entry = colorIndex(share);
  return { backgroundColor: hexColor(map, entry), color: inkOn(map, entry) };
}

const [fewBars, manyBars] = [8, 400];

/** Weights of the row, largest first. Tests and other tools read `data-key` and `data-value`. */
function Bars({ result, row }: RowProps): JSX.Element {
  const translate = useTranslate();
  const names = useNames(result);
  const panel = usePanel();
  const selectedKey = useSelect(({ ui }) => ui.key);
  const filter = useSelect(({ ui }) => ui.filter);
  const [all, setAll] = useState(false);
  const hideSpecial = useSelect(({ ui }) => ui.hideSpecial);
  const { keys: places } = shownKeys(row.weights, filter, hiddenKeys(hideSpecial, result, row.keys));
  const shown = places.slice(0, all ? manyBars : fewBars);
  const most = places.length > 0 ? row.weights[places[0]!]! : 1;
  const texts = columnTexts(shown.map((at) => row.weights[at]!));
  let together = 0;
  return (
    <>
      <ol class="bars" data-query={row.query} aria-label={translate("Largest weights")}>
        {shown.map((at, i) => {
          const [key, weight] = [row.keys[at]!, row.weights[at]!];
          together += weight;
          return (
            <li key={key} data-key={key} data-value={weight} class={key === selectedKey ? "bar selected" : "bar"}>
              <button type="button" onClick={() => pick(panel, { key })}>
                <span class="bar-name">
                  <KeyName names={names} of={key} />
                </span>
                <span class="bar-track" aria-hidden="true">
                  <i style={{ width: Number.isNaN(weight) ? "0" : `${(100 * weight) / most}%` }} />
                </span>
                <span class="bar-number" title={numberText(weight, 9)}>
                  {texts[i]}
                </span>
                <span class="bar-sum" title={translate("Together with those above")}>
                  {percent(together)}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
      {places.length > fewBars && (
        <button type="button" class="link" onClick={() => setAll(!all)}>
          {all
            ? translate("Show fewer")
            : places.length > manyBars
              ? translate("Show the largest {0}", { 0: manyBars })
              : translate("Show all {0}", { 0: places.length })}
        </button>
      )}
    </>
  );
}

export function percent(share: number): string {
  return `${numberText(share * 100, 3)} %`;
}

interface FactsProps {
  readonly row: RowOfWeights;
  readonly names: Names;
}

function RowFacts({ row: { statistics, weights, whole, spoiler }, names }: FactsProps): JSX.Element {
  const translate = useTranslate();
  if (spoiler) {
    return (
      <p class="row-facts">
        {translate("The score of {0} is {1}: with it, softmax makes NaN of every weight of this query.", {
          0: names.key(spoiler.key),
          1: numberText(spoiler.score),
        })}
      </p>
    );
  }
  if (statistics.fullyMasked) {
    return <p class="row-facts">{translate("Every key is masked: the weights are 0, and so is the output.")}</p>;
  }
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return (
    <p class="row-facts">
      {whole && (
        <span>
          {translate("sum")} = <b>{Number.isNaN(sum) ? "NaN" : sum.toFixed(3)}</b>
        </span>
      )}
      <span>
        {translate("entropy")} <b>{numberText(statistics.entropy, 3)}</b> {translate("nats")}
      </span>
      <span title={translate("exp(entropy): how many keys share the weight")}>
        ≈ <b>{numberText(statistics.effectiveKeys, 3)}</b>{" "}
        {numberText(statistics.effectiveKeys, 3) === "1" ? translate("key") : translate("keys")}
      </span>
    </p>
  );
}
