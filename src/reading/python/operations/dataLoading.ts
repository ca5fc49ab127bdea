import type { Size } from "../run/dims.ts";
import { lengthOf } from "../run/iterate.ts";
import { type Machine, unclear } from "../run/machine.ts";
import { sizeOfValue } from "../run/scalars.ts";
import { blankTensor, dimsOf, fixedDType } from "../run/tensorValue.ts";
import { args, type InstanceValue, int, list, none, tuple, unknown, type Value } from "../run/values.ts";
import { type Given, type Operation, operation } from "./operation.ts";

function made(path: string, parts: Readonly<Record<string, Value>>): InstanceValue {
  return {
    kind: "instance",
    type: { kind: "library", path },
    attributes: new Map(Object.entries(parts)),
    data: {},
    open: false,
  };
}

function self(g: Given): InstanceValue {
  const value = g.need("self");
  return value.kind === "instance" ? value : unclear("python.notIterable");
}

const shuffled = { code: "python.shuffled" } as const;

/** What the default collation makes of one sample for a batch of `size`. */
function collated(m: Machine, sample: Value, size: Size): Value {
  switch (sample.kind) {
    case "tensor": {
      const dims = dimsOf(sample);
      return blankTensor("torch", dims && [size, ...dims], sample.dtype, shuffled);
    }
    case "int":
    case "symbol":
      return blankTensor("torch", [size], fixedDType("int64"), shuffled);
    case "bool":
      return blankTensor("torch", [size], fixedDType("bool"), shuffled);
    case "float":
      return blankTensor("torch", [size], fixedDType("float64"), shuffled);
    case "tuple":
    case "list":
      return sample.open ? unknown("python.undecided") : list(sample.items.map((item) => collated(m, item, size)));
    case "dict":
      return {
        ...sample,
        entries: new Map(
          [...sample.entries].map(([key, e]) => [key, { key: e.key, value: collated(m, e.value, size) }]),
        ),
      };
    case "string":
      return list([unknown("python.text", undefined, "string")], true);
    default:
      return unknown("python.notComputed");
  }
}

/** The batches of a loader: full ones and the rest, as far as their number is known. */
function batches(g: Given, m: Machine): Value {
  const loader = self(g);
  const part = (name: string): Value => loader.attributes.get(name) ?? none;
  const dataset = part("dataset");
  const size = sizeOfValue(part("batch_size"));
  const total = sizeOfValue(lengthOf(m, dataset));
  const sample = m.subscript(dataset, int(0));
  const collate = part("collate_fn");
  const whole = m.truth(part("drop_last")) === true;
  const batch = (count: Size): Value =>
    collate.kind === "none" ? collated(m, sample, count) : m.call(collate, args([list([sample], true)]));
  if (typeof size !== "number" || typeof total !== "number")
    return opened([batch(typeof size === "number" && whole ? size : null)], true);
  const full = Math.floor(total / size);
  const items = Array.from({ length: Math.min(full, batchLimit) }, () => batch(size));
  if (total % size !== 0 && !whole) items.push(batch(total % size));
  return opened(items, full > batchLimit);
}

/** How many batches a loader gives, as far as its dataset and their size are known. */
function count(g: Given, m: Machine): Value {
  const loader = self(g);
  const part = (name: string): Value => loader.attributes.get(name) ?? none;
  const [total, size] = [sizeOfValue(lengthOf(m, part("dataset"))), sizeOfValue(part("batch_size"))];
  const whole = m.truth(part("drop_last"));
  if (typeof total !== "number" || typeof size !== "number" || whole === null)
    return unknown("python.symbolicNumber", undefined, "int");
  return int(whole ? Math.floor(total / size) : Math.ceil(total / size));
}

/** More batches than these are taken to be like them. */
const batchLimit = 1000;

function opened(items: readonly Value[], open: boolean): Value {
  let at = 0;
  return { kind: "iterator", next: () => items[at++], open };
}

/** torch.utils.data: datasets and the loader that makes batches of them. */
export const dataLoading: readonly Operation[] = [
  operation(
    "torch.utils.data.DataLoader",
    "dataset, batch_size?, shuffle?, *more, sampler?, num_workers?, collate_fn?, pin_memory?, drop_last?, **rest",
    (g) =>
      made("torch.utils.data.DataLoader", {
        dataset: g.need("dataset"),
        batch_size: g.get("batch_size") ?? int(1),
        collate_fn: g.get("collate_fn") ?? none,
        drop_last: g.get("drop_last") ?? { kind: "bool", value: false },
      }),
  ),
  operation("torch.utils.data.DataLoader.__iter__", "self", batches),
  operation("torch.utils.data.DataLoader.__len__", "self", count),
  operation("torch.utils.data.TensorDataset", "*tensors", (g) =>
    made("torch.utils.data.TensorDataset", { tensors: tuple(g.rest) }),
  ),
  operation("torch.utils.data.TensorDataset.__getitem__", "self, index", (g, m) => {
    const tensors = self(g).attributes.get("tensors");
    return tuple((tensors?.kind === "tuple" ? tensors.items : []).map((t) => m.subscript(t, g.need("index"))));
  }),
  operation("torch.utils.data.TensorDataset.__len__", "self", (g, m) => {
    const tensors = self(g).attributes.get("tensors");
    return tensors?.kind === "tuple" && tensors.items[0] ? lengthOf(m, tensors.items[0]) : int(0);
  }),
  operation("torch.utils.data.Subset", "dataset, indices", (g) =>
    made("torch.utils.data.Subset", { dataset: g.need("dataset"), indices: g.need("indices") }),
  ),
  operation("torch.utils.data.Subset.__getitem__", "self, index", (g, m) =>
    m.subscript(self(g).attributes.get("dataset") ?? none, int(0)),
  ),
  operation("torch.utils.data.Subset.__len__", "self", (g, m) =>
    lengthOf(m, self(g).attributes.get("indices") ?? none),
  ),
  operation("torch.utils.data.random_split", "dataset, lengths, generator?", (g, m) => {
    const lengths = m.iterate(g.need("lengths"));
    const parts = (lengths?.items ?? []).map((n) =>
      made("torch.utils.data.Subset", {
        dataset: g.need("dataset"),
        indices: { kind: "range", start: int(0), stop: n, step: int(1) },
      }),
    );
    return list(parts, lengths?.open ?? true);
  }),
];
