import { Uri, window, workspace } from "vscode";
import { inLabel } from "../explain/visible.ts";
import type { Translate } from "../tensor/message.ts";

/** Asks where to, at first beside the document or in the folder that is open, and writes; says so where that fails. */
export async function saveBytes(bytes: Uint8Array, name: string, beside: Uri, translate: Translate): Promise<void> {
  const root = workspace.workspaceFolders?.[0]?.uri;
  const folder = workspace.fs.isWritableFileSystem(beside.scheme) ? Uri.joinPath(beside, "..") : root;
  const to = await window.showSaveDialog(folder ? { defaultUri: Uri.joinPath(folder, name) } : {});
  if (!to) return;
  try {
    await workspace.fs.writeFile(to, bytes);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    void window.showErrorMessage(inLabel(translate("{path} could not be written: {why}", { path: to.path, why })));
  }
}
