import type { Expr, Parameter } from "../syntax/ast.ts";
import type { Machine } from "./machine.ts";
import { type Library, makeTensor, type TensorValue } from "./tensorValue.ts";
import { type Usage, usedAsObject, usedAsTensor } from "./usage.ts";
import { type ClassValue, type DictValue, type InstanceValue, library, tuple, unknown, type Value } from "./values.ts";

/** What a parameter stands for where nobody calls: a size with its name, a tensor of unknown shape, or unknown. */
export interface ParameterPlace {
  /** Of a module's constructor: plain parameters are sizes. Else they are tensors. */
  readonly constructs: boolean;
  readonly framework: Library;
  readonly usage: ReadonlyMap<string, Usage>;
  readonly findClass: (name: string) => ClassValue | undefined;
}

const floatNames =
  /(drop|prob|rate|eps|alpha|beta|gamma|temp|scale|momentum|theta|ratio|factor|slope|decay)|^(p|lr|std|mean)$/i;
const boolNames =
  /^(use|is|has|with|do|no|return|need|need|add|share|tie|apply|enable)_|bias|causal|first|flash|verbose|training|inplace|residual|pre_?norm/i;
const otherNames =
  /(activation|act_|act$|mode$|type$|path$|device|name$|layer$|^norm|fn$|func$|init$|optimizer|criterion|loss$|tokenizer|generator|callback|strategy|method)/i;
const tensorNames =
  /^(x|y|z|q|k|v|query|queries|key|keys|value|values|mask|input|inputs|src|tgt|trg|source|target|scores|attn|attention|logits|hidden\w*|memory|context|embeddings?|tokens|idx|ids|input_ids|.*_mask|.*states?|Q|K|V|X|Y|inp|images?|img|features?|feats?|out|output|outputs)$/;

/** Names that end in what a tensor holds: `text_embedding`, `encoder_outputs`; not how many of them there are. */
const tensorEndings =
  /^(?!n_|num_|dim|max|size).*(_|^)(embed(ding)?s?|emb|features?|feats?|outputs?|inputs?|hidden|tokens|ids|mask|quer(y|ies)|keys?|values?|memory|memories|logits|scores|activations|residual|objects|fmap)$/;

/** A value for a parameter that nobody gives. */
export function symbolicParameter(
  m: Machine,
  p: Parameter,
  defaults: ReadonlyMap<string, Value>,
  place: ParameterPlace,
): Value {
  if (p.kind === "rest") return { ...tuple([]), open: false };
  if (p.kind === "keywords") return { kind: "dict", entries: new Map(), open: false };
  const given = defaults.get(p.name);
  const usage = place.usage.get(p.name);
  if (given && given.kind !== "unknown") return fromDefault(m, p, given, usage, place);
  return (
    fromAnnotation(m, p, place) ??
    (place.constructs ? constructed(m, p.name, usage, place) : received(m, p.name, usage, place))
  );
}

/** None, bools and texts decide branches; numbers are sizes with the parameter's name, but 0, 1 and negative ones, which mean themselves. */
function fromDefault(m: Machine, p: Parameter, given: Value, usage: Usage | undefined, place: ParameterPlace): Value {
  if (given.kind === "float")
    return floatNames.test(p.name) ? given : unknown("python.parameter", { name: p.name }, "float");
  if (given.kind !== "int") return given;
  const value = Number(given.value);
  if (value <= 1 || usage?.repeats || !place.constructs || floatNames.test(p.name)) return given;
  return { kind: "symbol", size: m.symbols.fresh(p.name), default: value };
}

function annotationName(e: Expr | null): string {
  if (!e) return "";
  if (e.kind === "name") return e.id;
  if (e.kind === "attribute") return e.name;
  if (e.kind === "string") return e.value;
  if (e.kind === "subscript")
    return annotationName(e.object) === "Optional" ? annotationName(e.index) : annotationName(e.object);
  if (e.kind === "binary" && e.operator === "|")
    return annotationName(e.left) === "None" ? annotationName(e.right) : annotationName(e.left);
  return "";
}

