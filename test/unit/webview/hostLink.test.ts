import assert from "node:assert/strict";
import type { PanelMessage, PanelSnapshot } from "../../../src/protocol/panel.ts";
import { CallError } from "../../../src/protocol/rpc.ts";
import { Answers } from "../../../webview/data/answers.ts";
import { HostLink } from "../../../webview/hostLink.ts";

function wired() {
  const sent: PanelMessage[] = [];
  const timers: (() => void)[] = [];
  const snapshots: PanelSnapshot[] = [];
  const world = {
    post: (message: PanelMessage) => void sent.push(message),
    setTimer: (run: () => void) => timers.push(run) - 1,
    clearTimer: (timer: number) => void timers.splice(timer, 1, () => {}),
  };
  return { link: new HostLink(world, (each) => snapshots.push(each)), sent, timers, snapshots };
}

const limits = { method: "limits", result: 1, batch: 0, head: 0, stage: "scores" } as const;
const rejectsWith = (reason: string) => (error: unknown) => CallError.is(error, reason);

describe("the page's end of the wire", () => {
  it("matches answers to requests by number", async () => {
    const { link } = wired();
    const [first, second] = [link.request<"limits">(limits), link.request<"limits">(limits)];
    link.receive({ type: "answer", id: 1, answer: { minimum: 3, maximum: 4 } });
    link.receive({ type: "answer", id: 0, answer: { minimum: 1, maximum: 2 } });
    assert.deepEqual(await Promise.all([first, second]), [
      { minimum: 1, maximum: 2 },
      { minimum: 3, maximum: 4 },
    ]);
  });

  it("rejects with the host's reason, and with `failed` for an answer that does not fit", async () => {
    const { link, sent } = wired();
    const refused = link.request<"limits">(limits);
    link.receive({ type: "refusal", id: 0, failure: { code: "gone", text: "released" } });
    await assert.rejects(refused, rejectsWith("gone"));
    const malformed = link.request<"limits">(limits);
    link.receive({ type: "answer", id: 1, answer: { minimum: "0" } });
    await assert.rejects(malformed, rejectsWith("failed"));
    assert.equal(sent.at(-1)?.type, "failure");
  });

  it("tells the host when it gives up, and takes no notice of a late answer", async () => {
    const { link, sent } = wired();
    const giveUp = new AbortController();
    const asked = link.request<"limits">(limits, giveUp.signal);
    giveUp.abort();
    await assert.rejects(asked, rejectsWith("cancelled"));
    assert.deepEqual(sent.at(-1), { type: "cancel", id: 0 });
    link.receive({ type: "answer", id: 0, answer: { minimum: 1, maximum: 2 } });
    assert.equal(sent.length, 2);
  });

  it("gives up after its patience, which progress renews", async () => {
    const { link, timers } = wired();
    const asked = link.request<"limits">(limits);
    const armed = timers.length;
    link.receive({ type: "progress", id: 0, done: 0.5 });
    assert.equal(timers.length, armed + 1);
    for (const timer of timers) timer();
    await assert.rejects(asked, rejectsWith("timeout"));
  });

  it("names what takes long, each kind once, and stops one kind without the others", async () => {
    const { link, timers, sent } = wired();
    let told = 0;
    link.watchSlow(() => told++);
    const asked = [link.request<"limits">(limits), link.request<"limits">(limits)];
    const row = link.request<"row">({ method: "row", result: 1, batch: 0, head: 0, query: 0 });
    assert.deepEqual(link.slow, []);
    // Of each request the first timer is that of a moment, the second that of patience.
    for (const at of [0, 2, 4]) timers[at]!();
    const kinds = () => link.slow.map(({ method, done }) => [method, done]);
    assert.deepEqual(kinds(), [
      ["limits", null],
      ["row", null],
    ]);
    link.receive({ type: "progress", id: 0, done: 0.75 });
    link.receive({ type: "progress", id: 1, done: 0.25 });
    assert.deepEqual(kinds()[0], ["limits", 0.25]);
    link.stop("limits");
    for (const each of asked) await assert.rejects(each, rejectsWith("cancelled"));
    assert.deepEqual(
      sent.filter(({ type }) => type === "cancel"),
      [
        { type: "cancel", id: 0 },
        { type: "cancel", id: 1 },
      ],
    );
    assert.deepEqual(kinds(), [["row", null]]);
    link.receive({ type: "refusal", id: 2, failure: { code: "gone", text: "released" } });
    await assert.rejects(row, rejectsWith("gone"));
    assert.deepEqual(link.slow, []);
    assert.equal(told, 8);
  });

  it("reports and drops what is no message of the protocol", () => {
    const { link, sent, snapshots } = wired();
    for (const raw of [
      null,
      7,
      {},
      { type: "snapshot" },
      { type: "answer", id: -1 },
      { type: "snapshot", snapshot: {} },
    ])
      link.receive(raw);
    assert.equal(snapshots.length, 0);
    assert.equal(sent.length, 6);
    assert.ok(sent.every(({ type }) => type === "failure"));
  });
});

describe("known answers", () => {
  it("are asked for once and forgotten with their result", async () => {
    let asked = 0;
    const link = { request: async () => ({ minimum: ++asked, maximum: 9 }) };
    const answers = new Answers(link as never);
    const both = await Promise.all([answers.ask<"limits">(limits), answers.ask<"limits">(limits)]);
    assert.equal(both[0], both[1]);
    await answers.ask<"limits">(limits);
    assert.equal(asked, 1);
    answers.keepOnly([2]);
    assert.equal(answers.known<"limits">(limits), undefined);
  });
});
