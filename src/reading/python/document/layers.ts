import type { Dim, InnerLayer, LayerEntry, TextRange } from "../../document.ts";
import { layerText } from "../../sameLayer.ts";
import { childrenOf, isOpen, parametersOf } from "../operations/layers/tree.ts";
import { add, type Size, type Symbols, sizeText } from "../run/dims.ts";
import { dimsOf, fixedShape, type TensorValue } from "../run/tensorValue.ts";
import { repr } from "../run/text.ts";
import type { InstanceValue, Value } from "../run/values.ts";
import { type Expr, rangeOf, targetRange } from "../syntax/ast.ts";
import { dimOf, entryOf } from "./entry.ts";

/** Of more layers than this at one place the first ones are forgotten. */
const most = 256;

/** More parameters of its own than this are not listed. */
const listed = 12;

/** A layer as it is told, and those of its parameters that are told, as the program has them. */
export interface DescribedLayer {
  readonly entry: LayerEntry;
  readonly parameters: readonly TensorValue[];
}

/** An expression that was a layer, and the stretch of text that is about it. */
export interface LayerStretch extends TextRange {
  readonly expr: Expr;
}

interface SeenLayers {
  readonly own: boolean;
  readonly layers: Set<InstanceValue>;
}

/** Which layers each expression was, and each name and attribute that was bound to one. */
export class Layers {
  private readonly seen = new Map<Expr, SeenLayers>();
  private readonly targets = new Set<Expr>();
  private readonly described = new WeakMap<InstanceValue, DescribedLayer>();
  private open: InstanceValue[] = [];

  /** @param own what a function tells of itself counts before what it was when another one called it. */
  note(e: Expr, layer: InstanceValue, own: boolean): void {
    const before = this.seen.get(e);
    if (before?.own && !own) return;
    const layers = before && before.own === own ? before.layers : new Set<InstanceValue>();
    if (layers !== before?.layers) this.seen.set(e, { own, layers });
    if (layers.has(layer)) return;
    if (layers.size === most) layers.delete(layers.values().next().value!);
    layers.add(layer);
    this.open.push(layer);
  }

  noteTarget(e: Expr, layer: InstanceValue, own: boolean): void {
    this.targets.add(e);
    this.note(e, layer, own);
  }

  /** The program has ended: what its layers are does not change any more. */
  endRun(): void {
    this.open = [];
  }

  /** Describes the layers that were noted since: what a supposed run has made is undone after it. */
  keep(symbols: Symbols): void {
    for (const layer of new Set(this.open)) this.describe(layer, symbols);
    this.open = [];
  }

  stretches(): LayerStretch[] {
    return [...this.seen.keys()].map((expr) => ({
      expr,
      ...(this.targets.has(expr) ? targetRange(expr) : rangeOf(expr)),
    }));
  }

  /** The layers of an expression, the last one last. */
  of(e: Expr, symbols: Symbols): DescribedLayer[] {
    return [...(this.seen.get(e)?.layers ?? [])].map((layer) => this.describe(layer, symbols));
  }

  private describe(layer: InstanceValue, symbols: Symbols): DescribedLayer {
    const known = this.described.get(layer) ?? describedLayer(layer, symbols);
    this.described.set(layer, known);
    return known;
  }
}

function describedLayer(layer: InstanceValue, symbols: Symbols): DescribedLayer {
  const all = parametersOf(layer);
  const isOwn = layer.type.kind === "class";
  const children = listedChildren(layer).map(([name, child]) => innerLayer(name, child, symbols));
  // What a library's layer is made of is its own affair, unless that is layers too many to list the parameters of.
  const whole = !isOwn && !isContainer(layer) && all.length <= listed;
  const shown = all.filter(([name]) => whole || !name.includes("."));
  return {
    entry: {
      ...innerLayer("", layer, symbols),
      parameters: shown.slice(0, listed).map(([name, value]) => parameterEntry(name, value, symbols)),
      inside: whole ? [] : gathered(children),
      training: trainingOf(layer),
    },
    parameters: shown.map(([, value]) => value),
  };
}

