import { literalEnd } from "./number.ts";
import type { Text } from "./text.ts";
import type { ScannerExports } from "./wasmModule.ts";

/** Collects the leaves of a scanner, and reads the few numbers whose rounding it left open. */
export class LeafStore {
  starts: Int32Array;
  values: Float64Array;
  count = 0;
  /** Where numbers stand that turned out to be infinite. */
  readonly overflows: number[] = [];

  constructor(expected: number) {
    this.starts = new Int32Array(expected + 16);
    this.values = new Float64Array(expected + 16);
  }

  /** Takes what the last call read. `done`: the share of the text that is read, by which room is made. */
  take(wasm: ScannerExports, text: Text, done: number): void {
    const count = wasm.getLeafCount();
    this.reserve(this.count + count, done);
    this.starts.set(new Int32Array(wasm.memory.buffer, wasm.starts.value, count), this.count);
    this.values.set(new Float64Array(wasm.memory.buffer, wasm.values.value, count), this.count);
    for (const leaf of new Int32Array(wasm.memory.buffer, wasm.slow.value, wasm.getSlowCount())) {
      this.readAgain(text, this.count + leaf);
    }
    this.count += count;
    wasm.takeLeaves();
  }

  private readAgain(text: Text, leaf: number): void {
    const start = this.starts[leaf]!;
    const value = Number(text.slice(start, literalEnd(text, start)));
    this.values[leaf] = value;
    if (!Number.isFinite(value)) this.overflows.push(start);
  }

  private reserve(count: number, done: number): void {
    if (count <= this.starts.length) return;
    // From the share that is read to all of it, in one step, with plenty of room: each step holds old and new at once,
    // while room that is never written costs no memory.
    const length = Math.ceil(count * Math.max(1.25, Math.min(1.25 / done, 256)));
    this.starts = moved(new Int32Array(length), this.starts);
    this.values = moved(new Float64Array(length), this.values);
  }
}

function moved<T extends Int32Array | Float64Array>(to: T, from: T): T {
  to.set(from as never);
  return to;
}
