import type { JSX } from "preact";
import { usePanel, useSelect, useTranslate } from "../context.ts";
import { Button } from "../ui/controls.ts";
import { BusyLine } from "./busyLine.tsx";

/** Nothing to show yet: what to do, and a way to see it done. */
export function EmptyState(): JSX.Element {
  const { link } = usePanel();
  const translate = useTranslate();
  const source = useSelect(({ snapshot }) => snapshot?.source ?? null);
  const run = (command: "run" | "choose" | "openExample") => () => link.intent({ kind: "command", command });
  return (
    <main class="panel empty" aria-label={translate("Attention Loupe")}>
      <p
        class="formula"
        role="math"
        aria-label={translate("softmax of Q K transposed over the square root of d k, times V")}
      >
        softmax<span class="paren">(</span>
        <span class="fraction">
          <span>
            QK<sup>⊤</sup>
          </span>
          <span>
            √d<sub>k</sub>
          </span>
        </span>
        <span class="paren">)</span>V
      </p>
      <h1>{translate("See what attention does")}</h1>
      <p>
        {translate(
          "Open a JSON or Python file with the matrices Q, K and V (query, key and value), and put the cursor on one of them.",
        )}
      </p>
      {source?.text && (
        <p class="notice" role="status">
          <strong>{source.name}</strong> {source.text}
        </p>
      )}
      <div class="actions">
        <Button kind="primary" onPress={run("openExample")}>
          {translate("Open Example")}
        </Button>
        {source && (
          <>
            <Button onPress={run("run")}>{translate("Run on This File")}</Button>
            <Button onPress={run("choose")}>{translate("Choose Query, Key and Value…")}</Button>
          </>
        )}
      </div>
      <BusyLine />
    </main>
  );
}
