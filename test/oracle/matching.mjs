/** Numbers that names of sizes stood for, each with the stretch of lines in which it did. */
export class Naming {
  #seen = new Map();

  /** Whether a name can have stood for this number at this line: within a few lines it always stands for one. */
  fits(name, value, line) {
    const list = this.#seen.get(name) ?? [];
    this.#seen.set(name, list);
    if (list.some((s) => s.value === value)) return true;
    list.push({ value, line });
    return list.length <= 64;
  }
}

/** Whether a told shape is that of an array; unknown sizes fit everything, and so does an unknown rank. */
export function matches(told, shape, place, naming) {
  if (told === null) return true;
  if (told.length !== shape.length) return false;
  const plain = new Map();
  for (const [axis, size] of told.entries()) {
    if (size === null) continue;
    if (typeof size === "number" ? size !== shape[axis] : false) return false;
    if (typeof size === "string" && /^\w+$/.test(size)) {
      if (plain.has(size) && plain.get(size) !== shape[axis]) return false;
      plain.set(size, shape[axis]);
      if (!naming.fits(size, shape[axis], place[0])) return false;
    }
  }
  return told.every(
    (size, axis) => typeof size !== "string" || /^\w+$/.test(size) || computed(size, plain, shape[axis]),
  );
}

/** An expression over names, where all of them are bound by this very shape; else it cannot be checked. */
function computed(text, names, value) {
  const words = text.match(/[A-Za-z_]\w*/g) ?? [];
  if (!/^[\w\s+*/%()-]+$/.test(text) || words.some((word) => !names.has(word))) return true;
  // Division of big integers has no remainder, wherever in the expression it stands.
  const whole = text.replaceAll("//", "/").replaceAll(/\b\d+\b/g, "$&n");
  const result = new Function(...names.keys(), `return ${whole}`)(...[...names.values()].map(BigInt));
  return result === BigInt(value);
}
