import { npyBytes } from "../exporting/npyBytes.ts";
import { type TextFormat, tensorText } from "../exporting/tensorText.ts";
import type { TensorEntry } from "../reading/document.ts";
import { done, failed, type Outcome } from "../tensor/message.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { sizeOf } from "../tensor/tensor.ts";
import type { MirroredDocument } from "./documents.ts";

/** More numbers than this are no text for a clipboard. */
const copyLimit = 1_000_000;

/** A tensor as text to paste. */
export function copyOf(document: MirroredDocument, id: string, format: TextFormat): Outcome<string> {
  const found = valuesOf(document, id);
  if (!found.ok) return found;
  const { entry, values } = found.value;
  const count = sizeOf(values.shape);
  if (count > copyLimit) return failed("service.tooMuchToCopy", { name: entry.name, count, limit: copyLimit });
  return done(tensorText(values, entry.name, format));
}

/** A tensor as the bytes of a .npy file. */
export function npyOf(document: MirroredDocument, id: string): Outcome<Uint8Array<ArrayBuffer>> {
  const found = valuesOf(document, id);
  return found.ok ? done(npyBytes(found.value.values)) : found;
}

/** A tensor of the document, with its numbers. */
export function valuesOf(document: MirroredDocument, id: string): Outcome<{ entry: TensorEntry; values: Tensor }> {
  const entry = document.reading.tensors.find((tensor) => tensor.id === id);
  if (!entry) return failed("service.noTensor", { name: id });
  if (!entry.values) return failed("service.noValues", { name: entry.name });
  return done({ entry, values: entry.values });
}
