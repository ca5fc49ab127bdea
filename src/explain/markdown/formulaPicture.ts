import type { FormulaBlock, FormulaName } from "../blocks.ts";
import { escapeSvg } from "./escape.ts";
import type { Picture } from "./picture.ts";
import { type Theme, themeColors } from "./theme.ts";

/** What the build leaves of the formulas: one table of glyphs for all of them. Lengths are thousandths of an em. */
export interface TypesetFormulas {
  readonly glyphs: Readonly<Record<string, string>>;
  readonly formulas: Readonly<Record<FormulaName, { readonly box: readonly number[]; readonly body: string }>>;
}

/** CSS pixels of an em: a little larger than the hover's text, since indices are smaller. */
const em = 18;

/** The typeset formula with its marked part in a box, in the colours of a theme. */
export function formulaPicture(
  { formula, marked }: FormulaBlock,
  { glyphs, formulas }: TypesetFormulas,
  theme: Theme,
): Picture {
  const { box, body } = formulas[formula];
  const used = new Set([...body.matchAll(/href='#([^']+)'/g)].map(([, id]) => id!));
  const defs = [...used].map((id) => `<path id='${id}' d='${glyphs[id]}'/>`).join("");
  const { ink, accent, box: fill, outline } = themeColors(theme);
  const stroke = outline ? `stroke:${outline};stroke-width:45` : "stroke:none";
  const style = `.box{fill:none}${marked ? `.${marked}{fill:${accent}}.${marked}>.box{fill:${fill};${stroke}}` : ""}`;
  const svg = `<svg xmlns='http://www.w3.org/2000/svg' viewBox='${box.join(" ")}'><style>${style}</style><defs>${defs}</defs><g fill='${ink}'>${body}</g></svg>`;
  return {
    uri: `data:image/svg+xml,${escapeSvg(svg)}`,
    width: Math.round((box[2]! / 1000) * em),
    height: Math.round((box[3]! / 1000) * em),
  };
}
