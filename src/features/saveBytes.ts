import { Uri, window, workspace } from "vscode";
import { inLabel } from "../explain/visible.ts";
import type { Translate } from "../tensor/message.ts";

export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Asks where to, at first beside the document or in the folder that is open, and writes; says so where that fails.
 * @param others files that belong beside it; where one of their names is taken, nothing is written before the user agrees
 */
export async function saveBytes(
  { name, bytes }: NamedBytes,
  beside: Uri,
  translate: Translate,
  others: readonly NamedBytes[] = [],
): Promise<void> {
  const folder = folderOf(beside);
  const to = await window.showSaveDialog(folder ? { defaultUri: Uri.joinPath(folder, name) } : {});
  if (!to || !(await mayReplace(Uri.joinPath(to, ".."), others, translate))) return;
  const rest = others.map((each) => ({ to: Uri.joinPath(to, "..", each.name), bytes: each.bytes }));
  for (const file of [{ to, bytes }, ...rest]) if (!(await written(file.to, file.bytes, translate))) return;
}

/** Asks for a folder and writes files into it. */
export async function saveInto(files: readonly NamedBytes[], beside: Uri, translate: Translate): Promise<void> {
  const at = folderOf(beside);
  const [folder] =
    (await window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      openLabel: translate("Save Here"),
      ...(at && { defaultUri: at }),
    })) ?? [];
  if (!folder || !(await mayReplace(folder, files, translate))) return;
  for (const { name, bytes } of files) if (!(await written(Uri.joinPath(folder, name), bytes, translate))) return;
}

function folderOf(document: Uri): Uri | undefined {
  const root = workspace.workspaceFolders?.[0]?.uri;
  return workspace.fs.isWritableFileSystem(document.scheme) ? Uri.joinPath(document, "..") : root;
}

/** No dialog has asked about these names. */
async function mayReplace(folder: Uri, files: readonly NamedBytes[], translate: Translate): Promise<boolean> {
  const isThere = ({ name }: NamedBytes) =>
    workspace.fs.stat(Uri.joinPath(folder, name)).then(
      () => true,
      () => false,
    );
  const there = await Promise.all(files.map(isThere));
  const names = files.flatMap(({ name }, i) => (there[i] ? [name] : []));
  if (names.length === 0) return true;
  const question = translate("{names} will be replaced.", { names: names.join(", ") });
  const replace = translate("Replace");
  return (await window.showWarningMessage(inLabel(question), { modal: true }, replace)) === replace;
}

async function written(to: Uri, bytes: Uint8Array, translate: Translate): Promise<boolean> {
  try {
    await workspace.fs.writeFile(to, bytes);
    return true;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    void window.showErrorMessage(inLabel(translate("{path} could not be written: {why}", { path: to.path, why })));
    return false;
  }
}
