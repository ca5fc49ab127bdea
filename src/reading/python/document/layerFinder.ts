import type { LayerPlace, LayerTask, TextRange } from "../../document.ts";
import type { Symbols } from "../run/dims.ts";
import type { Expr } from "../syntax/ast.ts";
import { byPlace, innermost } from "./innermost.ts";
import type { DescribedLayer, LayerStretch, Layers } from "./layers.ts";
import type { TasksOfParameters } from "./layerTasks.ts";

/** Answers which layer is at an offset. */
export class LayerFinder {
  private readonly layers: Layers;
  private readonly symbols: Symbols;
  private readonly findTasks: () => TasksOfParameters;
  private sorted: readonly LayerStretch[] | null = null;
  private tasks: TasksOfParameters | null = null;

  constructor(layers: Layers, symbols: Symbols, findTasks: () => TasksOfParameters) {
    this.layers = layers;
    this.symbols = symbols;
    this.findTasks = findTasks;
  }

  /** @param tensor the innermost expression here that is a tensor: a narrower one is what the place is about. */
  at(offset: number, tensor: (TextRange & { readonly expr: Expr }) | null, text: string): LayerPlace | null {
    const best = this.innermost(offset);
    if (!best || (tensor && tensor.end - tensor.start < best.end - best.start)) return null;
    const all = this.layers.of(best.expr, this.symbols);
    return {
      range: { start: best.start, end: best.end },
      name: text.slice(best.start, best.end),
      layer: all.at(-1)!.entry,
      tasks: this.tasksOf(all),
      others: all.slice(0, -1).map(({ entry }) => entry),
      called: tensor?.expr.kind === "call" && tensor.expr.callee === best.expr,
    };
  }

  private tasksOf(layers: readonly DescribedLayer[]): LayerTask[] {
    this.tasks ??= this.findTasks();
    const found = new Set<LayerTask>();
    for (const { parameters } of layers)
      for (const parameter of parameters) for (const task of this.tasks.get(parameter) ?? []) found.add(task);
    return [...found];
  }

  private innermost(offset: number): LayerStretch | null {
    this.sorted ??= this.layers.stretches().sort(byPlace);
    return innermost(this.sorted, offset);
  }
}
