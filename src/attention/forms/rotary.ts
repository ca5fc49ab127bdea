import { done, failed, type Outcome } from "../../tensor/message.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { AttentionProblem } from "../problem.ts";
import { mapRows } from "./rowwise.ts";

/** How Q and K are turned by their positions (Su et al. 2021, arXiv 2104.09864). */
export interface Rotary {
  /** interleaved: pairs (0, 1), (2, 3), … (GPT-J). half: pairs (0, D/2), (1, D/2 + 1), … (GPT-NeoX, Llama). */
  readonly pairs: "interleaved" | "half";
  /** Numbers of a row that are turned, an even count; absent: all. The rest stays (partial rotary). */
  readonly size?: number;
  /** 10,000 unless told. */
  readonly base?: number;
  /** Positions of the first query and the first key. */
  readonly queryStart?: number;
  readonly keyStart?: number;
}

/** The problem with Q and K turned: pair p of a row at position t by the angle t·base^(−2p/size). Fails as `attention.rotary-size`. */
export function rotary(problem: AttentionProblem, options: Rotary): Outcome<AttentionProblem> {
  const size = turnedSize(options, problem.query.shape);
  if (!size.ok) return size;
  return done({
    ...problem,
    query: turned(problem.query, options, size.value, options.queryStart ?? 0),
    key: turned(problem.key, options, size.value, options.keyStart ?? 0),
  });
}

/** How many numbers of a row are turned, for rows of Q of this shape. Fails as `attention.rotary-size`. */
export function turnedSize({ size }: Rotary, query: readonly number[]): Outcome<number> {
  const width = query.at(-1) ?? 0;
  const got = size ?? width;
  const fits = Number.isInteger(got) && got % 2 === 0 && got >= 0 && got <= width;
  return fits ? done(got) : failed("attention.rotary-size", { got, width });
}

function turned(t: Tensor, { pairs, base = 10_000 }: Rotary, size: number, start: number): Tensor {
  const length = t.shape.at(-2) ?? 1;
  return mapRows(t, (row, at) => {
    const position = start + (at % length);
    for (let pair = 0; pair < size / 2; pair++) {
      const angle = position * base ** ((-2 * pair) / size);
      const [first, second] = pairs === "half" ? [pair, pair + size / 2] : [2 * pair, 2 * pair + 1];
      const [x, y] = [row[first]!, row[second]!];
      row[first] = x * Math.cos(angle) - y * Math.sin(angle);
      row[second] = x * Math.sin(angle) + y * Math.cos(angle);
    }
  });
}
