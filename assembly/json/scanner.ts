// The JSON scanner in AssemblyScript. It writes the same tape as src/reading/json/scanner.ts, which says what a tape is,
// for texts without a mistake; at the first thing out of the ordinary it gives up, and that scanner tells what is wrong.
//
// Input comes in pieces of UTF-8. A call reads one piece and returns how many bytes it took: a number or a word that the
// piece cuts in two is left for the next call, strings are not. Leaves are handed over after each call; nodes stay, behind
// everything else in memory, where they can grow.

/** Where things lie. Filled in when building, together with the constants of the tape. */
declare const INPUT: usize;
declare const STARTS: usize;
declare const VALUES: usize;
declare const SLOW: usize;
declare const NOTES: usize;
declare const POWERS: usize;
declare const TENS: usize;
declare const LAST: usize;
declare const VECTORS: usize;
declare const NODES: usize;
declare const MAXIMUM_NOTES: i32;

const STRIDE: usize = 36;
const OBJECT: i32 = 1;
const ARRAY: i32 = 2;
const STRING: i32 = 3;
const KEY: i32 = 4;
const NULL: i32 = 5;
const NUMBER: i32 = 6;
const BOOLEAN: i32 = 7;

const F_INTEGER: i32 = 1 << 4;
const F_FLOAT: i32 = 1 << 5;
const F_BOOLEAN: i32 = 1 << 6;
const F_SPECIAL: i32 = 1 << 7;
const F_BIG: i32 = 1 << 8;
const F_STRING: i32 = 1 << 9;
const F_NULL: i32 = 1 << 10;
const F_OBJECT: i32 = 1 << 11;
const F_ARRAY: i32 = 1 << 12;
const F_ESCAPE: i32 = 1 << 13;
const INHERITED: i32 = 0x1ff0;

// What may come next.
const VALUE: i32 = 0;
const FIRST_VALUE: i32 = 1;
const FIRST_KEY: i32 = 2;
const NEXT_KEY: i32 = 3;
const COLON: i32 = 4;
const AFTER: i32 = 5;
const IN_STRING: i32 = 6;
const ESCAPED: i32 = 7;
/** In \uXXXX: this plus the number of digits still to come. */
const HEX: i32 = 8;
/** Behind the first slash of a comment; then in one of either kind, and behind a star in it that may close it. */
const SLASH: i32 = 16;
const LINE_COMMENT: i32 = 17;
const COMMENT: i32 = 18;
const STAR: i32 = 19;

// Why a call ended before its input.
const OK: i32 = 0;
const UNUSUAL: i32 = 1;
const NO_MEMORY: i32 = 2;

let state: i32 = VALUE;
let status: i32 = OK;
/** UTF-16 offset = address + shift. */
let shift: i32 = 0;
let open: i32 = -1;
let nodeCount: i32 = 0;
let leafBase: i32 = 0;
let leafCount: i32 = 0;
let slowCount: i32 = 0;
let noteCount: i32 = 0;
let specialCount: i32 = 0;
let overflowCount: i32 = 0;
let roots: i32 = 0;
/** UTF-16 offset at which reading broke off. */
let failure: i32 = 0;
let capacity: usize = 0;
let stringNode: i32 = 0;
/** A key is being read, not a value. */
let inKey: bool = false;
/** Trailing commas and comments are allowed. */
let lenient: bool = false;
/** The state behind the comment that is being read. */
let behindComment: i32 = VALUE;
/** One value a line. */
let byLine: bool = false;
/** A line break came after the last root. */
let freshLine: bool = true;
// What readNumber found.
let numberEnd: usize = 0;
let numberFlags: i32 = 0;
let numberValue: f64 = 0;
let numberIsSlow: bool = false;

export function begin(offset: i32, jsonc: bool, lines: bool): void {
  state = VALUE;
  status = OK;
  shift = offset - <i32>INPUT;
  open = -1;
  nodeCount = leafBase = leafCount = slowCount = noteCount = specialCount = overflowCount = roots = 0;
  capacity = (<usize>memory.size() << 16) - NODES;
  lenient = jsonc;
  byLine = lines;
  freshLine = true;
}

