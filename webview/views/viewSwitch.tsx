import type { JSX } from "preact";
import type { ResultSummary } from "../../src/protocol/core.ts";
import { useDispatch, useSelect, useTranslate } from "../context.ts";
import { usePatchGrid } from "../data/patches.ts";
import type { View } from "../state.ts";
import { Button } from "../ui/controls.ts";

/** Map, lines, or patches of a picture where the positions are a grid of them. */
export function ViewSwitch({ result }: { readonly result: ResultSummary }): JSX.Element {
  const translate = useTranslate();
  const dispatch = useDispatch();
  const view = useSelect(({ ui }) => ui.view);
  const names: Record<View, string> = {
    map: translate("Map"),
    lines: translate("Lines"),
    patches: translate("Patches"),
  };
  const views: View[] = usePatchGrid(result) ? ["map", "lines", "patches"] : ["map", "lines"];
  return (
    <fieldset class="switch" aria-label={translate("View")}>
      {views.map((each) => (
        <Button
          key={each}
          kind={view === each ? "primary" : "secondary"}
          pressed={view === each}
          onPress={() => dispatch({ type: "ui", change: { view: each } })}
        >
          {names[each]}
        </Button>
      ))}
    </fieldset>
  );
}
