import { expressionsText, inspection, inspectionText, plainExpressions } from "../exporting/inspection.ts";
import { linesOf } from "../reading/lines.ts";
import type { CommandInput } from "./commandLine.ts";

export interface InspectOptions {
  readonly json: boolean;
  /** At most this many values of each tensor. */
  readonly values: number;
  /** Python: every expression that gives tensors, instead of every binding. */
  readonly expressions: boolean;
}

/** `inspect FILE`: every tensor of the file, and what is wrong with it. */
export function inspectCommand({ file, text, document, say }: CommandInput, options: InspectOptions): string {
  const lines = linesOf(text);
  const how = { file, values: options.values, lines, say };
  if (options.expressions) {
    const seen = plainExpressions(document, how);
    return options.json ? JSON.stringify(seen) : expressionsText(seen);
  }
  const found = inspection(document, how);
  return options.json ? JSON.stringify(found) : inspectionText(found);
}
