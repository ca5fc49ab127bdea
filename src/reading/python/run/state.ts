/** A place that can be written: an entry of a map, or a property of an object. */
type Place = Map<unknown, unknown> | Record<PropertyKey, unknown>;

const absent = Symbol("absent");

interface Entry {
  readonly target: Place;
  readonly key: unknown;
  readonly old: unknown;
}

/** What a stretch of the run wrote: for each place what was there before and what was there after. */
export type Writes = Map<Place, Map<unknown, { readonly before: unknown; readonly after: unknown }>>;

/** How two values of one place become one. */
export type JoinPlaces = (a: unknown, b: unknown, key: unknown, target: object) => unknown;

/** The run came to the end of what it may spend. */
export class BudgetSpent extends Error {}

/**
 * Everything the program can change is written through here, so that a branch that may or may not be taken can be
 * run, undone, and joined with its alternative.
 */
export class State {
  private readonly trail: Entry[] = [];
  private speculating = 0;
  steps = 0;
  stepLimit: number;

  constructor(stepLimit: number) {
    this.stepLimit = stepLimit;
  }

  /** True while a write may have to be undone: containers are then replaced, not changed. */
  get watched(): boolean {
    return this.speculating > 0;
  }

  step(): void {
    if (++this.steps > this.stepLimit) throw new BudgetSpent("steps");
  }

  setKey<K, V>(map: Map<K, V>, key: K, value: V): void {
    if (this.speculating > 0)
      this.trail.push({ target: map as Map<unknown, unknown>, key, old: map.has(key) ? map.get(key) : absent });
    map.set(key, value);
  }

  deleteKey<K, V>(map: Map<K, V>, key: K): void {
    if (this.speculating > 0)
      this.trail.push({ target: map as Map<unknown, unknown>, key, old: map.has(key) ? map.get(key) : absent });
    map.delete(key);
  }

  set<T extends object, K extends keyof T>(target: T, key: K, value: T[K]): void {
    if (this.speculating > 0)
      this.trail.push({ target: target as Record<PropertyKey, unknown>, key, old: read(target as Place, key) });
    target[key] = value;
  }

  /** Runs something, tells what it wrote, and undoes it. */
  speculate<T>(run: () => T): { result: T; writes: Writes } {
    const mark = this.trail.length;
    this.speculating++;
    try {
      const result = run();
      return { result, writes: this.collect(mark) };
    } finally {
      this.undo(mark);
      this.speculating--;
    }
  }

  /** Runs something with its writes watched, without undoing them. `writes` may be asked at any time during it. */
  watch<T>(run: (writes: () => Writes) => T): T {
    const mark = this.trail.length;
    this.speculating++;
    try {
      return run(() => this.collect(mark));
    } finally {
      this.speculating--;
      if (this.speculating === 0) this.trail.length = 0;
    }
  }

  private collect(mark: number): Writes {
    const writes: Writes = new Map();
    for (const { target, key, old } of this.trail.slice(mark)) {
      const places = writes.get(target) ?? new Map<unknown, { before: unknown; after: unknown }>();
      writes.set(target, places);
      if (!places.has(key)) places.set(key, { before: old, after: read(target, key) });
    }
    return writes;
  }

  private undo(mark: number): void {
    while (this.trail.length > mark) {
      const { target, key, old } = this.trail.pop()!;
      write(target, key, old);
    }
  }

  /** Makes what a speculation wrote so. */
  adopt(writes: Writes): void {
    for (const [target, places] of writes) for (const [key, { after }] of places) this.put(target, key, after);
  }

  /** Makes each place what it may be after either of two speculations that began alike. */
  adoptEither(a: Writes, b: Writes, join: JoinPlaces): void {
    for (const target of new Set([...a.keys(), ...b.keys()])) {
      const [left, right] = [a.get(target), b.get(target)];
      for (const key of new Set([...(left?.keys() ?? []), ...(right?.keys() ?? [])])) {
        const before = (left?.get(key) ?? right?.get(key))!.before;
        const [x, y] = [left?.get(key)?.after ?? before, right?.get(key)?.after ?? before];
        this.put(target, key, x === absent ? y : y === absent ? x : join(x, y, key, target));
      }
    }
  }

  /** Joins every written place with what it held before. */
  blur(writes: Writes, join: JoinPlaces): void {
    for (const [target, places] of writes) {
      for (const [key, { before }] of places) {
        const now = read(target, key);
        if (before !== absent && now !== absent) this.put(target, key, join(before, now, key, target));
      }
    }
  }

  private put(target: Place, key: unknown, value: unknown): void {
    if (this.speculating > 0) this.trail.push({ target, key, old: read(target, key) });
    write(target, key, value);
  }
}

function read(target: Place, key: unknown): unknown {
  if (target instanceof Map) return target.has(key) ? target.get(key) : absent;
  const value = target[key as PropertyKey];
  return value !== undefined ? value : absent;
}

function write(target: Place, key: unknown, value: unknown): void {
  if (!(target instanceof Map)) target[key as PropertyKey] = value === absent ? undefined : value;
  else if (value === absent) target.delete(key);
  else target.set(key, value);
}
