/** A place that can be written: an entry of a map, or a property of an object. */
type Place = Map<unknown, unknown> | Record<PropertyKey, unknown>;

const absent = Symbol("absent");

/** For each place that was written, what it held before. */
type Before = Map<Place, Map<unknown, unknown>>;

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
  /** One for every speculation and watch that is going on, the innermost last. */
  private readonly levels: Before[] = [];
  /** Told of each object whose properties are about to be what they were before a speculation. */
  private readonly beforeUndo: (target: object) => void;
  steps = 0;
  stepLimit: number;

  constructor(stepLimit: number, beforeUndo: (target: object) => void = () => {}) {
    this.stepLimit = stepLimit;
    this.beforeUndo = beforeUndo;
  }

  /** True while a write may have to be undone: containers are then replaced, not changed. */
  get watched(): boolean {
    return this.levels.length > 0;
  }

  step(): void {
    if (++this.steps > this.stepLimit) throw new BudgetSpent("steps");
  }

  setKey<K, V>(map: Map<K, V>, key: K, value: V): void {
    this.remember(map as Map<unknown, unknown>, key);
    map.set(key, value);
  }

  deleteKey<K, V>(map: Map<K, V>, key: K): void {
    this.remember(map as Map<unknown, unknown>, key);
    map.delete(key);
  }

  set<T extends object, K extends keyof T>(target: T, key: K, value: T[K]): void {
    this.remember(target as Record<PropertyKey, unknown>, key);
    target[key] = value;
  }

  /** Runs something, tells what it wrote, and undoes it. */
  speculate<T>(run: () => T): { result: T; writes: Writes } {
    const depth = this.levels.push(new Map()) - 1;
    try {
      const result = run();
      return { result, writes: this.collect(depth) };
    } finally {
      const level = this.levels.pop()!;
      for (const target of level.keys()) this.beforeUndo(target);
      undo(level);
    }
  }

  /** Runs something with its writes watched, without undoing them. `writes` may be asked at any time during it. */
  watch<T>(run: (writes: () => Writes) => T): T {
    const depth = this.levels.push(new Map()) - 1;
    try {
      return run(() => this.collect(depth));
    } finally {
      const watched = this.levels.pop()!;
      const outer = this.levels.at(-1);
      if (outer) addBefore(outer, watched);
    }
  }

  /** What a place holds, if a write to it may have to be undone or told. A loop writes its places over and over: once is enough. */
  private remember(target: Place, key: unknown): void {
    const level = this.levels.at(-1);
    if (!level) return;
    const places = placesOf(level, target);
    if (!places.has(key)) places.set(key, read(target, key));
  }

  private collect(depth: number): Writes {
    const all: Before = new Map();
    for (const level of this.levels.slice(depth)) addBefore(all, level);
    const writes: Writes = new Map();
    for (const [target, places] of all) {
      const told = new Map<unknown, { before: unknown; after: unknown }>();
      for (const [key, before] of places) told.set(key, { before, after: read(target, key) });
      writes.set(target, told);
    }
    return writes;
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
    this.remember(target, key);
    write(target, key, value);
  }
}

function placesOf(level: Before, target: Place): Map<unknown, unknown> {
  const known = level.get(target);
  if (known) return known;
  const places = new Map<unknown, unknown>();
  level.set(target, places);
  return places;
}

/** Adds what was written later: what is noted already is older. */
function addBefore(level: Before, later: Before): void {
  for (const [target, added] of later) {
    const places = placesOf(level, target);
    for (const [key, before] of added) if (!places.has(key)) places.set(key, before);
  }
}

function undo(level: Before): void {
  for (const [target, places] of level) for (const [key, before] of places) write(target, key, before);
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
