import type { JSX } from "preact";
import { stages } from "../../src/attention/problem.ts";
import type { ResultSummary } from "../../src/protocol/core.ts";
import { useDispatch, useSelect, useTranslate } from "../context.ts";
import { stageSize } from "../state.ts";
import { stageName } from "./gridCells.tsx";

const formulas = { scores: "QKᵀ", scaled: "· 1/√d", masked: "+ mask", weights: "softmax", output: "· V" } as const;

/** The five stages in their order, as a list of tabs: arrows go along, digits jump. */
export function StageStrip({ result }: { readonly result: ResultSummary }): JSX.Element {
  const translate = useTranslate();
  const dispatch = useDispatch();
  const current = useSelect(({ ui }) => ui.stage);
  const shown = stages.filter((stage) => result.stages.includes(stage));
  const go = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const jump = { Home: 0, End: shown.length - 1 }[event.key];
    const next =
      jump ?? (step === undefined ? undefined : (shown.indexOf(current) + step + shown.length) % shown.length);
    if (next === undefined) return;
    event.preventDefault();
    dispatch({ type: "ui", change: { stage: shown[next]! } });
    (event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('[role="tab"]')[next]?.focus();
  };
  return (
    <div class="stages" role="tablist" aria-label={translate("Stages")} tabIndex={-1} onKeyDown={go}>
      {shown.map((stage) => {
        const { rows, columns } = stageSize(stage, result);
        return (
          <button
            key={stage}
            type="button"
            role="tab"
            class="stage"
            aria-selected={stage === current}
            tabIndex={stage === current ? 0 : -1}
            onClick={() => dispatch({ type: "ui", change: { stage } })}
          >
            <span class="stage-name">{stageName(stage, translate)}</span>
            <span class="stage-formula" aria-hidden="true">
              {formulas[stage]}
            </span>
            <span class="stage-shape">
              {rows}×{columns}
            </span>
          </button>
        );
      })}
    </div>
  );
}
