import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { attend } from "../../../../src/attention/engine.ts";
import { jsonReader } from "../../../../src/reading/json/reader.ts";
import { problemOf, resolve } from "../../../../src/service/sites.ts";
import { toFloat64 } from "../../../../src/tensor/tensor.ts";

const folder = new URL("../../../fixtures/onnx/", import.meta.url);
const example = "../../../examples/layouts/onnx-test-case.json";
const names = [...readdirSync(folder).filter((name) => name.endsWith(".json")), example];

describe("ONNX test cases as attention problems", () => {
  it("are all there", () => assert.ok(names.length >= 44));
  for (const name of names) {
    it(name.replace(/^.*\/|\.json$/g, ""), async () => {
      const document = jsonReader().read(readFileSync(new URL(name, folder), "utf8"), { language: "json" });
      const [site, ...others] = document.sites;
      assert.equal(others.length, 0);
      assert.equal(site?.certainty, "recognised");
      const expected = document.tensors.find(({ id }) => id === site!.roles.output);
      if (!expected) return;
      const resolved = resolve(document, { site: site!.id });
      assert.ok(resolved.ok);
      const problem = problemOf(resolved.value, {});
      assert.ok(problem.ok);
      const result = await attend(problem.value);
      assert.ok(result.ok, JSON.stringify(result));
      const [output, wanted] = [Float64Array.from(await result.value.output()), toFloat64(expected.values!)];
      assert.equal(output.length, wanted.length);
      const half = expected.dtype === "float16";
      for (const [at, want] of wanted.entries()) {
        const got = output[at]!;
        const bound = half ? 1e-2 * (1 + Math.abs(want)) : 1e-6 + 1e-5 * Math.abs(want);
        assert.ok(Object.is(got, want) || Math.abs(got - want) <= bound, `${at}: expected ${want}, got ${got}`);
      }
    });
  }
  it("make no mask as long as a slip in the shape of the keys says", () => {
    const name = "test_attention_23_fullymasked_qk_matmul_output_mode3_zero.json";
    const text = readFileSync(new URL(name, folder), "utf8");
    for (const keys of ["1054087403", "1e15"]) {
      const slip = text.replace(/("K": \{"dtype": "float32", "shape": \[1, 2, )2/, `$1${keys}`);
      assert.notEqual(slip, text);
      const { tensors, sites } = jsonReader().read(slip, { language: "json" });
      assert.equal(sites.length, 1);
      for (const { values } of tensors) assert.ok((values?.data.length ?? 0) < 100);
    }
  });
});
