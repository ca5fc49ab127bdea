import { type DType, storage } from "../../../tensor/dtype.ts";
import type { Message } from "../../../tensor/message.ts";
import { type Tensor, tensor } from "../../../tensor/tensor.ts";
import type { Dim, ElementPlaces, MadeBy, Origin, TensorEntry, TextRange } from "../../document.ts";
import { bareName, type Size, sizeText } from "../run/dims.ts";
import { concrete, dimsOf, dtypeOf, elements, type Provenance, type TensorValue } from "../run/tensorValue.ts";
import { literalPlaces } from "./places.ts";
import { softmaxByHand } from "./softmaxStep.ts";

/** A size as the document has it. */
export function dimOf(size: Size): Dim {
  return typeof size === "number" || size === null ? size : sizeText(size);
}

/** Where a tensor stands in the document. */
export interface Standing {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly range: TextRange;
  readonly nameRange?: TextRange;
  readonly scope: "module" | "local";
}

/** A tensor of the program as an entry. Values are computed when they are first asked for. */
export function entryOf(value: TensorValue, standing: Standing): TensorEntry {
  return new PythonTensor(value, standing);
}

/** Whether an entry is about this very tensor: a name that is read, and the same name where it was bound. */
export function standsFor(entry: TensorEntry, value: TensorValue): boolean {
  return programTensor(entry) === value;
}

/** The tensor of the program that an entry is about; null for an entry of another reader. */
export function programTensor(entry: TensorEntry): TensorValue | null {
  return entry instanceof PythonTensor ? entry.value : null;
}

class PythonTensor implements TensorEntry {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly range: TextRange;
  readonly nameRange?: TextRange;
  readonly scope: "module" | "local";
  readonly shape: readonly Dim[] | null;
  readonly axes?: readonly (string | null)[];
  readonly dtype: DType | null;
  readonly value: TensorValue;
  private computed: Tensor | null | undefined;
  private located: ElementPlaces | null | undefined;

  constructor(value: TensorValue, standing: Standing) {
    this.value = value;
    this.id = standing.id;
    this.name = standing.name;
    this.path = standing.path;
    this.range = standing.range;
    this.scope = standing.scope;
    if (standing.nameRange) this.nameRange = standing.nameRange;
    const dims = dimsOf(value);
    this.shape = dims?.map(dimOf) ?? null;
    this.dtype = dtypeOf(value);
    const names = dims?.map(bareName);
    if (names?.some((n) => n !== null)) this.axes = names;
  }

  get values(): Tensor | null {
    if (this.computed === undefined) this.computed = tensorOf(this.value);
    return this.computed;
  }

  get lost(): boolean {
    if (this.computed !== undefined) return this.computed === null;
    const { view } = this.value;
    return this.dtype === null || view === null || view.store.content.data === null || !concrete(dimsOf(this.value));
  }

  get origin(): Origin {
    return this.lost ? "unknown" : this.value.origin;
  }

  get exact(): boolean {
    return !this.lost && this.value.exact;
  }

  get why(): Message | undefined {
    if (!this.lost) return undefined;
    return this.value.view?.store.content.why ?? this.value.why ?? { code: "python.notComputed" };
  }

  get made(): MadeBy | undefined {
    return this.value.by ? madeBy(this.value.framework, this.value.by) : undefined;
  }

  get places(): ElementPlaces | null {
    if (this.located === undefined)
      this.located = this.value.literal && this.isAsWritten() ? literalPlaces(this.value.literal) : null;
    return this.located;
  }

  /** A literal that was changed in place afterwards is no longer what is written. */
  private isAsWritten(): boolean {
    return this.value.origin === "literal" && this.value.view !== null && this.value.view.store.content.base === null;
  }
}

function madeBy(framework: string, by: Provenance): MadeBy {
  const { operation, inputs, details } = by;
  const other = inputs[1] && concrete(dimsOf(inputs[1]))?.length === 0 ? elements(inputs[1])?.[0] : undefined;
  const hand = softmaxByHand(by);
  const all = {
    ...details,
    ...(other !== undefined && { other: Number(other) }),
    ...(hand && { softmax: true, ...hand }),
    ...(inputs[0] && isDrawn(inputs[0]) && { ofDraw: true }),
  };
  const plain = Object.entries(all).filter(([, x]) => /^(string|number|boolean)$/.test(typeof x));
  return {
    operation,
    framework,
    inputs: inputs.map((input) => dimsOf(input)?.map(dimOf) ?? null),
    details: Object.fromEntries(plain) as MadeBy["details"],
  };
}

/** Random numbers as they were drawn, whether a seed tells them or not. */
function isDrawn({ origin, by, why }: TensorValue): boolean {
  return !by?.inputs.length && (origin === "seeded" || /^python\.(random\.|unseeded$)/.test(why?.code ?? ""));
}

/** The elements with their dtype's own storage. */
function tensorOf(value: TensorValue): Tensor | null {
  const dims = concrete(dimsOf(value));
  const dtype = dtypeOf(value);
  const data = dims && dtype ? elements(value) : null;
  if (!data || !dims || !dtype) return null;
  const store = storage(dtype, data.length);
  if (store instanceof BigInt64Array || store instanceof BigUint64Array) {
    if (data instanceof BigInt64Array || data instanceof BigUint64Array) store.set(data);
    else for (let at = 0; at < data.length; at++) store[at] = BigInt(data[at]!);
  } else if (data instanceof BigInt64Array || data instanceof BigUint64Array) return null;
  else store.set(data);
  return tensor(dtype, dims, store);
}