function fromAnnotation(m: Machine, p: Parameter, place: ParameterPlace): Value | null {
  const name = annotationName(p.annotation).replace(/^.*\./, "");
  if (name === "int") return { kind: "symbol", size: m.symbols.fresh(p.name) };
  if (name === "float") return unknown("python.parameter", { name: p.name }, "float");
  if (name === "bool") return unknown("python.parameter", { name: p.name }, "bool");
  if (name === "str") return unknown("python.parameter", { name: p.name }, "string");
  if (/^(Tensor|FloatTensor|LongTensor|BoolTensor|Array)$/.test(name))
    return symbolicTensor(place.framework === "numpy" ? "torch" : place.framework);
  if (name === "ndarray") return symbolicTensor("numpy");
  const type = name ? place.findClass(name) : undefined;
  if (type?.dataclass) return symbolicRecord(m, type, place);
  if (/^(List|Tuple|Dict|list|tuple|dict|Callable|Type|Module|Sequence|Iterable|dtype|device|Any)$/.test(name))
    return unknown("python.parameter", { name: p.name });
  return null;
}

/** An instance of a dataclass whose numbers are sizes named after its fields. */
function symbolicRecord(m: Machine, type: ClassValue, place: ParameterPlace): InstanceValue {
  const attributes = new Map<string, Value>();
  for (const field of type.dataclass!.fields) {
    const plain: Parameter = { name: field.name, kind: "plain", default: null, annotation: null };
    const defaults = new Map(field.default ? [[field.name, field.default]] : []);
    attributes.set(field.name, symbolicParameter(m, plain, defaults, { ...place, constructs: true, usage: new Map() }));
  }
  return { kind: "instance", type, attributes, data: {}, open: true };
}

/** A plain parameter of a constructor. */
function constructed(m: Machine, name: string, usage: Usage | undefined, place: ParameterPlace): Value {
  void place;
  if (usage?.called) return unknown("python.parameter", { name });
  if (usage?.keyed) return symbolicDict();
  if (usedAsObject(usage, m)) return symbolicObject();
  return sizeNamed(m, name);
}

/** What a name alone says: mostly a size. */
export function sizeNamed(m: Machine, name: string): Value {
  if (boolNames.test(name)) return unknown("python.parameter", { name }, "bool");
  if (floatNames.test(name)) return unknown("python.parameter", { name }, "float");
  if (otherNames.test(name)) return unknown("python.parameter", { name });
  return { kind: "symbol", size: m.symbols.fresh(name) };
}

/** A plain parameter of forward or of a function. */
function received(m: Machine, name: string, usage: Usage | undefined, place: ParameterPlace): Value {
  if (usage?.called) return unknown("python.parameter", { name });
  if (usedAsTensor(usage, m)) return symbolicTensor(place.framework);
  if (usage?.keyed) return symbolicDict();
  if (usedAsObject(usage, m)) return symbolicObject();
  if (usage?.counted) return { kind: "symbol", size: m.symbols.fresh(name) };
  if (usage?.unpacked) return unknown("python.parameter", { name });
  if (tensorNames.test(name) || (place.framework === "torch" && tensorEndings.test(name)))
    return symbolicTensor(place.framework);
  // What is multiplied and handed on may as well be a tensor.
  if (usage?.arithmetic && usage.given) return unknown("python.parameter", { name });
  if (
    /^(h|n|d|b|t|w|size|dim|heads|\w+_(size|dim|len|heads|count|length)|n_\w+|num_\w+|seq_len|length|H|W|B|N|T|C|L|S|D)$/.test(
      name,
    )
  )
    return { kind: "symbol", size: m.symbols.fresh(name) };
  return unknown("python.parameter", { name });
}

/** A tensor of which nothing is known yet. */
export function symbolicTensor(lib: Library): TensorValue {
  return makeTensor({
    framework: lib,
    shape: { dims: null },
    dtype: { dtype: null, open: true },
    why: { code: "python.uncalled" },
  });
}

/** A configuration object: whatever it is asked for is a size, a float or a flag by its name. */
export function symbolicObject(): InstanceValue {
  return {
    kind: "instance",
    type: library("symbolic.object"),
    attributes: new Map(),
    data: { symbolic: true },
    open: true,
  };
}

/** The same as a dictionary. */
export function symbolicDict(): DictValue {
  return { kind: "dict", entries: new Map(), open: true, symbolic: true };
}
