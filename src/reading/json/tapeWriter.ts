import { field, flag, inherited, kind, kindMask, stride, type Tape } from "./tape.ts";

/** Grows a tape while it is written. */
export class TapeWriter {
  nodes = new Int32Array(stride * 64);
  nodeCount = 0;
  starts: Int32Array;
  values: Float64Array;
  leafCount = 0;
  /** The container that is being read, or -1. */
  open = -1;
  private roots = 0;

  constructor(expectedLeaves: number) {
    this.starts = new Int32Array(expectedLeaves + 16);
    this.values = new Float64Array(expectedLeaves + 16);
  }

  /** Goes on writing a tape, in its own arrays; `open` is the container that is being read, or -1. */
  static of({ nodes, nodeCount, starts, values, leafCount }: Tape, open: number): TapeWriter {
    const writer = new TapeWriter(0);
    if (nodeCount > 0) Object.assign(writer, { nodes, nodeCount, starts, values, leafCount, open });
    for (let node = 0; node < nodeCount; node = nodes[node * stride + field.next] || nodeCount) writer.roots++;
    return writer;
  }

  /** A node without an end yet. Returns its number. */
  begin(kindAndFlags: number, start: number): number {
    const node = this.nodeCount++;
    if (this.nodes.length < this.nodeCount * stride) this.nodes = grown(this.nodes);
    const { nodes, open } = this;
    const at = node * stride;
    nodes[at] = kindAndFlags;
    nodes[at + field.start] = start;
    nodes[at + field.leaf] = this.leafCount;
    nodes[at + field.parent] = open;
    // A key stands at the index that its value will have.
    nodes[at + field.index] = open < 0 ? this.roots++ : nodes[open * stride + field.size]!;
    if (open >= 0 && (kindAndFlags & kindMask) !== kind.key) nodes[open * stride + field.size]!++;
    return node;
  }

  end(node: number, end: number): void {
    const at = node * stride;
    this.nodes[at + field.end] = end;
    this.nodes[at + field.next] = this.nodeCount;
    this.nodes[at + field.leafEnd] = this.leafCount;
    const parent = this.nodes[at + field.parent]!;
    if (parent >= 0) this.nodes[parent * stride]! |= this.nodes[at]! & inherited;
  }

  enter(kindAndFlags: number, start: number): void {
    this.open = this.begin(kindAndFlags, start);
  }

  leave(end: number): void {
    const node = this.open;
    this.end(node, end);
    const at = node * stride;
    const parent = this.nodes[at + field.parent]!;
    if (parent >= 0)
      this.nodes[parent * stride]! |= (this.nodes[at]! & kindMask) === kind.array ? flag.array : flag.object;
    this.open = parent;
  }

  /** The text broke off: closes what is open there, and says so. */
  abandon(end: number): void {
    while (this.open >= 0) {
      this.nodes[this.open * stride]! |= flag.open;
      this.leave(end);
    }
  }

  /** A number or a boolean; `flags` say which. */
  leaf(start: number, value: number, flags: number): void {
    if (this.leafCount === this.starts.length) {
      this.starts = grown(this.starts);
      this.values = grown(this.values);
    }
    this.starts[this.leafCount] = start;
    this.values[this.leafCount++] = value;
    const at = this.open * stride;
    this.nodes[at]! |= flags;
    this.nodes[at + field.size]!++;
  }

  /** A number or a boolean outside of arrays: a node that holds one leaf. */
  lone(kindAndFlags: number, start: number, end: number, value: number): void {
    const node = this.begin(kindAndFlags, start);
    const outside = this.open;
    this.open = node;
    this.leaf(start, value, 0);
    this.open = outside;
    this.end(node, end);
  }

  /** Takes the last node off the tape again: a key, or what has no end yet. */
  takeOff(): void {
    const { nodes, open } = this;
    const node = --this.nodeCount;
    if (open < 0) this.roots--;
    else if ((nodes[node * stride]! & kindMask) !== kind.key) nodes[open * stride + field.size]!--;
  }

  mark(node: number, flags: number): void {
    this.nodes[node * stride]! |= flags;
  }

  get inArray(): boolean {
    return this.open >= 0 && (this.nodes[this.open * stride]! & kindMask) === kind.array;
  }
}

function grown<T extends Int32Array | Float64Array>(full: T): T {
  const more = new (full.constructor as new (length: number) => T)(full.length * 2);
  more.set(full as never);
  return more;
}
