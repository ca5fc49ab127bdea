import { inspection, inspectionText } from "../exporting/inspection.ts";
import { linesOf } from "../reading/lines.ts";
import type { CommandInput } from "./commandLine.ts";

export interface InspectOptions {
  readonly json: boolean;
  /** At most this many values of each tensor. */
  readonly values: number;
  readonly expressions: boolean;
}

/** `inspect FILE`: every tensor of the file, and what is wrong with it. */
export function inspectCommand({ file, text, document, say }: CommandInput, options: InspectOptions): string {
  const lines = linesOf(text);
  const found = inspection(document, { file, values: options.values, lines, say });
  return options.json ? JSON.stringify(found) : inspectionText(found);
}
