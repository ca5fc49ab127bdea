import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { ResultSummary } from "../../../../src/protocol/core.ts";
import { createCore } from "../../../../src/service/core.ts";
import { reader } from "./reader.ts";

interface Spelling {
  readonly code: string;
  /** Of the last head of the last batch entry: what PyTorch or NumPy computes. */
  readonly weights?: readonly (readonly number[])[];
  readonly output?: readonly (readonly number[])[];
}

const path = new URL("../../../fixtures/python/spellings/spellings.json", import.meta.url);
const spellings = Object.entries(JSON.parse(readFileSync(path, "utf8")) as Record<string, Spelling>);

async function attended(text: string) {
  const core = createCore({ readerOf: reader, nextTurn: async () => {} });
  const { sites } = await core.open({ uri: "a", language: "python", version: 1, text });
  assert.equal(sites.length, 1, `sites: ${sites.map(({ id }) => id).join()}`);
  const [site] = sites;
  for (const role of ["query", "key", "value"] as const) assert.ok(site!.roles[role], `${role} is not seen`);
  assert.equal(site!.problem, undefined);
  assert.equal(site!.sampled, undefined);
  const outcome = await core.attend({ uri: "a", choice: { site: site!.id }, options: {} });
  assert.ok(outcome.ok);
  return { core, result: outcome.value };
}

async function lastHead(
  { core, result }: { core: ReturnType<typeof createCore>; result: ResultSummary },
  stage: "weights" | "output",
) {
  const { batch, heads, queries, keys, valueSize } = result.sizes;
  const columns = stage === "weights" ? keys : valueSize;
  const tile = { batch: batch - 1, head: heads - 1, stage, row: 0, column: 0, rows: queries, columns, step: 1 };
  const { values } = await core.tile({ result: result.result, tile });
  return Array.from({ length: queries }, (_, row) => [...values.slice(row * columns, (row + 1) * columns)]);
}

function near(found: readonly (readonly number[])[], wanted: readonly (readonly number[])[]): void {
  assert.deepEqual([found.length, found[0]!.length], [wanted.length, wanted[0]!.length]);
  for (const [row, numbers] of wanted.entries())
    for (const [column, number] of numbers.entries())
      assert.ok(
        Math.abs(found[row]![column]! - number) <= 1e-6,
        `[${row}, ${column}]: ${found[row]![column]} ≠ ${number}`,
      );
}

describe("attention in many spellings", () => {
  for (const [name, { code, weights, output }] of spellings) {
    it(`has its query, key and value, and the numbers of the framework: ${name}`, async () => {
      const attention = await attended(code);
      assert.equal(attention.result.given, false);
      if (weights) near(await lastHead(attention, "weights"), weights);
      if (output) near(await lastHead(attention, "output"), output);
    });
  }
});
