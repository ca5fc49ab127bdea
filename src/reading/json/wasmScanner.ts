import type { Language } from "../document.ts";
import { type Noted, noteProblems } from "./notes.ts";
import { literalEnd } from "./number.ts";
import { stride, type Tape } from "./tape.ts";

/** What assembly/json/scanner.ts exports: numbers are sizes, counts and places in its memory. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly input: { readonly value: number };
  readonly starts: { readonly value: number };
  readonly values: { readonly value: number };
  readonly slow: { readonly value: number };
  readonly notes: { readonly value: number };
  readonly nodes: { readonly value: number };
  readonly inputSize: { readonly value: number };
  begin(offset: number, trailingCommas: boolean, lines: boolean): void;
  scan(length: number, last: boolean): number;
  takeLeaves(): void;
  isFinished(): number;
  getStatus(): number;
  getNodeCount(): number;
  getLeafCount(): number;
  getSlowCount(): number;
  getNoteCount(): number;
  getSpecialCount(): number;
  getOverflowCount(): number;
}

/** Reads a text to the tape that `scan` would make, or null where it is out of the ordinary: a mistake, a comment. */
export type FastScan = (text: string, language: Language) => Tape | null;

/** An instance whose memory has grown beyond this is not kept. */
const keptMemory = 64 * 2 ** 20;

/**
 * The scanner in WebAssembly, over UTF-8, in calls of at most 256 KB. `bytes` is `json.wasm`.
 * @throws where WebAssembly is refused: the caller goes on with `scan` alone
 */
export function wasmScanner(bytes: Uint8Array): FastScan {
  const module = new WebAssembly.Module(bytes);
  const instantiate = (): Exports =>
    new WebAssembly.Instance(module, { env: { abort: () => undefined } }).exports as unknown as Exports;
  let instance: Exports | null = null;
  return (text, language) => {
    instance ??= instantiate();
    const tape = scanWith(instance, text, language);
    if (instance.memory.buffer.byteLength > keptMemory) instance = null;
    return tape;
  };
}

function scanWith(wasm: Exports, text: string, language: Language): Tape | null {
  const start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  wasm.begin(start, language === "jsonc", language === "jsonl");
  const leaves = new LeafStore(text);
  if (!feed(wasm, text, start, leaves) || wasm.isFinished() === 0) return null;
  const nodeCount = wasm.getNodeCount();
  return {
    text,
    nodes: new Int32Array(wasm.memory.buffer, wasm.nodes.value, nodeCount * stride).slice(),
    nodeCount,
    starts: leaves.starts,
    values: leaves.values,
    leafCount: leaves.count,
    problems: noteProblems(text, notesOf(wasm, text, leaves.overflows), countsOf(wasm, leaves.overflows)),
    lines: language === "jsonl",
  };
}

/** Gives the text piece by piece. False where the scanner gives up. */
function feed(wasm: Exports, text: string, start: number, leaves: LeafStore): boolean {
  const encoder = new TextEncoder();
  const size = wasm.inputSize.value;
  let left = 0;
  for (let at = start; at < text.length || left > 0; ) {
    const input = new Uint8Array(wasm.memory.buffer, wasm.input.value, size);
    const piece = text.slice(at, wholeCharacters(text, at + size - left));
    const { read, written } = encoder.encodeInto(piece, input.subarray(left));
    at += read;
    const length = left + written;
    const last = at >= text.length;
    const taken = wasm.scan(length, last);
    if (wasm.getStatus() !== 0 || (taken === 0 && (last || length === size))) return false;
    leaves.take(wasm);
    left = length - taken;
    if (left > 0) new Uint8Array(wasm.memory.buffer, wasm.input.value, size).copyWithin(0, taken, length);
  }
  return true;
}

/** `end`, or one less where it would cut a surrogate pair. */
function wholeCharacters(text: string, end: number): number {
  const before = text.charCodeAt(end - 1);
  return end < text.length && before >= 0xd800 && before < 0xdc00 ? end - 1 : end;
}

/** Collects leaves, and reads the few numbers whose rounding the scanner left open. */
class LeafStore {
  starts: Int32Array;
  values: Float64Array;
  count = 0;
  /** Leaves that turned out to be infinite. */
  readonly overflows: number[] = [];
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
    this.starts = new Int32Array((text.length >> 3) + 16);
    this.values = new Float64Array((text.length >> 3) + 16);
  }

  take(wasm: Exports): void {
    const count = wasm.getLeafCount();
    this.reserve(this.count + count);
    this.starts.set(new Int32Array(wasm.memory.buffer, wasm.starts.value, count), this.count);
    this.values.set(new Float64Array(wasm.memory.buffer, wasm.values.value, count), this.count);
    const slow = new Int32Array(wasm.memory.buffer, wasm.slow.value, wasm.getSlowCount());
    for (const leaf of slow) this.readAgain(this.count + leaf);
    this.count += count;
    wasm.takeLeaves();
  }

  private readAgain(leaf: number): void {
    const start = this.starts[leaf]!;
    const value = Number(this.text.slice(start, literalEnd(this.text, start)));
    this.values[leaf] = value;
    if (!Number.isFinite(value)) this.overflows.push(start);
  }

  private reserve(count: number): void {
    if (count <= this.starts.length) return;
    const length = Math.max(count, Math.floor(this.starts.length * 1.5));
    this.starts = copied(new Int32Array(length), this.starts);
    this.values = copied(new Float64Array(length), this.values);
  }
}

function copied<T extends Int32Array | Float64Array>(to: T, from: T): T {
  to.set(from as never);
  return to;
}

/** What the scanner noted, and what became infinite behind its back, in the order of the text. */
function notesOf(wasm: Exports, text: string, overflows: readonly number[]): Noted[] {
  const words = new Int32Array(wasm.memory.buffer, wasm.notes.value, wasm.getNoteCount() * 3);
  const notes: Noted[] = overflows.map((start) => ({ code: "json.overflow", start, end: literalEnd(text, start) }));
  for (let at = 0; at < words.length; at += 3) {
    notes.push({
      code: words[at] === 0 ? "json.special" : "json.overflow",
      start: words[at + 1]!,
      end: words[at + 2]!,
    });
  }
  return notes.sort((a, b) => a.start - b.start);
}

function countsOf(wasm: Exports, overflows: readonly number[]): ReadonlyMap<Noted["code"], number> {
  return new Map([
    ["json.special", wasm.getSpecialCount()],
    ["json.overflow", wasm.getOverflowCount() + overflows.length],
  ]);
}
