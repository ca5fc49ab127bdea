import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import {
  closeAll,
  eventually,
  hoverAt,
  lensesOf,
  loupe,
  ownProblems,
  settled,
  write,
  writeAndOpen,
} from "./support/workspace.ts";

const geoJson = JSON.stringify(
  {
    type: "FeatureCollection",
    features: [
      {
        type: "Feature",
        properties: { name: "Lake" },
        geometry: {
          type: "Polygon",
          coordinates: [
            [
              [102.5, 0.5],
              [103.25, 1.5],
              [104, 0.75],
              [102.5, 0.5],
            ],
          ],
        },
      },
    ],
  },
  null,
  2,
);
const packageLock = JSON.stringify(
  {
    name: "some",
    lockfileVersion: 3,
    requires: true,
    packages: {
      "": { name: "some", dependencies: { a: "^1.0.0" } },
      "node_modules/a": { version: "1.0.0", cpu: ["x64"], engines: { node: ">= 4" } },
    },
  },
  null,
  2,
);
const tsconfig = `{
  // Comments are fine here.
  "compilerOptions": { "target": "es2023", "lib": ["ES2023"], "strict": true, },
  "include": ["src"],
}
`;
const plotly = JSON.stringify(
  {
    data: [
      {
        type: "heatmap",
        z: [
          [1, 20, 30],
          [20, 1, 60],
          [30, 60, 1],
        ],
        x: [1, 2, 3],
      },
      { type: "scatter", x: [1, 2, 3], y: [4, 5, 6] },
    ],
    layout: { title: { text: "A figure" }, margin: { l: 10 } },
  },
  null,
  2,
);
/** Ragged on purpose: not our business where nothing says attention. */
const ragged = JSON.stringify({ rows: [[1, 2, 3], [4, 5], [6]] });

describe("silence where nothing says attention", () => {
  before(loupe);
  after(closeAll);

  for (const [name, text] of Object.entries({
    "map.geojson.json": geoJson,
    "package-lock.json": packageLock,
    "tsconfig.json": tsconfig,
    "figure.json": plotly,
    "ragged.json": ragged,
  })) {
    it(`${name} gets no lens and no problem`, async () => {
      const { document } = await writeAndOpen(name, text);
      await (await loupe()).inspect(document);
      await settled();
      deepStrictEqual(await lensesOf(document.uri), []);
      deepStrictEqual(ownProblems(document.uri), []);
    });
  }

  it("still hovers over matrices there, and not over short lists", async () => {
    const { document } = await writeAndOpen("figure2.json", plotly);
    const matrix = await eventually(async () => {
      const text = await hoverAt(document, "60", '"z"');
      match(text, /3×3/);
      return text;
    });
    match(matrix, /float64|int64/);
    strictEqual(await hoverAt(document, "5", '"y"'), "");
  });

  it("leaves JSON's syntax errors to VS Code", async () => {
    const { document } = await writeAndOpen(
      "broken.json",
      '{ "Q": [[1, 2], [3, 4]], "K": [[1, 2], [3 4]], "V": [[1], [2]] }',
    );
    await (await loupe()).inspect(document);
    await settled();
    deepStrictEqual(
      ownProblems(document.uri)
        .filter(({ severity }) => severity === 0)
        .map(({ message }) => message),
      [],
    );
  });

  it("says nothing of a file that is not open", async () => {
    const uri = await write("unopened.json", plotly);
    deepStrictEqual(ownProblems(uri), []);
  });
});
