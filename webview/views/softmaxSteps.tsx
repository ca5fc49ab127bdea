import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { AttentionRow } from "../../src/attention/result.ts";
import type { ResultSummary } from "../../src/protocol/core.ts";
import { columnTexts, numberText } from "../../src/tensor/print.ts";
import { useSelect, useTranslate } from "../context.ts";
import { type Names, useNames } from "../data/names.ts";
import { useRow } from "../data/rows.ts";
import { Button } from "../ui/controls.ts";
import { KeyName } from "./keyName.tsx";
import { WeightedSum } from "./weightedSum.tsx";

/** What is done to a row, one thing a step; after these the weighted sum takes one step a key. */
const rowSteps = ["masked", "maximum", "shifted", "exponential", "sum", "weight"] as const;
const mostKeys = 6;
const pace = 1400;

/** The selected query's softmax, and what its weights make of V: played, paused, or stepped by hand. */
export function SoftmaxSteps({ result }: { readonly result: ResultSummary }): JSX.Element | null {
  const query = useSelect(({ ui }) => ui.query);
  const { value: row } = useRow(result, query);
  if (!row || result.given || row.statistics.fullyMasked || Number.isNaN(row.statistics.sum)) return null;
  return <Steps key={`${result.result}/${query}`} result={result} row={row} keys={shownKeys(row)} />;
}

/** Short rows whole and in order, long ones by their largest weights. */
function shownKeys({ weights, masked }: AttentionRow): number[] {
  const all = Array.from(weights.keys());
  if (all.length <= mostKeys) return all;
  const keys = all.filter((key) => masked[key] !== Number.NEGATIVE_INFINITY);
  return keys.sort((a, b) => weights[b]! - weights[a]! || a - b).slice(0, mostKeys);
}

interface StepsProps {
  readonly result: ResultSummary;
  readonly row: AttentionRow;
  readonly keys: readonly number[];
}

function Steps({ result, row, keys }: StepsProps): JSX.Element {
  const translate = useTranslate();
  const names = useNames(result);
  const summed = keys.filter((key) => row.weights[key]! > 0);
  const last = rowSteps.length - 1 + summed.length;
  // At the end until somebody steps: the row may be another by then, of more or fewer keys.
  const [asked, setStep] = useState(Number.POSITIVE_INFINITY);
  const step = Math.min(asked, last);
  const [playing, setPlaying] = useState(false);
  useEffect(() => {
    if (!playing) return;
    const timer = window.setTimeout(() => (step < last ? setStep(step + 1) : setPlaying(false)), pace);
    return () => window.clearTimeout(timer);
  }, [playing, step, last]);
  const to = (next: number) => () => {
    setPlaying(false);
    setStep(Math.max(0, Math.min(last, next)));
  };
  const play = () => {
    if (!playing && step === last) setStep(0);
    setPlaying(!playing);
  };
  return (
    <section class="softmax" aria-label={translate("Step by step")}>
      <header>
        <h2>{translate("Step by step")}</h2>
        <fieldset class="player" aria-label={translate("Steps")}>
          <Button kind="icon" label={translate("Back to the start")} onPress={to(0)}>
            <Glyph path="M4 3v10M13 3L6 8l7 5z" />
          </Button>
          <Button kind="icon" label={translate("Step back")} onPress={to(step - 1)}>
            <Glyph path="M11 3L5 8l6 5z" />
          </Button>
          <Button class="play" kind="icon" label={playing ? translate("Pause") : translate("Play")} onPress={play}>
            <Glyph path={playing ? "M5 3v10M11 3v10" : "M4 2.5L13 8l-9 5.5z"} filled={!playing} />
          </Button>
          <Button kind="icon" label={translate("Step forward")} onPress={to(step + 1)}>
            <Glyph path="M5 3l6 5-6 5z" />
          </Button>
        </fieldset>
      </header>
      <p class="narration" aria-live="polite">
        {narration(step, result, names, row, summed, translate)}
      </p>
      <RowTable result={result} row={row} keys={keys} step={step} />
      {step >= rowSteps.length - 1 && (
        <WeightedSum result={result} row={row} keys={summed} done={step - rowSteps.length + 1} />
      )}
    </section>
  );
}

function Glyph({ path, filled = false }: { readonly path: string; readonly filled?: boolean }): JSX.Element {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path
        d={path}
        fill={filled ? "currentColor" : "none"}
        stroke="currentColor"
        stroke-width="1.4"
        stroke-linejoin="round"
      />
    </svg>
  );
}

