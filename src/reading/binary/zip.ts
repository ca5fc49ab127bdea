import { Inflate, inflateSync } from "fflate";
import { done, failed, type Outcome } from "../../tensor/message.ts";
import { type ByteSource, bytesInMemory } from "../byteSource.ts";

/** A file inside an archive. */
export interface ZipEntry {
  readonly name: string;
  /** 0: stored as it is; 8: deflated. */
  readonly method: number;
  readonly compressed: number;
  readonly size: number;
  /** Where its local header stands. */
  readonly at: number;
}

/** An archive whose directory is larger is no file of tensors. */
const longestDirectory = 64 * 2 ** 20;

/** A deflated entry is unpacked in memory: more than this is refused. */
const largestInflated = 2 ** 30;

/**
 * The entries of a ZIP archive, also ZIP64, as its central directory lists them. Format: PKWARE APPNOTE 6.3.10, 4.3.
 * Fails with `binary.notZip` where the directory is missing or damaged.
 */
export function zipEntries(source: ByteSource): Outcome<ZipEntry[]> {
  const directory = directoryOf(source);
  if (!directory || directory.size > longestDirectory) return failed("binary.notZip");
  const bytes = source.read(directory.at, directory.size).slice();
  if (bytes.length < directory.size) return failed("binary.notZip");
  const entries: ZipEntry[] = [];
  const view = viewOf(bytes);
  for (let at = 0; at + 46 <= bytes.length && view.getUint32(at, true) === 0x02014b50; ) {
    entries.push(entryAt(bytes, view, at));
    at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries.length === directory.count ? done(entries) : failed("binary.notZip");
}

interface Directory {
  readonly at: number;
  readonly size: number;
  readonly count: number;
}

/** From the end record, which a comment of up to 64 KB may follow. */
function directoryOf(source: ByteSource): Directory | null {
  const length = Math.min(source.size, 22 + 65_535);
  const start = source.size - length;
  const bytes = source.read(start, length).slice();
  const view = viewOf(bytes);
  for (let at = bytes.length - 22; at >= 0; at--) {
    if (view.getUint32(at, true) !== 0x06054b50) continue;
    const plain = {
      count: view.getUint16(at + 10, true),
      size: view.getUint32(at + 12, true),
      at: view.getUint32(at + 16, true),
    };
    const wide = plain.count === 0xffff || plain.size === 0xffffffff || plain.at === 0xffffffff;
    return wide ? wideDirectory(source, start + at) : plain;
  }
  return null;
}

/** ZIP64: a locator in front of the end record says where the large one stands. */
function wideDirectory(source: ByteSource, end: number): Directory | null {
  const locator = source.read(Math.max(0, end - 20), 20).slice();
  if (locator.length < 20 || viewOf(locator).getUint32(0, true) !== 0x07064b50) return null;
  const record = source.read(Number(viewOf(locator).getBigUint64(8, true)), 56).slice();
  if (record.length < 56 || viewOf(record).getUint32(0, true) !== 0x06064b50) return null;
  const view = viewOf(record);
  return {
    count: Number(view.getBigUint64(32, true)),
    size: Number(view.getBigUint64(40, true)),
    at: Number(view.getBigUint64(48, true)),
  };
}

function entryAt(bytes: Uint8Array, view: DataView, at: number): ZipEntry {
  const nameLength = view.getUint16(at + 28, true);
  const name = new TextDecoder("utf-8").decode(bytes.subarray(at + 46, at + 46 + nameLength));
  const wide = wideFields(view, at + 46 + nameLength, view.getUint16(at + 30, true));
  const field = (offset: number): number => {
    const value = view.getUint32(at + offset, true);
    return value === 0xffffffff ? (wide.shift() ?? value) : value;
  };
  // In this order the extra field holds those that did not fit.
  const size = field(24);
  const compressed = field(20);
  return { name, method: view.getUint16(at + 10, true), size, compressed, at: field(42) };
}

/** The 64-bit numbers of the ZIP64 extra field. */
function wideFields(view: DataView, from: number, length: number): number[] {
  const end = Math.min(from + length, view.byteLength);
  for (let at = from; at + 4 <= end; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    const count = Math.min(view.getUint16(at + 2, true), end - at - 4) >> 3;
    return Array.from({ length: count }, (_, index) => Number(view.getBigUint64(at + 4 + index * 8, true)));
  }
  return [];
}

/**
 * The bytes of an entry: a window on the archive where it is stored as it is, else unpacked.
 * Fails with `binary.notZip` for a damaged entry, `binary.compression` (method), `binary.tooLarge` (size, limit: bytes).
 */
export function zipContent(source: ByteSource, entry: ZipEntry): Outcome<ByteSource> {
  const start = startOf(source, entry);
  if (!start.ok) return start;
  if (entry.method === 0) return done(window(source, start.value, entry.size));
  return inflated(source.read(start.value, entry.compressed), entry.size);
}

/** Compressed bytes that hold the head of what is inside, whatever it is. */
const headBytes = 2 ** 16;

/** As `zipContent`, but of a deflated entry only the first bytes are unpacked: enough to see what it is. */
export function zipHead(source: ByteSource, entry: ZipEntry): Outcome<ByteSource> {
  const start = startOf(source, entry);
  if (!start.ok || entry.method === 0) return zipContent(source, entry);
  const head = unpackedStart(source.read(start.value, Math.min(headBytes, entry.compressed)));
  return head ? done({ ...bytesInMemory(head), size: entry.size }) : failed("binary.notZip");
}

function unpackedStart(bytes: Uint8Array): Uint8Array | null {
  const pieces: Uint8Array[] = [];
  try {
    new Inflate((piece) => pieces.push(piece)).push(bytes);
  } catch {
    return null;
  }
  const out = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

/** Where the bytes of an entry start, if they can be read. */
function startOf(source: ByteSource, entry: ZipEntry): Outcome<number> {
  const local = source.read(entry.at, 30).slice();
  if (local.length < 30 || viewOf(local).getUint32(0, true) !== 0x04034b50) return failed("binary.notZip");
  const start = entry.at + 30 + viewOf(local).getUint16(26, true) + viewOf(local).getUint16(28, true);
  if (start + entry.compressed > source.size) return failed("binary.notZip");
  if (entry.method !== 0 && entry.method !== 8) return failed("binary.compression", { method: entry.method });
  if (entry.method === 8 && entry.size > largestInflated)
    return failed("binary.tooLarge", { size: entry.size, limit: largestInflated });
  return done(start);
}

function inflated(bytes: Uint8Array, size: number): Outcome<ByteSource> {
  try {
    const out = inflateSync(bytes, { out: new Uint8Array(size) });
    return out.length === size ? done(bytesInMemory(out)) : failed("binary.notZip");
  } catch {
    return failed("binary.notZip");
  }
}

/** A part of a source, as a source. */
function window(source: ByteSource, start: number, size: number): ByteSource {
  return { size, read: (at, length) => source.read(start + at, Math.max(0, Math.min(length, size - at))) };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
