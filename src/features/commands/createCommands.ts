import { Disposable } from "vscode";
import type { HostParts } from "../hostParts.ts";
import { Paint } from "../paint/paint.ts";
import { CompareWithHead } from "../panel/compareWithHead.ts";
import type { PanelFeature } from "../panel/createPanels.ts";
import { TensorCommands } from "../tensors/tensorCommands.ts";
import { Explain } from "../tour/explain.ts";
import { ChooseTensors } from "./chooseTensors.ts";
import { commandTable } from "./commandTable.ts";
import { OpenExample } from "./openExample.ts";
import { OpenTensorFile } from "./openTensorFile.ts";
import { registerCommands } from "./register.ts";
import { RunOnFile } from "./runOnFile.ts";

/** Joins commands and what they do. */
export function createCommands(host: HostParts, { panels, editor, focused }: PanelFeature): Disposable {
  const parts = { ...host, panels, focused };
  const example = new OpenExample(host.extension, host.translate);
  const choose = new ChooseTensors(parts);
  const paint = new Paint(parts);
  const run = new RunOnFile({ ...parts, choose, example });
  const table = commandTable({
    ...parts,
    editor,
    example,
    choose,
    paint,
    run,
    tensorFile: new OpenTensorFile(run, host.translate),
    explain: new Explain(host.extension, parts),
    compare: new CompareWithHead(parts),
    tensors: new TensorCommands(parts),
  });
  return Disposable.from(paint, registerCommands(table, host.onFailure));
}
