import { commands, type LogOutputChannel } from "vscode";
import type { ActiveSource } from "../../sources/activeSource.ts";
import type { Paint } from "../paint/paint.ts";
import type { CellToEditor } from "../panel/cellToEditor.ts";
import type { CompareWithHead } from "../panel/compareWithHead.ts";
import type { Panels } from "../panel/panels.ts";
import type { TensorCommands } from "../tensors/tensorCommands.ts";
import { isTensorNode } from "../tensors/tensorNode.ts";
import type { Explain } from "../tour/explain.ts";
import type { ChooseTensors } from "./chooseTensors.ts";
import { linkTargetOf } from "./linkTarget.ts";
import type { OpenExample } from "./openExample.ts";
import type { OpenTensorFile } from "./openTensorFile.ts";
import type { CommandTable } from "./register.ts";
import type { RunOnFile } from "./runOnFile.ts";

export interface CommandParts {
  readonly run: RunOnFile;
  readonly choose: ChooseTensors;
  readonly example: OpenExample;
  readonly tensorFile: OpenTensorFile;
  readonly panels: Panels;
  readonly source: ActiveSource;
  readonly editor: CellToEditor;
  readonly explain: Explain;
  readonly paint: Paint;
  readonly compare: CompareWithHead;
  readonly tensors: TensorCommands;
  readonly log: LogOutputChannel;
}

/** What each command does. The manifest says how they are called and where they show. */
export function commandTable({
  run,
  choose,
  example,
  tensorFile,
  panels,
  source,
  editor,
  explain,
  paint,
  compare,
  tensors,
  log,
}: CommandParts): CommandTable {
  return {
    run: (argument) => run.run(linkTargetOf(argument)),
    showInPanel: (argument) => run.run(linkTargetOf(argument)),
    choose: (argument) => {
      const target = linkTargetOf(argument);
      return choose.run(target?.uri, target?.tensor);
    },
    goTo: async (argument) => {
      const target = linkTargetOf(argument);
      if (target) await editor.goToOffset(target.uri, target.offset);
    },
    explainFormula: () => explain.formula(panels.current.state.uri ?? source.uri),
    explain: async (argument) => {
      const target = linkTargetOf(argument);
      if (target) await explain.place(target);
    },
    copy: (argument) => tensors.copy(argument),
    copyNumPy: (argument) => tensors.copy(argument, "numpy"),
    copyPyTorch: (argument) => tensors.copy(argument, "pytorch"),
    copyJson: (argument) => tensors.copy(argument, "json"),
    saveNpy: (argument) => tensors.saveNpy(argument),
    useAsQuery: (argument) => isTensorNode(argument) && choose.useAs(argument.uri, argument.tensor.id, "query"),
    useAsKey: (argument) => isTensorNode(argument) && choose.useAs(argument.uri, argument.tensor.id, "key"),
    useAsValue: (argument) => isTensorNode(argument) && choose.useAs(argument.uri, argument.tensor.id, "value"),
    useAsWeights: (argument) => isTensorNode(argument) && choose.useAsWeights(argument.uri, argument.tensor.id),
    compareWithHead: async () => {
      await compare.compare(panels.current);
      await panels.revealCurrent();
    },
    paintValues: () => paint.toggle("values"),
    paintAttention: () => paint.toggle("attention"),
    openPanel: () => panels.reveal(),
    openInEditor: () => panels.openInEditor(),
    openExample: (argument) => example.open(typeof argument === "string" ? argument : undefined),
    openTensorFile: (argument) => tensorFile.open(argument),
    pin: () => panels.current.pin(true),
    unpin: () => panels.current.unpin(source.uri),
    openSettings: () =>
      commands.executeCommand("workbench.action.openSettings", "@ext:attention-loupe.attention-loupe"),
    showLog: () => log.show(),
  };
}
