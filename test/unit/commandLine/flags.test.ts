import assert from "node:assert/strict";
import { UsageError } from "../../../src/commandLine/commandLine.ts";
import { attendOptions, type Flags, valuesOf } from "../../../src/commandLine/flags.ts";
import type { Translate } from "../../../src/tensor/message.ts";

const translate: Translate = (text, args = {}) =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(args[name] ?? whole));
const none: Flags = { json: false, values: "64" };

describe("flags of the command line", () => {
  it("are handed on only where they were given", () => {
    assert.deepEqual(attendOptions(none, translate), { json: false });
    const typed = { ...none, query: "a", causal: true, scale: "-0.5", softcap: "30", window: "2,0" };
    assert.deepEqual(attendOptions(typed, translate), {
      json: false,
      query: "a",
      causal: "topLeft",
      scale: -0.5,
      softcap: 30,
      window: [2, 0],
    });
    assert.equal(attendOptions({ ...none, scale: "auto" }, translate).scale, "auto");
    assert.deepEqual(attendOptions({ ...none, window: "2," }, translate).window, [2, null]);
  });

  for (const [flags, said] of [
    [{ scale: "big" }, "--scale expects a number, got big."],
    [{ scale: "" }, '--scale expects a number, got "".'],
    [{ softcap: "Infinity" }, "--softcap expects a number, got Infinity."],
    [{ window: "3" }, "--window expects LEFT,RIGHT in whole numbers, as 2,0 or 2, got 3."],
    [{ window: "-1,0" }, "--window expects LEFT,RIGHT in whole numbers, as 2,0 or 2, got -1,0."],
    [{ key: "K" }, "--key, --value and --mask go with --query, which is missing."],
  ] as const)
    it(`are refused by name: ${said}`, () => {
      assert.throws(() => attendOptions({ ...none, ...flags }, translate), new UsageError(said));
    });

  it("take a whole number of values only", () => {
    assert.equal(valuesOf({ ...none, values: "0" }, translate), 0);
    for (const values of ["-1", "1.5", "many", ""])
      assert.throws(() => valuesOf({ ...none, values }, translate), UsageError);
  });
});
