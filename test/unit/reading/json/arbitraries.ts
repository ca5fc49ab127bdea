import fc from "fast-check";

/** Number literals of every form that JSON has, among them long, tiny, huge and negative zero. */
export const literal: fc.Arbitrary<string> = fc.oneof(
  fc.tuple(fc.constantFrom("", "-"), fc.nat(12), fc.stringMatching(/^[0-9]{1,20}$/)).map(smallNumber),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => JSON.stringify(x)),
  fc.integer().map(String),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
  fc
    .tuple(
      fc.constantFrom("", "-"),
      fc.oneof(fc.constant("0"), fc.stringMatching(/^[1-9][0-9]{0,24}$/)),
      fc.option(fc.stringMatching(/^[0-9]{1,30}$/), { nil: null }),
      fc.option(fc.tuple(fc.constantFrom("e", "E"), fc.constantFrom("", "+", "-"), fc.stringMatching(/^[0-9]{1,3}$/)), {
        nil: null,
      }),
    )
    .map(
      ([sign, whole, fraction, power]) =>
        `${sign}${whole}${fraction === null ? "" : `.${fraction}`}${power?.join("") ?? ""}`,
    ),
);

/** Zeros behind the point, as softmax gives them. */
function smallNumber([sign, zeros, digits]: [string, number, string]): string {
  return `${sign}0.${"0".repeat(zeros)}${digits}`;
}

const gap = fc.constantFrom("", "", "", " ", "\n", "\r\n", "\t", "   ");

/** JSON text, with white space in all places where it may be. */
export const json: fc.Arbitrary<string> = fc.letrec<{ value: string; array: string; object: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    literal,
    fc.constantFrom("true", "false", "null"),
    fc.string({ unit: "binary" }).map((text) => JSON.stringify(text)),
    tie("array"),
    tie("object"),
  ),
  array: fc
    .tuple(fc.array(fc.tuple(gap, tie("value"), gap).map((parts) => parts.join(""))), gap)
    .map(([all, inside]) => `[${all.join(",") || inside}]`),
  object: fc
    .array(fc.tuple(gap, fc.string({ unit: "grapheme", maxLength: 5 }), gap, gap, tie("value"), gap))
    .map(
      (all) =>
        `{${all.map(([a, key, b, c, value, d]) => `${a}${JSON.stringify(key)}${b}:${c}${value}${d}`).join(",")}}`,
    ),
})).value;

/** A text with one mistake in it, or none: a piece cut out, doubled or replaced. */
export const mutated = fc
  .tuple(
    json,
    fc.nat(),
    fc.nat(4),
    fc.oneof(fc.constantFrom(...'[]{}",:-+.eE0123tfn\\/* \n\u0000é😀'), fc.string({ maxLength: 4 })),
  )
  .map(([text, place, length, piece]) => {
    const at = text.length ? place % text.length : 0;
    return text.slice(0, at) + piece + text.slice(at + length);
  });
