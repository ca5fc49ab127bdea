import type { Message, MessageArgument } from "../../tensor/message.ts";
import type { Language } from "../document.ts";
import type { Begun } from "./begun.ts";
import {
  behind,
  char,
  escapeLength,
  exponentAt,
  isDigit,
  isLetterOrPoint,
  isSpace,
  isWord,
  lineEnd,
} from "./characters.ts";
import { maximumNotes, type Noted, noteProblems } from "./notes.ts";
import { exactProduct } from "./number.ts";
import { flag, kind, type Tape, type TapeProblem } from "./tape.ts";
import { TapeWriter } from "./tapeWriter.ts";

/**
 * Reads a text strictly after RFC 8259, with what `language` adds: `jsonc` comments and trailing commas, `jsonl` one
 * value a line. NaN, Infinity and -Infinity are numbers, as Python's json module writes them, and said to be so. Never
 * recurses, so nesting has no limit; stops at the first mistake (of each line, in jsonl). Linear in the text.
 *
 * This is the readable reference: the WebAssembly scanner yields the same tape, and leaves to this one what is out of the
 * ordinary: `begun` is what it has read of the text. All of it is read here where WebAssembly is refused.
 */
export function scan(text: string, language: Language, begun?: Begun): Tape {
  return new Scanner(text, language, begun).run();
}

const none = -1;

class Scanner {
  private readonly text: string;
  private readonly language: Language;
  private readonly tape: TapeWriter;
  private readonly problems: TapeProblem[] = [];
  private readonly notes: Noted[];
  private readonly counts: Map<Noted["code"], number>;
  private at: number;
  private end: number;
  /** The container that is open has nothing in it yet. */
  private empty: boolean;

  constructor(text: string, language: Language, begun?: Begun) {
    this.text = text;
    this.language = language;
    this.end = text.length;
    this.tape = begun?.tape ?? new TapeWriter(text.length >> 4);
    this.at = begun?.at ?? 0;
    this.empty = begun?.empty ?? false;
    this.notes = [...(begun?.notes ?? [])];
    this.counts = new Map(begun?.counts);
  }

  run(): Tape {
    if (this.at === 0 && this.code() === char.byteOrderMark) this.at++;
    if (this.language === "jsonl") this.lines();
    else this.document(this.tape.nodeCount > 0);
    const problems = [...noteProblems(this.text, this.notes, this.counts), ...this.problems];
    const { nodes, nodeCount, starts, values, leafCount } = this.tape;
    const lines = this.language === "jsonl";
    return { text: this.text, nodes, nodeCount, starts, values, leafCount, problems, lines };
  }

  private lines(): void {
    const breaks = /\r\n|\n|\r/g;
    breaks.lastIndex = this.at;
    let begun = this.tape.nodeCount > 0;
    for (let from = this.at; from <= this.text.length; from = breaks.lastIndex) {
      const found = breaks.exec(this.text);
      this.at = from;
      this.end = found ? found.index : this.text.length;
      this.skip();
      if (begun || this.at < this.end) this.document(begun);
      begun = false;
      if (!found) return;
    }
  }

  /** One value, and nothing behind it. `begun`: of the value what is left. */
  private document(begun: boolean): void {
    let good = begun || (this.gap() && this.value());
    while (good && this.tape.open !== none) good = this.step();
    if (!good) this.tape.abandon(Math.min(this.at, this.end));
    else if (this.gap() && this.at < this.end) this.fail("json.trailing", { text: this.piece() });
  }

  /** Behind an opening bracket, an element or a member: the next one, or the end of the container. */
  private step(): boolean {
    const close = this.tape.inArray ? char.close : char.closeBrace;
    if (!this.gap()) return false;
    if (this.code() === close) return this.leave();
    if (!this.empty && !this.comma(close)) return false;
    if (!this.empty && this.code() === close) return this.leave();
    return this.tape.inArray ? this.value() : this.keyAndValue();
  }

  /** A comma; a closing bracket behind it is a trailing comma, which only jsonc allows. */
  private comma(close: number): boolean {
    if (this.code() !== char.comma) return this.expected("json.comma", { close: String.fromCharCode(close) });
    const comma = this.at++;
    if (!this.gap()) return false;
    return this.code() !== close || this.language === "jsonc" || this.failAt("json.trailingComma", comma, comma + 1);
  }