export function getStatus(): i32 { return status; }
export function getNodeCount(): i32 { return nodeCount; }
export function getLeafCount(): i32 { return leafCount; }
export function getSlowCount(): i32 { return slowCount; }
export function getNoteCount(): i32 { return noteCount; }
export function getSpecialCount(): i32 { return specialCount; }
export function getFailure(): i32 { return failure; }
export function getOpen(): i32 { return open; }
/** UTF-16 offset of the next piece. */
export function getOffset(): i32 { return <i32>INPUT + shift; }
export function getOverflowCount(): i32 { return overflowCount; }

/** Whether the text may end here: a value was read, and nothing is open. */
export function isFinished(): bool {
  const ended = state == LINE_COMMENT ? behindComment : state;
  return open < 0 && (ended == AFTER || (byLine && ended == VALUE));
}

/** The leaves of the last call have been taken. */
export function takeLeaves(): void {
  leafBase += leafCount;
  leafCount = slowCount = 0;
}

/** Reads `length` bytes of input. Returns how many were taken; the rest is to be given again in front of the next piece. */
export function scan(length: i32, last: bool): i32 {
  let at: usize = INPUT;
  const end: usize = INPUT + length;
  // Numbers end at what is no digit.
  store<u64>(end, 0);
  store<u64>(end, 0, 8);
  while (at < end) {
    if (state >= IN_STRING) {
      at = state >= SLASH ? readComment(at, end) : readString(at, end);
      if (status != OK) return failedAt(at);
      continue;
    }
    const c: i32 = load<u8>(at);
    if (c <= 32) {
      if (c == 10 || c == 13) {
        if (byLine) { if (open >= 0) { giveUp(); return failedAt(at); } newLine(); }
      } else if (c != 32 && c != 9) { giveUp(); return failedAt(at); }
      at++;
      continue;
    }
    if (c == 47 && lenient) {
      behindComment = state;
      state = SLASH;
      at++;
      continue;
    }
    if (state == AFTER) {
      if (open < 0) { giveUp(); return failedAt(at); }
      const inArray = (loadField(open, 0) & 15) == ARRAY;
      if (c == 44) {
        state = inArray ? VALUE : NEXT_KEY;
        at++;
        continue;
      }
      if (c != (inArray ? 93 : 125)) { giveUp(); return failedAt(at); }
      leave(<i32>++at + shift);
      continue;
    }
    if (state == COLON) {
      if (c != 58) { giveUp(); return failedAt(at); }
      at++;
      state = VALUE;
      continue;
    }
    if (state == FIRST_KEY || state == NEXT_KEY) {
      if (c == 125 && (state == FIRST_KEY || lenient)) { leave(<i32>++at + shift); continue; }
      if (c != 34) { giveUp(); return failedAt(at); }
      inKey = true;
      stringNode = beginNode(KEY, <i32>at + shift);
      state = IN_STRING;
      at++;
      continue;
    }
    // A value.
    if (c == 45 || (c >= 48 && c <= 57)) {
      const from = at;
      at = readNumbers(at, end, last);
      if (status != OK) return failedAt(at);
      if (at == from) return stopAt(at);
      continue;
    }
    if (c == 91 || c == 123) {
      if (open < 0 && !startRoot()) { giveUp(); return failedAt(at); }
      open = beginNode(c == 91 ? ARRAY : OBJECT, <i32>at + shift);
      state = c == 91 ? FIRST_VALUE : FIRST_KEY;
      at++;
      if (status != OK) return failedAt(at);
      continue;
    }
    if (c == 34) {
      if (open < 0 && !startRoot()) { giveUp(); return failedAt(at); }
      inKey = false;
      stringNode = beginNode(STRING | F_STRING, <i32>at + shift);
      state = IN_STRING;
      at++;
      if (status != OK) return failedAt(at);
      continue;
    }
    if (c == 93 && (loadOpenKind() == ARRAY) && (state == FIRST_VALUE || lenient)) { leave(<i32>++at + shift); continue; }
    const taken = readWord(at, end, last);
    if (status != OK) return failedAt(at);
    if (taken == 0) return stopAt(at);
    at += taken;
  }
  return stopAt(end);
}