/** The layers inside; instead of a list the layers in it. */
function listedChildren(layer: InstanceValue): (readonly [string, InstanceValue])[] {
  return childrenOf(layer).flatMap(([name, child]) =>
    kindOf(child) === "nn.ModuleList"
      ? childrenOf(child).map(([at, item]) => [`${name}.${at}`, item] as const)
      : [[name, child] as const],
  );
}

function innerLayer(name: string, layer: InstanceValue, symbols: Symbols): InnerLayer {
  return { names: [name], kind: kindOf(layer), settings: settingsOf(layer, symbols), count: countOf(layer, symbols) };
}

/** Numbered layers that are alike and follow one another, as one. */
function gathered(layers: readonly InnerLayer[]): InnerLayer[] {
  const found: InnerLayer[] = [];
  for (const layer of layers) {
    const before = found.at(-1);
    const alike =
      before && listOf(before) !== null && listOf(before) === listOf(layer) && layerText(before) === layerText(layer);
    if (alike) found[found.length - 1] = { ...before, names: [...before.names, ...layer.names] };
    else found.push(layer);
  }
  return found;
}

/** `blocks` of `blocks.0`, empty of `0`; null of other names. */
function listOf({ names }: InnerLayer): string | null {
  return /^(.*?)\.?\d+$/.exec(names[0]!)?.[1] ?? null;
}

/** `nn.Linear`, or the name of the program's own class. */
function kindOf({ type }: InstanceValue): string {
  return type.kind === "class" ? type.name : type.path.replace(/^torch\./, "");
}

const containers = /\.(Sequential|ModuleList|ModuleDict|ParameterList|ParameterDict)$/;

function isContainer({ type }: InstanceValue): boolean {
  return type.kind === "library" && containers.test(type.path);
}

/** Numbers, truths and texts that it keeps by a name; sizes by their names. */
function settingsOf({ attributes }: InstanceValue, symbols: Symbols): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const [name, value] of attributes) {
    const text = name === "training" || name.startsWith("_") ? null : settingText(value, symbols);
    if (text !== null) settings[name] = text;
  }
  return settings;
}

function settingText(value: Value, symbols: Symbols): string | null {
  if (value.kind === "symbol") return sizeText(symbols.resolve(value.size));
  if (value.kind === "tuple" || value.kind === "list") {
    const items = value.items.map((item) => settingText(item, symbols));
    if (value.open || items.includes(null) || items.length === 0 || items.length > 4) return null;
    return value.kind === "list" ? `[${items.join(", ")}]` : `(${items.join(", ")}${items.length === 1 ? "," : ""})`;
  }
  return ["int", "float", "bool", "string"].includes(value.kind) ? repr(value) : null;
}

/** How many numbers can be trained; null where not all parameters, or not all sizes, are known. */
function countOf(layer: InstanceValue, symbols: Symbols): Dim {
  if (isOpen(layer)) return null;
  let count: Size = 0;
  for (const [, value] of parametersOf(layer)) {
    const dims = dimsOf(value);
    const size = dims && symbols.product(dims);
    if (size === null) return null;
    count = add(count, size);
  }
  return dimOf(symbols.resolve(count));
}

function trainingOf({ attributes }: InstanceValue): boolean | null {
  const mode = attributes.get("training");
  return mode === undefined ? true : mode.kind === "bool" ? mode.value : null;
}

const nowhere: TextRange = { start: 0, end: 0 };

function parameterEntry(name: string, value: TensorValue, symbols: Symbols) {
  const dims = dimsOf(value);
  const settled = dims?.some((size) => typeof size !== "number")
    ? { ...value, shape: fixedShape(dims.map((size) => symbols.resolve(size))) }
    : value;
  return entryOf(settled, { id: `parameter:${name}`, name, path: name, range: nowhere, scope: "local" });
}
