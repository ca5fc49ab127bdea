import type { ComponentChildren, JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { CellDerivation } from "../../src/attention/result.ts";
import { columnTexts } from "../../src/tensor/print.ts";
import { useTranslate } from "../context.ts";
import { bracketed, Scrub } from "./scrub.tsx";

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
  const texts = columnTexts([...shown.map((k) => products[k]!), rest]);
  const most = Math.max(...shown.map((k) => Math.abs(products[k]!)), Number.MIN_VALUE);
  return (
    <table class="products">
      <caption class="hidden">{translate("Products of query and key, largest first")}</caption>
      <tbody>
        {shown.map((k, i) => (
          <tr key={k}>
            <th scope="row">{k}</th>
            <td>
              <Term cell={cell} at={k}>
                {written ? (
                  <Scrub
                    of="query"
                    row={cell.query}
                    column={k}
                    value={queryRow[k]!}
                    onDrag={setDragging}
                    label={translate("query, dimension {0}", { 0: k })}
                  />
                ) : (
                  bracketed(queryRow[k]!)
                )}
                {written ? (
                  <Scrub
                    of="key"
                    row={cell.key}
                    column={k}
                    value={keyRow[k]!}
                    onDrag={setDragging}
                    label={translate("key, dimension {0}", { 0: k })}
                  />
                ) : (
                  bracketed(keyRow[k]!)
                )}
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
