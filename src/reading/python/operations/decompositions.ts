import type { DType } from "../../../tensor/dtype.ts";
import type { Size } from "../run/dims.ts";
import { unclear } from "../run/machine.ts";
import { dtypeOf, fixedShape, type TensorValue } from "../run/tensorValue.ts";
import { tuple, type Value } from "../run/values.ts";
import { dtypeFrom } from "./dtypes.ts";
import { needDims, result } from "./making.ts";
import { type Given, type Operation, operation } from "./operation.ts";

/** Decompositions of matrices `[…, m, n]`, and what is told by them: shapes alone. */
export const decompositions: readonly Operation[] = [
  operation("torch.qr T.qr", "input, some?", (g) => qr(g, g.flag("some", true))),
  operation("torch.linalg.qr np.linalg.qr jnp.linalg.qr", "input, mode?", (g) =>
    qr(g, g.text("mode", "reduced") !== "complete"),
  ),
  operation("torch.svd T.svd", "input, some?, compute_uv?", (g) => {
    const { input, batch, rows, columns, least } = matrix(g);
    const some = g.flag("some", true);
    const parts = [
      [...batch, rows, some ? least : rows],
      [...batch, least],
      [...batch, columns, some ? least : columns],
    ];
    return tuple(parts.map((dims) => part(input, dims, "svd")));
  }),
  operation("torch.linalg.svd np.linalg.svd jnp.linalg.svd", "input, full_matrices?, compute_uv?", (g) => {
    const { input, batch, rows, columns, least } = matrix(g);
    const full = g.flag("full_matrices", true);
    if (!g.flag("compute_uv", true)) return part(input, [...batch, least], "svd");
    const parts = [
      [...batch, rows, full ? rows : least],
      [...batch, least],
      [...batch, full ? columns : least, columns],
    ];
    return tuple(parts.map((dims) => part(input, dims, "svd")));
  }),
  operation("torch.linalg.svdvals", "input", (g) => {
    const { input, batch, least } = matrix(g);
    return part(input, [...batch, least], "svd");
  }),
  operation("torch.linalg.eigh np.linalg.eigh", "input, UPLO?", (g) => {
    const { input, batch, rows } = matrix(g);
    return tuple([part(input, [...batch, rows], "eigh"), part(input, [...batch, rows, rows], "eigh")]);
  }),
  operation("torch.linalg.eigvalsh np.linalg.eigvalsh", "input, UPLO?", (g) => {
    const { input, batch, rows } = matrix(g);
    return part(input, [...batch, rows], "eigh");
  }),
  operation(
    "torch.linalg.cholesky np.linalg.cholesky torch.cholesky T.cholesky torch.matrix_exp torch.linalg.matrix_exp",
    "input, upper?",
    (g) => {
      const { input } = matrix(g);
      return part(input, needDims(input), "cholesky");
    },
  ),
  operation("torch.det torch.linalg.det T.det np.linalg.det torch.logdet T.logdet", "input", (g) => {
    const { input, batch } = matrix(g);
    const made = part(input, batch, "det");
    made.scalar = input.framework === "numpy" && batch.length === 0;
    return made;
  }),
  operation("torch.slogdet torch.linalg.slogdet np.linalg.slogdet", "input", (g) => {
    const { input, batch } = matrix(g);
    return tuple([part(input, batch, "slogdet"), part(input, batch, "slogdet")]);
  }),
  operation("torch.linalg.solve np.linalg.solve", "input, other", (g) =>
    part(g.tensor("other"), needDims(g.tensor("other")), "solve"),
  ),
];

interface Matrix {
  readonly input: TensorValue;
  readonly batch: readonly Size[];
  readonly rows: Size;
  readonly columns: Size;
  readonly least: Size;
}

function matrix(g: Given): Matrix {
  const input = g.tensor("input");
  const dims = needDims(input);
  if (dims.length < 2) unclear("python.unknownRank");
  const [rows, columns] = dims.slice(-2) as [Size, Size];
  const least =
    typeof rows === "number" && typeof columns === "number" ? Math.min(rows, columns) : rows === columns ? rows : null;
  return { input, batch: dims.slice(0, -2), rows, columns, least };
}

function qr(g: Given, reduced: boolean): Value {
  const { input, batch, rows, columns, least } = matrix(g);
  return tuple([
    part(input, [...batch, rows, reduced ? least : rows], "qr"),
    part(input, [...batch, reduced ? least : rows, columns], "qr"),
  ]);
}

function part(input: TensorValue, dims: readonly Size[], operation: string): TensorValue {
  const dtype = dtypeFrom((): DType | null => {
    const own = dtypeOf(input);
    return own !== null && !own.startsWith("float") && input.framework === "numpy" ? "float64" : own;
  });
  return result({
    framework: input.framework,
    shape: fixedShape(dims),
    dtype,
    inputs: [input],
    operation,
    exact: false,
  });
}
