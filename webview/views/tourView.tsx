import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { PanelTour } from "../../src/protocol/panel.ts";
import { usePanel, useTranslate } from "../context.ts";
import { Button } from "../ui/controls.ts";
import { Blocks } from "./blocks.tsx";

/** Pages to read: the guided tour of the formula, or everything about one place. */
export function TourView({ tour }: { readonly tour: PanelTour }): JSX.Element {
  const { link } = usePanel();
  const translate = useTranslate();
  const [page, setPage] = useState(tour.page);
  // Keys may come faster than pages are drawn.
  const current = useRef(page);
  const heading = useRef<HTMLHeadingElement>(null);
  const last = tour.pages.length - 1;
  const { title, blocks } = tour.pages[Math.min(page, last)]!;
  const turn = (to: number) => {
    const next = Math.max(0, Math.min(to, last));
    if (next === current.current) return;
    current.current = next;
    setPage(next);
    link.intent({ kind: "turnTour", serial: tour.serial, page: next });
    heading.current?.focus();
    window.scrollTo(0, 0);
  };
  useTurningKeys((step) => turn(current.current + step));
  const close = () => link.intent({ kind: "closeTour", serial: tour.serial });
  return (
    <main class="panel tour" aria-label={tour.title}>
      <header class="tour-head">
        <span>{tour.title}</span>
        <Button kind="icon" label={translate("Close")} onPress={close}>
          ×
        </Button>
      </header>
      <article>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        <Blocks blocks={blocks} />
      </article>
      {last > 0 && (
        <nav class="tour-turn" aria-label={translate("Pages")}>
          <Button onPress={() => turn(page - 1)} disabled={page === 0}>
            {translate("Back")}
          </Button>
          <span aria-live="polite">{translate("{page} of {pages}", { page: page + 1, pages: last + 1 })}</span>
          <Button kind="primary" onPress={() => (page === last ? close() : turn(page + 1))}>
            {page === last ? translate("Done") : translate("Next")}
          </Button>
        </nav>
      )}
    </main>
  );
}

/** Arrows and Page keys turn; in a text field or on a button they keep their own meaning. */
function useTurningKeys(turn: (step: number) => void): void {
  useLayoutEffect(() => {
    const listener = (event: KeyboardEvent) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      turn(step);
    };
    window.addEventListener("keydown", listener);
    return () => window.removeEventListener("keydown", listener);
  });
}
