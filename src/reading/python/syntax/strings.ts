const escapes: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
};

/** What a string literal's inside means; `raw` leaves backslashes. Unknown escapes stay as written, as Python leaves them. */
export function unescaped(text: string, raw: boolean): string {
  if (raw || !text.includes("\\")) return text;
  return text.replace(
    /\\(?:\r?\n|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|N\{[^}]*\}|([0-7]{1,3})|([\s\S]))/g,
    (
      whole,
      x: string | undefined,
      u: string | undefined,
      long: string | undefined,
      octal: string | undefined,
      one: string | undefined,
    ) => {
      const hex = x ?? u ?? long;
      if (hex !== undefined) return codePoint(Number.parseInt(hex, 16), whole);
      if (octal !== undefined) return codePoint(Number.parseInt(octal, 8), whole);
      if (one !== undefined) return escapes[one] ?? whole;
      return whole.startsWith("\\N") ? "\ufffd" : "";
    },
  );
}

function codePoint(code: number, otherwise: string): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : otherwise;
}

/** An integer literal in any base, exact: a number up to 2⁵³, else a bigint. */
export function integer(text: string): number | bigint {
  const plain = text.replaceAll("_", "").toLowerCase();
  const value = BigInt(/^0[xob]/.test(plain) ? plain : plain.replace(/^0+(?=\d)/, ""));
  return value <= 9007199254740991n ? Number(value) : value;
}
