// Models written as protobuf (onnx.proto): the fused operator over [1, length, heads·size], and the plain one node by node.

const varint = (x) => {
  const bytes = [];
  for (let rest = x; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
};
const number = (field, x) => [...varint(field * 8), ...varint(x)];
const bytes = (field, content) => [...varint(field * 8 + 2), ...varint(content.length), ...content];
const text = (field, words) => bytes(field, [...new TextEncoder().encode(words)]);

const integer = (name, x) => bytes(5, [...text(1, name), ...number(3, x), ...number(20, 2)]);
const value = (field, name, shape) => {
  const dims = shape.flatMap((size) => bytes(1, number(1, size)));
  return bytes(field, [...text(1, name), ...bytes(2, bytes(1, [...number(1, 1), ...bytes(2, dims)]))]);
};
const opset = (domain, version) => bytes(8, [...text(1, domain), ...number(2, version)]);

const node = (type, inputs, output, attributes = [], domain = "") =>
  bytes(1, [
    ...inputs.flatMap((name) => text(1, name)),
    ...text(2, output),
    ...text(4, type),
    ...attributes.flat(),
    ...text(7, domain),
  ]);
const integers = (name, list) => bytes(5, [...text(1, name), ...list.flatMap((x) => number(8, x)), ...number(20, 7)]);
const scalar = (name, x) =>
  bytes(5, [...number(2, 1), ...text(8, name), ...bytes(9, [...new Uint8Array(Float32Array.of(x).buffer)])]);
const model = (graph) =>
  Uint8Array.from([...number(1, 8), ...bytes(7, graph), ...opset("", 17), ...opset("com.microsoft", 1)]);

/** com.microsoft MultiHeadAttention. */
export function multiHeadModel({ heads, length, size, causal }) {
  const shape = [1, length, heads * size];
  const names = ["q", "k", "v"];
  const attributes = [integer("num_heads", heads), integer("unidirectional", causal ? 1 : 0)];
  return model([
    ...node("MultiHeadAttention", names, "y", attributes, "com.microsoft"),
    ...text(2, "attention"),
    ...names.flatMap((name) => value(11, name, shape)),
    ...value(12, "y", shape),
  ]);
}

/** MatMul, Mul, Add where causal, Softmax, MatMul over [heads, length, size]; the mask [length, length] is an input. */
export function plainModel({ heads, length, size, causal }) {
  const shape = [heads, length, size];
  return model([
    ...node("Transpose", ["k"], "t", [integers("perm", [0, 2, 1])]),
    ...node("MatMul", ["q", "t"], "s"),
    ...node("Mul", ["s", "scale"], "a"),
    ...(causal ? node("Add", ["a", "mask"], "m") : []),
    ...node("Softmax", [causal ? "m" : "a"], "w"),
    ...node("MatMul", ["w", "v"], "y"),
    ...text(2, "attention"),
    ...scalar("scale", 1 / Math.sqrt(size)),
    ...["q", "k", "v"].flatMap((name) => value(11, name, shape)),
    ...(causal ? value(11, "mask", [length, length]) : []),
    ...value(12, "y", shape),
  ]);
}
