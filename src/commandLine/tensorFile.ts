import type { TensorFile } from "../reading/binary/tensorFile.ts";
import type { TensorDocument } from "../reading/document.ts";

/** Files that hold tensors and no text. */
export function isTensorFile(path: string): boolean {
  return /\.(npy|npz|safetensors)$/i.test(path);
}

/** A file of tensors as a document without a text: nothing is at any offset. */
export function documentOf({ tensors, sites }: TensorFile): TensorDocument {
  return { language: "json", tensors, sites, problems: [], at: () => null };
}
