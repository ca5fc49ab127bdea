import type { ByteSource } from "../byteSource.ts";
import { lastAtMost } from "../lines.ts";

/** What is asked of a text once it is scanned. A string is one; so is a `PieceText`, and a large file, read where it is looked at. */
export interface Text {
  /** In UTF-16 code units, as all offsets. */
  readonly length: number;
  charCodeAt(at: number): number;
  slice(start: number, end: number): string;
}

/** Where the pieces of a file start, in bytes and in UTF-16 code units, each at a whole character. */
export class PieceStarts {
  readonly bytes: number[] = [];
  readonly units: number[] = [];

  add(byte: number, unit: number): void {
    this.bytes.push(byte);
    this.units.push(unit);
  }
}

/** In bytes. The last piece ends where reading broke off, or at the end of the file. */
const longestPiece = 2 ** 19;

/** A file of UTF-8 as a text: the piece around an offset is decoded when it is asked for, and the last one kept. */
export class FileText implements Text {
  readonly length: number;
  private readonly source: ByteSource;
  private readonly starts: PieceStarts;
  private readonly decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  private piece = -1;
  private decoded = "";

  constructor(source: ByteSource, starts: PieceStarts, length: number) {
    this.source = source;
    this.starts = starts;
    this.length = length;
  }

  charCodeAt(at: number): number {
    if (at < 0 || at >= this.length) return Number.NaN;
    return this.textOf(this.pieceAt(at)).charCodeAt(at - this.starts.units[this.piece]!);
  }

  slice(start: number, end: number): string {
    const stop = Math.min(end, this.length);
    let text = "";
    for (let at = Math.max(0, start); at < stop; ) {
      const piece = this.pieceAt(at);
      const from = this.starts.units[piece]!;
      const to = Math.min(stop, this.starts.units[piece + 1] ?? this.length);
      text += this.textOf(piece).slice(at - from, to - from);
      at = to;
    }
    return text;
  }

  private pieceAt(at: number): number {
    return Math.max(0, lastAtMost(this.starts.units, at));
  }

  private textOf(piece: number): string {
    if (this.piece === piece) return this.decoded;
    const from = this.starts.bytes[piece]!;
    const to = Math.min(this.starts.bytes[piece + 1] ?? this.source.size, from + longestPiece);
    this.decoded = this.decoder.decode(this.source.read(from, to - from));
    this.piece = piece;
    return this.decoded;
  }
}
