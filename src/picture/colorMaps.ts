/** Names of the colour maps that the setting `attentionLoupe.colorMap` and the panel offer, best first. */
export const colorMapNames = ["viridis", "cividis", "magma", "gray", "diverging"] as const;
export type ColorMapName = (typeof colorMapNames)[number];

/** 256 colours from least to most, perceptually even. */
export interface ColorMap {
  readonly name: ColorMapName;
  /** Two colours around a neutral middle: for numbers whose sign matters. */
  readonly diverging: boolean;
  /** `red, green, blue` × 256, 0 … 255. */
  readonly table: Uint8ClampedArray;
}

/**
 * 33 evenly spaced colours each, six hexadecimal digits a colour; 256 are interpolated from them (at most 3/255 from
 * the originals). viridis and magma: Smith and van der Walt, CC0. cividis: Nuñez, Anderton and Renslow 2018, for every
 * kind of colour vision. diverging: ours, from OKLab, blue below and red above, both equally dark, told apart by
 * red-green colour-blind readers too.
 */
const knots: Readonly<Record<ColorMapName, string>> = {
  viridis:
    "440154470d6048186a482374472d7b4537814240863e49893b528b375b8d33638d2f6b8e2c728e297a8e26828e23898e21918c" +
    "1f988b1fa08822a78528ae8032b67a3fbc734ec36b5ec96270cf5784d44b98d83eaddc30c2df23d8e219ece51bfde725",
  cividis:
    "00205100265d012b6508316911366c1c3c6e26426e31476e3c4d6e47536d51586e5a5e6e62646f6a6a707270717976737f7c75" +
    "8682768c8877938e789a9478a19b78a9a177b2a874bbaf71c5b66dcebd68d8c462e2cb5cebd355f3da4ffae249fdea45",
  magma:
    "0000040303120a0822130d341d114729115a36106b440f7651127c5d177f6a1c81762181832681902a819c2e7faa337db73779" +
    "c43c75d0416fdc4869e75263ef5d5ef56b5cf9795dfc8961fd9869fea772feb67cfec488fed395fde2a3fcf0b2fcfdbf",
  gray: "000000ffffff",
  diverging:
    "003f8a004a9a0056a90061b7006dc40079cf2385d93c91e2529ce966a8ef7bb4f48fc0f7a4cbf9b9d6facde1f9e1ebf8f5f5f5" +
    "f7e6e1f7d7ccf7c7b7f4b7a3f1a690ec967de6866cdf775bd6674bcd583bc2492db63b1fa92d119b1e028c10007d0000",
};

/** The map of this name; viridis for a name that is not one of ours (an old setting, a misspelt one). */
export function colorMap(name: string): ColorMap {
  const known = (colorMapNames as readonly string[]).includes(name) ? (name as ColorMapName) : "viridis";
  return { name: known, diverging: known === "diverging", table: interpolated(knots[known]) };
}

function interpolated(hex: string): Uint8ClampedArray {
  const last = hex.length / 6 - 1;
  const table = new Uint8ClampedArray(256 * 3);
  const channel = (knot: number, k: number) => Number.parseInt(hex.slice(knot * 6 + k * 2, knot * 6 + k * 2 + 2), 16);
  for (let i = 0; i < 256; i++) {
    const at = (i / 255) * last;
    const below = Math.min(last - 1, Math.floor(at));
    for (let k = 0; k < 3; k++) {
      table[i * 3 + k] = channel(below, k) + (channel(below + 1, k) - channel(below, k)) * (at - below);
    }
  }
  return table;
}

/** Entry 0 … 255 for a place 0 … 1 on the scale; beyond the ends, the ends. */
export function colorIndex(t: number): number {
  return t <= 0 ? 0 : t >= 1 ? 255 : Math.round(t * 255);
}

/** `#rrggbb` of an entry of the map. */
export function hexColor(map: ColorMap, entry: number): string {
  const [r, g, b] = map.table.subarray(entry * 3, entry * 3 + 3);
  return `#${((r! << 16) | (g! << 8) | b!).toString(16).padStart(6, "0")}`;
}

/** Black or white, whichever is easier to read on this entry (WCAG 2 relative luminance). */
export function inkOn(map: ColorMap, entry: number): "#000000" | "#ffffff" {
  const [r, g, b] = map.table.subarray(entry * 3, entry * 3 + 3);
  return 0.2126 * linear(r!) + 0.7152 * linear(g!) + 0.0722 * linear(b!) > 0.179 ? "#000000" : "#ffffff";
}

function linear(channel: number): number {
  const c = channel / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
}
