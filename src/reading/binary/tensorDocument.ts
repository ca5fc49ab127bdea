import type { Message } from "../../tensor/message.ts";
import type { ByteSource } from "../byteSource.ts";
import type { TensorDocument } from "../document.ts";
import { readTensorFile, type TensorFile } from "./tensorFile.ts";

/** Files that hold tensors and no text, by their path or address. */
export function isTensorFile(path: string): boolean {
  return /\.(npy|npz|safetensors)$/i.test(path);
}

/** A file of tensors as a document without a text: nothing is at any offset. */
export function documentOf({ tensors, sites }: Pick<TensorFile, "tensors" | "sites">): TensorDocument {
  return { language: "json", tensors, sites, problems: [], at: () => null };
}

/** The same of a file's bytes; one that cannot be read has no tensors and says why. `name` as for `readTensorFile`. */
export function tensorDocument(source: ByteSource, name: string): TensorDocument {
  const read = readTensorFile(source, name);
  return read.ok ? documentOf(read.value) : unreadable(read.problem);
}

function unreadable(message: Message): TensorDocument {
  const problem = { severity: "error", range: { start: 0, end: 0 }, message, broken: true } as const;
  return { ...documentOf({ tensors: [], sites: [] }), problems: [problem] };
}
