import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { decodeBase64, isBase64 } from "../../../../src/reading/binary/base64.ts";
import { readTensorFile } from "../../../../src/reading/binary/tensorFile.ts";
import { bytesInMemory } from "../../../../src/reading/byteSource.ts";
import type { TensorEntry } from "../../../../src/reading/document.ts";
import { position, sizeOf, type Tensor } from "../../../../src/tensor/tensor.ts";

const folder = new URL("../../../fixtures/binary/", import.meta.url);
const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, folder)));

interface Expected {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Integers as text, so that all 64 bits are there. */
  readonly values: readonly (number | string)[];
}

const expected = JSON.parse(readFileSync(new URL("expected.json", folder), "utf8")) as Record<
  string,
  Record<string, Expected>
>;

function valuesOf(t: Tensor, likeText: boolean): (number | string)[] {
  return Array.from({ length: sizeOf(t.shape) }, (_, flat) => {
    const x = t.data[position(t, flat)]!;
    return likeText ? String(x) : Number(x);
  });
}

function read(name: string, bytes = bytesOf(name)) {
  return readTensorFile(bytesInMemory(bytes), name.replace(/\.\w+$/, ""));
}

describe("files of tensors", () => {
  for (const [name, tensors] of Object.entries(expected)) {
    it(`${name} holds what NumPy wrote`, () => {
      const file = read(name);
      assert.ok(file.ok);
      for (const [key, { dtype, shape, values }] of Object.entries(tensors)) {
        const entry: TensorEntry | undefined = file.value.tensors.find((tensor) => tensor.name === key);
        assert.deepEqual([entry?.dtype, entry?.shape], [dtype, shape]);
        assert.deepEqual(valuesOf(entry!.values!, typeof values[0] === "string"), values);
      }
    });
  }

  it("recognises query, key and value by their names", () => {
    const file = read("compressed.npz");
    assert.ok(file.ok);
    assert.deepEqual(
      file.value.sites.map(({ roles }) => roles),
      [{ query: "query", key: "key", value: "value" }],
    );
  });

  it("says which elements are not read", () => {
    for (const [name, dtype] of [
      ["record.npy", "record"],
      ["complex.npy", "<c16"],
    ] as const) {
      assert.deepEqual(read(name), { ok: false, problem: { code: "binary.dtype", args: { dtype } } });
    }
    const file = read("all.safetensors");
    assert.ok(file.ok);
    assert.deepEqual(file.value.tensors.find(({ name }) => name === "eight")?.why, {
      code: "binary.dtype",
      args: { dtype: "F8_E4M3" },
    });
  });

  it("refuses what is cut off, and never throws on damaged bytes", () => {
    const short = read("float64.npy", bytesOf("float64.npy").subarray(0, 200));
    assert.equal(short.ok || short.problem.code, "binary.short");
    const names = fc.constantFrom("float32.npy", "stored.npz", "compressed.npz", "all.safetensors");
    fc.assert(
      fc.property(
        names,
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }),
        fc.nat(),
        (name, changes, cut) => {
          const bytes = bytesOf(name);
          for (const [at, value] of changes) bytes[at % bytes.length] = value;
          const file = read(name, cut % 3 === 0 ? bytes.subarray(0, cut % bytes.length) : bytes);
          if (file.ok)
            for (const { values } of file.value.tensors) assert.ok(values === null || values.data.length >= 0);
        },
      ),
      { numRuns: 2000 },
    );
    assert.equal(read("x", new Uint8Array(0)).ok, false);
    const wide = bytesOf("float32.npy").slice(0, 11);
    wide[6] = 2;
    assert.equal(read("x", wide).ok, false);
    assert.equal(read("x", new TextEncoder().encode("just text, longer than a header")).ok, false);
  });
});

describe("base64", () => {
  it("decodes what Node encodes, with either alphabet", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        for (const encoding of ["base64", "base64url"] as const) {
          const text = Buffer.from(bytes).toString(encoding);
          assert.ok(isBase64(text));
          assert.deepEqual([...decodeBase64(text)], [...bytes]);
        }
      }),
    );
    assert.equal(isBase64("abc$"), false);
    assert.equal(isBase64("abcde"), false);
  });
});