/** What lies behind `at` comes again at the start of the next piece. */
function stopAt(at: usize): i32 {
  const taken = <i32>(at - INPUT);
  shift += taken;
  return taken;
}

function giveUp(): void {
  status = UNUSUAL;
}

/** Nothing was taken; the piece is out of the ordinary about here. */
function failedAt(at: usize): i32 {
  failure = <i32>at + shift;
  return 0;
}

function loadOpenKind(): i32 { return open < 0 ? 0 : loadField(open, 0) & 15; }

function newLine(): void {
  if (state == AFTER) state = VALUE;
  freshLine = true;
}

/** In jsonl each value starts a line of its own; elsewhere there is one. */
function startRoot(): bool {
  if (byLine ? !freshLine : roots > 0) return false;
  freshLine = false;
  return true;
}

@inline
function loadField(node: i32, field: i32): i32 { return load<i32>(NODES + <usize>node * STRIDE + (<usize>field << 2)); }

@inline
function storeField(node: i32, field: i32, value: i32): void { store<i32>(NODES + <usize>node * STRIDE + (<usize>field << 2), value); }

function beginNode(kind: i32, start: i32): i32 {
  const node = nodeCount;
  const at = <usize>node * STRIDE;
  if (at + STRIDE > capacity && !grow()) { status = NO_MEMORY; return 0; }
  nodeCount = node + 1;
  const to = NODES + at;
  store<i32>(to, kind);
  store<i32>(to, start, 4);
  store<i32>(to, 0, 8);
  store<i32>(to, 0, 12);
  store<i32>(to, leafBase + leafCount, 16);
  store<i32>(to, 0, 20);
  store<i32>(to, open, 24);
  store<i32>(to, 0, 28);
  if (open < 0) {
    store<i32>(to, roots++, 32);
  } else {
    const size = loadField(open, 7);
    store<i32>(to, size, 32);
    if ((kind & 15) != KEY) storeField(open, 7, size + 1);
  }
  return node;
}

function grow(): bool {
  const pages = memory.size();
  const more = pages > 1024 ? pages >> 1 : pages;
  if (memory.grow(more) < 0 && memory.grow(64) < 0) return false;
  capacity = (<usize>memory.size() << 16) - NODES;
  return true;
}

function endNode(node: i32, end: i32): void {
  const to = NODES + <usize>node * STRIDE;
  store<i32>(to, end, 8);
  store<i32>(to, nodeCount, 12);
  store<i32>(to, leafBase + leafCount, 20);
  const parent = load<i32>(to, 24);
  if (parent >= 0) storeField(parent, 0, loadField(parent, 0) | (load<i32>(to) & INHERITED));
}

function leave(end: i32): void {
  endNode(open, end);
  const parent = loadField(open, 6);
  if (parent >= 0) storeField(parent, 0, loadField(parent, 0) | ((loadField(open, 0) & 15) == ARRAY ? F_ARRAY : F_OBJECT));
  open = parent;
  state = AFTER;
}

/** Goes on in a string. Strings may be cut anywhere. */
function readString(from: usize, end: usize): usize {
  let at = from;
  while (at < end) {
    if (state == ESCAPED) {
      const c: i32 = load<u8>(at++);
      if (c == 117) state = HEX + 4;
      else if (c == 34 || c == 92 || c == 47 || c == 98 || c == 102 || c == 110 || c == 114 || c == 116) state = IN_STRING;
      else { giveUp(); return at; }
      continue;
    }
    if (state > HEX) {
      const c: i32 = load<u8>(at++) | 32;
      if (!((c >= 48 && c <= 57) || (c >= 97 && c <= 102))) { giveUp(); return at; }
      if (load<u8>(at - 1) < 48) { giveUp(); return at; }
      state = state == HEX + 1 ? IN_STRING : state - 1;
      continue;
    }
    // Eight plain characters at a time: none of quote, backslash, control, or beyond ASCII.
    while (at + 8 <= end) {
      const eight = load<u64>(at);
      const quote = eight ^ 0x2222222222222222;
      const slash = eight ^ 0x5c5c5c5c5c5c5c5c;
      const marks =
        ((quote - 0x0101010101010101) & ~quote) | ((slash - 0x0101010101010101) & ~slash) | ((eight - 0x2020202020202020) & ~eight) | eight;
      if (marks & 0x8080808080808080) break;
      at += 8;
    }
    if (at >= end) break;
    const c: i32 = load<u8>(at++);
    if (c == 34) {
      endNode(stringNode, <i32>at + shift);
      state = inKey ? COLON : AFTER;
      return at;
    }
    if (c == 92) {
      storeField(stringNode, 0, loadField(stringNode, 0) | F_ESCAPE);
      state = ESCAPED;
    } else if (c < 32) {
      giveUp();
      return at;
    } else if (c >= 128) countUnits(c);
  }
  return at;
}

