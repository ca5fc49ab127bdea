import assert from "node:assert/strict";
import type { CoreApi, DocumentSummary, ResultSummary } from "../../../src/protocol/core.ts";
import type { Remote } from "../../../src/protocol/rpc.ts";
import { Suspects } from "../../../src/protocol/suspects.ts";

const result = (number: number, uri: string) => ({ result: number, uri }) as ResultSummary;
const summary = { uri: "file:///b.json", version: 2 } as DocumentSummary;
const remote = {
  attend: async ({ uri }: { uri: string }) => ({ ok: true, value: result(7, uri) }),
  change: async () => ({ ...summary, again: { outcome: { ok: true, value: result(8, summary.uri) } } }),
  release: async () => null,
} as unknown as Remote<CoreApi>;

describe("which document a call is about", () => {
  it("is said by the call, or by the result that it names", async () => {
    const suspects = new Suspects();
    const noting = suspects.noting(remote);
    await noting.attend({ uri: "file:///a.json", choice: { site: "s" }, options: {} });
    await noting.change({ uri: summary.uri, version: 2, changes: [] });
    assert.equal(suspects.first([null, { uri: "file:///c.py", offset: 3 }, { result: 7 }]), "file:///c.py");
    assert.equal(suspects.first([{ result: 9 }, { result: 7, tile: {} }]), "file:///a.json");
    assert.equal(suspects.first([{ result: 8, query: 0 }]), "file:///b.json");
  });

  it("is nobody's where nothing is named, or the result was let go", async () => {
    const suspects = new Suspects();
    const noting = suspects.noting(remote);
    await noting.attend({ uri: "file:///a.json", choice: { site: "s" }, options: {} });
    await noting.release({ result: 7 });
    assert.equal(suspects.first([]), null);
    assert.equal(suspects.first([null, { result: 7 }, { files: [] }]), null);
  });
});