  private leave(): boolean {
    this.tape.leave(++this.at);
    this.empty = false;
    return true;
  }

  private keyAndValue(): boolean {
    if (this.code() !== char.quote) return this.expected("json.key");
    if (!this.string(kind.key) || !this.gap()) return false;
    if (this.code() !== char.colon) return this.expected("json.colon");
    this.at++;
    return this.gap() && this.value();
  }

  private value(): boolean {
    const code = this.code();
    if (code === char.minus || isDigit(code)) return this.number();
    if (code === char.open || code === char.openBrace) {
      this.tape.enter(code === char.open ? kind.array : kind.object, this.at++);
      this.empty = true;
      return true;
    }
    this.empty = false;
    return code === char.quote ? this.string(kind.string) : this.word();
  }

  private string(what: number): boolean {
    const { text, end } = this;
    const start = this.at;
    const node = this.tape.begin(what === kind.string ? what | flag.string : what, start);
    let escapes = 0;
    for (let at = start + 1; at < end; at++) {
      const code = text.charCodeAt(at);
      if (code === char.quote) {
        this.at = at + 1;
        this.tape.mark(node, escapes);
        this.tape.end(node, this.at);
        return true;
      }
      if (code < char.space) return this.badString(node, "json.control", at, at + 1);
      if (code === char.backslash) {
        escapes = flag.escape;
        const length = escapeLength(text, at, end);
        if (length === 0) return this.badString(node, "json.escape", at, Math.min(at + 2, end));
        at += length - 1;
      }
    }
    return this.badString(node, "json.unclosedString", start, end);
  }

  private badString(node: number, code: string, start: number, end: number): boolean {
    this.tape.end(node, end);
    this.at = end;
    return this.failAt(code, start, end);
  }

  /** -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)? */
  private number(): boolean {
    const { text } = this;
    const start = this.at;
    let at = text.charCodeAt(start) === char.minus ? start + 1 : start;
    const whole = at;
    let digits = 0;
    let exponent = 0;
    let code = text.charCodeAt(at);
    if (!isDigit(code)) return this.minusWord(start);
    for (; isDigit(code); code = text.charCodeAt(++at)) digits = digits * 10 + code - char.zero;
    if (at - whole > 1 && text.charCodeAt(whole) === char.zero) return this.badNumber(start);
    let flags: number = at - whole > 15 ? flag.integer | flag.big : flag.integer;
    if (code === char.point) {
      const fraction = ++at;
      for (code = text.charCodeAt(at); isDigit(code); code = text.charCodeAt(++at))
        digits = digits * 10 + code - char.zero;
      if (at === fraction) return this.badNumber(start);
      exponent = fraction - at;
      flags = flag.float;
    }
    if (code === char.e || code === char.bigE) {
      const power = exponentAt(text, at + 1);
      if (!power) return this.badNumber(start);
      at = power.end;
      exponent += power.value;
      flags = flag.float;
    }
    return this.finishNumber(start, at, exactProduct(digits, exponent), flags);
  }

  private finishNumber(start: number, end: number, size: number, flags: number): boolean {
    if (isLetterOrPoint(this.text.charCodeAt(end)) && end < this.end) return this.badNumber(start);
    const negative = this.text.charCodeAt(start) === char.minus;
    const value = Number.isNaN(size) ? Number(this.text.slice(start, end)) : negative ? -size : size;
    this.at = end;
    if (value === Infinity || value === -Infinity) this.note("json.overflow", start, end);
    // An integer -0 would lose its sign among integers.
    this.scalar(start, value, value === 0 && negative ? flag.float : flags, kind.number);
    return true;
  }

  private scalar(start: number, value: number, flags: number, what: number): void {
    this.empty = false;
    if (this.tape.inArray) this.tape.leaf(start, value, flags);
    else this.tape.lone(what | flags, start, this.at, value);
  }

  private minusWord(start: number): boolean {
    if (!this.text.startsWith("Infinity", start + 1) || this.wordEnd(start + 1) !== start + 9)
      return this.badNumber(start);
    return this.special(start, start + 9, -Infinity);
  }

