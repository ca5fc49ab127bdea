import assert from "node:assert/strict";
import { MessageChannel } from "node:worker_threads";
import { CallError, type Channel, callsOver, serve } from "../../../src/protocol/rpc.ts";

interface Api {
  add(request: { a: number; b: number }): Promise<number>;
  fail(request: null): Promise<never>;
  lose(request: null): Promise<never>;
  wait(request: null, signal?: AbortSignal): Promise<string>;
  doubled(values: Float64Array): Promise<Float64Array>;
}

const methods = ["add", "fail", "lose", "wait", "doubled"] as const;

const api: Api = {
  add: async ({ a, b }) => a + b,
  fail: async () => {
    throw new TypeError("broken");
  },
  lose: async () => {
    throw new CallError("gone", "released");
  },
  wait: (_, signal) =>
    new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason))),
  doubled: async (values) => values.map((x) => 2 * x),
};

describe("calls over a channel", () => {
  let ports: MessageChannel;
  let bad: string[];
  let calls: ReturnType<typeof callsOver<Api>>;

  beforeEach(() => {
    ports = new MessageChannel();
    bad = [];
    serve(channelOf(ports.port2), api, (text) => bad.push(text));
    calls = callsOver<Api>(channelOf(ports.port1), methods);
  });

  afterEach(() => ports.port1.close());

  it("answers each caller with its own answer", async () => {
    const sums = await Promise.all([1, 2, 3].map((a) => calls.remote.add({ a, b: 10 })));
    assert.deepEqual(sums, [11, 12, 13]);
  });

  it("carries typed arrays with NaN, infinities and -0", async () => {
    const values = await calls.remote.doubled(new Float64Array([Number.NaN, Number.NEGATIVE_INFINITY, -0]));
    assert.deepEqual([...values], [Number.NaN, Number.NEGATIVE_INFINITY, -0]);
  });

  it("rejects with the reason that the far end gave, and `failed` for bugs", async () => {
    await assert.rejects(calls.remote.lose(null), (error) => CallError.is(error, "gone"));
    await assert.rejects(
      calls.remote.fail(null),
      (error) => CallError.is(error, "failed") && /broken/.test(error.message),
    );
  });

  it("cancels a running call at the far end", async () => {
    const abort = new AbortController();
    const waiting = calls.remote.wait(null, abort.signal);
    setImmediate(() => abort.abort());
    await assert.rejects(waiting, (error) => CallError.is(error, "cancelled"));
  });

  it("never sends a call whose signal is already aborted", async () => {
    const abort = new AbortController();
    abort.abort();
    await assert.rejects(calls.remote.add({ a: 1, b: 2 }, abort.signal), (error) => CallError.is(error, "cancelled"));
  });

  it("rejects what still waits when the far end is gone", async () => {
    const waiting = calls.remote.wait(null);
    calls.close("the worker ended");
    await assert.rejects(waiting, (error) => CallError.is(error, "closed"));
  });

  it("rejects at once what is asked when the far end is gone", async () => {
    calls.close("the worker ended");
    await assert.rejects(calls.remote.add({ a: 1, b: 2 }), (error) => CallError.is(error, "closed"));
  });

  it("says what is waited for, in the order in which it was asked; what lets others overtake it comes last", async () => {
    const abort = new AbortController();
    const long = calls.remote.wait(null, abort.signal);
    assert.deepEqual(calls.waiting(), [null]);
    await calls.remote.add({ a: 1, b: 2 });
    const [later, last] = [calls.remote.add({ a: 3, b: 4 }), calls.remote.add({ a: 5, b: 6 })];
    assert.deepEqual(calls.waiting(), [{ a: 3, b: 4 }, { a: 5, b: 6 }, null]);
    abort.abort();
    await Promise.all([later, last, assert.rejects(long)]);
    assert.deepEqual(calls.waiting(), []);
  });

  it("tells whoever watches what is asked and what is heard", async () => {
    const seen: string[] = [];
    const watched = callsOver<Api>(channelOf(ports.port1), methods, {
      asked: () => void seen.push("asked"),
      heard: () => void seen.push("heard"),
    });
    await Promise.all([watched.remote.add({ a: 1, b: 2 }), assert.rejects(watched.remote.fail(null))]);
    assert.deepEqual(seen, ["asked", "asked", "heard", "heard"]);
  });

  it("reports malformed messages and goes on", async () => {
    for (const message of [null, 7, {}, { type: "call", id: -1, method: "add" }, { type: "call", id: 1 }])
      ports.port1.postMessage(message);
    assert.equal(await calls.remote.add({ a: 1, b: 1 }), 2);
    assert.equal(bad.length, 5);
  });

  it("refuses a method that is not there", async () => {
    const strange = callsOver<{ toString(x: null): Promise<string>; nothing(x: null): Promise<string> }>(
      channelOf(ports.port1),
      ["nothing", "toString"],
    );
    await assert.rejects(strange.remote.nothing(null), (error) => CallError.is(error, "failed"));
    await assert.rejects(strange.remote.toString(null), (error) => CallError.is(error, "failed"));
  });
});

function channelOf(port: MessageChannel["port1"]): Channel {
  return {
    send: (message) => port.postMessage(message),
    receive: (listener) => void port.on("message", listener),
  };
}
