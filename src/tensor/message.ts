/** A sentence that has not been said yet: what it is about, by code, and what it names. Pure layers and workers speak in these. */
export interface Message {
  /** Stable, kebab-case, prefixed by the layer that raised it: `json.ragged`, `attention.width`. */
  readonly code: string;
  /** What the sentence names. Numbers are formatted, shapes written, by whoever says it. */
  readonly args?: Readonly<Record<string, MessageArgument>>;
}

export type MessageArgument = string | number | boolean | readonly number[] | readonly string[];

/**
 * The only way to a sentence that a user reads: `vscode.l10n.t` in the host, a bundle look-up in the CLI and the
 * webview. `text` is English and the key; `{0}` or `{name}` mark where `args` go.
 */
export type Translate = (text: string, args?: Readonly<Record<string, string | number>>) => string;

export function message(code: string, args?: Readonly<Record<string, MessageArgument>>): Message {
  return args ? { code, args } : { code };
}

/** An expected outcome: a value, or the reason why there is none. Exceptions are bugs. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Message };

export function done<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

export function failed(code: string, args?: Readonly<Record<string, MessageArgument>>): Outcome<never> {
  return { ok: false, problem: message(code, args) };
}
