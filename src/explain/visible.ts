/**
 * Text of a document, made safe to show in the middle of other text: control characters become visible, and characters
 * that turn the direction of everything after them are written out instead of obeyed.
 */
export function visible(text: string): string {
  return text.replace(hidden, written);
}

/** C0 and C1 controls, line separators, zero-width and bidirectional controls, byte order mark, lone surrogates, tags. */
const hidden =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu;

function written(character: string): string {
  const code = character.codePointAt(0)!;
  if (code === 10) return "⏎";
  if (code === 9) return "⇥";
  if (code < 32) return String.fromCodePoint(0x2400 + code);
  if (code === 127) return "␡";
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
}

/** Longer names are cut: a hover is no place for a page. */
export function clipped(text: string, length = 60): string {
  const characters = [...text.slice(0, 2 * length)];
  return characters.length > length ? `${characters.slice(0, length - 1).join("")}…` : text;
}

/** Right-to-left letters stay in their place: the text is isolated where it has any. */
export function isolated(text: string): string {
  return /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]|[\ud802-\ud803\ud83a-\ud83b]/.test(text)
    ? `\u2068${text}\u2069`
    : text;
}

/** A name or token of the document, ready to stand in a sentence. Empty and blank ones stay recognisable. */
export function shownName(text: string): string {
  if (text === "") return "''";
  return isolated(visible(clipped(text)).replace(/^ +| +$/g, (blanks) => "␣".repeat(blanks.length)));
}

/**
 * A text with words of the document in it, for the editor's own labels and messages: these draw `$(icon)` and make
 * `[words](command:…)` a link, so both are taken apart by a mark that is not seen.
 */
export function inLabel(text: string): string {
  return isolated(visible(text)).replace(/(?<=[$\]])\(/g, "\u2060(");
}