/** Goes on in a comment, which may be cut anywhere. */
function readComment(from: usize, end: usize): usize {
  let at = from;
  while (at < end) {
    const c: i32 = load<u8>(at++);
    if (state == SLASH) {
      if (c != 47 && c != 42) { giveUp(); return at; }
      state = c == 47 ? LINE_COMMENT : COMMENT;
    } else if (state == LINE_COMMENT) {
      if (c == 10 || c == 13) { state = behindComment; return at; }
    } else if (state == STAR && c == 47) {
      state = behindComment;
      return at;
    } else {
      state = c == 42 ? STAR : COMMENT;
    }
    if (c >= 128) countUnits(c);
  }
  return at;
}

/** A character of n bytes is one unit of UTF-16, of four bytes two. `c` is beyond ASCII. */
@inline
function countUnits(c: i32): void {
  if (c < 0xc0) shift--;
  else if (c >= 0xf0) shift++;
}

/** A number, or in an array those that follow as well. Returns where it stopped: `from` if the first one may not be whole. */
function readNumbers(from: usize, end: usize, last: bool): usize {
  const inArray = loadOpenKind() == ARRAY;
  if (inArray) {
    const at = simpleNumbers(from, end);
    if (at != from) return at;
  }
  const whole = readNumber(from);
  if (!whole && (last || !isCut(from, end))) {
    giveUp();
    return from;
  }
  // At the end of the piece the next one may bring more digits.
  if (!whole || (numberEnd >= end && !last)) return from;
  if (open < 0 && !startRoot()) {
    giveUp();
    return from;
  }
  const start = <i32>from + shift;
  if (numberFlags == F_SPECIAL) note(0, start, <i32>numberEnd + shift);
  if (inArray) {
    pushLeaf(leafCount, start);
    leafCount++;
    storeField(open, 0, loadField(open, 0) | numberFlags);
    storeField(open, 7, loadField(open, 7) + 1);
  } else {
    const node = beginNode(NUMBER | numberFlags, start);
    if (status != OK) return from;
    storeField(node, 7, 1);
    pushLeaf(leafCount, start);
    leafCount++;
    endNode(node, <i32>numberEnd + shift);
  }
  state = AFTER;
  return numberEnd;
}

/**
 * Elements of an array as nearly all are: at most 19 digits, with what ends them inside the piece. Returns where
 * it stopped, at a number that is none of these or behind the last one. All it works with stays in registers.
 */
