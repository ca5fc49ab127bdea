import type { LayerTask } from "../../document.ts";
import type { TensorValue } from "../run/tensorValue.ts";
import type { Records } from "./records.ts";
import type { Parts } from "./sites.ts";

/** What the layer of each parameter does in attention. */
export type TasksOfParameters = ReadonlyMap<TensorValue, ReadonlySet<LayerTask>>;

/** More tensors than this between a layer and what plays a part are not looked through. */
const farthest = 60;

/** What makes something else out of a layer's output than its query, key or value. */
const ends =
  /^(matmul|bmm|einsum|softmax|linear|conv\w*|embedding|layer_norm|rms_norm|batch_norm|multi_head_attention)$/;

/** Only other orders of the same numbers: heads are put together before they are projected. */
const orders =
  /^(view|reshape|transpose|permute|flatten|contiguous|squeeze|unsqueeze|rearrange|dropout|identity|copy|to)$/;

/** Linear layers that make queries, keys, values or learned scores, and those that take what attention gives. */
export function tasksOfParameters(records: Records, parts: Parts): TasksOfParameters {
  const tasks = new Map<TensorValue, Set<LayerTask>>();
  const put = (linear: TensorValue | null, task: LayerTask): void => {
    const weight = linear?.by?.inputs[1];
    if (weight) tasks.set(weight, (tasks.get(weight) ?? new Set()).add(task));
  };
  for (const [tensor, { part }] of parts) {
    if (part === "query" || part === "key" || part === "value") for (const made of makersOf(tensor)) put(made, part);
    const scored = part === "weights" && tensor.by?.operation === "softmax" ? tensor.by.inputs[0] : undefined;
    if (scored) for (const made of makersOf(scored)) put(made, "scores");
  }
  for (const seen of records.shown("tensors").values())
    for (const tensor of seen) if (isLinear(tensor) && takesOutput(tensor.by!.inputs[0]!, parts)) put(tensor, "output");
  return tasks;
}

function isLinear({ by }: TensorValue): boolean {
  return by?.operation === "linear" && by.inputs[0] !== undefined;
}

/** The linear layers that a tensor goes back to, through whatever is no layer and no product. */
function makersOf(tensor: TensorValue): TensorValue[] {
  const seen = new Set([tensor]);
  const found: TensorValue[] = [];
  for (const each of seen) {
    if (isLinear(each)) found.push(each);
    if (seen.size > farthest || ends.test(each.by?.operation ?? "")) continue;
    for (const input of each.by?.inputs ?? []) seen.add(input);
  }
  return found;
}

function takesOutput(input: TensorValue, parts: Parts): boolean {
  for (let at: TensorValue | undefined = input, steps = 0; at && steps < farthest; steps++) {
    if (parts.get(at)?.part === "output") return true;
    at = orders.test(at.by?.operation ?? "") ? at.by!.inputs[0] : undefined;
  }
  return false;
}
