import type { Message } from "../../../tensor/message.ts";
import type { Machine } from "../run/machine.ts";
import { dimsOf, type TensorValue } from "../run/tensorValue.ts";
import type { Args, Value } from "../run/values.ts";
import { converted } from "./constructors.ts";
import { poison } from "./draws.ts";
import { fitsInto, inPlaceResult, operandsOf } from "./elementwise.ts";
import { forget } from "./layers/module.ts";
import { buffersOf, parametersOf } from "./layers/tree.ts";

/** Names of what neither draws random numbers nor writes into what it is given. */
const harmless =
  /^(builtins|matplotlib|mpl_toolkits|seaborn|plotly|os|sys|time|logging|json|re|math|warnings|argparse|pathlib|PIL|cv2|tqdm|wandb|pandas|collections|typing|functools|itertools|string|datetime|copy|gc|io|csv|glob|shutil|subprocess|tabulate|rich|IPython|sklearn|scipy|networkx|tensorboard|tensorboardX|tiktoken|transformers\.AutoTokenizer|unittest|pytest|numpy\.(set_printoptions|save\w*|testing|errstate|seterr)|torch\.(cuda|backends|distributed|hub|jit|onnx|profiler|save|set_\w+|autograd|utils\.(data|tensorboard)|Tensor\.(register_hook|storage)))(\.|$)/;
/** Parts of PyTorch and NumPy that are not known here, but draw. */
const draws = /rand|normal|bernoulli|dropout|sample|multinomial|poisson|shuffle|permut|init|\.nn\.|summary/i;

/** A call of something that is not known: nobody knows what it draws, nor what it writes into its arguments. */
export function afterOpaque(m: Machine, why: Message, args: Args): void {
  const name = String(why.args?.name ?? why.args?.what ?? "");
  if (harmless.test(name)) return;
  const given = [...args.positional, ...args.named.values()];
  if (/^(torch|numpy|einops|jax|tensorflow)\./.test(name) && !draws.test(name)) {
    if (writes.test(name)) forget(m, tensorsIn(given.slice(0, 1)), name);
    return;
  }
  const because: Message = { code: "python.random.unmodelled", args: { call: name || "…" } };
  for (const stream of [m.randoms.torch, m.randoms.numpy, m.randoms.python]) poison(m, stream, because);
  forget(m, tensorsIn(given), name || "…");
}

/** Functions of NumPy and PyTorch that write into their first argument. */
const writes =
  /^numpy\.(copyto|put|place|putmask|put_along_axis|fill_diagonal|\w+\.at)$|[a-z0-9]_$|^numpy\.ndarray\.(sort|partition|put|itemset|setfield|byteswap)$/;

/** What an operation gave, where it was to be written: `out=`, or the last operand of a function of NumPy's. */
export function intoOut(m: Machine, path: string, args: Args, value: Value): Value {
  const out = outOf(path, args);
  if (!out) return value;
  if (value.kind !== "tensor") forget(m, [out], path);
  else if (out.framework === "torch" && dimsOf(out)?.join() !== dimsOf(value)?.join()) {
    fitsInto(out, value);
    m.freeze(out);
    m.state.set(out, "shape", value.shape);
    m.state.set(out, "view", converted(value, out.dtype, "torch").view);
  } else inPlaceResult(m, out, value);
  return out;
}

function outOf(path: string, args: Args): TensorValue | null {
  const operands = path.startsWith("numpy.") && args.positional.length > 1 ? operandsOf(path) : null;
  const given = args.named.get("out") ?? (operands === null ? undefined : args.positional[operands]);
  const out = given?.kind === "tuple" && given.items.length === 1 ? given.items[0] : given;
  return out?.kind === "tensor" ? out : null;
}

/** An operation that could not be told: what it would have changed is not known any more. */
export function afterUnclear(m: Machine, path: string, args: Args): void {
  const self = args.positional[0];
  if (self?.kind === "tensor" && (changes.test(path) || writes.test(path))) forget(m, [self], path);
  const out = outOf(path, args);
  if (out) forget(m, [out], path);
  if (
    (self?.kind === "list" || self?.kind === "dict" || self?.kind === "set") &&
    path.startsWith(self.kind) &&
    grows.test(path)
  )
    m.state.set(self, "open", true);
}

/** `x.add_`, `x[i] = …`, `x += …`. */
const changes =
  /[a-z0-9]_$|\.__setitem__$|^operator\.i(add|sub|mul|truediv|floordiv|mod|pow|and|or|xor|lshift|rshift|matmul)$/;
const grows =
  /\.(append|extend|insert|pop|popitem|remove|clear|add|update|setdefault|discard|__delitem__|__setitem__|__iadd__)$/;

function tensorsIn(values: Iterable<Value>, depth = 0): TensorValue[] {
  const found: TensorValue[] = [];
  for (const value of values) {
    if (value.kind === "tensor") found.push(value);
    else if (value.kind === "instance") found.push(...[...parametersOf(value), ...buffersOf(value)].map(([, t]) => t));
    else if (depth < 3 && (value.kind === "list" || value.kind === "tuple"))
      found.push(...tensorsIn(value.items, depth + 1));
    else if (depth < 3 && value.kind === "dict")
      found.push(
        ...tensorsIn(
          [...value.entries.values()].map((e) => e.value),
          depth + 1,
        ),
      );
  }
  return found;
}
