import assert from "node:assert/strict";
import { colorMap, colorMapNames, hexColor, inkOn } from "../../../src/picture/colorMaps.ts";

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

describe("colour maps", () => {
  it("start and end where the originals do", () => {
    assert.equal(hexColor(colorMap("viridis"), 0), "#440154");
    assert.equal(hexColor(colorMap("viridis"), 255), "#fde725");
    assert.equal(hexColor(colorMap("magma"), 255), "#fcfdbf");
    assert.equal(hexColor(colorMap("gray"), 128), "#808080");
  });

  it("grow steadily lighter, so that they read the same in grey", () => {
    for (const name of colorMapNames.filter((each) => each !== "diverging")) {
      const map = colorMap(name);
      for (let i = 8; i < 256; i += 8) {
        assert.ok(luminance(hexColor(map, i)) > luminance(hexColor(map, i - 8)), `${name} at ${i}`);
      }
    }
  });

  it("diverge evenly: both ends are as dark as each other, the middle is neutral", () => {
    const map = colorMap("diverging");
    const [r, g, b] = map.table.subarray(128 * 3, 128 * 3 + 3);
    assert.ok(Math.max(r!, g!, b!) - Math.min(r!, g!, b!) < 8);
    assert.ok(Math.abs(luminance(hexColor(map, 0)) - luminance(hexColor(map, 255))) < 0.03);
  });

  it("write in an ink of at least 4.5 to 1 everywhere", () => {
    for (const name of colorMapNames) {
      for (let i = 0; i < 256; i++) {
        const [paper, ink] = [luminance(hexColor(colorMap(name), i)), luminance(inkOn(colorMap(name), i))];
        const contrast = (Math.max(paper, ink) + 0.05) / (Math.min(paper, ink) + 0.05);
        assert.ok(contrast >= 4.5, `${name} ${i}: ${contrast}`);
      }
    }
  });

  it("fall back to viridis for a name they do not know", () => {
    assert.equal(colorMap("no such map").name, "viridis");
  });
});
