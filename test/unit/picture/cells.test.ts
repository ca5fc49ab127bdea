import assert from "node:assert/strict";
import { alarmColor, paintCells } from "../../../src/picture/cells.ts";
import { colorMap, colorMapNames, hexColor } from "../../../src/picture/colorMaps.ts";
import { scaleOver } from "../../../src/picture/scale.ts";

describe("painted cells", () => {
  const map = colorMap("viridis");
  const scale = scaleOver("linear", { minimum: 0, maximum: 1 });

  it("have the map's colours, the alarm's where no scale has a place, and nothing where −∞ forbids", () => {
    const pixels = new Uint8ClampedArray(5 * 4);
    paintCells([0, 1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], map, scale, pixels);
    const colors = Array.from({ length: 5 }, (_, i) => Buffer.from(pixels.subarray(i * 4, i * 4 + 3)).toString("hex"));
    assert.deepEqual(
      colors.slice(0, 4).map((color) => `#${color}`),
      [hexColor(map, 0), hexColor(map, 255), alarmColor, alarmColor],
    );
    assert.deepEqual(
      Array.from({ length: 5 }, (_, i) => pixels[i * 4 + 3]),
      [255, 255, 255, 255, 0],
    );
  });

  it("cannot be taken for alarm: every map stays far from its colour", () => {
    const channels = (hex: string) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
    const alarm = channels(alarmColor);
    for (const name of colorMapNames) {
      for (let entry = 0; entry < 256; entry++) {
        const distance = Math.hypot(...channels(hexColor(colorMap(name), entry)).map((x, k) => x - alarm[k]!));
        assert.ok(distance > 70, `${name} ${entry}: ${distance}`);
      }
    }
  });
});
