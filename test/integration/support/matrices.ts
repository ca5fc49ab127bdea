// Matrices for tests, and what attention must make of them, computed here the plainest way.

export const query = [
  [1, 0, 2],
  [0.5, -1, 0.25],
];
export const key = [
  [1, 1, 0],
  [0, 2, -1],
  [-0.5, 0.5, 1.5],
  [2, 0, 0],
];
export const value = [
  [1, 0],
  [0, 1],
  [1, 1],
  [-1, 2],
];

/** softmax(QKᵀ/√d), row by row; `scale` instead of 1/√d. */
export function weights(q = query, k = key, scale = 1 / Math.sqrt(q[0]!.length)): number[][] {
  return q.map((row) => softmax(k.map((other) => scale * row.reduce((sum, x, at) => sum + x * other[at]!, 0))));
}

function softmax(scores: number[]): number[] {
  const maximum = Math.max(...scores);
  const exponentials = scores.map((score) => Math.exp(score - maximum));
  const sum = exponentials.reduce((a, b) => a + b);
  return exponentials.map((x) => x / sum);
}

/** One row of numbers a line, as people write them. */
export function rows(matrix: readonly (readonly number[])[], indent = "    "): string {
  return `[\n${matrix.map((row) => `${indent}[${row.join(", ")}]`).join(",\n")}\n  ]`;
}

export function attentionJson({ q = query, k = key, v = value, more = "" } = {}): string {
  return `{\n  "Q": ${rows(q)},\n  "K": ${rows(k)},\n  "V": ${rows(v)}${more}\n}\n`;
}

export function largestDifference(a: readonly number[], b: readonly number[]): number {
  return a.length === b.length ? Math.max(...a.map((x, at) => Math.abs(x - b[at]!))) : Number.POSITIVE_INFINITY;
}
