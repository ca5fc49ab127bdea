import type { ComponentChildren, JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { CellDerivation } from "../../src/attention/result.ts";
import { columnTexts } from "../../src/tensor/print.ts";
import { useTranslate } from "../context.ts";
import { bracketed, Scrub, type ScrubProps } from "./scrub.tsx";

const fewTerms = 6;

interface ProductsProps {
  readonly cell: CellDerivation;
  /** Whether the rows are those of the text, not what became of them. */
  readonly written: boolean;
}

/** The products, or terms, that make the score, largest in size first. */
export function Products({ cell, written }: ProductsProps): JSX.Element {
  const translate = useTranslate();
  const { products, queryRow, keyRow } = cell;
  const [dragging, setDragging] = useState(false);
  const kept = useRef<number[]>([]);
  // While a number is dragged, its line stays under the hand.
  if (!dragging)
    kept.current = Array.from(products.keys()).sort((a, b) => Math.abs(products[b]!) - Math.abs(products[a]!));
  const order = kept.current.filter((k) => k < products.length);
  const shown = order.slice(0, fewTerms);
  const rest = order.slice(fewTerms).reduce((sum, k) => sum + products[k]!, 0);
  const factors = { written, onDrag: setDragging };
  const texts = columnTexts([...shown.map((k) => products[k]!), rest]);
  const most = Math.max(...shown.map((k) => Math.abs(products[k]!)), Number.MIN_VALUE);
  return (
    <table class={cell.scored?.kind === "additive" ? "products long" : "products"}>
      <caption class="hidden">{translate("Products of query and key, largest first")}</caption>
      <tbody>
        {shown.map((k, i) => (
          <tr key={k}>
            <th scope="row">{k}</th>
            <td>
              <Term cell={cell} at={k}>
                <Factor of="query" row={cell.query} column={k} value={queryRow[k]!} {...factors} />
                <Factor of="key" row={cell.key} column={k} value={keyRow[k]!} {...factors} />
              </Term>
            </td>
            <td class="product-bar" aria-hidden="true">
              <i
                class={products[k]! < 0 ? "negative" : "positive"}
                style={{ width: `${(50 * Math.abs(products[k]!)) / most}%` }}
              />
            </td>
            <td class="number">{texts[i]}</td>
          </tr>
        ))}
        {order.length > fewTerms && (
          <tr>
            <th scope="row">…</th>
            <td>{translate("{0} more", { 0: order.length - fewTerms })}</td>
            <td />
            <td class="number">{texts.at(-1)}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

interface FactorProps extends Pick<ScrubProps, "row" | "column" | "value"> {
  readonly of: "query" | "key";
  readonly written: boolean;
  readonly onDrag: (dragging: boolean) => void;
}

/** A number of Q or K: to be changed in place where it is the text's own. */
function Factor({ written, ...number }: FactorProps): JSX.Element {
  const translate = useTranslate();
  if (!written) return <span>{bracketed(number.value)}</span>;
  const column = { 0: number.column };
  const label =
    number.of === "query" ? translate("query, dimension {0}", column) : translate("key, dimension {0}", column);
  return <Scrub {...number} label={label} />;
}

interface TermProps {
  readonly cell: CellDerivation;
  readonly at: number;
  readonly children: readonly [query: ComponentChildren, key: ComponentChildren];
}

/** `q × k`, or `v × tanh(q + k + b)`. */
function Term({ cell: { scored }, at, children: [query, key] }: TermProps): JSX.Element {
  if (scored?.kind !== "additive")
    return (
      <>
        {query} × {key}
      </>
    );
  return (
    <>
      {bracketed(scored.vector[at]!)} × tanh({query} + {key}
      {scored.bias && <> + {bracketed(scored.bias[at]!)}</>})
    </>
  );
}
