import type { Language } from "../document.ts";
import { PieceText } from "../pieceText.ts";
import { LeafStore } from "./leafStore.ts";
import { type Noted, noteProblems } from "./notes.ts";
import { literalEnd } from "./number.ts";
import { stride, type Tape, type TapeProblem } from "./tape.ts";
import type { Text } from "./text.ts";
import { type ScannerExports, scannerModule } from "./wasmModule.ts";

/** Reads a text to the tape that `scan` would make, or null where it is out of the ordinary: a mistake, a comment. */
export type FastScan = (text: Text, language: Language) => Tape | null;

/** An instance whose memory has grown beyond this is not kept. */
const keptMemory = 64 * 2 ** 20;

/**
 * The scanner in WebAssembly, over UTF-8, in calls of at most 256 KB. `bytes` is `json.wasm`.
 * @throws where WebAssembly is refused: the caller goes on with `scan` alone
 */
export function wasmScanner(bytes: Uint8Array): FastScan {
  const instantiate = scannerModule(bytes);
  let instance: ScannerExports | null = null;
  return (text, language) => {
    instance ??= instantiate();
    const tape = scanWith(instance, text, language);
    if (instance.memory.buffer.byteLength > keptMemory) instance = null;
    return tape;
  };
}

function scanWith(wasm: ScannerExports, text: Text, language: Language): Tape | null {
  const start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  wasm.begin(start, language === "jsonc", language === "jsonl");
  const leaves = new LeafStore(text.length >> 3);
  return feed(wasm, text, start, leaves) && wasm.isFinished() !== 0 ? tapeOf(wasm, text, leaves, language) : null;
}

/** What was scanned. Nodes are copied out of the scanner's memory. */
export function tapeOf(wasm: ScannerExports, text: Text, leaves: LeafStore, language: Language): Tape {
  const nodeCount = wasm.getNodeCount();
  return {
    text,
    nodes: new Int32Array(wasm.memory.buffer, wasm.nodes.value, nodeCount * stride).slice(),
    nodeCount,
    starts: leaves.starts,
    values: leaves.values,
    leafCount: leaves.count,
    problems: problemsOf(wasm, text, leaves.overflows),
    lines: language === "jsonl",
  };
}

/** Gives the text piece by piece. False where the scanner gives up. */
function feed(wasm: ScannerExports, text: Text, start: number, leaves: LeafStore): boolean {
  const encoder = new TextEncoder();
  const size = wasm.inputSize.value;
  let left = 0;
  for (let at = start; at < text.length || left > 0; ) {
    const input = new Uint8Array(wasm.memory.buffer, wasm.input.value, size);
    const end = wholeCharacters(text, at + size - left);
    const piece = text instanceof PieceText ? text.within(at, end) : text.slice(at, end);
    const { read, written } = encoder.encodeInto(piece, input.subarray(left));
    at += read;
    const length = left + written;
    const last = at >= text.length;
    const taken = wasm.scan(length, last);
    if (wasm.getStatus() !== 0 || (taken === 0 && (last || written === 0 || length === size))) return false;
    leaves.take(wasm, text, at / text.length);
    left = length - taken;
    if (left > 0) new Uint8Array(wasm.memory.buffer, wasm.input.value, size).copyWithin(0, taken, length);
  }
  return true;
}

/** `end`, or one less where it would cut a surrogate pair. */
function wholeCharacters(text: Text, end: number): number {
  const before = text.charCodeAt(end - 1);
  return end < text.length && before >= 0xd800 && before < 0xdc00 ? end - 1 : end;
}

/** What the scanner noted, and what became infinite behind its back, in the order of the text. */
function problemsOf(wasm: ScannerExports, text: Text, overflows: readonly number[]): TapeProblem[] {
  const words = new Int32Array(wasm.memory.buffer, wasm.notes.value, wasm.getNoteCount() * 3);
  const notes: Noted[] = overflows.map((start) => ({ code: "json.overflow", start, end: literalEnd(text, start) }));
  for (let at = 0; at < words.length; at += 3) {
    notes.push({
      code: words[at] === 0 ? "json.special" : "json.overflow",
      start: words[at + 1]!,
      end: words[at + 2]!,
    });
  }
  notes.sort((a, b) => a.start - b.start);
  const counts = new Map<Noted["code"], number>([
    ["json.special", wasm.getSpecialCount()],
    ["json.overflow", wasm.getOverflowCount() + overflows.length],
  ]);
  return noteProblems(text, notes, counts);
}
