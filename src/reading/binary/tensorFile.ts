import type { DType } from "../../tensor/dtype.ts";
import { done, failed, type Message, message, type Outcome } from "../../tensor/message.ts";
import { sizeOf, type Tensor, tensor } from "../../tensor/tensor.ts";
import type { ByteSource } from "../byteSource.ts";
import type { AttentionSite, TensorEntry } from "../document.ts";
import { groupByNames } from "../roles.ts";
import { itemSize, readElements } from "./decode.ts";
import { npyHeader, npyTensor } from "./npy.ts";
import { safeTensors } from "./safetensors.ts";
import { zipContent, zipEntries, zipHead } from "./zip.ts";

/** A file of tensors. Their values are read when they are asked for. */
export interface TensorFile {
  readonly format: "npy" | "npz" | "safetensors";
  readonly tensors: readonly TensorEntry[];
  readonly sites: readonly AttentionSite[];
}

/**
 * Reads what a .npy, .npz or .safetensors file holds, told by its first bytes. `name` is what the tensor of a .npy is
 * called. A tensor that cannot be read has no values and says why.
 *
 * Fails with `binary.unknown` for any other file, and with the codes of `npyHeader`, `zipEntries` and `safeTensors`.
 */
export function readTensorFile(source: ByteSource, name: string): Outcome<TensorFile> {
  const start = source.read(0, 8).slice();
  if (start[0] === 0x93) return npyFile(source, name);
  if (start[0] === 0x50 && start[1] === 0x4b) return npzFile(source);
  return start[4] === 0 && source.size > 10 ? safetensorsFile(source) : failed("binary.unknown");
}

function npyFile(source: ByteSource, name: string): Outcome<TensorFile> {
  const header = npyHeader(source);
  if (!header.ok) return header;
  const entry = entryOf(name, header.value.dtype, header.value.shape, () => npyTensor(source, header.value));
  return done({ format: "npy", tensors: [entry], sites: sitesOf([entry]) });
}

function npzFile(source: ByteSource): Outcome<TensorFile> {
  const entries = zipEntries(source);
  if (!entries.ok) return entries;
  const tensors = entries.value
    .filter(({ name }) => name.endsWith(".npy"))
    .map((entry) => {
      const name = entry.name.slice(0, -4);
      const head = zipHead(source, entry);
      if (!head.ok) return unreadable(name, head.problem);
      const header = npyHeader(head.value);
      if (!header.ok) return unreadable(name, header.problem);
      return entryOf(name, header.value.dtype, header.value.shape, () => {
        const content = zipContent(source, entry);
        return content.ok ? npyTensor(content.value, header.value) : null;
      });
    });
  return done({ format: "npz", tensors, sites: sitesOf(tensors) });
}

function safetensorsFile(source: ByteSource): Outcome<TensorFile> {
  const listed = safeTensors(source);
  if (!listed.ok) return listed;
  const tensors = listed.value.map(({ name, dtype, dtypeName, shape, start }) => {
    if (!dtype) return unreadable(name, message("binary.dtype", { dtype: dtypeName }));
    return entryOf(name, dtype, shape, () => {
      const data = readElements(source, start, sizeOf(shape), dtype);
      return data && tensor(dtype, shape, data);
    });
  });
  return done({ format: "safetensors", tensors, sites: sitesOf(tensors) });
}

const nowhere = { start: 0, end: 0 };

/** A tensor with more bytes is listed but not read: it would take more memory than there is. */
const largestTensor = 2 ** 31;

/** Values are read when they are asked for, and again where nobody uses them any more. */
function entryOf(name: string, dtype: DType, shape: readonly number[], read: () => Tensor | null): TensorEntry {
  const size = sizeOf(shape) * itemSize(dtype);
  if (size > largestTensor)
    return { ...unreadable(name, message("binary.tooLong", { size, limit: largestTensor })), shape, dtype };
  let known: WeakRef<Tensor> | undefined;
  return {
    id: name,
    name,
    path: name,
    range: nowhere,
    shape,
    dtype,
    origin: "literal",
    exact: true,
    lost: false,
    places: null,
    get values() {
      const values = known?.deref() ?? read();
      known = values ? new WeakRef(values) : undefined;
      return values;
    },
  };
}

function unreadable(name: string, why: Message): TensorEntry {
  return {
    id: name,
    name,
    path: name,
    range: nowhere,
    shape: null,
    dtype: null,
    values: null,
    origin: "unknown",
    exact: false,
    why,
    places: null,
  };
}

function sitesOf(tensors: readonly TensorEntry[]): AttentionSite[] {
  const groups = groupByNames(tensors.map(({ id, name, shape }) => ({ id, name, rank: shape?.length ?? null })));
  return groups.map(({ stem, roles, certainty }) => ({
    id: stem,
    name: stem,
    anchor: nowhere,
    roles,
    queryTokens: null,
    keyTokens: null,
    options: {},
    certainty,
  }));
}
