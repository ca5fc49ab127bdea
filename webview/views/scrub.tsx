import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { PanelIntent, SourceStatus } from "../../src/protocol/panel.ts";
import { stepped } from "../../src/tensor/numberSteps.ts";
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
    ({ snapshot }) => snapshot?.result?.roles[role]?.origin === "literal" && isEditable(snapshot.source?.status),
  );
  const [typing, setTyping] = useState(false);
  const change = useChange(role, row, column);
  const drag = useDrag(value, change, props.onDrag);
  // What is dragged stays under the hand, whatever it makes of the result.
  if (!drag.isOn && (!isLiteral || !Number.isFinite(value))) return <span>{bracketed(value)}</span>;
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
        else if (by !== undefined) change.nudge(by);
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
  /** Steps from what the text says when they arrive there: keys may come faster than new numbers. */
  readonly nudge: (steps: number) => void;
  readonly forget: () => void;
  /** Names the result that the gesture is about: previews bring others. */
  readonly begin: () => void;
}

function useChange(role: ScrubProps["of"], row: number, column: number): Change {
  const { store, link } = usePanel();
  const about = useRef<Pick<EditedNumber, "result" | "batch" | "head"> | null>(null);
  const pacing = useRef<{ waiting: number; next: EditedNumber | null }>({ waiting: 0, next: null });
  const begin = () => {
    const { ui, snapshot } = store.state;
    about.current = { result: snapshot?.result?.result ?? 0, batch: ui.batch, head: ui.head };
  };
  const numberOf = (value: number): EditedNumber => {
    if (!about.current) begin();
    return { ...about.current!, role, row, column, value };
  };
  const send = () => {
    const { next } = pacing.current;
    pacing.current = { waiting: next ? window.setTimeout(send, pace) : 0, next: null };
    if (next) link.intent({ kind: "preview", number: next });
  };
  const end = () => {
    window.clearTimeout(pacing.current.waiting);
    pacing.current = { waiting: 0, next: null };
    about.current = null;
  };
  return {
    begin,
    preview(value) {
      pacing.current.next = numberOf(value);
      if (!pacing.current.waiting) send();
    },
    write(value, precision) {
      link.intent({ kind: "edit", number: numberOf(value), precision });
      end();
    },
    nudge(steps) {
      const { value: _, ...number } = numberOf(0);
      link.intent({ kind: "nudge", number, steps });
      end();
    },
    forget() {
      link.intent({ kind: "preview", number: null });
      end();
    },
  };
}

/** A text that is being computed can be written to; one that is broken or closed cannot. */
function isEditable(status: SourceStatus | undefined): boolean {
  return status === "live" || status === "running";
}

function useDrag(value: number, change: Change, onDrag?: (dragging: boolean) => void) {
  const drag = useRef<{ readonly x: number; readonly value: number; now: number } | null>(null);
  const end = () => {
    drag.current = null;
    onDrag?.(false);
  };
  const cancel = () => {
    if (!drag.current) return;
    change.forget();
    end();
  };
  const leave = useRef(cancel);
  leave.current = cancel;
  // Where another cell takes this one's place in the middle of a drag, nothing of it stays.
  useEffect(() => () => leave.current(), []);
  return {
    get isOn() {
      return drag.current !== null;
    },
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
      const next = stepped(current.value, Math.trunc((event.clientX - current.x) / pixelsPerStep));
      if (next === current.now) return;
      current.now = next;
      change.preview(next);
    },
    up: () => {
      const current = drag.current;
      end();
      if (!current) return;
      // Dragged back to where it was: what was tried out on the way is over.
      if (current.now === current.value) change.forget();
      else change.write(current.now, "drag");
    },
    cancel,
  };
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
