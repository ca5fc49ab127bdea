/**
 * VS Code carries messages to a webview as JSON, with typed arrays beside it: NaN, infinities and -0 outside of typed arrays
 * would arrive as null and 0. They travel by name.
 */
interface NamedNumber {
  readonly nonFinite: string;
}

/** The message as it travels; typed arrays stay the same objects. */
export function toWire(value: unknown): unknown {
  if (typeof value === "number") return isJson(value) ? value : named(value);
  return mapped(value, toWire);
}

/** The message that `toWire` was given. */
export function fromWire(value: unknown): unknown {
  return isNamed(value) ? Number(value.nonFinite) : mapped(value, fromWire);
}

function isJson(value: number): boolean {
  return Number.isFinite(value) && !Object.is(value, -0);
}

function named(value: number): NamedNumber {
  return { nonFinite: Object.is(value, -0) ? "-0" : String(value) };
}

function isNamed(value: unknown): value is NamedNumber {
  return isPlain(value) && typeof value.nonFinite === "string";
}

/** Arrays and plain objects with what is in them mapped; anything else as it is. */
function mapped(value: unknown, map: (inner: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(map);
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, map(inner)]));
}

/** Whatever frame it was made in. */
function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return Object.prototype.toString.call(value) === "[object Object]";
}
