import assert from "node:assert/strict";
import { LifeWatch } from "../../../src/protocol/lifeWatch.ts";

/** A watch with a clock that the test moves. */
class Stand {
  look: (() => void) | null = null;
  isWaiting = true;
  isHalted = false;
  answersProbes = false;
  probes = 0;
  silences = 0;
  readonly watch = new LifeWatch(
    {
      every: (_, look) => {
        assert.equal(this.look, null, "two timers at once");
        this.look = look;
        return () => {
          this.look = null;
        };
      },
      isWaiting: () => this.isWaiting,
      isHalted: () => this.isHalted,
      probe: () => {
        this.probes++;
        if (this.answersProbes) this.watch.heard();
      },
      onSilent: () => void this.silences++,
    },
    { pace: 1000, looks: 5 },
  );

  pass(looks: number): void {
    for (let at = 0; at < looks; at++) this.look?.();
  }
}

describe("the watch over a thread", () => {
  let stand: Stand;
  beforeEach(() => {
    stand = new Stand();
  });

  it("says once, and after as many looks as it has patience for, that nothing was heard", () => {
    stand.watch.asked();
    stand.pass(5);
    assert.equal(stand.silences, 0);
    stand.pass(1);
    assert.equal(stand.silences, 1);
    assert.equal(stand.look, null);
    stand.pass(20);
    assert.equal(stand.silences, 1);
  });

  it("looks no longer than something is waited for, and costs a call nothing beyond that", () => {
    assert.equal(stand.look, null);
    for (let call = 0; call < 100; call++) stand.watch.asked();
    stand.isWaiting = false;
    stand.pass(1);
    assert.equal(stand.look, null);
    assert.equal(stand.probes, 0);
    stand.isWaiting = true;
    stand.watch.asked();
    assert.notEqual(stand.look, null);
  });

  it("leaves work alone that answers a probe from time to time, however long it takes", () => {
    stand.answersProbes = true;
    stand.watch.asked();
    stand.pass(10_000);
    assert.equal(stand.silences, 0);
    stand.answersProbes = false;
    stand.pass(6);
    assert.equal(stand.silences, 1);
  });

  it("begins to count anew with everything that is heard", () => {
    stand.watch.asked();
    for (let round = 0; round < 50; round++) {
      stand.pass(5);
      stand.watch.heard();
    }
    assert.equal(stand.silences, 0);
  });

  it("does not count what passed while a call was not waited for", () => {
    stand.watch.asked();
    stand.pass(4);
    stand.isWaiting = false;
    stand.pass(1);
    stand.isWaiting = true;
    stand.watch.asked();
    stand.pass(5);
    assert.equal(stand.silences, 0);
    stand.pass(1);
    assert.equal(stand.silences, 1);
  });

  it("waits for as long as a debugger may halt the thread", () => {
    stand.isHalted = true;
    stand.watch.asked();
    stand.pass(1000);
    stand.isHalted = false;
    stand.pass(5);
    assert.equal(stand.silences, 0);
    stand.pass(1);
    assert.equal(stand.silences, 1);
  });
});
