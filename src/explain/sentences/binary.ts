import type { Sentences } from "../sentences.ts";

/** What reading files of tensors has to say. */
export const binarySentences: Sentences = {
  "binary.unknown": (translate) => translate("This is no .npy, .npz or .safetensors file."),
  "binary.notNpy": (translate) => translate("The head of this .npy file is damaged."),
  "binary.dtype": (translate, { dtype }) => translate("Elements of the type {dtype} are not read.", { dtype: dtype! }),
  "binary.short": (translate, { expected, got }) =>
    translate("The file ends too early: its shape needs {expected} bytes, {got} are there.", {
      expected: expected!,
      got: got!,
    }),
  "binary.notZip": (translate) => translate("This .npz archive is damaged."),
  "binary.compression": (translate, { method }) =>
    translate("The compression method {method} is not read. Save with numpy.savez or numpy.savez_compressed.", {
      method: method!,
    }),
  "binary.tooLarge": (translate, { size, limit }) =>
    translate("The compressed tensor takes {size} bytes, at most {limit} are unpacked. Save with numpy.savez.", {
      size: size!,
      limit: limit!,
    }),
  "binary.tooLong": (translate, { size, limit }) =>
    translate("The tensor takes {size} bytes, at most {limit} are read. Save the part that matters.", {
      size: size!,
      limit: limit!,
    }),
  "binary.notSafetensors": (translate) => translate("The head of this .safetensors file is damaged."),
};
