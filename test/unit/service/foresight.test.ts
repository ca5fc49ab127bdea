import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import type { AttendRequest, CoreApi, DocumentSummary, ResultSummary } from "../../../src/protocol/core.ts";
import { foreseeing } from "../../../src/protocol/foresight.ts";
import type { Remote } from "../../../src/protocol/rpc.ts";
import { jsonReader } from "../../../src/reading/json/reader.ts";
import { createCore } from "../../../src/service/core.ts";

const uri = "file:///typed.json";
const text = '{"Q": [[1.5, 2], [3, 4]], "K": [[1, 0], [0, 1]], "V": [[1, 2], [3, 4]]}';

describe("what is asked with every edit", () => {
  let asked: string[];
  let core: CoreApi;
  let remote: Remote<CoreApi>;
  let version: number;
  let attention: AttendRequest;

  beforeEach(async () => {
    asked = [];
    version = 1;
    core = createCore({ readerOf: async () => jsonReader(), nextTurn: () => setImmediate() });
    const noting = (core: CoreApi): CoreApi =>
      new Proxy(core, {
        get: (target, name: keyof CoreApi) => (argument: never) => {
          asked.push(name);
          return target[name](argument);
        },
      });
    const plain = noting(core);
    const methods = Object.keys(core) as (keyof CoreApi)[];
    remote = foreseeing(Object.fromEntries(methods.map((name) => [name, plain[name]])) as unknown as Remote<CoreApi>);
    const { sites } = await remote.open({ uri, language: "json", version, text });
    attention = { uri, choice: { site: sites[0]!.id }, options: {} };
  });

  /** Writes another first number of Q. */
  const edit = (digit: string): Promise<DocumentSummary> =>
    remote.change({ uri, version: ++version, changes: [{ offset: text.indexOf("1.5"), length: 1, text: digit }] });

  async function attend(request = attention): Promise<ResultSummary> {
    const outcome = await remote.attend(request);
    assert.ok(outcome.ok, JSON.stringify(outcome));
    return outcome.value;
  }

  const firstRow = async ({ result }: ResultSummary, query = 0): Promise<number[]> => [
    ...(await remote.row({ result, batch: 0, head: 0, query })).weights,
  ];

  /** By the core itself, without foresight. */
  async function truth(query = 0): Promise<number[]> {
    const outcome = await core.attend(attention);
    assert.ok(outcome.ok);
    return [...(await core.row({ result: outcome.value.result, batch: 0, head: 0, query })).weights];
  }

  /** Looks at the weights once, as a panel does, and frees them. */
  async function look(): Promise<number[]> {
    const result = await attend();
    const row = await firstRow(result);
    await remote.release({ result: result.result });
    return row;
  }

  it("gives the new weights with the new reading, without being asked again", async () => {
    await look();
    for (const digit of ["7", "2", "9"]) {
      asked = [];
      assert.equal((await edit(digit)).version, version);
      assert.deepEqual(await look(), await truth(), digit);
      assert.deepEqual(asked, ["change", "release"]);
    }
  });

  it("says nothing of it to who asks for the reading", async () => {
    await look();
    assert.deepEqual(Object.keys(await edit("7")).sort(), Object.keys(await remote.refine({ uri })).sort());
  });

  it("asks where something else is wanted, and again where it is wanted twice", async () => {
    await look();
    await edit("7");
    const result = await attend();
    assert.deepEqual(await firstRow(result, 1), await truth(1));
    assert.deepEqual(await firstRow(result, 0), await truth(0));
    const other = await attend({ ...attention, options: { scale: 2 } });
    assert.equal(other.scale, 2);
    assert.notEqual(other.result, (await attend()).result);
  });

  it("frees what nobody took, and stops asking for it", async () => {
    await look();
    await edit("7");
    asked = [];
    await edit("8");
    await edit("9");
    assert.deepEqual(asked, ["release", "change", "change"]);
    assert.deepEqual(await look(), await truth());
  });

  it("never answers with what an older text said", async () => {
    await look();
    const first = edit("7").catch(() => null);
    const second = edit("9");
    await Promise.all([first, second]);
    assert.deepEqual(await look(), await truth());
    await remote.open({ uri, language: "json", version: ++version, text });
    assert.deepEqual(await look(), await truth());
  });

  it("gives no row of a result that was freed", async () => {
    await look();
    await edit("7");
    const { result } = await attend();
    await remote.release({ result });
    await assert.rejects(remote.row({ result, batch: 0, head: 0, query: 0 }));
  });

  it("reads on where the text no longer says what was asked for", async () => {
    await look();
    const { problems } = await remote.change({
      uri,
      version: ++version,
      changes: [{ offset: 0, length: 6, text: "" }],
    });
    assert.ok(problems.length > 0);
    assert.equal((await remote.attend(attention)).ok, false);
  });
});
