import { type Size, Symbols } from "../run/dims.ts";
import { dimsOf, type TensorValue } from "../run/tensorValue.ts";
import { type Axis, regroup, type Splits } from "./regroup.ts";

/** Two axes of two operands that a product has summed over. */
export type Contraction = readonly [left: Axis, right: Axis];

interface Traced {
  readonly axes: readonly Axis[] | null;
  readonly mixed: readonly number[];
}

/** Tells for every tensor where each of its axes came from, by the operations that made it. */
export class AxisTracer {
  private readonly traced = new Map<TensorValue, Traced>();
  private readonly splits: Splits = new Map();
  private readonly nameless = new Symbols();
  private count = 0;

  /** null where the rank is not known. */
  axes(t: TensorValue): readonly Axis[] | null {
    return this.trace(t).axes;
  }

  /** Axes of a reshaped tensor that mix parts of axes which do not belong together. */
  mixed(t: TensorValue): readonly number[] {
    return this.trace(t).mixed;
  }

  /** The pairs of axes that a product of two tensors has summed over. */
  contractions(t: TensorValue): readonly Contraction[] {
    const { operation, inputs, details } = t.by ?? { operation: "", inputs: [], details: {} };
    const [left, right] = inputs.map((input) => this.axes(input));
    if (!left || !right) return [];
    if (operation === "matmul") return [[left.at(-1) ?? [], right.at(right.length === 1 ? 0 : -2) ?? []]];
    if (operation === "linear") return [[left.at(-1) ?? [], right.at(-1) ?? []]];
    const { labels, contracted } = details as { labels?: Labels; contracted?: readonly string[] };
    if (operation !== "einsum" || !labels || !contracted || inputs.length !== 2) return [];
    const [first, second] = labels.inputs as [readonly string[], readonly string[]];
    return contracted
      .filter((label) => first.includes(label) && second.includes(label))
      .map((label) => [left[first.indexOf(label)]!, right[second.indexOf(label)]!]);
  }

  private trace(t: TensorValue): Traced {
    const known = this.traced.get(t);
    if (known) return known;
    this.traced.set(t, { axes: null, mixed: [] });
    const dims = dimsOf(t);
    const found: Traced = (dims && this.derived(t, dims)) ?? {
      axes: dims ? dims.map((size, axis) => this.fresh(t, axis, size)) : null,
      mixed: [],
    };
    this.traced.set(t, found);
    return found;
  }

  private readonly numbers = new Map<TensorValue, number>();

  private fresh(t: TensorValue, axis: number, size: Size): Axis {
    if (size === 1) return [];
    const number = this.numbers.get(t) ?? this.count++;
    this.numbers.set(t, number);
    return [{ name: `${number}.${axis}`, size }];
  }

  private derived(t: TensorValue, dims: readonly Size[]): Traced | null {
    const { by } = t;
    const [first] = by?.inputs ?? [];
    if (!by || !first) return null;
    const rule = rules[by.operation];
    if (rule) return rule(this.step(t, dims, by));
    const inputs = by.operation === "where" ? [...by.inputs.slice(1), first] : by.inputs;
    return { axes: this.broadcast(t, dims, inputs), mixed: [] };
  }

  private step(t: TensorValue, dims: readonly Size[], by: NonNullable<TensorValue["by"]>): Step {
    return {
      dims,
      details: by.details,
      inputs: by.inputs.map((input) => this.axes(input)),
      sizes: by.inputs.map(dimsOf),
      fresh: (axis) => this.fresh(t, axis, dims[axis] ?? null),
      reshaped: (from) =>
        regroup((by.details.symbols as Symbols | undefined) ?? this.nameless, this.splits, from, dims),
    };
  }

