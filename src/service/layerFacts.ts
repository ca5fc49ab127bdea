import type { LayerFacts, ParameterFacts } from "../explain/facts.ts";
import type { LayerPlace, TensorEntry } from "../reading/document.ts";
import { layerText } from "../reading/sameLayer.ts";
import { statistics } from "../tensor/statistics.ts";
import { sizeOf } from "../tensor/tensor.ts";

/** Numbers of more elements than this are not drawn to say between what they are. */
const most = 65_536;

/** What is said of a layer. */
export function layerFacts({ layer, others, tasks, called }: LayerPlace): LayerFacts {
  const { kind, settings, count, inside, training, parameters } = layer;
  const unlike = new Map(others.map((other) => [layerText(other), { kind: other.kind, settings: other.settings }]));
  unlike.delete(layerText(layer));
  return {
    kind,
    settings,
    count,
    inside,
    training,
    tasks,
    called,
    parameters: called ? [] : parameters.map(parameterFacts),
    ...(others.length > 0 && { turns: { count: others.length + 1, unlike: [...unlike.values()] } }),
  };
}

function parameterFacts(entry: TensorEntry): ParameterFacts {
  const { name, shape, dtype, origin, why } = entry;
  const limits = limitsOf(entry);
  return { name, shape, dtype, origin, ...(why && { why }), ...(limits && { limits }) };
}

function limitsOf(entry: TensorEntry): [number, number] | null {
  const numbers = entry.shape?.every((size) => typeof size === "number") ? (entry.shape as number[]) : null;
  if (!numbers || entry.lost || sizeOf(numbers) > most || !entry.values) return null;
  const { minimum, maximum } = statistics(entry.values);
  return Number.isNaN(minimum) ? null : [minimum, maximum];
}
