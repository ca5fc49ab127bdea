import { type ComponentChildren, Fragment, type JSX } from "preact";
import type { CellDerivation } from "../../src/attention/result.ts";
import { formSentences } from "../../src/explain/formWords.ts";
import type { ResultSummary } from "../../src/protocol/core.ts";
import { numberText } from "../../src/tensor/print.ts";
import { useAnswer, useHead, useSelect, useTranslate } from "../context.ts";
import { useNames } from "../data/names.ts";
import { Products } from "./products.tsx";
import { bracketed, Scrub } from "./scrub.tsx";

/** The selected cell's arithmetic with its own numbers, from products to what it brings to the output. */
export function CellWork({ result }: { readonly result: ResultSummary }): JSX.Element | null {
  const translate = useTranslate();
  const names = useNames(result);
  const query = useSelect(({ ui }) => ui.query);
  const key = useSelect(({ ui }) => ui.key);
  const head = useHead();
  const request = head && !result.given ? ({ method: "cell", ...head, query, key } as const) : null;
  const { value: cell, current } = useAnswer<"cell">(request);
  if (!request || !cell) return null;
  // Numbers of the cell before, while those of this one are on their way, stand under its name.
  return (
    <section class="work" aria-busy={!current}>
      <h2>
        {translate("Work this cell")} <q>{names.query(cell.query)}</q> → <q>{names.key(cell.key)}</q>
      </h2>
      {result.form && <p class="form">{formSentences(result.form, translate).join(" ")}</p>}
      <ol class="steps">
        <Step name={translate("Scores")} formula={scoreFormula(cell)} number={cell.score}>
          <Products cell={cell} written={!result.form?.steps.length} />
        </Step>
        <Step name={translate("Scaled")} formula="score × scale" number={cell.scaled}>
          <code>
            {bracketed(cell.score)} × {bracketed(cell.scale)} = {numberText(cell.scaled, 5)}
          </code>
        </Step>
        <Step
          name={translate("Masked")}
          formula={cell.biasTerm === undefined ? "scaled + mask" : "scaled + bias + mask"}
          number={cell.masked}
        >
          <Mask cell={cell} />
        </Step>
        <Step name={translate("Weights")} formula="exp(masked − max) / sum" number={cell.weight}>
          <Softmax cell={cell} />
        </Step>
        <Step name={translate("Output")} formula="weight × v" number={null}>
          <code class="wrap">
            {numberText(cell.weight)} × <Value cell={cell} /> = {vector(cell.contribution)}
          </code>
        </Step>
      </ol>
    </section>
  );
}

function scoreFormula({ scored }: CellDerivation): string {
  if (scored?.kind === "linear") return "ln(φ(q) · φ(k))";
  if (scored?.kind !== "additive") return "q · k";
  return scored.bias ? "vᵀ tanh(q + k + b)" : "vᵀ tanh(q + k)";
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
      pattern: translate("the sparse pattern"),
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
        {bracketed(cell.capped)}
        {cell.biasTerm !== undefined && <> + {bracketed(cell.biasTerm)}</>}
        {cell.biasTerm !== cell.maskTerm && <> + {bracketed(cell.maskTerm - (cell.biasTerm ?? 0))}</>} ={" "}
        {numberText(cell.masked, 5)}
      </code>
    </>
  );
}

function Softmax({ cell }: { readonly cell: CellDerivation }): JSX.Element {
  const translate = useTranslate();
  const { masked, row, exponential, weight, sinkTerm } = cell;
  if (row.fullyMasked) return <code>0</code>;
  return (
    <code class="wrap">
      exp({bracketed(masked)} − {bracketed(row.maximum)}) = {numberText(exponential, 5)}
      <br />
      {numberText(exponential, 5)} / {numberText(row.sum, 5)} = {numberText(weight, 5)}
      {sinkTerm !== undefined && (
        <>
          <br />
          {translate("the sum has {term} of the sink in it", { term: numberText(sinkTerm, 5) })}
        </>
      )}
    </code>
  );
}

const fewValues = 8;

/** The key's row of V, as far as it is shown; a weight of 0 leaves nothing to tell it by. */
function Value({ cell: { contribution, weight, key } }: { readonly cell: CellDerivation }): JSX.Element {
  const translate = useTranslate();
  if (!(weight > 0)) return <>v</>;
  return (
    <>
      [
      {Array.from(contribution.subarray(0, fewValues), (share, k) => (
        <Fragment key={k}>
          {k > 0 && ", "}
          <Scrub
            of="value"
            row={key}
            column={k}
            value={Number((share / weight).toPrecision(12))}
            label={translate("value, dimension {0}", { 0: k })}
          />
        </Fragment>
      ))}
      {contribution.length > fewValues && ", …"}]
    </>
  );
}

function vector(numbers: Float64Array): string {
  const shown = Array.from(numbers.subarray(0, fewValues), (x) => numberText(x, 3)).join(", ");
  return numbers.length > fewValues ? `[${shown}, …]` : `[${shown}]`;
}
