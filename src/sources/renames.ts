import { type FileRenameEvent, Uri } from "vscode";

/** The new address of a document after it, or a folder above it, was renamed; null if it was not. */
export function renamed(uri: string, files: FileRenameEvent["files"]): string | null {
  for (const file of files) {
    const moved = renamedBy(uri, file);
    if (moved) return moved;
  }
  return null;
}

function renamedBy(uri: string, { oldUri, newUri }: FileRenameEvent["files"][number]): string | null {
  const document = Uri.parse(uri);
  if (document.scheme !== oldUri.scheme || document.authority !== oldUri.authority) return null;
  if (document.path === oldUri.path) return newUri.toString();
  if (!document.path.startsWith(`${oldUri.path}/`)) return null;
  return newUri.with({ path: newUri.path + document.path.slice(oldUri.path.length) }).toString();
}
