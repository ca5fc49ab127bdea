/** How PyTorch fills a tensor when it initialises a module or runs a function of `nn.init`. */
export type Filling =
  | { readonly kind: "uniform"; readonly low: number; readonly high: number }
  | { readonly kind: "normal"; readonly mean: number; readonly deviation: number }
  | { readonly kind: "constant"; readonly value: number };

/** `calculate_gain(nonlinearity, slope)`; null for names that PyTorch refuses. Source: PyTorch's `nn.init` documentation. */
export function gainOf(nonlinearity: string, slope = 0.01): number | null {
  if (/^(linear|conv(_transpose)?[123]d|sigmoid)$/.test(nonlinearity)) return 1;
  if (nonlinearity === "tanh") return 5 / 3;
  if (nonlinearity === "relu") return Math.sqrt(2);
  if (nonlinearity === "leaky_relu") return Math.sqrt(2 / (1 + slope ** 2));
  return nonlinearity === "selu" ? 3 / 4 : null;
}

/** Numbers of inputs and outputs of a weight `[out, in, …kernel]`; shapes of rank below 2 have none: null. */
export function fansOf(shape: readonly number[]): { readonly in: number; readonly out: number } | null {
  if (shape.length < 2) return null;
  const field = shape.slice(2).reduce((product, size) => product * size, 1);
  return { in: shape[1]! * field, out: shape[0]! * field };
}

/** `xavier_uniform_`; null where PyTorch raises (rank below 2). Source: Glorot, Bengio, AISTATS 2010. */
export function xavierUniform(shape: readonly number[], gain = 1): Filling | null {
  const deviation = xavierDeviation(shape, gain);
  return deviation === null ? null : symmetric(Math.sqrt(3) * deviation);
}

/** `xavier_normal_`; null where PyTorch raises (rank below 2). */
export function xavierNormal(shape: readonly number[], gain = 1): Filling | null {
  const deviation = xavierDeviation(shape, gain);
  return deviation === null ? null : { kind: "normal", mean: 0, deviation };
}

/** `kaiming_uniform_` with `gain` from `gainOf` and the fan that its `mode` names. Source: He et al., arXiv:1502.01852. */
export function kaimingUniform(gain: number, fan: number): Filling {
  return symmetric(Math.sqrt(3) * (gain / Math.sqrt(fan)));
}

/** `kaiming_normal_`, as `kaimingUniform`. */
export function kaimingNormal(gain: number, fan: number): Filling {
  return { kind: "normal", mean: 0, deviation: gain / Math.sqrt(fan) };
}

/** Uniform in [−bound, bound). */
export function symmetric(bound: number): Filling {
  return { kind: "uniform", low: -bound, high: bound };
}

function xavierDeviation(shape: readonly number[], gain: number): number | null {
  const fans = fansOf(shape);
  return fans && gain * Math.sqrt(2 / (fans.in + fans.out));
}
