import assert from "node:assert/strict";
import type { PanelIntent, PanelSnapshot } from "../../../src/protocol/panel.ts";
import { goToPart, type Panel } from "../../../webview/context.ts";
import { type Action, firstState, type PanelState } from "../../../webview/state.ts";

/** What going to a part does in a panel that has sent three wishes before. */
function went(part: Parameters<typeof goToPart>[1], result: object | null) {
  const [actions, intents]: [Action[], PanelIntent[]] = [[], []];
  const state: PanelState = { ...firstState(), snapshot: { result } as unknown as PanelSnapshot };
  const store = { state, dispatch: (action: Action) => void actions.push(action) };
  const link = { sent: 3, intent: (intent: PanelIntent) => void intents.push(intent) };
  goToPart({ store, link } as unknown as Panel, part);
  return { actions, intents };
}

describe("going to a stage of the panel", () => {
  it("shows the stage, and asks for the expression that makes it", () => {
    const { actions, intents } = went("masked", { result: 7 });
    assert.deepEqual(actions, [{ type: "pick", selection: { stage: "masked" }, intent: 4 }]);
    assert.deepEqual(intents, [{ kind: "selectPart", result: 7, part: "masked" }]);
  });

  it("leaves the stage as it is for what goes in", () => {
    const { actions, intents } = went("key", { result: 7 });
    assert.deepEqual(actions, []);
    assert.deepEqual(intents, [{ kind: "selectPart", result: 7, part: "key" }]);
  });

  it("does nothing where nothing is shown", () => {
    assert.deepEqual(went("scores", null), { actions: [], intents: [] });
  });
});
