import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { AttentionRow } from "../../src/attention/result.ts";
import { colorIndex, colorMap, hexColor } from "../../src/picture/colorMaps.ts";
import { balanced, finiteDomain, scaleOver } from "../../src/picture/scale.ts";
import type { ResultSummary } from "../../src/protocol/core.ts";
import { numberText } from "../../src/tensor/print.ts";
import { usePanel, useTranslate } from "../context.ts";
import { isQuiet } from "../data/answers.ts";
import { useNames } from "../data/names.ts";
import { KeyName } from "./keyName.tsx";

interface WeightedSumProps {
  readonly result: ResultSummary;
  readonly row: AttentionRow;
  readonly keys: readonly number[];
  /** How many keys have been added. */
  readonly done: number;
}

/** Dimensions that are drawn; more are left out at the end. */
const mostDimensions = 48;

/** weight · V of each key as a strip of colours, and their sum so far. */
export function WeightedSum({ result, row, keys, done }: WeightedSumProps): JSX.Element | null {
  const translate = useTranslate();
  const names = useNames(result);
  const terms = useContributions(row, keys);
  if (!terms) return null;
  const all = done >= keys.length;
  const sum = all ? row.output : added(terms.slice(0, done), row.output.length);
  const limits = finiteDomain([...terms.flatMap((term) => [...term]), ...row.output]) ?? { minimum: 0, maximum: 1 };
  const scale = scaleOver("linear", balanced(limits));
  const rest = row.weights.filter((weight) => weight > 0).length - keys.length;
  return (
    <table class="weighted-sum">
      <caption class="hidden">{translate("Weighted sum of the values")}</caption>
      <tbody>
        {keys.map((key, i) => (
          <tr key={key} class={i < done ? "added" : "waiting"}>
            <th scope="row">
              {numberText(row.weights[key]!, 3)} × <KeyName names={names} of={key} />
            </th>
            <td>
              <ColorStrip numbers={terms[i]!} scale={scale} />
            </td>
          </tr>
        ))}
        {rest > 0 && (
          <tr class={all ? "added" : "waiting"}>
            <th scope="row">{translate("{0} more", { 0: rest })}</th>
            <td />
          </tr>
        )}
        <tr class="total">
          <th scope="row">= {all ? translate("Output") : translate("so far")}</th>
          <td>
            <ColorStrip numbers={sum} scale={scale} />
          </td>
        </tr>
      </tbody>
    </table>
  );
}

function added(terms: readonly Float64Array[], length: number): Float64Array {
  const sum = new Float64Array(length);
  for (const term of terms) for (let i = 0; i < length; i++) sum[i]! += term[i]!;
  return sum;
}

function ColorStrip({
  numbers,
  scale,
}: {
  readonly numbers: Float64Array;
  readonly scale: (x: number) => number;
}): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const shown = numbers.subarray(0, mostDimensions);
  useEffect(() => {
    const context = canvas.current!.getContext("2d")!;
    const map = colorMap("diverging");
    shown.forEach((x, i) => {
      context.fillStyle = hexColor(map, colorIndex(scale(x)));
      context.fillRect(i, 0, 1, 1);
    });
  });
  const text = Array.from(shown.subarray(0, 8), (x) => numberText(x, 3)).join(", ");
  return (
    <canvas
      ref={canvas}
      class="color-strip"
      width={shown.length}
      height={1}
      title={text}
      role="img"
      aria-label={numbers.length > 8 ? `${text}, …` : text}
    />
  );
}

/** What each of these keys brings to the output; null until all are known. */
function useContributions(row: AttentionRow, keys: readonly number[]): readonly Float64Array[] | null {
  const { answers, store, link } = usePanel();
  const [known, setKnown] = useState<{ of: string; terms: readonly Float64Array[] } | null>(null);
  const of = keys.join();
  useEffect(() => {
    const shown = store.state.snapshot?.result;
    // The row may still be that of the result before, of other sizes.
    if (!shown || shown.given || row.query >= shown.sizes.queries || keys.some((key) => key >= shown.sizes.keys))
      return;
    const { result } = shown;
    let gone = false;
    const { batch, head, query } = row;
    const asked = keys.map((key) => answers.ask<"cell">({ method: "cell", result, batch, head, query, key }));
    Promise.all(asked).then(
      (cells) => !gone && setKnown({ of, terms: cells.map(({ contribution }) => contribution) }),
      (error: unknown) => isQuiet(error) || link.failure(String(error)),
    );
    return () => {
      gone = true;
    };
  }, [row, of]);
  return known?.of === of ? known.terms : null;
}
