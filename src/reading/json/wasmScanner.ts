import type { Language } from "../document.ts";
import { PieceText } from "../pieceText.ts";
import { type Begun, lastPlace } from "./begun.ts";
import { LeafStore } from "./leafStore.ts";
import { type Noted, noteProblems } from "./notes.ts";
import { literalEnd } from "./number.ts";
import { scan } from "./scanner.ts";
import { stride, type Tape } from "./tape.ts";
import { TapeWriter } from "./tapeWriter.ts";
import type { Text } from "./text.ts";
import { type ScannerExports, scannerModule } from "./wasmModule.ts";

/** Reads a text to the tape that `scan` makes of it. */
export type FastScan = (text: Text, language: Language) => Tape;

/** Reads on what the fast scanner has begun: what is out of the ordinary, such as a mistake or a comment. */
export type ReadOn = (text: Text, language: Language, begun: Begun) => Tape;

/** An instance whose memory has grown beyond this is not kept. */
const keptMemory = 64 * 2 ** 20;

/**
 * The scanner in WebAssembly, over UTF-8, in calls of at most 256 KB. `bytes` is `json.wasm`. Where it meets something out of
 * the ordinary, `readOn` goes on from there.
 * @throws where WebAssembly is refused: the caller goes on with `scan` alone
 */
export function wasmScanner(
  bytes: Uint8Array,
  readOn: ReadOn = (text, language, begun) => scan(String(text), language, begun),
): FastScan {
  const instantiate = scannerModule(bytes);
  let instance: ScannerExports | null = instantiate();
  feed(instance, practice(), 0, new LeafStore(0));
  return (text, language) => {
    instance ??= instantiate();
    const tape = scanWith(instance, text, language, readOn);
    if (instance.memory.buffer.byteLength > keptMemory) instance = null;
    return tape;
  };
}

/**
 * A text with numbers of every form, longer than a piece, read once when the scanner is made: it is then compiled for speed,
 * by another thread, while the first document is on its way or a small one is looked at, and its memory is there.
 */
function practice(): string {
  const row = `[-0.1234567890123456, 1.25, 0.00012, 1.2e-05, 42, true, ${Array(8).fill("0.9876543210987654").join(", ")}]`;
  return `{"practice": [${Array(1400).fill(row).join(", ")}]}`;
}

function scanWith(wasm: ScannerExports, text: Text, language: Language, readOn: ReadOn): Tape {
  const start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  wasm.begin(start, language === "jsonc", language === "jsonl");
  // Room is made when the first piece has told how dense numbers are: room that is asked for and not used makes V8 collect.
  const leaves = new LeafStore(0);
  const whole = feed(wasm, text, start, leaves) && wasm.isFinished() !== 0;
  const tape = tapeOf(wasm, text, leaves, language);
  return whole ? tape : readOn(text, language, begunBy(wasm, tape, leaves));
}

function begunBy(wasm: ScannerExports, tape: Tape, leaves: LeafStore): Begun {
  const writer = TapeWriter.of(tape, wasm.getOpen());
  return { tape: writer, ...lastPlace(writer, tape.text), ...notesOf(wasm, tape.text, leaves.overflows) };
}

/** What was scanned. Nodes are copied out of the scanner's memory. */
export function tapeOf(wasm: ScannerExports, text: Text, leaves: LeafStore, language: Language): Tape {
  const nodeCount = wasm.getNodeCount();
  const { notes, counts } = notesOf(wasm, text, leaves.overflows);
  return {
    text,
    nodes: new Int32Array(wasm.memory.buffer, wasm.nodes.value, nodeCount * stride).slice(),
    nodeCount,
    starts: leaves.starts,
    values: leaves.values,
    leafCount: leaves.count,
    problems: noteProblems(text, notes, counts),
    lines: language === "jsonl",
  };
}

/** Gives the text piece by piece. False where the scanner gives up; what it has read by then is taken. */
function feed(wasm: ScannerExports, text: Text, start: number, leaves: LeafStore): boolean {
  const encoder = new TextEncoder();
  const size = wasm.inputSize.value;
  let left = 0;
  for (let at = start; at < text.length || left > 0; ) {
    const input = new Uint8Array(wasm.memory.buffer, wasm.input.value, size);
    const end = wholeCharacters(text, at + size - left);
    const { read, written } = encode(encoder, text, at, end, input.subarray(left));
    at += read;
    const length = left + written;
    const last = at >= text.length;
    const taken = wasm.scan(length, last);
    leaves.take(wasm, text, at / text.length);
    if (wasm.getStatus() !== 0 || (taken === 0 && (last || written === 0 || length === size))) return false;
    left = length - taken;
    if (left > 0) new Uint8Array(wasm.memory.buffer, wasm.input.value, size).copyWithin(0, taken, length);
  }
  return true;
}

/** Writes what fits of a text's code units `at` … `end` − 1, and says how many were read and how many bytes they took. */
function encode(encoder: TextEncoder, text: Text, at: number, end: number, into: Uint8Array) {
  if (!(text instanceof PieceText)) return encoder.encodeInto(text.slice(at, end), into);
  const last = Math.min(end, text.length);
  let [read, written, isRoom] = [0, 0, true];
  while (isRoom && at + read < last) {
    const piece = text.within(at + read, last);
    const part = encoder.encodeInto(piece, into.subarray(written));
    read += part.read;
    written += part.written;
    isRoom = part.read === piece.length;
  }
  return { read, written };
}

/** `end`, or one less where it would cut a surrogate pair. */
function wholeCharacters(text: Text, end: number): number {
  const before = text.charCodeAt(end - 1);
  return end < text.length && before >= 0xd800 && before < 0xdc00 ? end - 1 : end;
}

/** What the scanner noted, and what became infinite behind its back, in the order of the text; and how often in all. */
function notesOf(wasm: ScannerExports, text: Text, overflows: readonly number[]): Pick<Begun, "notes" | "counts"> {
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
  return { notes, counts };
}
