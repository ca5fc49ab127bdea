import { message } from "../../../tensor/message.ts";
import { sizeOf, tensor } from "../../../tensor/tensor.ts";
import type { ReadingProblem } from "../../document.ts";
import { reshaped, viewOf } from "../derive.ts";
import { scoreIn } from "../formOptions.ts";
import { optionKinds } from "../optionKinds.ts";
import { memberIn, valuesIn } from "../optionValues.ts";
import { axis, type Findings, makeSite, nothing, siteName } from "../sites.ts";
import type { Source } from "../source.ts";
import type { JsonTensor } from "../tensors.ts";
import { fieldOf, keyOf, pathOf, rangeOf } from "../tree.ts";

/** What the sequence is called. */
const sequenceNames = ["x", "X", "H", "h", "hidden_states", "encoder_outputs", "inputs", "input"];

/**
 * Additive pooling of one sequence, `"score": "pooling"`: x `[length, size]` or `[batch, length, size]` is key and value, and
 * one query of zeros stands for nobody.
 */
export function pooledSequences(source: Source, tensors: readonly JsonTensor[]): Findings {
  const byNode = new Map(tensors.map((each) => [each.node, each]));
  const holders = new Set(tensors.map(({ node }) => fieldOf(source.tape, node, "parent")));
  const found = [...holders].flatMap((holder) => {
    const score = memberIn(source.members(holder), optionKinds.score.names);
    return score !== undefined && scoreIn(source, score) === "pooling" ? [pooled(source, holder, score, byNode)] : [];
  });
  if (found.length === 0) return nothing;
  return {
    tensors: found.flatMap((each) => each.tensors),
    sites: found.flatMap((each) => each.sites),
    settled: new Set(found.flatMap((each) => [...each.settled])),
    problems: found.flatMap((each) => each.problems ?? []),
  };
}

function pooled(source: Source, holder: number, score: number, byNode: ReadonlyMap<number, JsonTensor>): Findings {
  const members = source.members(holder);
  const x = sequenceNames.map((name) => byNode.get(members.get(name) ?? -1)).find((each) => each !== undefined);
  const shape = x?.entry.shape as readonly number[] | null | undefined;
  if (!x || !shape || shape.length < 2 || shape.length > 3)
    return { ...nothing, problems: [needsSequence(source, score)] };
  const [length, size] = shape.slice(-2) as [number, number];
  const batch = shape.length === 3 ? shape[0]! : 1;
  const sequence = {
    ...x,
    entry: viewOf(x.entry, { id: `${x.entry.id}#sequence` }, reshaped([batch, 1, length, size])),
  };
  const weight = memberIn(members, optionKinds.poolingWeight.names);
  const hidden = (weight === undefined ? null : valuesIn(source, weight)?.shape[0]) ?? size;
  const query = queryOfZeros(x, [batch, 1, 1, Number(hidden)]);
  const path = pathOf(source.tape, holder);
  const made = makeSite(source, {
    id: path,
    name: siteName(path),
    holder,
    roles: { query, key: sequence, value: sequence },
    axes: { batch: axis("batch"), head: axis("head") },
    pools: true,
  });
  return { tensors: [query, sequence, ...made.tensors], sites: [made.found], settled: new Set([x.entry.id]) };
}

/** Stands at no place of the text. */
function queryOfZeros({ entry }: JsonTensor, shape: readonly number[]): JsonTensor {
  const { path, range, nameRange } = entry;
  const id = `${entry.id}#nobody`;
  return {
    entry: {
      id,
      name: "0",
      path,
      range,
      ...(nameRange && { nameRange }),
      derivedFrom: entry.id,
      shape,
      dtype: "float64",
      get values() {
        return tensor("float64", shape, new Float64Array(sizeOf(shape)));
      },
      origin: "derived",
      exact: true,
      places: null,
    },
    node: -1,
    problems: [],
  };
}

function needsSequence({ tape }: Source, score: number): ReadingProblem {
  const key = keyOf(tape, score);
  return { severity: "warning", range: rangeOf(tape, key >= 0 ? key : score), message: message("json.poolingNeeds") };
}
