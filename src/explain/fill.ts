import type { Translate } from "../tensor/message.ts";
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

/** Sentences one after the other: with a space between them, but for those that end in a full-width mark. */
export function sentences(texts: readonly Text[]): Text {
  const said = texts.filter((text) => text.some((span) => span.text !== ""));
  return said.flatMap((text, at) => {
    const before = said[at - 1]?.at(-1)?.text;
    return before === undefined || /[\u3002\uff01\uff1f\uff1a\uff1b]$/.test(before) ? text : [{ text: " " }, ...text];
  });
}

/** Things one after the other, as a sentence of the reader's language names several. */
export function enumerated(texts: readonly Text[], translate: Translate): Text {
  return joined(texts, translate(", "));
}

/** Joins texts with a separator between them. */
export function joined(texts: readonly Text[], separator: string): Text {
  return texts.flatMap((text, at) => (at === 0 ? text : [{ text: separator }, ...text]));
}
