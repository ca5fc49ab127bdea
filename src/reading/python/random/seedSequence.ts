const poolSize = 4;

/**
 * The first `words` 32-bit words of NumPy's `SeedSequence(entropy).generate_state`.
 * `entropy` is a non-negative integer of any size, or a list of them.
 * Source: NumPy's `bit_generator`, after M. E. O'Neill's `seed_seq_fe128`.
 */
export function seedWords(entropy: bigint | readonly bigint[], words: number): number[] {
  const pool = mixedPool(typeof entropy === "bigint" ? wordsOf(entropy) : entropy.flatMap(wordsOf));
  let constant = 0x8b51f9dd;
  return Array.from({ length: words }, (_, i) => {
    const value = pool[i % poolSize]! ^ constant;
    constant = Math.imul(constant, 0x58f38ded);
    const mixed = Math.imul(value, constant);
    return (mixed ^ (mixed >>> 16)) >>> 0;
  });
}

function mixedPool(entropy: readonly number[]): number[] {
  let constant = 0x43b0d7e5;
  const hash = (word: number): number => {
    const value = word ^ constant;
    constant = Math.imul(constant, 0x931e8875);
    const mixed = Math.imul(value, constant);
    return (mixed ^ (mixed >>> 16)) >>> 0;
  };
  const pool = Array.from({ length: poolSize }, (_, i) => hash(entropy[i] ?? 0));
  for (let from = 0; from < poolSize; from++) {
    for (let to = 0; to < poolSize; to++) if (from !== to) pool[to] = mix(pool[to]!, hash(pool[from]!));
  }
  for (const word of entropy.slice(poolSize)) {
    for (let to = 0; to < poolSize; to++) pool[to] = mix(pool[to]!, hash(word));
  }
  return pool;
}

function mix(x: number, y: number): number {
  const mixed = Math.imul(x, 0xca01f9dd) - Math.imul(y, 0x4973f715);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** Little-endian 32-bit words; 0 is one word. */
function wordsOf(integer: bigint): number[] {
  const words = [Number(BigInt.asUintN(32, integer))];
  for (let rest = integer >> 32n; rest > 0n; rest >>= 32n) words.push(Number(BigInt.asUintN(32, rest)));
  return words;
}
