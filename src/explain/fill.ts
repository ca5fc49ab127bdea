import type { Span, Text } from "./blocks.ts";

/** Puts spans where a translated sentence has `{name}`, so that languages may order them as they like. */
export function fill(sentence: string, spans: Readonly<Record<string, Span | Text | string>>): Text {
  return sentence
    .split(/(\{\w+\})/)
    .filter((piece) => piece !== "")
    .flatMap((piece) => filled(piece, spans));
}

function filled(piece: string, spans: Readonly<Record<string, Span | Text | string>>): Text {
  const key = /^\{(\w+)\}$/.exec(piece)?.[1];
  const span = key !== undefined && Object.hasOwn(spans, key) ? spans[key]! : piece;
  if (typeof span === "string") return [{ text: span }];
  return "text" in span ? [span] : span;
}

/** Joins texts with a separator between them. */
export function joined(texts: readonly Text[], separator: string): Text {
  return texts.flatMap((text, at) => (at === 0 ? text : [{ text: separator }, ...text]));
}
