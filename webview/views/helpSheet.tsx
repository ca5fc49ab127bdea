import type { JSX } from "preact";
import { useTranslate } from "../context.ts";
import { Sheet } from "./sheet.tsx";

/** Every action of the panel, by its keys. */
export function HelpSheet(): JSX.Element {
  const translate = useTranslate();
  const rows: readonly (readonly [string, string])[] = [
    ["← ↑ → ↓", translate("Next cell; with Ctrl to the edge")],
    ["Home End", translate("First and last key; with Ctrl the corners")],
    ["Page Up, Page Down", translate("Ten queries up or down")],
    ["Enter", translate("Go to this row of Q in the editor")],
    ["1 2 3 4 5", translate("Scores, scaled, masked, weights, output")],
    ["[ ]", translate("Previous and next head")],
    ["T", translate("The numbers as a table")],
    ["M", translate("Mask this cell, or unmask it")],
    ["X", translate("Leave this key out, or take it in again")],
    ["/", translate("Find a token; Enter goes to the next")],
    ["P", translate("Play the steps of this row, or pause")],
    ["+ − 0", translate("Zoom in, out, and fit")],
    ["Ctrl + Z, Ctrl + Y", translate("Undo and redo an edit of the file")],
    [translate("Drag a number"), translate("Try another value; on release it is written into the file")],
    ["Ctrl + wheel", translate("Zoom the map; drag to move it")],
    ["Tab", translate("To the next control; in the map one step is the whole map")],
    [translate("Shift + click, Shift + Enter"), translate("Show this head together with the others")],
    ["?", translate("This page")],
    ["Esc", translate("Close what is open; else clear the marks in the editor")],
  ];
  return (
    <Sheet title={translate("Keys and help")}>
      <table class="keys">
        <tbody>
          {rows.map(([keys, meaning]) => (
            <tr key={keys}>
              <th scope="row">
                <kbd>{keys}</kbd>
              </th>
              <td>{meaning}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Sheet>
  );
}
