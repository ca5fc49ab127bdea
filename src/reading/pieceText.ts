import { lastAtMost } from "./lines.ts";

/** A change as editors report it: `length` UTF-16 code units from `offset` on become `text`. */
export interface TextChange {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/**
 * In code units; pieces that were edited may be twice as long. An edit makes its piece anew, which is garbage with the next
 * one: longer pieces make the collector run while someone types.
 */
const pieceLength = 2 ** 14;

/** A text that never changes: `edited` gives another one, and costs a piece, not the whole. Offsets are UTF-16 code units. */
export class PieceText {
  readonly length: number;
  private readonly pieces: readonly string[];
  /** Where each piece starts. */
  private readonly starts: readonly number[];
  /** The piece that was asked for last. */
  private near = 0;

  private constructor(pieces: readonly string[]) {
    let length = 0;
    this.pieces = pieces;
    this.starts = pieces.map((piece) => {
      length += piece.length;
      return length - piece.length;
    });
    this.length = length;
  }

  static of(text: string): PieceText {
    return new PieceText(cut(text));
  }

  /** NaN outside of the text, as for a string. */
  charCodeAt(at: number): number {
    if (!(at >= 0 && at < this.length)) return Number.NaN;
    const inside = at - this.starts[this.near]!;
    if (inside >= 0 && inside < this.pieces[this.near]!.length) return this.pieces[this.near]!.charCodeAt(inside);
    this.near = this.pieceAt(at);
    return this.pieces[this.near]!.charCodeAt(at - this.starts[this.near]!);
  }

  /** From `start` up to but without `end`, both taken into the text. */
  slice(start: number, end: number): string {
    let text = "";
    for (let piece = this.pieceAt(start); piece < this.pieces.length && this.starts[piece]! < end; piece++) {
      const from = this.starts[piece]!;
      text += this.pieces[piece]!.slice(Math.max(0, start - from), end - from);
    }
    return text;
  }

  /** As `slice`, but only as far as the piece goes that `start` is in: nothing is put together. */
  within(start: number, end: number): string {
    const piece = this.pieceAt(start);
    const from = this.starts[piece]!;
    return this.pieces[piece]!.slice(start - from, Math.max(0, end - from));
  }

  /** The text after a change; what reaches beyond its end is left out. */
  edited({ offset, length, text }: TextChange): PieceText {
    const end = Math.min(offset + length, this.length);
    const [first, last] = [this.pieceAt(offset), this.pieceAt(end)];
    const head = this.pieces[first]!.slice(0, offset - this.starts[first]!);
    const tail = this.pieces[last]!.slice(end - this.starts[last]!);
    const between = head + text + tail;
    const pieces = between.length <= 2 * pieceLength ? [between] : cut(between);
    return new PieceText([...this.pieces.slice(0, first), ...pieces, ...this.pieces.slice(last + 1)]);
  }

  toString(): string {
    return this.pieces.join("");
  }

  private pieceAt(at: number): number {
    return Math.max(0, lastAtMost(this.starts, at));
  }
}

/** At least one piece, so that there is always one to edit. */
function cut(text: string): string[] {
  const count = Math.max(1, Math.ceil(text.length / pieceLength));
  return Array.from({ length: count }, (_, at) => text.slice(at * pieceLength, (at + 1) * pieceLength));
}