  /** Elementwise: each axis is that of the first operand which has it. */
  private broadcast(t: TensorValue, dims: readonly Size[], inputs: readonly TensorValue[]): readonly Axis[] {
    const operands = inputs.map((input) => this.axes(input));
    const sizes = inputs.map(dimsOf);
    return dims.map((size, axis) => {
      const fromEnd = axis - dims.length;
      const has = operands.findIndex(
        (axes, at) => (axes?.at(fromEnd)?.length ?? 0) > 0 && sizes[at]!.length + fromEnd >= 0,
      );
      const found = has < 0 ? undefined : operands[has]!.at(fromEnd)!;
      return found && sameSize(sizes[has]!.at(fromEnd) ?? null, size) ? found : this.fresh(t, axis, size);
    });
  }
}

interface Labels {
  readonly inputs: readonly (readonly string[])[];
  readonly output: readonly string[];
}

/** What a rule knows of the operation. */
interface Step {
  readonly dims: readonly Size[];
  readonly details: Readonly<Record<string, unknown>>;
  readonly inputs: readonly (readonly Axis[] | null)[];
  readonly sizes: readonly (readonly Size[] | null)[];
  readonly fresh: (axis: number) => Axis;
  readonly reshaped: (
    from: readonly Axis[],
  ) => { readonly axes: readonly Axis[]; readonly mixed: readonly number[] } | null;
}

type Rule = (step: Step) => Traced | null;

const plain = (axes: readonly Axis[]): Traced => ({ axes, mixed: [] });
const sameSize = (a: Size, b: Size): boolean => a === b || (typeof a !== "number" && typeof b !== "number");

/** Axes that stand where they stood; new ones where the operation has made them. */
const reshaped: Rule = ({ inputs: [input], reshaped }) => (input ? reshaped(input) : null);

const moved: Rule = ({ inputs: [input], details, dims }) => {
  const order = details.axes as readonly number[] | undefined;
  return input && order?.length === dims.length ? plain(order.map((axis) => input[axis]!)) : null;
};

const inserted: Rule = ({ inputs: [input], details }) =>
  input && typeof details.axis === "number" ? plain(input.toSpliced(details.axis, 0, [])) : null;

const dropped: Rule = ({ inputs: [input], dims }) =>
  input && input.filter((axis) => axis.length > 0).length === dims.filter((d) => d !== 1).length
    ? plain(fill(dims, input))
    : null;

/** What is not of size 1 keeps its order. */
function fill(dims: readonly Size[], axes: readonly Axis[]): Axis[] {
  const left = axes.filter((axis) => axis.length > 0);
  return dims.map((size) => (size === 1 ? [] : (left.shift() ?? [])));
}

/** The last axis is new, the others stay: linear layers and tables. */
const newLast: Rule = ({ inputs: [input], dims, fresh }) =>
  input?.length === dims.length ? plain([...input.slice(0, -1), fresh(dims.length - 1)]) : null;

const looked: Rule = ({ inputs: [input], dims, fresh }) => (input ? plain([...input, fresh(dims.length - 1)]) : null);

/** Along one axis something new stands: pieces, joined pieces. */
const newAlong: Rule = ({ inputs: [input], details, dims, fresh }) => {
  if (!input || typeof details.axis !== "number" || input.length !== dims.length) return null;
  const at = details.axis < 0 ? details.axis + dims.length : details.axis;
  return plain(input.map((axis, a) => (a === at ? fresh(a) : axis)));
};

const stacked: Rule = ({ inputs: [input], details, dims, fresh }) => {
  if (!input || typeof details.axis !== "number") return null;
  const at = details.axis < 0 ? details.axis + dims.length : details.axis;
  return plain(input.toSpliced(at, 0, fresh(at)));
};

const unbound: Rule = ({ inputs: [input], details }) =>
  input && typeof details.axis === "number" ? plain(input.toSpliced(details.axis, 1)) : null;

const reduced: Rule = ({ inputs: [input], details }) => {
  if (!input) return null;
  const { axes, keep } = details as { axes: readonly number[] | null; keep: boolean };
  const gone = new Set((axes ?? input.map((_, a) => a)).map((a) => (a < 0 ? a + input.length : a)));
  return plain(input.flatMap((axis, a) => (gone.has(a) ? (keep ? [[]] : []) : [axis])));
};

