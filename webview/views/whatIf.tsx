import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { ResultSummary } from "../../src/protocol/core.ts";
import { asItIs, type WhatIf, type WhatIfChange } from "../../src/protocol/whatIf.ts";
import { numberText } from "../../src/tensor/print.ts";
import { useDispatch, usePanel, useSelect, useTranslate } from "../context.ts";
import { Button, Checkbox, Dropdown, TextField } from "../ui/controls.ts";
import { keyName } from "../words.ts";

export interface Trial {
  readonly current: WhatIf;
  readonly set: (change: WhatIfChange) => void;
}

/** What is tried out, and how to change it. */
export function useTrial(): Trial {
  const { link } = usePanel();
  const current = useSelect(({ snapshot }) => snapshot?.overrides ?? asItIs);
  return { current, set: (change) => link.intent({ kind: "tryOut", change }) };
}

/** A panel of this width, in pixels, has room for what can be tried out. */
const roomy = 620;

/** Mask, scale, temperature and softcap, tried out at once; nothing in the file changes. */
export function WhatIfView({ result }: { readonly result: ResultSummary }): JSX.Element | null {
  const translate = useTranslate();
  const { current, set } = useTrial();
  const undo = useUndo(current, set);
  const [openAtFirst] = useState(isChanged(current) || window.innerWidth >= roomy);
  if (result.given) return null;
  return (
    <details class="what-if" open={openAtFirst}>
      <summary>{translate("What if…")}</summary>
      <div class="what-if-body">
        <MaskChoice current={current} set={undo.set} />
        <ScaleChoice result={result} set={undo.set} />
        <SoftcapChoice current={current} set={undo.set} />
        <CellChoice result={result} current={current} set={undo.set} />
        <div class="actions-line">
          <Button disabled={!undo.can} onPress={undo.undo}>
            {translate("Undo")}
          </Button>
          <Button disabled={!isChanged(current)} onPress={() => undo.set(asItIs)}>
            {translate("As the file says")}
          </Button>
        </div>
      </div>
    </details>
  );
}

function isChanged(whatIf: WhatIf): boolean {
  const { causal, scale, softcap, window, blocked, excluded } = { ...asItIs, ...whatIf };
  return (
    causal !== null || scale !== null || softcap !== null || window !== null || blocked.length + excluded.length > 0
  );
}

/** Steps that were taken here, to be taken back one by one. */
function useUndo(current: WhatIf, set: Trial["set"]): { can: boolean; set: Trial["set"]; undo: () => void } {
  const past = useRef<WhatIf[]>([]);
  const lastChange = useRef<string>("");
  const change = (next: WhatIfChange) => {
    // A slider that is dragged is one step.
    const kind = Object.keys(next).join();
    if (kind !== lastChange.current || kind.includes(",")) past.current.push(current);
    lastChange.current = kind;
    set(next);
  };
  const undo = () => {
    lastChange.current = "";
    const before = past.current.pop();
    if (before) set(before);
  };
  return { can: past.current.length > 0, set: change, undo };
}

function MaskChoice({ current, set }: Trial): JSX.Element {
  const translate = useTranslate();
  const options = [
    { value: "auto", text: translate("Mask: as the file says") },
    { value: "none", text: translate("No causal mask") },
    { value: "topLeft", text: translate("Causal") },
    { value: "bottomRight", text: translate("Causal, aligned to the last key") },
  ];
  const [left, right] = current.window ?? [null, null];
  const side = (text: string) => (text.trim() === "" ? null : Math.max(0, Math.floor(Number(text)) || 0));
  return (
    <>
      <Dropdown
        label={translate("Causal mask")}
        value={current.causal ?? "auto"}
        options={options}
        onChoose={(value) => set({ causal: value === "auto" ? null : (value as "none") })}
      />
      <span class="pair">
        {translate("Window")}
        <TextField
          label={translate("Keys before the query; empty: all")}
          size={4}
          value={left === null ? "" : String(left)}
          placeholder="∞"
          onCommit={(text) => set({ keysBefore: side(text) })}
        />
        <TextField
          label={translate("Keys after the query; empty: all")}
          size={4}
          value={right === null ? "" : String(right)}
          placeholder="∞"
          onCommit={(text) => set({ keysAfter: side(text) })}
        />
      </span>
    </>
  );
}

/** One slider for scale and temperature: they are one number. 1/√d is in its middle. */
function ScaleChoice({ result, set }: Pick<Trial, "set"> & { readonly result: ResultSummary }): JSX.Element {
  const translate = useTranslate();
  const usual = 1 / Math.sqrt(Math.max(1, result.sizes.size));
  const decade = Math.log10(result.scale / usual);
  return (
    <label class="slider">
      <span>
        {translate("Scale")} <b>{numberText(result.scale)}</b>
        <small>
          {" "}
          1/√d = {numberText(usual)}, {translate("temperature")} {numberText(usual / result.scale, 3)}
        </small>
      </span>
      <input
        type="range"
        min={-1.5}
        max={1.5}
        step={0.02}
        value={decade}
        list="usual-scale"
        onInput={(event) => set({ scale: scaleAt(Number(event.currentTarget.value), usual) })}
        onDblClick={() => set({ scale: null })}
      />
      <datalist id="usual-scale">
        <option value="0" label="1/√d" />
      </datalist>
      <span class="slider-marks" aria-hidden="true">
        <i>÷30</i>
        <i>1/√d</i>
        <i>×30</i>
      </span>
    </label>
  );
}

/** Near the middle the slider snaps to 1/√d itself. */
function scaleAt(decade: number, usual: number): number | "auto" {
  return Math.abs(decade) < 0.03 ? "auto" : usual * 10 ** decade;
}

function SoftcapChoice({ current, set }: Trial): JSX.Element {
  const translate = useTranslate();
  const value = current.softcap ?? 0;
  return (
    <label class="slider">
      <span>
        {translate("Softcap")} <b>{value === 0 ? translate("as the file says") : numberText(value)}</b>
      </span>
      <input
        type="range"
        min={0}
        max={50}
        step={0.5}
        value={value}
        onInput={(event) => {
          const next = Number(event.currentTarget.value);
          set({ softcap: next === 0 ? null : next });
        }}
      />
    </label>
  );
}

/** The mask by hand: cells by clicking on them, keys by name. */
function CellChoice({ result, current, set }: Trial & { readonly result: ResultSummary }): JSX.Element {
  const translate = useTranslate();
  const dispatch = useDispatch();
  const masking = useSelect((state) => state.masking);
  const key = useSelect(({ ui }) => ui.key);
  const blocked = current.blocked ?? [];
  const excluded = current.excluded ?? [];
  return (
    <>
      <Checkbox checked={masking} onChange={(checked) => dispatch({ type: "masking", masking: checked })}>
        {translate("A click on a cell masks it")}
      </Checkbox>
      {blocked.length > 0 && <span>{translate("cells masked by hand: {0}", { 0: blocked.length })}</span>}
      <Button onPress={() => set({ key })}>
        {excluded.includes(key)
          ? translate("Take {0} in again", { 0: keyName(result, key) })
          : translate("Leave {0} out", { 0: keyName(result, key) })}
      </Button>
      {excluded.length > 0 && (
        <span>{translate("left out: {0}", { 0: excluded.map((each) => keyName(result, each)).join(", ") })}</span>
      )}
    </>
  );
}
