/** Bytes that are read in ranges: a file too large for an editor's document, or bytes that somebody handed over. */
export interface ByteSource {
  /** In bytes. */
  readonly size: number;
  /** The bytes from `at` on, `length` of them or fewer at the end. They may be overwritten by the next call. */
  read(at: number, length: number): Uint8Array;
}

/** A source over bytes that are in memory. */
export function bytesInMemory(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: (at, length) => bytes.subarray(at, at + length) };
}