function simpleNumbers(from: usize, end: usize): usize {
  const toUnits = shift;
  const lineBreak: i32 = byLine ? 32 : 10;
  let starts = STARTS + (<usize>leafCount << 2);
  const first = VALUES + (<usize>leafCount << 3);
  let values = first;
  let at = from;
  let flags: i32 = 0;
  let next: i32 = VALUE;
  // Loaded once: a literal in the loop would be put together anew each time.
  const zeros = v128.load(VECTORS);
  const nines = v128.load(VECTORS, 16);
  const tens = v128.load(VECTORS, 32);
  const hundreds = v128.load(VECTORS, 48);
  const tenThousands = v128.load(VECTORS, 64);
  while (true) {
    // Signs come and go like coins: no branch may depend on them.
    const digitMask = digitsAt(at, zeros, nines);
    const negative = load<u8>(at) == 45;
    const whole = at + <usize>negative;
    let digits = <u64>load<u8>(whole) - 48;
    if (digits > 9) break;
    let p = whole + 1;
    let c: i32 = load<u8>(whole, 1);
    // Leading zeros count for nothing.
    let size = <i32>(digits != 0);
    if (c >= 48 && c <= 57) {
      if (size == 0) break;
      size = <i32>ctz(~(digitMask >> <i32>negative));
      if (size > 19) break;
      digits = threeDigits(whole, max(size - 16, 0)) * 10000000000000000 + lastSixteen(whole, size, zeros, tens, hundreds, tenThousands);
      p = whole + size;
      c = load<u8>(p);
    }
    let bits: u64;
    let kind: i32;
    let places: i32 = 0;
    if (c == 46) {
      places = <i32>ctz(~(digitMask >> <i32>(++p - at)));
      if (places == 0) break;
      let front = threeDigits(p, max(places - 16, 0));
      size += places;
      if (size > 19) {
        // More only where zeros come first.
        if (digits != 0 || places > 23) break;
        front = sevenDigits(p, places - 16);
        if (front > 999) break;
      }
      digits =
        digits * load<u64>(TENS + (<usize>places << 3)) + front * 10000000000000000 + lastSixteen(p, places, zeros, tens, hundreds, tenThousands);
      p += places;
      c = load<u8>(p);
    }
    if (c == 44 || c == 93 || c == 32 || c == 10 || c == 13) {
      if (places != 0) {
        // Both are exact; the length tells which, as it changes less from number to number than the digits do.
        bits = size <= 15 ? reinterpret<u64>(<f64>digits / power10(places)) : product(digits, -places);
        kind = F_FLOAT;
      } else {
        bits = reinterpret<u64>(<f64>digits);
        kind = size > 15 ? F_INTEGER | F_BIG : negative && digits == 0 ? F_FLOAT : F_INTEGER;
      }
    } else {
      if ((c | 32) != 101) break;
      c = load<u8>(++p);
      const minus = c == 45;
      if (minus || c == 43) c = load<u8>(++p);
      if (c < 48 || c > 57) break;
      let power: i32 = 0;
      do {
        power = power * 10 + (c - 48);
        c = load<u8>(++p);
      } while (c >= 48 && c <= 57 && power < 100);
      if (power > 250 || (c != 44 && c != 93 && c != 32 && c != 10 && c != 13)) break;
      bits = product(digits, (minus ? -power : power) - places);
      kind = F_FLOAT;
    }
    if (bits == UNSURE) break;
    flags |= kind;
    store<i32>(starts, <i32>at + toUnits);
    store<u64>(values, bits | (<u64>negative << 63));
    starts += 4;
    values += 8;
    at = p;
    if (c != 44) {
      next = AFTER;
      break;
    }
    // The way most numbers are followed by the next: a comma, perhaps white space.
    do c = load<u8>(++at);
    while (c == 32 || c == lineBreak);
  }
  if (values == first) return from;
  const count = <i32>((values - first) >> 3);
  state = next;
  leafCount += count;
  storeField(open, 0, loadField(open, 0) | flags);
  storeField(open, 7, loadField(open, 7) + count);
  return at;
}

/** Whether a number goes on to the end of the piece. */
function isCut(from: usize, end: usize): bool {
  let at = from;
  while (at < end) {
    const c: i32 = load<u8>(at);
    if (!isWord(c) && c != 46 && c != 43 && c != 45) return false;
    at++;
  }
  return true;
}

@inline
function pushLeaf(leaf: i32, start: i32): void {
  store<i32>(STARTS + (<usize>leaf << 2), start);
  store<f64>(VALUES + (<usize>leaf << 3), numberValue);
  if (numberIsSlow) {
    store<i32>(SLOW + (<usize>slowCount << 2), leaf);
    slowCount++;
  } else if (numberValue == Infinity || numberValue == -Infinity) {
    if (!(numberFlags & F_SPECIAL)) note(1, start, <i32>numberEnd + shift);
  }
}

