import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { alarmColor } from "../../src/picture/cells.ts";
import { colorIndex, hexColor } from "../../src/picture/colorMaps.ts";
import { scaleOver } from "../../src/picture/scale.ts";
import type { ResultSummary } from "../../src/protocol/core.ts";
import { numberText } from "../../src/tensor/print.ts";
import { useAnswer, useDispatch, useHead, usePanel, useSelect, useTranslate } from "../context.ts";
import { useColoring } from "../data/coloring.ts";
import { useNames } from "../data/names.ts";
import { type PatchGrid, usePatchDomain } from "../data/patches.ts";
import { pick } from "../picking.ts";
import { arrowTarget } from "../ui/arrowKeys.ts";
import { Button } from "../ui/controls.ts";

interface PatchProps {
  readonly result: ResultSummary;
  readonly grid: PatchGrid;
}

/** For vision: positions as patches of a picture. A click on a patch shows where it looks, over the picture if there is one. */
export function PatchView({ result, grid }: PatchProps): JSX.Element {
  const translate = useTranslate();
  const names = useNames(result);
  const dispatch = useDispatch();
  const panel = usePanel();
  const head = useHead();
  const ui = useSelect((state) => state.ui);
  const { value: row } = useAnswer<"row">(head ? { method: "row", ...head, query: ui.query } : null);
  const [picture, setPicture] = useState<string | null>(null);
  const { map } = useColoring("weights");
  const domain = usePatchDomain(result, true);
  const { side, classTokens } = grid;
  const weights = row?.weights.subarray(classTokens);
  const scale = scaleOver(ui.scale, domain ?? { minimum: 0, maximum: 1 });
  const weightOn = (key: number) => (row ? numberText(row.weights[key] ?? Number.NaN, 3) : "…");
  const select = (query: number) => {
    pick(panel, { query });
    dispatch({ type: "point", place: null });
  };
  return (
    <div class="patches">
      <p class="hint">{translate("Each square is a patch of the picture. Click one to see where it looks.")}</p>
      <div class="patch-tools">
        <PickPicture picture={picture} onPick={setPicture} />
        {Array.from({ length: classTokens }, (_, front) => (
          <Button key={front} pressed={ui.query === front} onPress={() => select(front)}>
            {translate("{0}, weight {1}", { 0: names.key(front), 1: weightOn(front) })}
          </Button>
        ))}
      </div>
      <div class="patch-frame">
        {picture && <img src={picture} alt={translate("The picture that you picked")} />}
        <div
          class={picture ? "patch-grid over" : "patch-grid"}
          style={{ gridTemplateColumns: `repeat(${side}, 1fr)` }}
          {...roving(select, ui.query, grid)}
        >
          {Array.from({ length: side * side }, (_, patch) => {
            const position = patch + classTokens;
            const name = translate("{0}, weight {1}", { 0: names.key(position), 1: weightOn(position) });
            const weight = weights?.[patch] ?? 0;
            const share = scale(weight);
            return (
              <button
                key={position}
                type="button"
                class={position === ui.query ? "patch selected" : "patch"}
                tabIndex={position === tabStop(ui.query, classTokens) ? 0 : -1}
                aria-pressed={position === ui.query}
                aria-label={name}
                title={name}
                style={{
                  backgroundColor: Number.isNaN(weight) ? alarmColor : hexColor(map, colorIndex(share)),
                  // What is looked at most must not be hidden by its own colour.
                  opacity: picture ? 0.4 + 0.2 * (share || 0) : 1,
                }}
                onClick={() => select(position)}
                onPointerEnter={() => dispatch({ type: "point", place: { query: ui.query, key: position } })}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

function tabStop(query: number, classTokens: number): number {
  return Math.max(query, classTokens);
}

/** Arrow keys go from patch to patch. */
function roving(
  select: (query: number) => void,
  query: number,
  { side, classTokens }: PatchGrid,
): { onKeyDown: (event: KeyboardEvent) => void } {
  return {
    onKeyDown: (event) => {
      const next = arrowTarget(event.key, tabStop(query, classTokens) - classTokens, side);
      if (next === undefined || next < 0 || next >= side * side) return;
      event.preventDefault();
      select(next + classTokens);
      (event.currentTarget as HTMLElement).querySelectorAll("button")[next]?.focus();
    },
  };
}

interface PickProps {
  readonly picture: string | null;
  readonly onPick: (address: string | null) => void;
}

/** A picture from the user's disk: shown here, sent nowhere. */
function PickPicture({ picture, onPick }: PickProps): JSX.Element {
  const translate = useTranslate();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => () => void (picture && URL.revokeObjectURL(picture)), [picture]);
  const pick = () => {
    const file = input.current?.files?.[0];
    if (file) onPick(URL.createObjectURL(file));
  };
  const choose = () => {
    if (!input.current) return;
    input.current.value = ""; // the same file again is news, too
    input.current.click();
  };
  return (
    <>
      <input
        ref={input}
        type="file"
        accept="image/*"
        class="hidden"
        tabIndex={-1}
        aria-label={translate("Picture")}
        onChange={pick}
      />
      <Button onPress={choose}>{translate("Pick a picture…")}</Button>
      {picture && <Button onPress={() => onPick(null)}>{translate("Without the picture")}</Button>}
    </>
  );
}