/** Integers take an axis away, slices leave it, None adds one. */
const indexed: Rule = ({ inputs: [input], sizes: [sizes], details, dims, fresh }) => {
  const kinds = details.index as readonly string[] | undefined;
  if (!input || !sizes || !kinds || kinds.includes("tensor")) return null;
  const rest = input.length - kinds.filter((kind) => kind === "int" || kind === "slice").length;
  const axes: Axis[] = [];
  let from = 0;
  for (const kind of kinds.includes("rest") ? kinds : [...kinds, "rest"]) {
    if (kind === "new") axes.push([]);
    else if (kind === "int") from++;
    else {
      for (let i = 0; i < (kind === "rest" ? rest : 1); i++, from++) {
        const at = axes.length;
        axes.push(sizes[from] === dims[at] || dims[at] === 1 ? (dims[at] === 1 ? [] : input[from]!) : fresh(at));
      }
    }
  }
  return axes.length === dims.length ? plain(axes) : null;
};

/** Batch axes of the first operand that has them, then its rows and the other's columns. */
const multiplied: Rule = ({ inputs: [left, right], dims }) => {
  if (!left || !right) return null;
  const rows = left.length > 1 ? [left.at(-2)!] : [];
  const columns = right.length > 1 ? [right.at(-1)!] : [];
  const count = dims.length - rows.length - columns.length;
  const batch = Array.from({ length: count }, (_, axis) => {
    const [a, b] = [left.at(axis - count - 2), right.at(axis - count - 2)];
    return a?.length ? a : (b ?? []);
  });
  return plain([...batch, ...rows, ...columns]);
};

const summed: Rule = ({ inputs, details }) => {
  const labels = details.labels as Labels | undefined;
  if (!labels || inputs.includes(null)) return null;
  return plain(
    labels.output.map((label) => {
      const all = labels.inputs.flatMap((names, at) =>
        names.includes(label) ? [inputs[at]![names.indexOf(label)]!] : [],
      );
      return all.find((axis) => axis.length > 0) ?? [];
    }),
  );
};

/** einops says itself what goes where: its atoms are found by taking the left side apart. */
const rearranged: Rule = ({ inputs: [input], details, dims, fresh }) => {
  const { left, right } = details as { left?: readonly (readonly string[])[]; right?: readonly (readonly string[])[] };
  if (!input || !left || !right) return null;
  const single = new Map(
    left.flatMap((group, axis) => (group.length === 1 ? [[group[0]!, input[axis]!] as const] : [])),
  );
  const whole = new Map(left.map((group, axis) => [group.join(" "), input[axis]!]));
  return plain(
    right.map((group, axis) => {
      if (dims[axis] === 1) return [];
      const known = whole.get(group.join(" "));
      if (known) return known;
      const parts = group.map((atom) => single.get(atom));
      return parts.every((part) => part !== undefined) ? parts.flat() : fresh(axis);
    }),
  );
};

const attended: Rule = ({ inputs: [query, , value] }) =>
  query && value ? plain([...query.slice(0, -1), value.at(-1)!]) : null;

/** How axes go through each operation. What is not here is elementwise, or makes axes that are all new. */
const rules: Readonly<Record<string, Rule>> = {
  view: reshaped,
  reshape: reshaped,
  flatten: reshaped,
  transpose: moved,
  permute: moved,
  unsqueeze: inserted,
  squeeze: dropped,
  linear: newLast,
  embedding: looked,
  chunk: newAlong,
  split: newAlong,
  cat: newAlong,
  stack: stacked,
  unbind: unbound,
  index: indexed,
  matmul: multiplied,
  einsum: summed,
  rearrange: rearranged,
  scaled_dot_product_attention: attended,
  sum: reduced,
  mean: reduced,
  amax: reduced,
  amin: reduced,
  prod: reduced,
  any: reduced,
  all: reduced,
};
