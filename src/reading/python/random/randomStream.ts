import type { Message } from "../../../tensor/message.ts";
import { drawLimit } from "./draw.ts";

/** What a stream needs of a generator: NumpyLegacy, NumpyGenerator, TorchGenerator and PythonRandom all have it. */
export interface Generator<G> {
  copy(): G;
  equals(other: G): boolean;
}

/**
 * One source of random numbers in the program that is read: a generator whose state is known, or the reason why it is
 * not (never seeded, a draw that is not modelled, a branch nobody can decide). Shapes survive that, values do not.
 */
export class RandomStream<G extends Generator<G>> {
  private generator: G | null;
  private reason: Message;

  private constructor(generator: G | null, reason: Message) {
    this.generator = generator;
    this.reason = reason;
  }

  static seeded<G extends Generator<G>>(generator: G): RandomStream<G> {
    return new RandomStream<G>(generator, { code: "python.random.unseeded" });
  }

  /** A stream that nobody has seeded. */
  static unseeded<G extends Generator<G>>(): RandomStream<G> {
    return new RandomStream<G>(null, { code: "python.random.unseeded" });
  }

  /** Why the numbers are unknown; null while they are known. */
  get why(): Message | null {
    return this.generator ? null : this.reason;
  }

  /** Starts anew, as a call of `seed` or `manual_seed` does. */
  seed(generator: G): void {
    this.generator = generator;
  }

  /** The state cannot be known from here until the next seed. */
  poison(reason: Message): void {
    if (this.generator) this.reason = reason;
    this.generator = null;
  }

  /** Draws `count` numbers; null if the state is unknown, or if there are so many that it now is. */
  draw<T>(count: number, from: (generator: G) => T): T | null {
    if (!(count <= drawLimit)) this.poison({ code: "python.random.too-many", args: { count, limit: drawLimit } });
    return this.generator ? from(this.generator) : null;
  }

  /** For the two runs of a branch that nobody can decide. */
  copy(): RandomStream<G> {
    return new RandomStream<G>(this.generator?.copy() ?? null, this.reason);
  }

  /** Takes over what is left of the two runs `a` and `b`: their state if it is the same, else it is unknown. */
  join(a: RandomStream<G>, b: RandomStream<G>): void {
    const same = a.generator && b.generator && a.generator.equals(b.generator);
    this.generator = same ? a.generator : null;
    if (!same) this.reason = a.why ?? b.why ?? { code: "python.random.branch" };
  }
}
