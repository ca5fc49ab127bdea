import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadCompiled } from "../../../src/platform/node/compiledBundle.ts";

describe("what V8 compiled of a bundle", () => {
  let folder: string;
  let bundle: string;
  let storage: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "attention-loupe-compiled-"));
    bundle = join(folder, "bundle.js");
    storage = join(folder, "not", "yet");
    writeFileSync(bundle, source(1));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const source = (answer: number) => `exports.answer = () => ${answer}; exports.sep = require("node:path").sep;`;
  const kept = () => join(storage, "bundle.js.compiled");
  const load = () => loadCompiled(bundle, storage);
  const answer = () => (load().exports as { answer(): number }).answer();

  it("is kept and used, and not written again", async () => {
    await load().keep();
    const first = readFileSync(kept());
    const again = load();
    assert.equal((again.exports as { answer(): number }).answer(), 1);
    writeFileSync(kept(), "");
    await again.keep();
    assert.equal(readFileSync(kept()).length, 0, "what was of use is not written again");
    assert.ok(first.length > 100);
    assert.deepEqual(readdirSync(storage), ["bundle.js.compiled"]);
  });

  it("is not used for another bundle of the same length", async () => {
    await load().keep();
    writeFileSync(bundle, source(2));
    assert.equal(answer(), 2);
    await load().keep();
    assert.equal(answer(), 2);
  });

  it("is not used where it is damaged, cut off or of another V8, and then written anew", async () => {
    await load().keep();
    const whole = readFileSync(kept());
    const flipped = whole.map((byte, at) => (at === 90 ? ~byte : byte));
    for (const unusable of [whole.subarray(0, 40), whole.subarray(0, 10), flipped]) {
      writeFileSync(kept(), unusable);
      const loaded = load();
      assert.equal((loaded.exports as { answer(): number }).answer(), 1);
      await loaded.keep();
      assert.notDeepEqual(readFileSync(kept()), Buffer.from(unusable));
    }
  });

  it("is not used where another V8 has kept it, and then written anew", async () => {
    await load().keep();
    // The first eight bytes tell V8 its own version.
    const code = readFileSync(kept())
      .subarray(32)
      .map((byte, at) => (at < 8 ? ~byte : byte));
    const ofAnotherV8 = Buffer.concat([createHash("sha256").update(source(1)).update(code).digest(), code]);
    writeFileSync(kept(), ofAnotherV8);
    // In a process of its own: V8 takes what it has just compiled from memory.
    const module = JSON.stringify(new URL("../../../src/platform/node/compiledBundle.ts", import.meta.url).href);
    const program = `const { loadCompiled } = await import(${module});
      const bundle = loadCompiled(${JSON.stringify(bundle)}, ${JSON.stringify(storage)});
      await bundle.keep();
      console.log(bundle.exports.answer());`;
    assert.equal(execFileSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" }), "1\n");
    assert.notDeepEqual(readFileSync(kept()), ofAnotherV8);
  });

  it("costs nothing but time where the folder cannot be written to", async () => {
    writeFileSync(join(folder, "not"), "a file where a folder would have to be");
    await load().keep();
    assert.equal(answer(), 1);
  });
});
