// What must hold, as ratios: times of a throw-away prototype and of its peers on one machine, in ms on one and two threads.
// Times move from machine to machine, and much from hour to hour; their ratios in one run move little.

export const shapes = ["8x512x64", "12x1024x64", "8x2048x64", "1x4096x128", "1x8192x64"];

const prototype = {
  full: [
    [11.0, 6.1],
    [67, 34],
    [174, 94],
    [160, 90],
    [338, 171],
  ],
  causal: [
    [6.0, 3.9],
    [34, 17],
    [88, 49],
    [82, 48],
    [173, 86],
  ],
};

const peers = {
  NumPy: {
    full: [
      [9.9, 7.3],
      [66, 52],
      [174, 148],
      [145, 83],
      [338, 241],
    ],
  },
  PyTorch: {
    full: [
      [9.3, 17.8],
      [103, 94],
      [274, 197],
      [177, 120],
      [565, 343],
    ],
  },
  "onnxruntime-node": {
    full: [
      [7.3, 4.1],
      [38, 22],
      [94, 51],
      [92, 49],
      [191, 93],
    ],
    causal: [
      [8.2, 6.1],
      [43, 26],
      [138, 66],
      [115, 92],
      [294, 242],
    ],
  },
  "onnxruntime-web": {
    full: [
      [25, 16],
      [148, 89],
      [413, 216],
      [369, 179],
      [836, 426],
    ],
  },
  "tfjs-wasm": { full: [null, [164], null, [350], [750]] },
};

/** The least ratio peer ÷ ours that must hold, and the one that is aimed at; null where nothing is promised. */
export function floorOf(peer, shape, causal, threads) {
  const at = shapes.indexOf(shape);
  const kind = causal ? "causal" : "full";
  const [theirs, best] = [peers[peer]?.[kind]?.[at]?.[threads - 1], prototype[kind][at]?.[threads - 1]];
  if (theirs && best) return { floor: (0.85 * theirs) / best, goal: (1.15 * theirs) / best };
  if (peer === "plain loop" && threads === 1 && !causal && shape !== "8x512x64") return { floor: 32, goal: 45 };
  return null;
}

/** Share of the peak on one thread, n ≥ 1024. */
export function peakFloor(d) {
  return d >= 128 ? { floor: 0.86, goal: 0.94 } : { floor: 0.78, goal: 0.88 };
}
