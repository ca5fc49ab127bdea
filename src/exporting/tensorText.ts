import { type DType, isFloat } from "../tensor/dtype.ts";
import { position, type Tensor, valueAt } from "../tensor/tensor.ts";

/** Ways to write a tensor as text that another program reads. */
export const textFormats = ["numpy", "pytorch", "json"] as const;
export type TextFormat = (typeof textFormats)[number];

/**
 * A tensor as code, or as JSON: nested lists, rows of the last axis on a line each, every number with the digits that
 * give the same double back. JSON spells NaN and infinities as Python's `json` does.
 */
export function tensorText(t: Tensor, name: string, format: TextFormat): string {
  const lists = nested(t, spelling[format]);
  if (format === "json") return lists;
  const [call, dtype] =
    format === "numpy" ? ["np.array", `np.${numpyName(t.dtype)}`] : ["torch.tensor", `torch.${t.dtype}`];
  return `${identifier(name)} = ${call}(${lists}, dtype=${dtype})`;
}

type Spelling = Readonly<Record<"nan" | "inf" | "true" | "false", string>>;
const spelling: Readonly<Record<TextFormat, Spelling>> = {
  numpy: { nan: "np.nan", inf: "np.inf", true: "True", false: "False" },
  pytorch: { nan: 'float("nan")', inf: 'float("inf")', true: "True", false: "False" },
  json: { nan: "NaN", inf: "Infinity", true: "true", false: "false" },
};

function nested(t: Tensor, words: Spelling): string {
  let flat = 0;
  const write = (axis: number): string => {
    if (axis === t.shape.length) return element(t, flat++, words);
    const items = Array.from({ length: t.shape[axis]! }, () => write(axis + 1));
    const last = axis === t.shape.length - 1;
    return `[${items.join(last ? ", " : `,\n${" ".repeat(axis + 1)}`)}]`;
  };
  return write(0);
}

function element(t: Tensor, flat: number, words: Spelling): string {
  if (t.data instanceof BigInt64Array || t.data instanceof BigUint64Array) return String(t.data[position(t, flat)]);
  const x = valueAt(t, flat);
  if (t.dtype === "bool") return x ? words.true : words.false;
  if (Number.isNaN(x)) return words.nan;
  if (!Number.isFinite(x)) return `${x < 0 ? "-" : ""}${words.inf}`;
  const text = Object.is(x, -0) ? "-0" : String(x);
  return isFloat(t.dtype) && /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/** NumPy knows no bfloat16; float32 holds each of its values. */
function numpyName(dtype: DType): string {
  return dtype === "bool" ? "bool_" : dtype === "bfloat16" ? "float32" : dtype;
}

/** A name that Python takes: `self.query.weight` becomes `self_query_weight`. */
function identifier(name: string): string {
  const plain = name.replace(/\W+/g, "_").replace(/^_+|_+$/g, "");
  return /^[A-Za-z_]/.test(plain) ? plain : `tensor_${plain}`.replace(/_$/, "");
}
