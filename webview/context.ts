import { createContext } from "preact";
import { useContext, useEffect, useReducer, useRef, useState } from "preact/hooks";
import { type Stage, stages } from "../src/attention/problem.ts";
import type { ResultSummary } from "../src/protocol/core.ts";
import type { PanelAnswers } from "../src/protocol/panel.ts";
import type { Translate } from "../src/tensor/message.ts";
import { type Answers, isQuiet } from "./data/answers.ts";
import type { HostLink, Method, RequestOf } from "./hostLink.ts";
import type { MapTheme, ThemeWatch } from "./map/theme.ts";
import type { Action, PanelState } from "./state.ts";
import type { Store } from "./store.ts";
import { translator } from "./words.ts";

/** What every view works with. */
export interface Panel {
  readonly store: Store;
  readonly answers: Answers;
  readonly link: HostLink;
  readonly theme: ThemeWatch;
  /** Makes a PNG of the map that is on the page; null where there is none. */
  readonly pictures: { current: (() => Promise<Uint8Array<ArrayBuffer>>) | null };
}

export const PanelContext = createContext<Panel | null>(null);

export function usePanel(): Panel {
  return useContext(PanelContext)!;
}

/** A part of the state; the view is drawn again only when that part becomes another one. */
export function useSelect<T>(select: (state: PanelState) => T): T {
  const { store } = usePanel();
  const [, draw] = useReducer((n: number) => n + 1, 0);
  const current = select(store.state);
  const seen = useRef(current);
  seen.current = current;
  const latest = useRef(select);
  latest.current = select;
  useEffect(() => {
    const check = () => {
      if (!Object.is(latest.current(store.state), seen.current)) draw(0);
    };
    check(); // it may have changed between drawing and now
    return store.subscribe(check);
  }, [store]);
  return current;
}

/** The theme's colours; drawn again when it changes. */
export function useTheme(): MapTheme {
  const { theme } = usePanel();
  const [, draw] = useReducer((n: number) => n + 1, 0);
  useEffect(() => theme.subscribe(() => draw(0)), [theme]);
  return theme.current;
}

/** Shows a stage and, where code makes it, the expression that does; also of what goes in. */
export function goToPart({ store, link }: Panel, part: "query" | "key" | "value" | Stage): void {
  const stage = stages.find((each) => each === part);
  const result = store.state.snapshot?.result;
  if (!result) return;
  if (stage) store.dispatch({ type: "pick", selection: { stage }, intent: link.sent + 1 });
  link.intent({ kind: "selectPart", result: result.result, part });
}

export function useDispatch(): (action: Action) => void {
  const { store } = usePanel();
  return (action) => store.dispatch(action);
}

export function useResult(): ResultSummary | null {
  return useSelect(({ snapshot }) => snapshot?.result ?? null);
}

/** Looks up the page's words; drawn again when the host sends others. */
export function useTranslate(): Translate {
  const strings = useSelect(({ snapshot }) => snapshot?.strings);
  const made = useRef<{ of: unknown; translate: Translate }>(null);
  if (!made.current || made.current.of !== strings)
    made.current = { of: strings, translate: translator(strings ?? {}) };
  return made.current.translate;
}

export interface Answered<T> {
  /** The answer, or while a new one is awaited the one before; undefined before the first. */
  readonly value: T | undefined;
  /** `value` answers what is asked now. */
  readonly current: boolean;
  /** Why there is none. */
  readonly refused: boolean;
}

/** How long a draft is good enough, in milliseconds, before a better one is asked for. */
const draftLasts = 1500;

/**
 * Asks like `useAnswer`, and again and again while the answer is a draft of a long computation: `beyond` tells the host
 * what is known already.
 */
export function useRefined<M extends "limits" | "tile">(
  request: RequestOf<M> | null,
  background = false,
): Answered<PanelAnswers[M]> {
  const question = JSON.stringify(request);
  const [seen, setSeen] = useState({ question, beyond: 0 });
  const beyond = seen.question === question ? seen.beyond : 0;
  const answered = useAnswer<M>(request && { ...request, beyond }, background);
  const known = answered.current ? (answered.value?.known ?? 1) : 1;
  useEffect(() => {
    if (known >= 1) return;
    const timer = setTimeout(() => setSeen({ question, beyond: known }), draftLasts);
    return () => clearTimeout(timer);
  }, [question, known]);
  return answered;
}

/** Asks the host, again whenever the question changes; null asks nothing. */
export function useAnswer<M extends Method>(
  request: RequestOf<M> | null,
  background = false,
): Answered<PanelAnswers[M]> {
  const { answers, link } = usePanel();
  const [, draw] = useReducer((n: number) => n + 1, 0);
  const question = request && JSON.stringify(request);
  const again = useSelect((state) => state.again);
  const last = useRef<{ question: string | null; value?: PanelAnswers[M]; refused?: boolean }>({ question: null });
  const known = request ? answers.known<M>(request) : undefined;
  if (known !== undefined) last.current = { question, value: known };
  useEffect(() => {
    if (!request || last.current.question === question) return;
    const giveUp = new AbortController();
    answers.ask<M>(request, giveUp.signal, background).then(
      (value) => {
        if (giveUp.signal.aborted) return;
        last.current = { question, value };
        draw(0);
      },
      (error: unknown) => {
        if (giveUp.signal.aborted || isQuiet(error)) return;
        link.failure(`${request.method}: ${String(error)}`);
        last.current = { question, refused: true };
        draw(0);
      },
    );
    return () => giveUp.abort();
  }, [question, answers, again]);
  const current = last.current.question === question;
  return {
    value: request ? last.current.value : undefined,
    current,
    refused: current && last.current.refused === true,
  };
}

/**
 * A choice that the host keeps: what the user wished is shown at once, and until a snapshot comes that knows of it. One
 * that was under way before would show the old choice again, and the next key would start from that.
 * @returns what to show, and how to wish: a function that sends the intent
 */
export function useWish<T>(known: T): readonly [shown: T, wish: (value: T, send: () => void) => void] {
  const { link } = usePanel();
  const heard = useSelect(({ snapshot }) => snapshot?.heard ?? 0);
  const [wished, setWished] = useState<{ readonly value: T; readonly intent: number } | null>(null);
  const wish = (value: T, send: () => void) => {
    send();
    setWished({ value, intent: link.sent });
  };
  return [wished && heard < wished.intent ? wished.value : known, wish];
}

/** The batch entry and head that are shown, as requests name them. */
export function useHead(): { readonly result: number; readonly batch: number; readonly head: number } | null {
  const result = useSelect(({ snapshot }) => snapshot?.result?.result);
  const batch = useSelect(({ ui }) => ui.batch);
  const head = useSelect(({ ui }) => ui.head);
  return result === undefined ? null : { result, batch, head };
}
