import { h, render } from "preact";
import type { PanelMessage } from "../src/protocol/panel.ts";
import { App } from "./app.tsx";
import { PanelContext } from "./context.ts";
import { Answers } from "./data/answers.ts";
import { HostLink } from "./hostLink.ts";
import { ThemeWatch } from "./map/theme.ts";
import { persisted, restored } from "./persisted.ts";
import { firstState, type PanelState } from "./state.ts";
import { Store } from "./store.ts";
import { registerControls } from "./ui/controls.ts";

interface VsCodeApi {
  postMessage(message: PanelMessage): void;
  getState(): unknown;
  setState(state: object): void;
}
declare const acquireVsCodeApi: () => VsCodeApi;

/** Joins the page's parts. The order matters: whoever says `ready` must already listen. */
function start(): void {
  const host = acquireVsCodeApi();
  const store = new Store(firstState(restored(host.getState())));
  const world = {
    post: (message: PanelMessage) => host.postMessage(message),
    setTimer: (run: () => void, milliseconds: number) => window.setTimeout(run, milliseconds),
    clearTimer: (timer: number) => window.clearTimeout(timer),
  };
  const link = new HostLink(world, (snapshot) => {
    answers.keepOnly([snapshot.result, snapshot.baseline].flatMap((result) => (result ? [result.result] : [])));
    document.documentElement.lang = snapshot.locale;
    store.dispatch({ type: "snapshot", snapshot });
  });
  const answers = new Answers(link);
  reportFailures(link);
  keepState(store, host);
  registerControls();
  render(
    h(
      PanelContext.Provider,
      { value: { store, answers, link, theme: new ThemeWatch(), pictures: { current: null } } },
      h(App, {}),
    ),
    document.getElementById("panel")!,
  );
  window.addEventListener("message", ({ data }) => link.receive(data));
  link.ready(store.state.ui.about);
}

function reportFailures(link: HostLink): void {
  window.addEventListener("error", ({ error, message }) => link.failure(String(error?.stack ?? message)));
  window.addEventListener("unhandledrejection", ({ reason }) => link.failure(String(reason?.stack ?? reason)));
}

/** At once, but at most one write a moment, and none for what is not kept: the pointer moves often, and a page may close at any time. */
function keepState(store: Store, host: VsCodeApi): void {
  let waiting = false;
  let kept: Pick<PanelState, "ui" | "snapshot"> = store.state;
  const keep = () => {
    if (waiting || (kept.ui === store.state.ui && kept.snapshot === store.state.snapshot)) return;
    // In a window that is opened again, the host may not have found the file yet: what was kept stays.
    if (!store.state.snapshot?.source) return;
    kept = store.state;
    host.setState(persisted(store.state));
    waiting = true;
    window.setTimeout(() => {
      waiting = false;
      keep();
    }, 200);
  };
  store.subscribe(keep);
}

start();