/** Something to be said about start … end: 0 a special number, 1 one too large. */
function note(what: i32, start: i32, end: i32): void {
  if (what == 0 ? ++specialCount > MAXIMUM_NOTES : ++overflowCount > MAXIMUM_NOTES) return;
  const to = NOTES + <usize>noteCount * 12;
  store<i32>(to, what);
  store<i32>(to, start, 4);
  store<i32>(to, end, 8);
  noteCount++;
}

@inline
function isEightDigits(eight: u64): bool {
  return ((eight & 0xf0f0f0f0f0f0f0f0) | (((eight + 0x0606060606060606) & 0xf0f0f0f0f0f0f0f0) >> 4)) == 0x3333333333333333;
}

/** Eight digits as a number, by multiplying neighbours together. */
@inline
function eightDigits(eight: u64): u64 {
  return together(eight - 0x3030303030303030);
}

@inline
function together(digits: u64): u64 {
  const x = digits * 10 + (digits >> 8);
  return ((x & 0x000000ff000000ff) * 0x000f424000000064 + ((x >> 16) & 0x000000ff000000ff) * 0x0000271000000001) >> 32;
}

/** Which of the 32 bytes from `at` on are digits. */
@inline
function digitsAt(at: usize, zeros: v128, nines: v128): u32 {
  const first = i8x16.bitmask(i8x16.le_u(i8x16.sub(v128.load(at), zeros), nines));
  const second = i8x16.bitmask(i8x16.le_u(i8x16.sub(v128.load(at, 16), zeros), nines));
  return first | (second << 16);
}

/**
 * The last 16 of n digits as one number: those in front of them made zeros, then neighbours put together, to pairs, to fours,
 * to eights.
 */
@inline
function lastSixteen(at: usize, n: i32, zeros: v128, tens: v128, hundreds: v128, tenThousands: v128): u64 {
  const digits = v128.and(i8x16.sub(v128.load(at + <usize>n - 16), zeros), v128.load(LAST + <usize>n));
  const low = i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(digits), tens);
  const high = i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(digits), tens);
  const fours = i32x4.dot_i16x8_s(i16x8.narrow_i32x4_u(low, high), hundreds);
  const eights = i64x2.extract_lane(i32x4.dot_i16x8_s(i16x8.narrow_i32x4_u(fours, fours), tenThousands), 0);
  return (eights & 0xffffffff) * 100000000 + (eights >>> 32);
}

/** The first n digits, at most three, as one number. */
@inline
function threeDigits(at: usize, n: i32): u64 {
  const four = (<u64>(load<u32>(at) - 0x30303030) << <u64>(32 - n * 8)) & 0xffffffff;
  const pairs = (four * 10 + (four >> 8)) & 0x00ff00ff;
  return (pairs * 100 + (pairs >> 16)) & 0xffff;
}

/** The first n digits, at most seven, as one number. */
@inline
function sevenDigits(at: usize, n: i32): u64 {
  return together(((load<u64>(at) - 0x3030303030303030) << <u64>(56 - n * 8)) << 8);
}

