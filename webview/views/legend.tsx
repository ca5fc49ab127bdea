import type { JSX } from "preact";
import { type ColorMap, hexColor } from "../../src/picture/colorMaps.ts";
import { numberText } from "../../src/tensor/print.ts";
import { useSelect, useTranslate } from "../context.ts";
import { useColoring } from "../data/coloring.ts";

/** What the colours mean: the ends of the scale, and the true limits of the stage. */
export function Legend(): JSX.Element {
  const translate = useTranslate();
  const stage = useSelect(({ ui }) => ui.stage);
  const maskSeen = useSelect((state) => state.maskSeen);
  const { map, domain, limits } = useColoring(stage);
  const middle = map.diverging ? 0 : (domain.minimum + domain.maximum) / 2;
  return (
    <figure class="legend" aria-label={translate("Legend")}>
      <div class="legend-bar" style={{ backgroundImage: gradient(map) }} />
      <div class="legend-numbers">
        <span>{numberText(domain.minimum, 3)}</span>
        <span>{numberText(middle, 3)}</span>
        <span>{numberText(domain.maximum, 3)}</span>
      </div>
      <figcaption>
        {limits &&
          translate("least {0}, largest {1}", { 0: numberText(limits.minimum), 1: numberText(limits.maximum) })}
        {maskSeen && (stage === "masked" || stage === "weights") && (
          <span class="legend-mask">
            <i class="hatch" aria-hidden="true" />
            {translate("masked")}
          </span>
        )}
      </figcaption>
    </figure>
  );
}

function gradient(map: ColorMap): string {
  const stops = Array.from({ length: 17 }, (_, i) => hexColor(map, Math.min(255, i * 16)));
  return `linear-gradient(to right, ${stops.join(", ")})`;
}
