import { Uri, window, workspace } from "vscode";

/** Asks where to, at first beside the document or in the folder that is open, and writes. */
export async function saveBytes(bytes: Uint8Array, name: string, beside: Uri): Promise<void> {
  const root = workspace.workspaceFolders?.[0]?.uri;
  const folder = workspace.fs.isWritableFileSystem(beside.scheme) ? Uri.joinPath(beside, "..") : root;
  const to = await window.showSaveDialog(folder ? { defaultUri: Uri.joinPath(folder, name) } : {});
  if (to) await workspace.fs.writeFile(to, bytes);
}
