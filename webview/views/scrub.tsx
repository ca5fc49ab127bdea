import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { PanelIntent } from "../../src/protocol/panel.ts";
import { numberText } from "../../src/tensor/print.ts";
import { usePanel, useSelect, useTranslate } from "../context.ts";

type EditedNumber = Extract<PanelIntent, { kind: "edit" }>["number"];

export interface ScrubProps {
  readonly of: "query" | "key" | "value";
  readonly row: number;
  readonly column: number;
  readonly value: number;
  /** Spoken: what this number is. */
  readonly label: string;
  /** While it is dragged, nothing around it should change places. */
  readonly onDrag?: (dragging: boolean) => void;
}

/** Pixels of movement that make one step. */
const pixelsPerStep = 4;
const pace = 50;

/**
 * A number of the text, to be changed in place: dragged sideways (the panel follows, the text waits for the release),
 * stepped by arrow keys, or typed after Enter. Plain text where the document does not have the number as a literal.
 */
export function Scrub(props: ScrubProps): JSX.Element {
  const { of: role, row, column, value, label } = props;
  const translate = useTranslate();
  const isLiteral = useSelect(
    ({ snapshot }) => snapshot?.result?.roles[role]?.origin === "literal" && snapshot.source?.status === "live",
  );
  const [typing, setTyping] = useState(false);
  const change = useChange(role, row, column);
  const drag = useDrag(value, change, props.onDrag);
  if (!isLiteral || !Number.isFinite(value)) return <span>{bracketed(value)}</span>;
  if (typing)
    return (
      <TypedNumber
        value={value}
        label={label}
        onDone={(typed) => {
          setTyping(false);
          if (typed !== null) change.write(typed, "exact");
        }}
      />
    );
  const step = (by: number) => change.write(rounded(value + by * stepOf(value), value), "drag");
  return (
    <span
      class="scrub"
      role="spinbutton"
      tabIndex={0}
      aria-label={label}
      aria-valuenow={value}
      aria-valuetext={numberText(value)}
      title={translate("{0}: drag sideways, or press Enter to type", { 0: label })}
      onPointerDown={drag.down}
      onPointerMove={drag.move}
      onPointerUp={drag.up}
      onPointerCancel={drag.cancel}
      onDblClick={() => setTyping(true)}
      onKeyDown={(event) => {
        const by = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10 }[event.key];
        if (event.key === "Enter") setTyping(true);
        else if (by !== undefined) step(by);
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      {bracketed(value)}
    </span>
  );
}

interface Change {
  readonly preview: (value: number) => void;
  readonly write: (value: number, precision: "drag" | "exact") => void;
  readonly forget: () => void;
  /** Names the result that the gesture is about: previews bring others. */
  readonly begin: () => void;
}

function useChange(role: ScrubProps["of"], row: number, column: number): Change {
  const { store, link } = usePanel();
  const about = useRef<Pick<EditedNumber, "result" | "batch" | "head"> | null>(null);
  const last = useRef(0);
  const begin = () => {
    const { ui, snapshot } = store.state;
    about.current = { result: snapshot?.result?.result ?? 0, batch: ui.batch, head: ui.head };
  };
  const numberOf = (value: number): EditedNumber => {
    if (!about.current) begin();
    return { ...about.current!, role, row, column, value };
  };
  return {
    begin,
    preview(value) {
      if (performance.now() - last.current < pace) return;
      last.current = performance.now();
      link.intent({ kind: "preview", number: numberOf(value) });
    },
    write(value, precision) {
      link.intent({ kind: "edit", number: numberOf(value), precision });
      about.current = null;
    },
    forget() {
      link.intent({ kind: "preview", number: null });
      about.current = null;
    },
  };
}

function useDrag(value: number, change: Change, onDrag?: (dragging: boolean) => void) {
  const drag = useRef<{ readonly x: number; readonly value: number; now: number } | null>(null);
  const end = () => {
    drag.current = null;
    onDrag?.(false);
  };
  return {
    down: (event: PointerEvent) => {
      if (event.button !== 0) return;
      (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
      drag.current = { x: event.clientX, value, now: value };
      change.begin();
      onDrag?.(true);
    },
    move: (event: PointerEvent) => {
      const current = drag.current;
      if (!current) return;
      const steps = Math.trunc((event.clientX - current.x) / pixelsPerStep);
      const next = rounded(current.value + steps * stepOf(current.value), current.value);
      if (next === current.now) return;
      current.now = next;
      change.preview(next);
    },
    up: () => {
      const current = drag.current;
      end();
      if (current && current.now !== current.value) change.write(current.now, "drag");
    },
    cancel: () => {
      if (drag.current) change.forget();
      end();
    },
  };
}

/** A step that a hand can see: a hundredth of the number's own order of magnitude, at least 0.01. */
function stepOf(value: number): number {
  return Math.max(0.01, 10 ** (Math.floor(Math.log10(Math.abs(value) || 1)) - 1));
}

/** Without the noise of adding decimals. */
function rounded(x: number, near: number): number {
  return Number(x.toFixed(Math.max(0, Math.min(12, -Math.floor(Math.log10(stepOf(near))) + 2))));
}

interface TypedProps {
  readonly value: number;
  readonly label: string;
  readonly onDone: (typed: number | null) => void;
}

/** A field for one number: Enter and leaving it take the number, Escape does not. */
export function TypedNumber({ value, label, onDone }: TypedProps): JSX.Element {
  const done = useRef(false);
  const finish = (text: string | null) => {
    if (done.current) return;
    done.current = true;
    const typed = text === null ? Number.NaN : Number(text.replace("−", "-"));
    onDone(text?.trim() && Number.isFinite(typed) && typed !== value ? typed : null);
  };
  return (
    <input
      class="scrub-input"
      size={7}
      value={String(value)}
      aria-label={label}
      ref={(input) => {
        if (input && document.activeElement !== input) input.select();
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Enter") finish(event.currentTarget.value);
        else if (event.key === "Escape") finish(null);
      }}
      onBlur={(event) => finish(event.currentTarget.value)}
    />
  );
}

/** Negative numbers in brackets, as in a formula. */
export function bracketed(x: number): string {
  const text = numberText(x);
  return x < 0 ? `(${text})` : text;
}
