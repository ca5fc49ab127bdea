import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ResultSummary } from "../../src/protocol/core.ts";
import { asItIs, changed, type WhatIf, type WhatIfChange } from "../../src/protocol/whatIf.ts";
import { numberText } from "../../src/tensor/print.ts";
import { useDispatch, usePanel, useSelect, useTranslate, useWish } from "../context.ts";
import { useNames } from "../data/names.ts";
import { Button, Checkbox, Dropdown, TextField } from "../ui/controls.ts";
import { listed } from "../words.ts";

export interface Trial {
  readonly current: WhatIf;
  readonly set: (change: WhatIfChange) => void;
}

interface Steps extends Trial {
  readonly canTakeBack: boolean;
  readonly takeBack: () => void;
}

/** What is tried out, the steps that the host has not heard of yet included, and how to change it. */
export function useTrial(): Steps {
  const { link } = usePanel();
  const known = useSelect(({ snapshot }) => snapshot?.overrides ?? asItIs);
  const canTakeBack = useSelect(({ snapshot }) => snapshot?.canTakeBack ?? false);
  const [current, wish] = useWish(known);
  return {
    current,
    set: (change) => wish(changed(current, change), () => link.intent({ kind: "tryOut", change })),
    canTakeBack: canTakeBack || current !== known,
    takeBack: () => link.intent({ kind: "takeBack" }),
  };
}

/** A panel of this width, in pixels, has room for what can be tried out. */
const roomy = 620;

/** Mask, scale, temperature and softcap, tried out at once; nothing in the file changes. */
export function WhatIfView({ result }: { readonly result: ResultSummary }): JSX.Element | null {
  const translate = useTranslate();
  const { current, set, canTakeBack, takeBack } = useTrial();
  const [openAtFirst] = useState(isChanged(current) || window.innerWidth >= roomy);
  if (result.given) return null;
  return (
    <details class="what-if" open={openAtFirst}>
      <summary>{translate("What if…")}</summary>
      <div class="what-if-body">
        <MaskChoice current={current} set={set} />
        <ScaleChoice result={result} current={current} set={set} />
        <SoftcapChoice current={current} set={set} />
        <CellChoice result={result} current={current} set={set} />
        <div class="actions-line">
          <Button disabled={!canTakeBack} onPress={takeBack}>
            {translate("Undo")}
          </Button>
          <Button disabled={!isChanged(current)} onPress={() => set(asItIs)}>
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

function MaskChoice({ current, set }: Trial): JSX.Element {
  const translate = useTranslate();
  const options = [
    { value: "auto", text: translate("Mask: as the file says") },
    { value: "none", text: translate("No causal mask") },
    { value: "topLeft", text: translate("Causal") },
    { value: "bottomRight", text: translate("Causal, aligned to the last key") },
  ];
  const [left, right] = current.window ?? [null, null];
  // What is no number leaves the side as it was.
  const side = (text: string, was: number | null) => {
    const count = Math.floor(Number(text));
    return text.trim() === "" ? null : Number.isFinite(count) ? Math.max(0, count) : was;
  };
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
          onCommit={(text) => set({ keysBefore: side(text, left) })}
        />
        <TextField
          label={translate("Keys after the query; empty: all")}
          size={4}
          value={right === null ? "" : String(right)}
          placeholder="∞"
          onCommit={(text) => set({ keysAfter: side(text, right) })}
        />
      </span>
    </>
  );
}

/** One slider for scale and temperature: they are one number. 1/√d is in its middle, or 1 for scores that are not divided by √d. */
function ScaleChoice({ result, current, set }: Trial & { readonly result: ResultSummary }): JSX.Element {
  const translate = useTranslate();
  const root = 1 / Math.sqrt(Math.max(1, result.sizes.size));
  const divided = (result.form?.score ?? "scaledDot") === "scaledDot";
  const usual = divided ? root : 1;
  const asked = current.scale === "auto" ? root : current.scale;
  const scale = asked ?? result.scale;
  const decade = Math.log10(scale / usual);
  const middle = divided ? "1/√d" : "1";
  const scaleAt = (at: number) => (Math.abs(at) < 1e-6 ? (divided ? "auto" : 1) : usual * 10 ** at);
  return (
    <label class="slider">
      <span>
        {translate("Scale")} <b>{numberText(scale)}</b>
        <small>
          {" "}
          {divided && `1/√d = ${numberText(usual)}, `}
          {translate("temperature")} {numberText(usual / scale, 3)}
        </small>
      </span>
      <input
        type="range"
        min={-1.5}
        max={1.5}
        step={0.05}
        value={decade}
        list="usual-scale"
        onInput={(event) => set({ scale: scaleAt(Number(event.currentTarget.value)) })}
        onDblClick={() => set({ scale: null })}
      />
      <datalist id="usual-scale">
        <option value="0" label={middle} />
      </datalist>
      <span class="slider-marks" aria-hidden="true">
        <i>÷30</i>
        <i>{middle}</i>
        <i>×30</i>
      </span>
    </label>
  );
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
  const names = useNames(result);
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
          ? translate("Take “{0}” in again", { 0: names.key(key) })
          : translate("Leave “{0}” out", { 0: names.key(key) })}
      </Button>
      {excluded.length > 0 && (
        <span>{translate("left out: {0}", { 0: listed(excluded.map(names.key), translate) })}</span>
      )}
    </>
  );
}