type Say = ReturnType<typeof useTranslate>;

/** What the step does, with this row's numbers. */
function narration(
  step: number,
  { form }: ResultSummary,
  names: Names,
  row: AttentionRow,
  keys: readonly number[],
  translate: Say,
): string {
  const { maximum, sum } = row.statistics;
  const sums = { 0: row.weights.length, 1: numberText(sum, 5) };
  switch (rowSteps[step]) {
    case "masked":
      return translate("The scores of {0}, scaled and masked: one number for each key.", {
        0: names.query(row.query),
      });
    case "maximum":
      return translate("The largest of them is {0}.", { 0: numberText(maximum) });
    case "shifted":
      return translate("Subtract it from each, so that no exponential grows too large. The weights stay the same.");
    case "exponential":
      return translate("Take the exponential of each: all positive, and the largest is 1.");
    case "sum":
      return form?.sinks
        ? translate("Add up the exponentials of all keys ({0}) and of the sink: {1}.", sums)
        : translate("Add up the exponentials of all keys ({0}): {1}.", sums);
    case "weight":
      return form?.sinks
        ? translate("Divide each by the sum: the weights. What the sink takes is missing from them.")
        : translate("Divide each by the sum: the weights, which sum to 1.");
    default:
      return sentenceOfSum(
        keys[step - rowSteps.length]!,
        step === rowSteps.length - 1 + keys.length,
        names,
        row,
        translate,
      );
  }
}

function sentenceOfSum(key: number, isLast: boolean, names: Names, row: AttentionRow, translate: Say): string {
  const term = { 0: numberText(row.weights[key]!), 1: names.key(key) };
  if (!isLast) return translate("Add {0} times the value of {1}.", term);
  return translate("Add {0} times the value of {1}: the sum is the output for {2}.", {
    ...term,
    2: names.query(row.query),
  });
}

interface RowTableProps extends StepsProps {
  readonly step: number;
}

function RowTable({ result, row, keys, step }: RowTableProps): JSX.Element {
  const translate = useTranslate();
  const names = useNames(result);
  const { maximum, sum } = row.statistics;
  const column = (from: number, number: (key: number) => number) => {
    const texts = columnTexts(keys.map(number));
    return (i: number) => (step >= from ? texts[i] : "");
  };
  const masked = column(0, (key) => row.masked[key]!);
  const shifted = column(2, (key) => row.masked[key]! - maximum);
  const exponential = column(3, (key) => Math.exp(row.masked[key]! - maximum));
  const weight = column(5, (key) => row.weights[key]!);
  const peak = row.masked.indexOf(maximum);
  const total = row.weights.reduce((all, each) => all + each, 0);
  return (
    <table class="softmax-row">
      <thead>
        <tr>
          <th scope="col">{translate("Key")}</th>
          <Column active={step <= 1}>s</Column>
          <Column active={step === 2}>s − max</Column>
          <Column active={step === 3 || step === 4}>exp</Column>
          <Column active={step >= 5}>÷ sum</Column>
        </tr>
      </thead>
      <tbody>
        {keys.map((key, i) => (
          <tr key={key} class={step === 1 && key === peak ? "is-peak" : ""}>
            <th scope="row">
              <KeyName names={names} of={key} />
            </th>
            <td>{masked(i)}</td>
            <td>{shifted(i)}</td>
            <td>{exponential(i)}</td>
            <td>{weight(i)}</td>
          </tr>
        ))}
        {row.weights.length > keys.length && (
          <tr>
            <th scope="row">…</th>
            <td colSpan={4}>{translate("{0} more", { 0: row.weights.length - keys.length })}</td>
          </tr>
        )}
      </tbody>
      <tfoot>
        <tr>
          <td />
          <td>{step >= 1 ? `max ${numberText(maximum)}` : ""}</td>
          <td />
          <td>{step >= 4 ? `sum ${numberText(sum)}` : ""}</td>
          <td>{step >= 5 ? (result.form?.sinks ? numberText(total, 3) : "1") : ""}</td>
        </tr>
      </tfoot>
    </table>
  );
}

function Column({ active, children }: { readonly active: boolean; readonly children: ComponentChildren }): JSX.Element {
  return (
    <th scope="col" class={active ? "active" : ""}>
      {children}
    </th>
  );
}
