import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { ResultSummary } from "../../src/protocol/core.ts";
import type { ExportFormat } from "../../src/protocol/panel.ts";
import { usePanel, useSelect, useTranslate } from "../context.ts";
import { useColoring } from "../data/coloring.ts";

/** Pictures and numbers to take away: files through the host's dialog, text on the clipboard. */
export function ExportMenu({ result }: { readonly result: ResultSummary }): JSX.Element {
  const translate = useTranslate();
  const { link, pictures, store } = usePanel();
  const ui = useSelect((state) => state.ui);
  const { map } = useColoring(ui.stage);
  const details = useRef<HTMLDetailsElement>(null);
  const target = { result: result.result, batch: ui.batch, head: ui.head };
  const close = () => {
    if (details.current) details.current.open = false;
    details.current?.querySelector("summary")?.focus();
  };
  const send = (format: ExportFormat, to: "file" | "clipboard") => {
    const picture = { colorMap: map.name, scale: ui.scale };
    link.intent({ kind: "export", ...target, stage: ui.stage, format, to, query: ui.query, key: ui.key, picture });
  };
  const items: readonly (readonly [text: string, run: () => void, shown: boolean])[] = [
    [translate("Picture as SVG…"), () => send("svg", "file"), true],
    [translate("Picture as PNG…"), () => void savePng(), ui.view === "map"],
    [translate("Numbers as CSV…"), () => send("csv", "file"), true],
    [translate("Numbers as JSON…"), () => send("json", "file"), true],
    [translate("Numbers as .npy…"), () => send("npy", "file"), true],
    [translate("NumPy program with its inputs…"), () => send("numpy", "file"), !result.given],
    [translate("PyTorch program with its inputs…"), () => send("pytorch", "file"), !result.given],
    [translate("Copy as NumPy code"), () => send("numpy", "clipboard"), !result.given],
    [translate("Copy as PyTorch code"), () => send("pytorch", "clipboard"), !result.given],
    [translate("Copy this cell as LaTeX"), () => send("latex", "clipboard"), !result.given],
    [translate("Insert the weights into the document"), () => link.intent({ kind: "insertWeights", ...target }), true],
  ];
  const savePng = async () => {
    const bytes = await pictures.current?.();
    const file = store.state.snapshot?.source?.name.replace(/\.[^.]*$/, "");
    if (bytes) link.intent({ kind: "save", name: `${file ? `${file}-` : ""}${ui.stage}.png`, bytes });
  };
  return (
    <details
      ref={details}
      class="menu"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !details.current?.open) return;
        event.preventDefault();
        close();
      }}
      onFocusOut={(event) => {
        const next = event.relatedTarget as Node | null;
        if (next && !details.current?.contains(next)) details.current!.open = false;
      }}
    >
      <summary>{translate("Export")}</summary>
      <ul>
        {items.map(
          ([text, run, shown]) =>
            shown && (
              <li key={text}>
                <button
                  type="button"
                  onClick={() => {
                    close();
                    run();
                  }}
                >
                  {text}
                </button>
              </li>
            ),
        )}
      </ul>
    </details>
  );
}
