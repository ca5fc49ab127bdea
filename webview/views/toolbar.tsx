import type { JSX } from "preact";
import type { ResultSummary } from "../../src/protocol/core.ts";
import { useDispatch, useSelect, useTranslate } from "../context.ts";
import { Button } from "../ui/controls.ts";
import { ExportMenu } from "./exportMenu.tsx";
import { ViewSwitch } from "./viewSwitch.tsx";

/** Which head is shown and as what. */
export function Toolbar({ result }: { readonly result: ResultSummary }): JSX.Element {
  const translate = useTranslate();
  const dispatch = useDispatch();
  return (
    <div class="toolbar" role="toolbar" aria-label={translate("Options")}>
      <HeadStepper result={result} />
      <ViewSwitch result={result} />
      <span class="spring" />
      <ExportMenu result={result} />
      <Button kind="icon" label={translate("Table (T)")} onPress={() => dispatch({ type: "sheet", sheet: "table" })}>
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
          <path d="M1.5 2.5h13v11h-13zM1.5 6h13M1.5 9.7h13M6 2.5v11" fill="none" stroke="currentColor" />
        </svg>
      </Button>
      <Button
        kind="icon"
        label={translate("Keys and help (?)")}
        onPress={() => dispatch({ type: "sheet", sheet: "help" })}
      >
        ?
      </Button>
    </div>
  );
}

function HeadStepper({ result: { sizes, axes } }: { readonly result: ResultSummary }): JSX.Element | null {
  const translate = useTranslate();
  const dispatch = useDispatch();
  const head = useSelect(({ ui }) => ui.head);
  const batch = useSelect(({ ui }) => ui.batch);
  return (
    <>
      <Stepper
        name={axes?.batch?.meaning === "layer" ? translate("Layer") : translate("Batch")}
        count={sizes.batch}
        at={batch}
        onChange={(next) => dispatch({ type: "ui", change: { batch: next } })}
      />
      <Stepper
        name={translate("Head")}
        count={sizes.heads}
        at={head}
        onChange={(next) => dispatch({ type: "ui", change: { head: next } })}
      />
    </>
  );
}

interface StepperProps {
  readonly name: string;
  readonly count: number;
  readonly at: number;
  readonly onChange: (next: number) => void;
}

function Stepper({ name, count, at, onChange }: StepperProps): JSX.Element | null {
  const translate = useTranslate();
  if (count < 2) return null;
  const to = (next: number) => () => onChange((next + count) % count);
  return (
    <fieldset class="stepper" aria-label={name}>
      <Button kind="icon" label={translate("{0}: previous", { 0: name })} onPress={to(at - 1)}>
        ‹
      </Button>
      <span aria-live="polite">
        {name} <b>{at}</b>
        <small> / {count}</small>
      </span>
      <Button kind="icon" label={translate("{0}: next", { 0: name })} onPress={to(at + 1)}>
        ›
      </Button>
    </fieldset>
  );
}
