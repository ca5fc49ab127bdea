import type { JSX } from "preact";
import { useEffect, useReducer, useState } from "preact/hooks";
import { useDispatch, usePanel, useSelect, useTranslate } from "../context.ts";
import type { Method } from "../hostLink.ts";

/** What takes longer than a moment, each piece of work with a way to stop it; afterwards, a way to have it after all. */
export function BusyLine(): JSX.Element | null {
  const translate = useTranslate();
  const dispatch = useDispatch();
  const { link } = usePanel();
  const running = useSelect(({ snapshot }) => snapshot?.source?.status === "running");
  const done = useSelect(({ snapshot }) => snapshot?.source?.done ?? null);
  const [stopped, setStopped] = useState(false);
  const [, draw] = useReducer((n: number) => n + 1, 0);
  useEffect(() => link.watchSlow(() => draw(0)), [link]);
  const { slow } = link;
  if (!running && slow.length === 0 && !stopped) return null;
  const stop = (method: Method) => () => {
    setStopped(true);
    link.stop(method);
  };
  const goOn = () => {
    setStopped(false);
    dispatch({ type: "again" });
  };
  return (
    <aside class="busy" aria-label={translate("Work that goes on")}>
      {running && (
        <Work name={translate("Reading and computing…")} done={done} onStop={() => link.intent({ kind: "stop" })} />
      )}
      {slow.map(({ method, done }) => (
        <Work key={method} name={workName(method, translate)} done={done} onStop={stop(method)} />
      ))}
      {stopped && slow.length === 0 && (
        <span class="work-item">
          {translate("Stopped: something is missing here.")}
          <button type="button" class="link" onClick={goOn}>
            {translate("Compute it")}
          </button>
        </span>
      )}
    </aside>
  );
}

interface WorkProps {
  readonly name: string;
  /** The share that is done, 0 … 1; null where that is not known. */
  readonly done: number | null;
  readonly onStop: () => void;
}

function Work({ name, done, onStop }: WorkProps): JSX.Element {
  const translate = useTranslate();
  const percent = done === null ? null : Math.floor(done * 100);
  return (
    <span class="work-item">
      <i class="dot running" aria-hidden="true" />
      {name}
      {percent !== null && (
        <>
          <progress max={100} value={percent} aria-label={name} />
          <span class="work-share">{percent} %</span>
        </>
      )}
      <button type="button" class="link" aria-label={translate("Stop: {0}", { 0: name })} onClick={onStop}>
        {translate("Stop")}
      </button>
    </span>
  );
}

function workName(method: Method, translate: ReturnType<typeof useTranslate>): string {
  switch (method) {
    case "tile":
      return translate("The map…");
    case "input":
      return translate("Query, key and value…");
    case "row":
    case "top":
      return translate("The selected query…");
    case "cell":
      return translate("The selected cell…");
    case "limits":
    case "rowLimits":
      return translate("Least and largest numbers…");
    case "summaries":
      return translate("All heads…");
    case "difference":
    case "divergence":
      return translate("The comparison…");
  }
}
