import { message } from "../../tensor/message.ts";
import type { ByteSource } from "../byteSource.ts";
import type { Language, TensorDocument } from "../document.ts";
import { LeafStore } from "./leafStore.ts";
import { filePlace, mistakeIn } from "./mistake.ts";
import { understand } from "./reader.ts";
import { field, flag, inherited, stride, type Tape, type TapeProblem } from "./tape.ts";
import { FileText, PieceStarts } from "./text.ts";
import { type ScannerExports, scannerModule } from "./wasmModule.ts";
import { tapeOf } from "./wasmScanner.ts";

/** Reads a file of UTF-8 in ranges. Yields the share that is read after each, and returns what it understood. */
export type BytesReader = (source: ByteSource, language: Language) => Generator<number, TensorDocument>;

/** Places are integers of 32 bits. */
export const maximumBytes = 2 ** 31 - 1;

/**
 * Reads json, jsonc and jsonl too large for a document, in pieces of 256 KB, without ever holding the text: what stays is
 * 12 bytes a number. What a piece of the text says is read again from the source when it is asked for. Stops at the first
 * mistake (`json.unreadable` where it cannot be told what it is); arrays that were complete by then are there. `wasm` is `json.wasm`.
 * @throws where WebAssembly is refused
 */
export function jsonBytesReader(wasm: Uint8Array): BytesReader {
  const instantiate = scannerModule(wasm);
  return function* read(source, language) {
    const tape = yield* scanBytes(instantiate(), source, language);
    return understand(tape, { language });
  };
}

function* scanBytes(wasm: ScannerExports, source: ByteSource, language: Language): Generator<number, Tape> {
  const start = startsWithMark(source) ? 3 : 0;
  wasm.begin(start === 0 ? 0 : 1, language === "jsonc", language === "jsonl");
  const leaves = new LeafStore(source.size >> 3);
  const starts = new PieceStarts();
  starts.add(0, 0);
  const text = new FileText(source, starts, maximumBytes);
  const size = wasm.inputSize.value;
  for (let at = start; at < source.size; ) {
    if (at > start) starts.add(at, wasm.getOffset());
    const length = fill(wasm, source, at, size);
    const taken = wasm.scan(length, at + length >= source.size);
    leaves.take(wasm, text, (at + taken) / source.size);
    if (wasm.getStatus() !== 0 || taken === 0) break;
    at += taken;
    yield at / source.size;
  }
  return finished(wasm, leaves, language, source, starts);
}

function startsWithMark(source: ByteSource): boolean {
  const [first, second, third] = source.read(0, 3);
  return first === 0xef && second === 0xbb && third === 0xbf;
}

/** Puts the next piece into the scanner's memory, cut at a whole character. Returns its length. */
function fill(wasm: ScannerExports, source: ByteSource, at: number, size: number): number {
  const bytes = source.read(at, size);
  let length = bytes.length;
  if (at + length < source.size)
    do length--;
    while (length > bytes.length - 5 && (bytes[length]! & 0xc0) === 0x80);
  new Uint8Array(wasm.memory.buffer, wasm.input.value, size).set(bytes.subarray(0, length));
  return length;
}

function finished(
  wasm: ScannerExports,
  leaves: LeafStore,
  language: Language,
  source: ByteSource,
  starts: PieceStarts,
): Tape {
  const broken = wasm.getStatus() !== 0 || wasm.isFinished() === 0;
  const end = wasm.getStatus() !== 0 ? wasm.getFailure() : wasm.getOffset();
  const text = new FileText(source, starts, broken ? maximumBytes : end);
  const tape = tapeOf(wasm, text, leaves, language);
  if (!broken) return tape;
  const mistake = mistakeIn(tape, wasm.getOpen(), end, language) ?? unreadable(end);
  const place = filePlace(source, text, starts, mistake.range.start);
  abandon(tape, wasm.getOpen(), end);
  return { ...tape, problems: [...tape.problems, { ...mistake, place }] };
}

/** Closes what is open where reading broke off: perhaps a string, and the containers around it. */
function abandon({ nodes, nodeCount, leafCount }: Tape, open: number, end: number): void {
  const last = (nodeCount - 1) * stride;
  if (nodeCount > 0 && nodes[last + field.next] === 0) {
    nodes[last + field.end] = end;
    nodes[last + field.next] = nodeCount;
  }
  for (let node = open; node >= 0; node = nodes[node * stride + field.parent]!) {
    const at = node * stride;
    nodes[at]! |= flag.open;
    nodes[at + field.end] = end;
    nodes[at + field.next] = nodeCount;
    nodes[at + field.leafEnd] = leafCount;
    const parent = nodes[at + field.parent]!;
    if (parent >= 0) nodes[parent * stride]! |= nodes[at]! & inherited;
  }
}

function unreadable(at: number): TapeProblem {
  const range = { start: at, end: at + 1 };
  return { severity: "error", range, message: message("json.unreadable"), broken: true };
}
