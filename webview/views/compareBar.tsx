import type { JSX } from "preact";
import type { ResultSummary } from "../../src/protocol/core.ts";
import { numberText } from "../../src/tensor/print.ts";
import { useAnswer, useDispatch, useHead, usePanel, useSelect, useTranslate } from "../context.ts";
import { useNames } from "../data/names.ts";
import { useOther } from "../data/subject.ts";
import { pick } from "../picking.ts";
import { type Comparison, flatHead } from "../state.ts";
import { Button, Dropdown } from "../ui/controls.ts";
import { headName } from "../words.ts";

interface CompareProps {
  readonly result: ResultSummary;
}

/** Two results, or two heads: the map shows their difference, this line how far they are apart. */
export function CompareBar({ result }: CompareProps): JSX.Element {
  const translate = useTranslate();
  const { link } = usePanel();
  const dispatch = useDispatch();
  const baseline = useSelect(({ snapshot }) => snapshot?.baseline ?? null);
  const compare = useSelect(({ ui }) => ui.compare);
  const other = useOther();
  const set = (next: Comparison) => dispatch({ type: "ui", change: { compare: next } });
  const keep = () => {
    link.intent({ kind: "keepBaseline", result: result.result });
    dispatch({ type: "keep", result: result.result });
  };
  const drop = () => {
    link.intent({ kind: "keepBaseline", result: null });
    set({ kind: "none" });
  };
  return (
    <fieldset class="compare" aria-label={translate("Compare")}>
      <Choice result={result} baseline={baseline} compare={compare} set={set} />
      <Button onPress={keep}>{translate("Keep this to compare")}</Button>
      <Button onPress={() => link.intent({ kind: "command", command: "compareWithHead" })}>
        {translate("Compare with HEAD")}
      </Button>
      {baseline && <Button onPress={drop}>{translate("Forget what was kept")}</Button>}
      {compare.kind !== "none" && !other && (
        <p class="notice" role="status">
          {baseline
            ? translate("What was kept has other sizes: there is no difference to show.")
            : translate("Nothing was kept yet.")}
        </p>
      )}
      {other && <Apart result={result} />}
    </fieldset>
  );
}

interface ChoiceProps extends CompareProps {
  readonly baseline: ResultSummary | null;
  readonly compare: Comparison;
  readonly set: (next: Comparison) => void;
}

/** More heads than this are no list to choose from. */
const mostHeads = 200;

function Choice({ result, baseline, compare, set }: ChoiceProps): JSX.Element | null {
  const translate = useTranslate();
  const { batch, heads } = result.sizes;
  const count = Math.min(mostHeads, batch * heads);
  const others =
    count < 2
      ? []
      : Array.from({ length: count }, (_, flat) => ({ batch: Math.floor(flat / heads), head: flat % heads }));
  if (!baseline && others.length === 0) return null;
  const options = [
    { value: "none", text: translate("Compare with nothing") },
    ...(baseline
      ? [{ value: "kept", text: translate("Minus what was kept ({0})", { 0: baseline.name || translate("before") }) }]
      : []),
    ...others.map((head) => ({
      value: String(flatHead(head, heads)),
      text: translate("Minus {0}", { 0: headName(result, head, translate) }),
    })),
  ];
  const choose = (value: string) => {
    if (value === "none" || value === "kept") set({ kind: value });
    else set({ kind: "head", batch: Math.floor(Number(value) / heads), head: Number(value) % heads });
  };
  const value = compare.kind === "head" ? String(flatHead(compare, heads)) : compare.kind;
  return <Dropdown label={translate("Compare with")} value={value} options={options} onChoose={choose} />;
}

/** Largest difference of the weights, and the Jensen–Shannon divergence of this query and on the average. */
function Apart({ result }: CompareProps): JSX.Element | null {
  const translate = useTranslate();
  const names = useNames(result);
  const panel = usePanel();
  const head = useHead();
  const other = useOther();
  const query = useSelect(({ ui }) => ui.query);
  const { value } = useAnswer<"divergence">(head && other && { method: "divergence", ...head, other });
  if (!value) return null;
  const { largest, rows } = value;
  const mean = rows.reduce((sum, row) => sum + row, 0) / Math.max(1, rows.length);
  return (
    <p class="apart" role="status">
      <button type="button" class="link" onClick={() => pick(panel, { query: largest.query, key: largest.key })}>
        {translate("largest |Δ| {0} at {1} → {2}", {
          0: numberText(largest.value),
          1: names.query(largest.query),
          2: names.key(largest.key),
        })}
      </button>
      <span>
        {translate("Jensen–Shannon divergence of this query {0}, mean {1} nats", {
          0: numberText(rows[query] ?? Number.NaN, 3),
          1: numberText(mean, 3),
        })}
      </span>
      {value.sampled && <span>{translate("of evenly chosen rows")}</span>}
    </p>
  );
}
