import type { ComponentChildren, JSX } from "preact";
import type { CellDerivation } from "../../src/attention/result.ts";
import type { ResultSummary } from "../../src/protocol/core.ts";
import { numberText } from "../../src/tensor/print.ts";
import { useAnswer, useHead, useSelect, useTranslate } from "../context.ts";
import { keyName, queryName } from "../words.ts";

const fewTerms = 6;

/** The selected cell's arithmetic with its own numbers, from products to what it brings to the output. */
export function CellWork({ result }: { readonly result: ResultSummary }): JSX.Element | null {
  const translate = useTranslate();
  const query = useSelect(({ ui }) => ui.query);
  const key = useSelect(({ ui }) => ui.key);
  const head = useHead();
  const request = head && !result.given ? ({ method: "cell", ...head, query, key } as const) : null;
  const { value: cell, current } = useAnswer<"cell">(request);
  if (!request || !cell) return null;
  return (
    <section class="work" aria-busy={!current}>
      <h2>
        {translate("Work this cell")} <q>{queryName(result, query)}</q> → <q>{keyName(result, key)}</q>
      </h2>
      <ol class="steps">
        <Step name={translate("Scores")} formula="q · k" number={cell.score}>
          <Products cell={cell} />
        </Step>
        <Step name={translate("Scaled")} formula="score × scale" number={cell.scaled}>
          <code>
            {short(cell.score)} × {short(cell.scale)} = {numberText(cell.scaled, 5)}
          </code>
        </Step>
        <Step name={translate("Masked")} formula="scaled + mask" number={cell.masked}>
          <Mask cell={cell} />
        </Step>
        <Step name={translate("Weights")} formula="exp(masked − max) / sum" number={cell.weight}>
          <Softmax cell={cell} />
        </Step>
        <Step name={translate("Output")} formula="weight × v" number={null}>
          <code class="wrap">
            {numberText(cell.weight)} × v = {vector(cell.contribution)}
          </code>
        </Step>
      </ol>
    </section>
  );
}

interface StepProps {
  readonly name: string;
  readonly formula: string;
  readonly number: number | null;
  readonly children: ComponentChildren;
}

function Step({ name, formula, number, children }: StepProps): JSX.Element {
  return (
    <li class="step">
      <header>
        <b>{name}</b> <small>{formula}</small>
        {number !== null && <output>{numberText(number, 5)}</output>}
      </header>
      {children}
    </li>
  );
}

/** The products that make the score, largest in size first. */
function Products({ cell }: { readonly cell: CellDerivation }): JSX.Element {
  const translate = useTranslate();
  const { products, queryRow, keyRow } = cell;
  const order = Array.from(products.keys()).sort((a, b) => Math.abs(products[b]!) - Math.abs(products[a]!));
  const shown = order.slice(0, fewTerms);
  const rest = order.slice(fewTerms).reduce((sum, k) => sum + products[k]!, 0);
  const most = Math.max(...shown.map((k) => Math.abs(products[k]!)), Number.MIN_VALUE);
  return (
    <table class="products">
      <caption class="hidden">{translate("Products of query and key, largest first")}</caption>
      <tbody>
        {shown.map((k) => (
          <tr key={k}>
            <th scope="row">{k}</th>
            <td>
              {short(queryRow[k]!)} × {short(keyRow[k]!)}
            </td>
            <td class="product-bar" aria-hidden="true">
              <i
                class={products[k]! < 0 ? "negative" : "positive"}
                style={{ width: `${(50 * Math.abs(products[k]!)) / most}%` }}
              />
            </td>
            <td class="number">{numberText(products[k]!)}</td>
          </tr>
        ))}
        {order.length > fewTerms && (
          <tr>
            <th scope="row">…</th>
            <td>{translate("{0} more", { 0: order.length - fewTerms })}</td>
            <td />
            <td class="number">{numberText(rest)}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

function Mask({ cell }: { readonly cell: CellDerivation }): JSX.Element {
  const translate = useTranslate();
  const capped = cell.capped !== cell.scaled && <code>softcap: {numberText(cell.capped, 5)}</code>;
  if (cell.maskedBy.length > 0) {
    const names = {
      mask: translate("the mask"),
      causal: translate("the causal rule"),
      window: translate("the window"),
      padding: translate("padding"),
      segment: translate("another sequence"),
    };
    const by = cell.maskedBy.map((masker) => names[masker]).join(", ");
    return (
      <>
        {capped}
        <span>{translate("−∞: forbidden by {0}", { 0: by })}</span>
      </>
    );
  }
  return (
    <>
      {capped}
      <code>
        {short(cell.capped)} + {short(cell.maskTerm)} = {numberText(cell.masked, 5)}
      </code>
    </>
  );
}

function Softmax({ cell: { masked, row, exponential, weight } }: { readonly cell: CellDerivation }): JSX.Element {
  if (row.fullyMasked) return <code>0</code>;
  return (
    <code class="wrap">
      exp({short(masked)} − {short(row.maximum)}) = {numberText(exponential, 5)}
      <br />
      {numberText(exponential, 5)} / {numberText(row.sum, 5)} = {numberText(weight, 5)}
    </code>
  );
}

/** Negative numbers in brackets, as in a formula. */
function short(x: number): string {
  const text = numberText(x);
  return x < 0 ? `(${text})` : text;
}

function vector(numbers: Float64Array): string {
  const shown = Array.from(numbers.subarray(0, 8), (x) => numberText(x, 3)).join(", ");
  return numbers.length > 8 ? `[${shown}, …]` : `[${shown}]`;
}
