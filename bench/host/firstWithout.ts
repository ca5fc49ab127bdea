// Runs inside the extension host of a fresh window without our extension: what VS Code itself takes for the first hovers
// in a Python file, with a provider that does nothing.
import * as vscode from "vscode";
import { firstHovers, written } from "./firstHover.ts";

export const run = () => written(measure);

async function measure() {
  vscode.languages.registerHoverProvider("python", { provideHover: () => new vscode.Hover("a word") });
  return { all: await firstHovers("word") };
}
