import { type ConfigurationChangeEvent, type ConfigurationScope, type Disposable, workspace } from "vscode";
import type { AttendOptions } from "../protocol/core.ts";

const section = "attentionLoupe";

/** The user's settings, read when they are needed: they differ by folder and by language. */
export interface Settings {
  readonly codeLens: boolean;
  /** Where shapes stand beside the code. */
  readonly inlayHints: "off" | "assignments" | "all";
  readonly hover: "full" | "brief" | "off";
  /** Whether hovers show formulas and matrices as pictures. */
  readonly pictures: boolean;
  readonly colorMap: string;
  readonly revealOnOpen: boolean;
  /** What the settings say of the computation; absent: as the document says. */
  readonly options: AttendOptions;
}

export function settingsFor(scope?: ConfigurationScope): Settings {
  const of = workspace.getConfiguration(section, scope ?? null);
  const scale = of.get<number | "auto">("scale", "auto");
  const causal = of.get<"auto" | "none" | "topLeft" | "bottomRight">("causal", "auto");
  const screenReader = workspace.getConfiguration("editor").get("accessibilitySupport") === "on";
  return {
    codeLens: of.get("codeLens", true),
    inlayHints: of.get("inlayHints", "assignments"),
    hover: of.get("hover", "full"),
    pictures: of.get("hoverPictures", true) && !screenReader,
    colorMap: of.get("colorMap", "viridis"),
    revealOnOpen: of.get("panel.revealOnOpen", false),
    options: {
      ...(typeof scale === "number" && { scale }),
      ...(causal !== "auto" && { causal }),
      sampleSeed: of.get("python.sampleSeed", 0),
    },
  };
}

/** Calls `listener` when any of our settings changed. */
export function onDidChangeSettings(listener: (event: ConfigurationChangeEvent) => void): Disposable {
  return workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(section) || event.affectsConfiguration("editor.accessibilitySupport"))
      listener(event);
  });
}
