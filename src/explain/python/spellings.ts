import type { Translate } from "../../tensor/message.ts";
import { type Block, code, plain } from "../blocks.ts";

/** The same thing in the libraries' own words; code needs no translation. */
export function spellings(pairs: readonly (readonly [library: string, code: string])[], translate: Translate): Block {
  return {
    kind: "table",
    head: [plain(translate("library")), plain(translate("the same there"))],
    rows: pairs.map(([library, text]) => [plain(library), [code(text)]]),
    align: ["left", "left"],
  };
}
