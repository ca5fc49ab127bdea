import assert from "node:assert/strict";
import { cellText } from "../../../webview/map/paintMap.ts";

describe("numbers in cells", () => {
  it("have two digits, and are .00 where they are small beside the largest", () => {
    const texts = [0.5291, -0.25, 1.806, 12.34, 123.4, 0.004, 0].map((x) => cellText(x, 1));
    assert.deepEqual(texts, [".53", "−.25", "1.81", "12.3", "123", ".00", "0"]);
  });

  it("keep their size where all are small, or huge", () => {
    assert.deepEqual([cellText(0.004, 0.01), cellText(-3e-6, 1e-5), cellText(20_000, 3e4)], ["4e−3", "−3e−6", "2e4"]);
  });

  it("say what is none", () => {
    assert.deepEqual(
      [Number.NaN, Number.POSITIVE_INFINITY].map((x) => cellText(x, 1)),
      ["NaN", "∞"],
    );
  });
});
