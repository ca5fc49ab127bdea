import type { ComponentChildren, JSX } from "preact";
import type { ResultSummary } from "../../src/protocol/core.ts";
import { useDispatch, useSelect, useTranslate } from "../context.ts";
import type { UiState } from "../state.ts";
import { Button, Dropdown } from "../ui/controls.ts";

/** How several heads are shown as one map. */
export function Together({
  result: { sizes, axes },
  children,
}: {
  readonly result: ResultSummary;
  /** What is said while one head is shown alone. */
  readonly children?: ComponentChildren;
}): JSX.Element {
  const translate = useTranslate();
  const dispatch = useDispatch();
  const together = useSelect(({ ui }) => ui.together);
  const combine = useSelect(({ ui }) => ui.combine);
  const all = ({ batch, head }: UiState) => ({
    together: Array.from({ length: sizes.heads }, (_, each) => batch * sizes.heads + each).filter(
      (flat) => flat !== batch * sizes.heads + head,
    ),
  });
  if (together.length === 0) {
    return (
      <div class="together">
        {sizes.heads > 1 && (
          <Button onPress={() => dispatch({ type: "ui", change: all })}>
            {sizes.batch > 1 && axes?.batch?.meaning === "layer"
              ? translate("All heads of this layer")
              : translate("All heads together")}
          </Button>
        )}
        {children}
      </div>
    );
  }
  const options = [
    { value: "mean", text: translate("Mean") },
    { value: "max", text: translate("Maximum") },
  ];
  return (
    <div class="together">
      <Dropdown
        label={translate("How heads are combined")}
        value={combine}
        options={options}
        onChoose={(value) => dispatch({ type: "ui", change: { combine: value as "mean" } })}
      />
      <span>{translate("of {0} heads", { 0: together.length + 1 })}</span>
      <Button onPress={() => dispatch({ type: "ui", change: { together: [] } })}>{translate("One alone")}</Button>
    </div>
  );
}
