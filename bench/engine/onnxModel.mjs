// A model of one node, written as protobuf (onnx.proto): com.microsoft MultiHeadAttention over [1, length, heads·size].

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

export function multiHeadModel({ heads, length, size, causal }) {
  const shape = [1, length, heads * size];
  const names = ["q", "k", "v"];
  const node = [
    ...names.flatMap((name) => text(1, name)),
    ...text(2, "y"),
    ...text(4, "MultiHeadAttention"),
    ...integer("num_heads", heads),
    ...integer("unidirectional", causal ? 1 : 0),
    ...text(7, "com.microsoft"),
  ];
  const graph = [
    ...bytes(1, node),
    ...text(2, "attention"),
    ...names.flatMap((name) => value(11, name, shape)),
    ...value(12, "y", shape),
  ];
  return Uint8Array.from([...number(1, 8), ...bytes(7, graph), ...opset("", 17), ...opset("com.microsoft", 1)]);
}
