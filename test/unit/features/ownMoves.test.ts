import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { type Expect, OwnMoves } from "../../../src/features/panel/ownMoves.ts";

describe("carets that we move ourselves", () => {
  it("are ours until they are where we sent them; what comes after is the user's", async () => {
    const moves = new OwnMoves();
    const { expect, finish } = begun(moves);
    assert.equal(moves.take("a#1:0"), true, "where the editor opens");
    expect("a#5:2");
    assert.equal(moves.take("a#0:0"), true);
    assert.equal(moves.take("a#5:2"), true);
    assert.equal(moves.take("a#4:2"), false);
    await finish();
    assert.equal(moves.take("a#5:2"), false);
  });

  it("may come after our work is done", async () => {
    const moves = new OwnMoves();
    const { expect, finish } = begun(moves);
    expect("a#5:2");
    await finish();
    assert.equal(moves.take("a#5:2"), true);
    assert.equal(moves.take("a#5:3"), false);
  });

  it("are none where the caret is there already", async () => {
    const moves = new OwnMoves();
    const { expect, finish } = begun(moves);
    expect(null);
    assert.equal(moves.take("a#4:2"), false);
    await finish();
  });

  it("are all that come within a moment where no place was told, even after a failure", async () => {
    const moves = new OwnMoves();
    await assert.rejects(moves.during(() => Promise.reject(new Error("no"))));
    assert.equal(moves.take("a#1:0"), true);
    await wait(250);
    assert.equal(moves.take("a#1:0"), false);
  });

  it("do not wait for ever for a place that never comes", async () => {
    const moves = new OwnMoves();
    await moves.during(async (expect) => expect("a#5:2"));
    await wait(250);
    assert.equal(moves.take("a#5:2"), false);
  });

  it("of two at once each waits for its own", async () => {
    const moves = new OwnMoves();
    const [first, second] = [begun(moves), begun(moves)];
    first.expect("a#1:0");
    second.expect("a#2:0");
    assert.equal(moves.take("a#1:0"), true);
    assert.equal(moves.take("a#2:0"), true);
    assert.equal(moves.take("a#1:0"), false);
    await Promise.all([first.finish(), second.finish()]);
  });
});

/** Work of ours that goes on until it is told to finish. */
function begun(moves: OwnMoves): { readonly expect: Expect; readonly finish: () => Promise<void> } {
  let told: Expect | undefined;
  let end = () => {};
  const done = moves.during((expect) => {
    told = expect;
    return new Promise<void>((resolve) => {
      end = resolve;
    });
  });
  const finish = () => {
    end();
    return done;
  };
  return { expect: told!, finish };
}
