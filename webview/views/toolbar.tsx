import type { JSX } from "preact";
import type { ResultSummary } from "../../src/protocol/core.ts";
import { useDispatch, useSelect, useTranslate } from "../context.ts";
import { Button } from "../ui/controls.ts";
import { labelOf } from "../words.ts";
import { ExportMenu } from "./exportMenu.tsx";
import { Together } from "./together.tsx";
import { ViewSwitch } from "./viewSwitch.tsx";

/** Which head is shown and as what. */
export function Toolbar({ result }: { readonly result: ResultSummary }): JSX.Element {
  const translate = useTranslate();
  const dispatch = useDispatch();
  return (
    <div class="toolbar" role="toolbar" aria-label={translate("Options")}>
      <HeadStepper result={result} />
      {result.sizes.heads > 1 && (
        <div class="narrow-only">
          <Together result={result} />
        </div>
      )}
      <ViewSwitch result={result} />
      <div class="toolbar-end">
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
        label={labelOf(axes?.batch, batch)}
        onStep={(by) => dispatch({ type: "ui", change: (ui) => ({ batch: (ui.batch + by) % sizes.batch }) })}
      />
      <Stepper
        name={translate("Head")}
        count={sizes.heads}
        label={labelOf(axes?.head, head)}
        onStep={(by) => dispatch({ type: "ui", change: (ui) => ({ head: (ui.head + by) % sizes.heads }) })}
      />
    </>
  );
}

interface StepperProps {
  readonly name: string;
  readonly count: number;
  /** Of the one that is shown. */
  readonly label: string;
  /** By so many, round and round. */
  readonly onStep: (by: number) => void;
}

function Stepper({ name, count, label, onStep }: StepperProps): JSX.Element | null {
  const translate = useTranslate();
  if (count < 2) return null;
  return (
    <fieldset class="stepper" aria-label={name}>
      <Button kind="icon" label={translate("{0}: previous", { 0: name })} onPress={() => onStep(count - 1)}>
        ‹
      </Button>
      <span aria-live="polite">
        {name} <b>{label}</b>
        {/^\d+$/.test(label) && <small> / {count}</small>}
      </span>
      <Button kind="icon" label={translate("{0}: next", { 0: name })} onPress={() => onStep(1)}>
        ›
      </Button>
    </fieldset>
  );
}
