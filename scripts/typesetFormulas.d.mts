import type { FormulaName } from "../src/explain/blocks.ts";
import type { TypesetFormulas } from "../src/explain/markdown/formulaPicture.ts";

export function typesetFormulas(): Promise<{ svg: TypesetFormulas; mathml: Readonly<Record<FormulaName, string>> }>;
