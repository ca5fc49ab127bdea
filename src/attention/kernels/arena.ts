const page = 65536;

/** Pieces of one WebAssembly memory, handed out and taken back. Addresses and sizes are bytes, multiples of 64. */
export interface Arena {
  readonly memory: WebAssembly.Memory;
  /** Address of `bytes` bytes, not cleared. Grows the memory where it must; null if that is refused (4 GiB). */
  allocate(bytes: number): number | null;
  free(address: number): void;
  /** Bytes in use. */
  readonly used: number;
  /** Bytes of the memory. */
  readonly size: number;
}

/** First fit over an ordered list of used pieces: there are tens of them, so simple is fast enough. */
export function arenaOver(memory: WebAssembly.Memory): Arena {
  const pieces: { start: number; end: number }[] = [];
  const rounded = (bytes: number): number => Math.max(64, Math.ceil(bytes / 64) * 64);
  const reach = (end: number): boolean => {
    const missing = Math.ceil((end - memory.buffer.byteLength) / page);
    if (missing <= 0) return true;
    try {
      memory.grow(missing);
      return true;
    } catch {
      return false;
    }
  };
  return {
    memory,
    get used() {
      return pieces.reduce((sum, { start, end }) => sum + end - start, 0);
    },
    get size() {
      return memory.buffer.byteLength;
    },
    allocate(bytes) {
      const size = rounded(bytes);
      let start = 64;
      let at = 0;
      while (at < pieces.length && pieces[at]!.start - start < size) start = pieces[at++]!.end;
      if (!reach(start + size)) return null;
      pieces.splice(at, 0, { start, end: start + size });
      return start;
    },
    free(address) {
      const at = pieces.findIndex(({ start }) => start === address);
      if (at < 0) throw new RangeError(`no piece of memory starts at ${address}`);
      pieces.splice(at, 1);
    },
  };
}