/** -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?, also -Infinity. False for anything else. */
function readNumber(from: usize): bool {
  let at = from;
  const negative = load<u8>(at) == 45;
  if (negative) at++;
  const whole = at;
  let c: i32 = load<u8>(at);
  let digits: u64 = 0;
  /** Digits behind leading zeros. */
  let count: i32 = 0;
  let exponent: i32 = 0;
  if (c == 48) {
    c = load<u8>(++at);
    if (c >= 48 && c <= 57) return false;
  } else if (c >= 49 && c <= 57) {
    do {
      digits = digits * 10 + (c - 48);
      c = load<u8>(++at);
    } while (c >= 48 && c <= 57);
    count = <i32>(at - whole);
  } else return negative && readMinusInfinity(at);
  let flags: i32 = at - whole > 15 ? F_INTEGER | F_BIG : F_INTEGER;
  if (c == 46) {
    const fraction = ++at;
    if (count == 0) while (load<u8>(at) == 48) at++;
    const first = at;
    let eight = load<u64>(at);
    while (isEightDigits(eight)) {
      digits = digits * 100000000 + eightDigits(eight);
      at += 8;
      eight = load<u64>(at);
    }
    c = load<u8>(at);
    while (c >= 48 && c <= 57) {
      digits = digits * 10 + (c - 48);
      c = load<u8>(++at);
    }
    if (at == fraction) return false;
    count += <i32>(at - first);
    exponent = -<i32>(at - fraction);
    flags = F_FLOAT;
  }
  if ((c | 32) == 101) {
    c = load<u8>(++at);
    const minus = c == 45;
    if (minus || c == 43) c = load<u8>(++at);
    if (c < 48 || c > 57) return false;
    let power: i32 = 0;
    do {
      if (power < 100000) power = power * 10 + (c - 48);
      c = load<u8>(++at);
    } while (c >= 48 && c <= 57);
    exponent += minus ? -power : power;
    flags = F_FLOAT;
    // So many digits are told by the other scanner.
    if (at - from > 4096) return false;
  }
  if (isWord(c) || c == 46 || c == 43 || c == 45) return false;
  numberEnd = at;
  numberIsSlow = false;
  let value: f64;
  if (count > 19) {
    numberIsSlow = true;
    value = 0;
  } else if (digits <= 9007199254740991 && exponent <= 22 && exponent >= -22) {
    value = exponent < 0 ? <f64>digits / power10(-exponent) : <f64>digits * power10(exponent);
  } else value = decimal(digits, exponent);
  numberValue = negative ? -value : value;
  // An integer -0 would lose its sign among integers.
  numberFlags = negative && digits == 0 && count <= 19 ? F_FLOAT : flags;
  return true;
}

