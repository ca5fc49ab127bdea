import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { decodeBase64, isBase64 } from "../../../../src/reading/binary/base64.ts";
import { decode } from "../../../../src/reading/binary/decode.ts";
import { readTensorFile } from "../../../../src/reading/binary/tensorFile.ts";
import { bytesInMemory } from "../../../../src/reading/byteSource.ts";
import type { TensorEntry } from "../../../../src/reading/document.ts";
import { position, sizeOf, type Tensor } from "../../../../src/tensor/tensor.ts";
import { sameNumbers } from "../../attention/support.ts";

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

  it("gives the numbers of a tensor that is larger than what is read at a time", () => {
    const count = 2 ** 22 + 3;
    const head = `{'descr': '<f4', 'fortran_order': False, 'shape': (${count},), }`;
    const start = 10 + head.length;
    const bytes = new Uint8Array(start + count * 4);
    bytes.set([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, head.length, 0, ...new TextEncoder().encode(head)]);
    const written = Float32Array.from({ length: count }, (_, at) => at % 1000);
    bytes.set(new Uint8Array(written.buffer), start);
    const file = read("long.npy", bytes);
    assert.ok(file.ok);
    const { data } = file.value.tensors[0]!.values!;
    assert.deepEqual([data.length, data[2 ** 22 - 1], data[2 ** 22], data[count - 1]], [count, 303, 304, 306]);
  });

  it("widens many 16-bit floats as it widens few", () => {
    const bytes = new Uint8Array(Uint16Array.from({ length: 3 * 2 ** 15 }, (_, at) => (at * 7) & 0xffff).buffer);
    for (const dtype of ["float16", "bfloat16"] as const) {
      const [many, few] = [decode(bytes, dtype), decode(bytes.subarray(0, 2 ** 17), dtype)];
      sameNumbers(many.subarray(0, 2 ** 16) as Float32Array, few as Float32Array);
    }
  });

  it("has no values where the file has become shorter, and lists what is too large to be read", () => {
    const bytes = bytesOf("float64.npy");
    let length = bytes.length;
    const file = readTensorFile(
      { size: length, read: (at, count) => bytes.subarray(at, Math.min(length, at + count)) },
      "x",
    );
    assert.ok(file.ok);
    length -= 8;
    assert.equal(file.value.tensors[0]!.values, null);
    const head = `{"Q":{"dtype":"F32","shape":[1073741824],"data_offsets":[0,4294967296]}}`;
    const huge = new Uint8Array([head.length, 0, 0, 0, 0, 0, 0, 0, ...new TextEncoder().encode(head)]);
    const listed = readTensorFile({ size: 2 ** 33, read: (at, count) => huge.subarray(at, at + count) }, "x");
    assert.ok(listed.ok);
    const [tensor] = listed.value.tensors;
    assert.deepEqual([tensor?.shape, tensor?.values, tensor?.why?.code], [[2 ** 30], null, "binary.tooLong"]);
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
