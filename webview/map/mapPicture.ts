import { hexColor } from "../../src/picture/colorMaps.ts";
import type { Domain } from "../../src/picture/scale.ts";
import { numberText } from "../../src/tensor/print.ts";
import { hatchOf, paintMap, type Scene } from "./paintMap.ts";
import type { MapTheme } from "./theme.ts";

/** Ink on white, for print. */
const paper: MapTheme = {
  foreground: "#222222",
  faint: "#444444",
  background: "#ffffff",
  accent: "#222222",
  border: "#444444",
  font: "Helvetica, Arial, sans-serif",
};
/** Pixels of the picture for one of the screen. */
const density = 3;
const [above, beside] = [30, 84];

/** The map as it is zoomed now, on white, with title and legend, as the bytes of a PNG. */
export async function mapPicture(scene: Scene, title: string, domain: Domain): Promise<Uint8Array<ArrayBuffer>> {
  const { layout } = scene;
  const map = document.createElement("canvas");
  map.width = Math.ceil(layout.width * density);
  map.height = Math.ceil(layout.height * density);
  const inner = map.getContext("2d")!;
  const onPaper = { theme: paper, hatch: hatchOf(inner, paper, density), selected: null };
  paintMap(inner, { ...scene, ...onPaper }, density);
  const canvas = document.createElement("canvas");
  canvas.width = map.width + beside * density;
  canvas.height = Math.max(map.height, 180 * density) + above * density;
  const context = canvas.getContext("2d")!;
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(map, 0, above * density);
  context.scale(density, density);
  context.fillStyle = paper.foreground;
  context.font = `bold 13px ${paper.font}`;
  context.fillText(title, 8, 18);
  paintLegend(context, scene, domain, layout.width + 8, above + layout.top);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  return new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer(0));
}

function paintLegend(context: CanvasRenderingContext2D, { paint }: Scene, domain: Domain, x: number, y: number): void {
  const height = 128;
  for (let i = 0; i < height; i++) {
    context.fillStyle = hexColor(paint.map, 255 - Math.round((i * 255) / (height - 1)));
    context.fillRect(x, y + i, 12, 1.5);
  }
  context.fillStyle = paper.foreground;
  context.font = `11px ${paper.font}`;
  context.textBaseline = "middle";
  context.fillText(numberText(domain.maximum, 3), x + 17, y + 5);
  context.fillText(numberText((domain.minimum + domain.maximum) / 2, 3), x + 17, y + height / 2);
  context.fillText(numberText(domain.minimum, 3), x + 17, y + height - 4);
}