@inline
function isWord(c: i32): bool { return (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || (c >= 48 && c <= 57) || c == 95 || c > 127; }

@inline
function power10(exponent: i32): f64 { return load<f64>(POWERS + (<usize>exponent << 3)); }

function readMinusInfinity(at: usize): bool {
  // "Infinity" as eight bytes.
  if (load<u64>(at) != 0x7974696e69666e49 || isWord(load<u8>(at, 8))) return false;
  numberEnd = at + 8;
  numberFlags = F_SPECIAL;
  numberValue = -Infinity;
  numberIsSlow = false;
  return true;
}

/** true, false, null, NaN, Infinity. Returns its length, 0 if the piece may cut it. */
function readWord(at: usize, end: usize, last: bool): usize {
  let stop = at;
  while (stop < end && isWord(load<u8>(stop)) && stop - at < 12) stop++;
  if (stop == end && !last) return 0;
  const length = stop - at;
  const four = load<u32>(at);
  if (open < 0 && !startRoot()) { giveUp(); return 0; }
  const start = <i32>at + shift;
  if (length == 4 && four == 0x6c6c756e) {
    endNode(beginNode(NULL | F_NULL, start), start + 4);
    state = AFTER;
    return 4;
  }
  let kind = BOOLEAN;
  numberIsSlow = false;
  numberEnd = stop;
  numberFlags = F_BOOLEAN;
  if (length == 4 && four == 0x65757274) numberValue = 1;
  else if (length == 5 && four == 0x736c6166 && load<u8>(at, 4) == 101) numberValue = 0;
  else {
    kind = NUMBER;
    numberFlags = F_SPECIAL;
    if (length == 3 && (four & 0xffffff) == 0x4e614e) numberValue = NaN;
    else if (length == 8 && load<u64>(at) == 0x7974696e69666e49) numberValue = Infinity;
    else { giveUp(); return 0; }
    note(0, start, start + <i32>length);
  }
  if (loadOpenKind() == ARRAY) {
    pushLeaf(leafCount, start);
    leafCount++;
    storeField(open, 0, loadField(open, 0) | numberFlags);
    storeField(open, 7, loadField(open, 7) + 1);
  } else {
    const node = beginNode(kind | numberFlags, start);
    storeField(node, 7, 1);
    pushLeaf(leafCount, start);
    leafCount++;
    endNode(node, start + <i32>length);
  }
  state = AFTER;
  return length;
}

let productHigh: u64 = 0;
let productLow: u64 = 0;

/** a · b in 128 bits. */
@inline
function multiply(a: u64, b: u64): void {
  const a0 = a & 0xffffffff;
  const a1 = a >> 32;
  const b0 = b & 0xffffffff;
  const b1 = b >> 32;
  const low = a0 * b0;
  const middle = a1 * b0 + (low >> 32);
  const other = a0 * b1 + (middle & 0xffffffff);
  productHigh = a1 * b1 + (middle >> 32) + (other >> 32);
  productLow = (other << 32) | (low & 0xffffffff);
}

/**
 * digits · 10^exponent, rounded to the nearest double (ties to even), for up to 19 digits; sets `numberIsSlow` where that is
 * not certain. D. Lemire, "Number parsing at a gigabyte per second", 2021: the digits, shifted to the top of 64 bits, times
 * the first 128 bits of a power of five give enough of the product to round it.
 */
function decimal(digits: u64, exponent: i32): f64 {
  if (digits == 0 || exponent < -342) return 0;
  if (exponent > 308) return Infinity;
  const zeros = <i32>clz(digits);
  const shifted = digits << zeros;
  const power = POWERS + 184 + (<usize>(exponent + 342) << 4);
  multiply(shifted, load<u64>(power));
  let high = productHigh;
  let low = productLow;
  if ((high & 0x1ff) == 0x1ff) {
    multiply(shifted, load<u64>(power, 8));
    low += productHigh;
    if (low < productHigh) high++;
  }
  if (low == 0xffffffffffffffff && (exponent < -27 || exponent > 55)) {
    numberIsSlow = true;
    return 0;
  }
  const upper = <i32>(high >> 63);
  let mantissa = high >> (upper + 9);
  let binary = ((217706 * exponent) >> 16) + 63 + upper - zeros + 1023;
  if (binary <= 0) return subnormal(mantissa, binary);
  // Exactly between two doubles: to the even one.
  if (low <= 1 && exponent >= -4 && exponent <= 23 && (mantissa & 3) == 1 && mantissa << (upper + 9) == high) mantissa &= ~1;
  mantissa = (mantissa + (mantissa & 1)) >> 1;
  if (mantissa >= 0x20000000000000) {
    mantissa = 0x10000000000000;
    binary++;
  }
  if (binary >= 2047) return Infinity;
  return reinterpret<f64>((mantissa & 0xfffffffffffff) | (<u64>binary << 52));
}

/** No double: a NaN that nothing here makes. */
const UNSURE: u64 = 0x7ff8000000000001;

/**
 * The bits of digits · 10^exponent for up to 19 digits and exponents to ±280, as `decimal` finds them, or UNSURE: then it has
 * to look at more of the power.
 */
@inline
function product(digits: u64, exponent: i32): u64 {
  const zeros = clz(digits);
  const shifted = digits << zeros;
  const power = load<u64>(POWERS + 184 + (<usize>(342 + exponent) << 4));
  const a0 = shifted & 0xffffffff;
  const a1 = shifted >> 32;
  const b0 = power & 0xffffffff;
  const b1 = power >> 32;
  const first = a0 * b0;
  const middle = a1 * b0 + (first >> 32);
  const other = a0 * b1 + (middle & 0xffffffff);
  const high = a1 * b1 + (middle >> 32) + (other >> 32);
  const low = (other << 32) | (first & 0xffffffff);
  if ((high & 0x1ff) == 0x1ff || low + 1 <= 2) return UNSURE;
  const upper = high >> 63;
  const bits = high >> (upper + 9);
  const binary = <u64>(((217706 * exponent) >> 16) + 63 + 1022) + upper - zeros;
  // A mantissa that rounds up to the next power of two carries into the exponent.
  return (binary << 52) + ((bits + (bits & 1)) >> 1);
}

function subnormal(bits: u64, binary: i32): f64 {
  if (1 - binary >= 64) return 0;
  let mantissa = bits >> (1 - binary);
  mantissa = (mantissa + (mantissa & 1)) >> 1;
  return reinterpret<f64>(mantissa);
}
