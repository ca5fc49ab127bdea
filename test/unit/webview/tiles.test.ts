import assert from "node:assert/strict";
import type { Tile } from "../../../src/attention/result.ts";
import type { Subject } from "../../../webview/data/askTile.ts";
import type { Layout } from "../../../webview/map/geometry.ts";
import { type Rectangle, Tiles } from "../../../webview/map/tiles.ts";

const subject: Subject = { result: 1, batch: 0, head: 0, stage: "weights" };
const layout: Layout = { rows: 1024, columns: 1024, width: 1, height: 1, left: 0, top: 0, cellWidth: 1, cellHeight: 1 };
const overview = { step: 4, row: 0, column: 0 };

/** Tiles whose host answers with drafts of these shares, 1 being all rows, when `answer` is called. */
function drafting(shares: readonly number[]) {
  const asked: { beyond: number | undefined; signal: AbortSignal }[] = [];
  const waiting: (() => void)[] = [];
  const shown: number[] = [];
  const ask = (of: Subject, rectangle: Rectangle, signal: AbortSignal, beyond?: number): Promise<Tile> =>
    new Promise((resolve) => {
      const share = shares[asked.length]!;
      asked.push({ beyond, signal });
      const { batch, head, stage } = of;
      const values = new Float32Array(rectangle.rows * rectangle.columns).fill(share);
      waiting.push(() => resolve({ batch, head, stage, ...rectangle, values, ...(share < 1 && { known: share }) }));
    });
  const tiles: Tiles = new Tiles(
    subject,
    false,
    ask,
    () => shown.push(tiles.known),
    () => undefined,
  );
  const answer = async (): Promise<void> => {
    waiting.shift()!();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { tiles, asked, shown, answer };
}

describe("tiles of a difference", () => {
  it("are hatched where both sides are masked, and nowhere else", async () => {
    const [left, right] = [
      { result: 1, batch: 0, head: 0 },
      { result: 1, batch: 0, head: 1 },
    ];
    const masks = [
      [-Infinity, -Infinity, 0, 0],
      [-Infinity, 0, -Infinity, 0],
    ] as const;
    const seen: string[] = [];
    const ask = async (of: Subject, rectangle: Rectangle): Promise<Tile> => {
      const { batch, head, stage, together } = of;
      const both = masks[0].map((x, at) => Math.max(x, masks[1][at]!));
      if (stage === "masked") assert.deepEqual([together, of.combine, of.other], [[right], "max", undefined]);
      return {
        batch,
        head,
        stage,
        ...rectangle,
        values: Float32Array.from(stage === "masked" ? both : [0, -0.5, 0.5, 0]),
      };
    };
    const tiles = new Tiles(
      { ...left, stage: "weights", other: right },
      true,
      ask,
      () => {},
      (sign) => seen.push(sign),
    );
    tiles.want([{ step: 1, row: 0, column: 0 }], { ...layout, rows: 2, columns: 2 });
    await new Promise((resolve) => setImmediate(resolve));
    const isMasked = [0, 1, 2, 3].map((at) => tiles.isMasked({ step: 1, row: 0, column: 0 }, at));
    assert.deepEqual(isMasked, [true, false, false, false]);
    assert.deepEqual(seen, ["mask"]);
  });
});

describe("tiles of a very long sequence", () => {
  it("are shown as drafts, each asking for a better one, until all rows are computed", async () => {
    const { tiles, asked, shown, answer } = drafting([0.1, 0.4, 1]);
    tiles.want([overview], layout);
    for (const value of [0.1, 0.4, 1]) {
      await answer();
      assert.equal(tiles.get(overview)!.values[0], Math.fround(value));
      tiles.want([overview], layout);
    }
    assert.deepEqual(
      asked.map(({ beyond }) => beyond),
      [0, 0.1, 0.4],
    );
    assert.deepEqual(shown, [0.1, 0.4, 1, 1]);
  });

  it("get no better while nobody looks at them, and go on from their last draft", async () => {
    const { tiles, asked, answer } = drafting([0.1, 0.4, 1]);
    tiles.want([overview], layout);
    await answer();
    tiles.want([], layout);
    assert.equal(asked[1]!.signal.aborted, true);
    assert.equal(asked.length, 2);
    tiles.want([overview], layout);
    assert.deepEqual([asked.length, asked[2]!.beyond], [3, 0.1]);
  });
});
