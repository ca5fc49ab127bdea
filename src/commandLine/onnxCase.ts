import { onnxAttention } from "../attention/onnx/attention.ts";
import { checkNames } from "../attention/onnx/checks.ts";
import type { OnnxAttributes, OnnxInputs } from "../attention/onnx/contract.ts";
import { plainTensor } from "../exporting/numbers.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type CommandInput, UsageError } from "./commandLine.ts";

interface OnnxFile {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly attributes: OnnxAttributes;
  readonly opset: number;
}

/** The frame of a test case of the ONNX operator `Attention`; null for any other file. */
function onnxFile({ language, document, text }: CommandInput): OnnxFile | null {
  if (language !== "json" || document.problems.some(({ broken }) => broken)) return null;
  if (!document.tensors.some(({ path }) => /^\$\.inputs\.[QKV]$/.test(path))) return null;
  const { inputs, attributes, opset } = frameOf(text);
  if (!inputs || !(attributes || opset)) return null;
  return { inputs, attributes: attributes ?? {}, opset: opset ?? 23 };
}

/** The object itself, without its numbers that are none: the document has them. Python writes NaN and Infinity bare. */
function frameOf(text: string): Partial<OnnxFile> {
  const plain = text.replace(/^\uFEFF/, "").replace(/"[^"\\]*(?:\\.[^"\\]*)*"|NaN|-?Infinity/g, (token) => {
    return token.startsWith('"') ? token : "null";
  });
  return JSON.parse(plain) as Partial<OnnxFile>;
}

/** `attend CASE.json --json` for a test case of ONNX `Attention`: its outputs by their ONNX names; null for any other file. */
export function onnxOutputs(input: CommandInput): string | null {
  const file = onnxFile(input);
  if (!file) return null;
  // null stands for an optional input that is left out.
  const names = Object.keys(file.inputs).filter((name) => file.inputs[name] !== null);
  const misnamed = checkNames(names, file.opset);
  if (misnamed && !misnamed.ok) throw new UsageError(`${input.file}: ${input.say(misnamed.problem)}`);
  const given = names.map((name) => [name, inputTensor(input, name)] as const);
  const computed = onnxAttention(Object.fromEntries(given) as unknown as OnnxInputs, file.attributes, file.opset);
  if (!computed.ok) throw new UsageError(`${input.file}: ${input.say(computed.problem)}`);
  const outputs = Object.entries(computed.value).map(([name, tensor]) => [name, plainTensor(tensor)]);
  return JSON.stringify(Object.fromEntries(outputs));
}

function inputTensor({ file, document, translate, say }: CommandInput, name: string): Tensor {
  const entry = document.tensors.find(({ path }) => path === `$.inputs.${name}`);
  if (entry?.values) return entry.values;
  const why = entry?.why ? say(entry.why) : translate("it is no tensor");
  throw new UsageError(translate("{file}: the input {name} cannot be read: {why}", { file, name, why }));
}
