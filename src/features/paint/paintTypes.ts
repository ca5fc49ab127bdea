import { type Disposable, type Range, type TextEditor, type TextEditorDecorationType, window } from "vscode";
import { type ColorMap, colorMap, hexColor, inkOn } from "../../picture/colorMaps.ts";

/** How many colours there are: each needs a decoration type of its own. */
export const paintLevels = 16;

/** One decoration type a level, made once for a colour map: the map's colour, and black or white on it. */
export class PaintTypes implements Disposable {
  readonly #name: string;
  readonly #types: readonly TextEditorDecorationType[];

  constructor(name: string) {
    this.#name = name;
    const map = colorMap(name);
    this.#types = Array.from({ length: paintLevels }, (_, level) => typeOf(map, level));
  }

  isOf(name: string): boolean {
    return name === this.#name;
  }

  /** @param ranges one list a level. */
  paint(editor: TextEditor, ranges: readonly (readonly Range[])[]): void {
    for (const [level, type] of this.#types.entries()) editor.setDecorations(type, ranges[level] ?? []);
  }

  dispose(): void {
    for (const type of this.#types) type.dispose();
  }
}

/** The ink is part of the paint: on any of a map's colours black or white has a contrast of 4.5:1 or more. */
function typeOf(map: ColorMap, level: number): TextEditorDecorationType {
  const entry = Math.round((level / (paintLevels - 1)) * 255);
  return window.createTextEditorDecorationType({
    backgroundColor: hexColor(map, entry),
    color: inkOn(map, entry),
    borderRadius: "2px",
  });
}
