import type { MadeBy } from "../../reading/document.ts";
import { numberText } from "../../tensor/print.ts";
import { type Block, number, paragraph } from "../blocks.ts";
import type { ExplainContext } from "../context.ts";
import { fill } from "../fill.ts";

/** The widest head that a root is looked for. */
const widest = 65_536;

/** A division by √n, or a product with 1/√n: that may be the scale of attention. Nothing for other numbers. */
export function scaleBlocks({ operation, details }: MadeBy, { translate }: ExplainContext): Block[] {
  const other = details.other ?? details.factor;
  if (typeof other !== "number") return [];
  const divides = operation !== "mul";
  const root = divides ? other : 1 / other;
  const size = Math.round(root * root);
  if (!(size > 1 && size <= widest && Math.abs(root / Math.sqrt(size) - 1) < 1e-6)) return [];
  const sign = divides ? "÷" : "× 1/";
  const spans = {
    scale: number(`${sign} √${size} ${Number.isInteger(root) ? "=" : "≈"} ${numberText(divides ? other : root)}`),
    size: number(String(size)),
  };
  return [paragraph(fill(translate("{scale}: the scale of attention where a head has size {size}."), spans))];
}
