/** Characters of JSON by code unit, and what strings, numbers and comments are made of. */
export const char = {
  tab: 9,
  newline: 10,
  return: 13,
  space: 32,
  quote: 34,
  star: 42,
  plus: 43,
  comma: 44,
  minus: 45,
  point: 46,
  slash: 47,
  zero: 48,
  nine: 57,
  colon: 58,
  bigE: 69,
  open: 91,
  backslash: 92,
  close: 93,
  e: 101,
  openBrace: 123,
  closeBrace: 125,
  byteOrderMark: 0xfeff,
} as const;

export function isDigit(code: number): boolean {
  return code >= char.zero && code <= char.nine;
}

export function isSpace(code: number): boolean {
  return code === char.space || code === char.newline || code === char.return || code === char.tab;
}

export function isWord(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || isDigit(code) || code === 95 || code > 127;
}

/** What may not follow a number directly; a sign counts, so that `1-2` is named as a whole. */
export function isLetterOrPoint(code: number): boolean {
  return isWord(code) || code === char.point || code === char.plus || code === char.minus;
}

/** Characters that an escape at `at` takes, 0 for one that JSON does not know. */
export function escapeLength(text: string, at: number, end: number): number {
  const next = text[at + 1];
  if (next === undefined || at + 1 >= end) return 0;
  if (next === "u") return /^[0-9a-fA-F]{4}$/.test(text.slice(at + 2, Math.min(at + 6, end))) ? 6 : 0;
  return '"\\/bfnrt'.includes(next) ? 2 : 0;
}

/** The exponent written at `at`, behind the e; null where there is no digit. */
export function exponentAt(text: string, at: number): { readonly value: number; readonly end: number } | null {
  const sign = text.charCodeAt(at);
  let end = sign === char.plus || sign === char.minus ? at + 1 : at;
  const first = end;
  let value = 0;
  for (let code = text.charCodeAt(end); isDigit(code); code = text.charCodeAt(++end))
    value = value * 10 + code - char.zero;
  return end === first ? null : { value: sign === char.minus ? -value : value, end };
}

export function lineEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) if (text[at] === "\n" || text[at] === "\r") return at;
  return text.length;
}

export function behind(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found < 0 ? -1 : found + mark.length;
}