  private special(start: number, end: number, value: number): boolean {
    this.at = end;
    this.note("json.special", start, end);
    this.scalar(start, value, flag.special, kind.number);
    return true;
  }

  private word(): boolean {
    const start = this.at;
    if (start >= this.end) return this.expected("json.value");
    const end = this.wordEnd(start);
    const word = this.text.slice(start, Math.min(end, start + 20));
    if (word === "NaN") return this.special(start, end, Number.NaN);
    if (word === "Infinity") return this.special(start, end, Infinity);
    if (word !== "true" && word !== "false" && word !== "null") return this.unknownWord(start, end, word);
    this.at = end;
    if (word === "null") this.tape.end(this.tape.begin(kind.null | flag.null, start), end);
    else this.scalar(start, word === "true" ? 1 : 0, flag.boolean, kind.boolean);
    return true;
  }

  private unknownWord(start: number, end: number, word: string): boolean {
    if (end === start) return this.expected("json.value");
    const meant = pythonWords.get(word.toLowerCase());
    return meant
      ? this.failAt("json.word", start, end, { text: word, meant })
      : this.failAt("json.unknownWord", start, end, { text: word });
  }

  private badNumber(start: number): boolean {
    let end = start + 1;
    while (end < this.end && (isDigit(this.text.charCodeAt(end)) || isLetterOrPoint(this.text.charCodeAt(end)))) end++;
    return this.failAt("json.number", start, end, { text: this.text.slice(start, Math.min(end, start + 40)) });
  }

  /** Skips white space and, where they are allowed, comments. */
  private gap(): boolean {
    this.skip();
    while (this.at < this.end && this.code() === char.slash) if (!this.comment()) return false;
    return true;
  }

  private skip(): void {
    const { text, end } = this;
    let at = this.at;
    while (at < end && isSpace(text.charCodeAt(at))) at++;
    this.at = at;
  }

  private comment(): boolean {
    const second = this.text.charCodeAt(this.at + 1);
    if (second !== char.slash && second !== char.star) return this.expected("json.value");
    const start = this.at;
    const end = second === char.slash ? lineEnd(this.text, start) : behind(this.text, "*/", start + 2);
    if (end < 0) return this.failAt("json.unclosedComment", start, this.end);
    if (this.language !== "jsonc") return this.failAt("json.comment", start, end);
    this.at = Math.min(end, this.end);
    this.skip();
    return true;
  }

  /** The code unit here, NaN at the end. */
  private code(): number {
    return this.at < this.end ? this.text.charCodeAt(this.at) : Number.NaN;
  }

  private wordEnd(start: number): number {
    let end = start;
    while (end < this.end && isWord(this.text.charCodeAt(end))) end++;
    return end;
  }

  /** What stands here, short enough for a sentence. */
  private piece(): string {
    const end = Math.max(this.at + 1, Math.min(this.wordEnd(this.at), this.at + 20));
    return this.text.slice(this.at, Math.min(end, this.end));
  }

  private expected(code: string, args: Record<string, MessageArgument> = {}): boolean {
    if (this.at >= this.end) return this.failAt("json.end", Math.max(0, this.end - 1), this.end);
    return this.fail(code, { ...args, text: this.piece() });
  }

  private fail(code: string, args?: Record<string, MessageArgument>): boolean {
    return this.failAt(code, this.at, this.at + Math.max(1, this.piece().length), args);
  }

  private failAt(code: string, start: number, end: number, args?: Record<string, MessageArgument>): boolean {
    this.at = end;
    const message: Message = args ? { code, args } : { code };
    this.problems.push({ severity: "error", range: { start, end }, message, broken: true });
    return false;
  }

  private note(code: Noted["code"], start: number, end: number): void {
    const count = (this.counts.get(code) ?? 0) + 1;
    this.counts.set(code, count);
    if (count <= maximumNotes) this.notes.push({ code, start, end });
  }
}

/** What people write who think in Python or JavaScript, and what JSON wants. */
const pythonWords: ReadonlyMap<string, string> = new Map([
  ["true", "true"],
  ["false", "false"],
  ["none", "null"],
  ["null", "null"],
  ["nan", "NaN"],
  ["undefined", "null"],
  ["inf", "Infinity"],
  ["infinity", "Infinity"],
]);
