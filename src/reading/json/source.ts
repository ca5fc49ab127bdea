import type { Tape } from "./tape.ts";
import { type NamedTokens, namedTokens } from "./tokens.ts";
import { memberMap } from "./tree.ts";

/** A scanned text, with what is asked of its objects again and again remembered. */
export class Source {
  readonly tape: Tape;
  private readonly membersOf = new Map<number, ReadonlyMap<string, number>>();
  private readonly tokensOf = new Map<number, readonly NamedTokens[]>();

  constructor(tape: Tape) {
    this.tape = tape;
  }

  /** Members of an object by key; none for any other node. */
  members(node: number): ReadonlyMap<string, number> {
    const found = this.membersOf.get(node) ?? memberMap(this.tape, node);
    this.membersOf.set(node, found);
    return found;
  }

  /** The arrays of strings in an object. */
  tokens(node: number): readonly NamedTokens[] {
    const found = this.tokensOf.get(node) ?? namedTokens(this.tape, this.members(node));
    this.tokensOf.set(node, found);
    return found;
  }
}
