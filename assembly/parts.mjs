// The parts of the kernel that do not depend on the tile shape, as AssemblyScript.

/** Reads queries first … first + 7 of the head into `[size][8]`, times `factor`; missing rows and sizes are 0. */
const packQuery = `
/** Four rows, a whole number of fours long. */
function packRows(from: usize, to: usize, size: i32, factor: v128): void {
  const row = <usize>(size * 4);
  for (let c = 0; c < size; c += 4) {
    const a = f32x4.mul(factor, v128.load(from)), b = f32x4.mul(factor, v128.load(from + row));
    const d = f32x4.mul(factor, v128.load(from + 2 * row)), e = f32x4.mul(factor, v128.load(from + 3 * row));
    const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5), de = v128.shuffle<f32>(d, e, 0, 4, 1, 5);
    const AB = v128.shuffle<f32>(a, b, 2, 6, 3, 7), DE = v128.shuffle<f32>(d, e, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<f32>(ab, de, 0, 1, 4, 5));
    v128.store(to, v128.shuffle<f32>(ab, de, 2, 3, 6, 7), 32);
    v128.store(to, v128.shuffle<f32>(AB, DE, 0, 1, 4, 5), 64);
    v128.store(to, v128.shuffle<f32>(AB, DE, 2, 3, 6, 7), 96);
    from += 16;
    to += 128;
  }
}
export function packQuery(context: usize, group: i32, first: i32): void {
  const size = at(context, F_size), padded = at(context, F_paddedSize), count = at(context, F_queryCount);
  const to = pointer(context, F_packedQuery) + <usize>(group * padded * 32);
  const factor = number(context, F_factor);
  if (first + 8 <= count && padded == size) {
    packRows(pointer(context, F_query) + <usize>(first * size * 4), to, size, f32x4.splat(factor));
    packRows(pointer(context, F_query) + <usize>((first + 4) * size * 4), to + 16, size, f32x4.splat(factor));
    return;
  }
  memory.fill(to, 0, <usize>(padded * 32));
  for (let lane = 0; lane < 8 && first + lane < count; lane++) {
    const from = pointer(context, F_query) + <usize>((first + lane) * size * 4);
    for (let c = 0; c < size; c++) store<f32>(to + <usize>(c * 32 + lane * 4), load<f32>(from + <usize>(c * 4)) * factor);
  }
}`;

/** Packs whole blocks of rows that lie one after the other at \`source\`: keys as [block][size][KEYS], values as [block][key][KEYS]. */
const packing = `
export function packKeys(source: usize, to: usize, size: i32, padded: i32, from: i32, end: i32): void {
  const row = <usize>(size * 4);
  for (let key = from; key < end; key += KEYS) {
    let target = to + <usize>(key * padded * 4);
    const count = min(KEYS, end - key);
    if (count == KEYS) packBlock(source, target, size, row);
    else for (let lane = 0; lane < count; lane++) packRow(source + <usize>lane * row, target + <usize>(lane * 4), size);
    source += row * KEYS;
  }
}
function packRow(source: usize, to: usize, size: i32): void {
  for (let c = 0; c < size; c++) store<f32>(to + <usize>(c * KEYS * 4), load<f32>(source + <usize>(c * 4)));
}
function packBlock(source: usize, to: usize, size: i32, row: usize): void {
  let c = 0;
  for (; c + 4 <= size; c += 4) {
    for (let lane = 0; lane < KEYS; lane += 2) {
      const a = v128.load(source + <usize>lane * row), b = v128.load(source + <usize>(lane + 1) * row);
      const low = v128.shuffle<f32>(a, b, 0, 4, 1, 5), high = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
      const target = to + <usize>(lane * 4);
      v128.store64_lane(target, low, 0);
      v128.store64_lane(target + KEYS * 4, low, 1);
      v128.store64_lane(target + KEYS * 8, high, 0);
      v128.store64_lane(target + KEYS * 12, high, 1);
    }
    source += 16;
    to += KEYS * 16;
  }
  for (; c < size; c++) {
    for (let lane = 0; lane < KEYS; lane++) store<f32>(to + <usize>(lane * 4), load<f32>(source + <usize>lane * row));
    source += 4;
    to += KEYS * 4;
  }
}
export function packValues(source: usize, to: usize, size: i32, paddedKeys: i32, from: i32, end: i32): void {
  const stride = <usize>(paddedKeys * KEYS * 4);
  for (let key = from; key < end; key++) {
    let target = to + <usize>(key * KEYS * 4);
    let c = 0;
    for (; c + KEYS <= size; c += KEYS) {
      v128.store(target, v128.load(source));
      if (KEYS == 6) store<u64>(target + 16, load<u64>(source + 16));
      source += KEYS * 4;
      target += stride;
    }
    for (; c < size; c++) {
      store<f32>(target, load<f32>(source));
      source += 4;
      target += 4;
    }
  }
}`;

/** The largest |x| of \`count\` numbers. NaN is passed over, or where that is \`strict\` makes it ∞. */
const looks = `
export function largest(from: usize, count: i32, strict: i32): f32 {
  // Two chains of each: one alone would wait for itself.
  let most0 = f32x4.splat(0), most1 = most0, check0 = most0, check1 = most0;
  const zero = f32x4.splat(0);
  let i = 0;
  for (; i + 8 <= count; i += 8) {
    const x = v128.load(from), y = v128.load(from, 16);
    most0 = f32x4.pmax(most0, f32x4.abs(x));
    most1 = f32x4.pmax(most1, f32x4.abs(y));
    check0 = f32x4.add(check0, f32x4.mul(x, zero));
    check1 = f32x4.add(check1, f32x4.mul(y, zero));
    from += 32;
  }
  const most = f32x4.pmax(most0, most1), check = f32x4.add(check0, check1);
  let found = max(max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)), max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)));
  let rest = (f32x4.extract_lane(check, 0) + f32x4.extract_lane(check, 1)) + (f32x4.extract_lane(check, 2) + f32x4.extract_lane(check, 3));
  for (; i < count; i++) {
    const x = abs(load<f32>(from));
    if (x > found) found = x;
    rest += x * 0;
    from += 4;
  }
  return strict && rest != 0 ? Infinity : found;
}`;

/** Starts \`groups\` of eight rows from \`first\` on: no keys seen yet. state is [group][maximum 8, sum 8, entropy sum 8]. */
const start = `
export function start(context: usize, groups: i32, first: i32, maximum: f32, sum: f32): void {
  for (let group = 0; group < groups; group++) startGroup(context, group, first + group * 8, maximum, sum);
}
function startGroup(context: usize, group: i32, first: i32, maximum: f32, sum: f32): void {
  packQuery(context, group, first);
  const blocks = at(context, F_valueBlocks);
  memory.fill(pointer(context, F_sums) + <usize>(group * blocks * KEYS * 32), 0, <usize>(blocks * KEYS * 32));
  const state = pointer(context, F_state) + <usize>(group * 96);
  v128.store(state, f32x4.splat(maximum), 0); v128.store(state, f32x4.splat(maximum), 16);
  v128.store(state, f32x4.splat(sum), 32); v128.store(state, f32x4.splat(sum), 48);
  v128.store(state, f32x4.splat(0), 64); v128.store(state, f32x4.splat(0), 80);
}
/** The blocks of the map that a group's keys reach: the same whole blocks of keys that \`attend\` computes. */
function firstBlock(context: usize, group: i32): i32 {
  const low = least(pointer(context, F_low) + <usize>(group * 32));
  return min(at(context, F_poolBlocks), (low - low % KEYS) / at(context, F_poolColumns));
}
function endBlock(context: usize, group: i32): i32 {
  const high = most(pointer(context, F_high) + <usize>(group * 32)), width = at(context, F_poolColumns);
  return (min(at(context, F_keyCount), high + (KEYS - high % KEYS) % KEYS) + width - 1) / width;
}`;

/** The scores of a group's queries and keys from … to, in their units: 0 dot products, 1 additive, 2 logarithms of dot products. */
const scored = `
function scored(context: usize, group: i32, tile: usize, from: i32, to: i32): void {
  const padded = at(context, F_paddedSize), kind = at(context, F_scoreKind), keys = pointer(context, F_keys);
  const query = pointer(context, F_packedQuery) + <usize>(group * padded * 32);
  if (kind == 1) {
    additiveScores(query, keys, tile, pointer(context, F_vector), padded, from, to);
    shift(context, tile, to - from);
    return;
  }
  scores(query, keys, tile, padded, from, to);
  if (kind == 2) logarithm(context, tile, to - from);
}
function shift(context: usize, tile: usize, count: i32): void {
  const constant = f32x4.splat(number(context, F_scoreConstant)), factor = f32x4.splat(number(context, F_scoreFactor));
  const end = tile + <usize>(count * 32);
  for (; tile < end; tile += 16) v128.store(tile, f32x4.mul(factor, f32x4.add(constant, v128.load(tile))));
}
/** log₂ of positive numbers: exponent, and log₂ of a mantissa m of √½ … √2 by the series of artanh((m − 1) / (m + 1)); 0 gives −∞, less gives NaN. */
function logarithm(context: usize, tile: usize, count: i32): void {
  const factor = f32x4.splat(number(context, F_scoreFactor)), one = f32x4.splat(1), zero = f32x4.splat(0);
  const root = i32x4.splat(0x3f800000 - 0x3f3504f3), none = minusInfinity(), wrong = f32x4.splat(NaN);
  const c1 = f32x4.splat(2.8853900817779268), c3 = f32x4.splat(0.9617966939259756), c5 = f32x4.splat(0.5770780163555854);
  const c7 = f32x4.splat(0.4121985831111324), c9 = f32x4.splat(0.3205988979753252);
  const end = tile + <usize>(count * 32);
  for (; tile < end; tile += 16) {
    const x = v128.load(tile);
    const e = i32x4.sub(i32x4.shr_s(i32x4.add(x, root), 23), i32x4.splat(127));
    const m = i32x4.sub(x, i32x4.shl(e, 23));
    const t = f32x4.div(f32x4.sub(m, one), f32x4.add(m, one)), u = f32x4.mul(t, t);
    let p = multiplyAdd(c9, u, c7);
    p = multiplyAdd(p, u, c5);
    p = multiplyAdd(p, u, c3);
    p = multiplyAdd(p, u, c1);
    p = f32x4.mul(factor, multiplyAdd(p, t, f32x4.convert_i32x4_s(e)));
    v128.store(tile, v128.bitselect(p, v128.bitselect(none, wrong, f32x4.eq(x, zero)), f32x4.gt(x, zero)));
  }
}`;

/** What comes between a scaled score and softmax, on the tile's keys from … to: softcap, position bias, mask, position rules. */
const rules = `
function softcap(context: usize, tile: usize, count: i32): void {
  const cap = f32x4.splat(number(context, F_cap)), factor = f32x4.splat(number(context, F_capFactor));
  const one = f32x4.splat(1), two = f32x4.splat(2), most = f32x4.splat(126), least = f32x4.splat(-126);
  const magic = constant(context, 6), c0 = constant(context, 0), c1 = constant(context, 1), c2 = constant(context, 2);
  const c3 = constant(context, 3), c4 = constant(context, 4), c5 = constant(context, 5);
  const end = tile + <usize>(count * 32);
  for (; tile < end; tile += 16) {
    const s = v128.load(tile);
    let x = f32x4.mul(s, factor);
    x = f32x4.pmin(f32x4.pmax(x, least), most);
    const e = power(x, magic, c0, c1, c2, c3, c4, c5);
    const large = f32x4.mul(cap, f32x4.sub(one, f32x4.div(two, f32x4.add(e, one))));
    // tanh(y) = y − y³/3 + 2y⁵/15 for |y| < 1/16, where 1 − 2/(e + 1) would lose digits.
    const y = f32x4.div(s, cap), square = f32x4.mul(y, y);
    const small = f32x4.mul(s, f32x4.add(one, f32x4.mul(square, f32x4.add(f32x4.splat(-0.33333334), f32x4.mul(square, f32x4.splat(0.13333334))))));
    v128.store(tile, v128.bitselect(small, large, f32x4.lt(f32x4.abs(y), f32x4.splat(0.0625))));
  }
}
function linearBias(context: usize, tile: usize, group: i32, from: i32, to: i32): void {
  const own = pointer(context, F_own) + <usize>(group * 32);
  const own0 = v128.load(own), own1 = v128.load(own, 16);
  const slope = f32x4.splat(-number(context, F_slope) * number(context, F_biasFactor));
  for (let key = from; key < to; key++) {
    const j = i32x4.splat(key);
    v128.store(tile, multiplyAdd(f32x4.convert_i32x4_s(i32x4.abs(i32x4.sub(j, own0))), slope, v128.load(tile)));
    v128.store(tile, multiplyAdd(f32x4.convert_i32x4_s(i32x4.abs(i32x4.sub(j, own1))), slope, v128.load(tile, 16)), 16);
    tile += 32;
  }
}
function tableBias(context: usize, tile: usize, group: i32, from: i32, to: i32): void {
  const table = pointer(context, F_table), last = at(context, F_tableWidth) - 1, zero = at(context, F_tableZero);
  const factor = number(context, F_biasFactor);
  for (let lane = 0; lane < 8; lane++) {
    const shift = zero - load<i32>(pointer(context, F_own) + <usize>((group * 8 + lane) * 4));
    let cell = tile + <usize>(lane * 4);
    for (let key = from; key < to; key++) {
      const index = min(last, max(0, key + shift));
      store<f32>(cell, load<f32>(cell) + load<f32>(table + <usize>(index * 4)) * factor);
      cell += 32;
    }
  }
}
/** Where the mask's row of a lane starts; rows beyond the last repeat it. */
@inline function maskRow(context: usize, row: i32, bytes: i32): usize {
  return pointer(context, F_mask) + <usize>(min(row, at(context, F_queryCount) - 1) * at(context, F_maskRowStride) * bytes);
}
function mask(context: usize, tile: usize, first: i32, from: i32, to: i32): void {
  const end = min(to, at(context, F_keyCount)), column = at(context, F_maskColumnStride);
  const additive = at(context, F_maskKind) == 2;
  for (let half = 0; half < 8; half += 4) {
    const cells = tile + <usize>(half * 4);
    let key = from;
    if (column == 1) key = additive ? addMask(context, cells, first + half, from, end) : allowMask(context, cells, first + half, from, end);
    for (; key < end; key++) {
      for (let lane = 0; lane < 4; lane++) maskCell(context, cells + <usize>((key - from) * 32 + lane * 4), first + half + lane, key * column, additive);
    }
  }
}
function maskCell(context: usize, cell: usize, row: i32, column: i32, additive: bool): void {
  if (additive) {
    const term = load<f32>(maskRow(context, row, 4) + <usize>(column * 4));
    store<f32>(cell, term == -Infinity ? term : load<f32>(cell) + term * number(context, F_biasFactor));
  } else if (load<u8>(maskRow(context, row, 1) + <usize>column) == 0) store<f32>(cell, -Infinity);
}
/** Four lanes from \`row\` on, four keys at a time, as far as that goes: answers the key that it came to. */
function addMask(context: usize, cells: usize, row: i32, from: i32, end: i32): i32 {
  const factor = f32x4.splat(number(context, F_biasFactor)), none = minusInfinity();
  let a = maskRow(context, row, 4), b = maskRow(context, row + 1, 4), c = maskRow(context, row + 2, 4), d = maskRow(context, row + 3, 4);
  let key = from;
  a += <usize>(key * 4); b += <usize>(key * 4); c += <usize>(key * 4); d += <usize>(key * 4);
  for (; key + 4 <= end; key += 4) {
    const x = v128.load(a), y = v128.load(b), z = v128.load(c), w = v128.load(d);
    const xy = v128.shuffle<f32>(x, y, 0, 4, 1, 5), zw = v128.shuffle<f32>(z, w, 0, 4, 1, 5);
    const XY = v128.shuffle<f32>(x, y, 2, 6, 3, 7), ZW = v128.shuffle<f32>(z, w, 2, 6, 3, 7);
    addTerm(cells, v128.shuffle<f32>(xy, zw, 0, 1, 4, 5), factor, none);
    addTerm(cells + 32, v128.shuffle<f32>(xy, zw, 2, 3, 6, 7), factor, none);
    addTerm(cells + 64, v128.shuffle<f32>(XY, ZW, 0, 1, 4, 5), factor, none);
    addTerm(cells + 96, v128.shuffle<f32>(XY, ZW, 2, 3, 6, 7), factor, none);
    a += 16; b += 16; c += 16; d += 16; cells += 128;
  }
  return key;
}
@inline function addTerm(cell: usize, term: v128, factor: v128, none: v128): void {
  v128.store(cell, v128.bitselect(none, multiplyAdd(term, factor, v128.load(cell)), f32x4.eq(term, none)));
}
function allowMask(context: usize, cells: usize, row: i32, from: i32, end: i32): i32 {
  const none = minusInfinity(), zero = i8x16.splat(0);
  let a = maskRow(context, row, 1), b = maskRow(context, row + 1, 1), c = maskRow(context, row + 2, 1), d = maskRow(context, row + 3, 1);
  let key = from;
  a += <usize>key; b += <usize>key; c += <usize>key; d += <usize>key;
  for (; key + 4 <= end; key += 4) {
    let all = v128.load32_zero(a);
    all = v128.load32_lane(b, all, 1);
    all = v128.load32_lane(c, all, 2);
    all = v128.load32_lane(d, all, 3);
    const forbidden = i8x16.eq(v128.shuffle<i8>(all, all, 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15), zero);
    const low = i16x8.extend_low_i8x16_s(forbidden), high = i16x8.extend_high_i8x16_s(forbidden);
    forbid(cells, i32x4.extend_low_i16x8_s(low), none);
    forbid(cells + 32, i32x4.extend_high_i16x8_s(low), none);
    forbid(cells + 64, i32x4.extend_low_i16x8_s(high), none);
    forbid(cells + 96, i32x4.extend_high_i16x8_s(high), none);
    a += 4; b += 4; c += 4; d += 4; cells += 128;
  }
  return key;
}
@inline function forbid(cell: usize, where: v128, none: v128): void {
  v128.store(cell, v128.bitselect(none, v128.load(cell), where));
}
function positions(context: usize, tile: usize, group: i32, from: i32, to: i32): void {
  const low = pointer(context, F_low) + <usize>(group * 32), high = pointer(context, F_high) + <usize>(group * 32);
  const low0 = v128.load(low), low1 = v128.load(low, 16), high0 = v128.load(high), high1 = v128.load(high, 16);
  const none = minusInfinity();
  for (let key = from; key < to; key++) {
    const j = i32x4.splat(key);
    v128.store(tile, v128.bitselect(v128.load(tile), none, v128.and(i32x4.ge_s(j, low0), i32x4.lt_s(j, high0))));
    v128.store(tile, v128.bitselect(v128.load(tile, 16), none, v128.and(i32x4.ge_s(j, low1), i32x4.lt_s(j, high1))), 16);
    tile += 32;
  }
}
/** What a sparse pattern leaves out becomes −∞: all but global keys, and of near ones every so-many-th from the query's own. */
function sparse(context: usize, tile: usize, group: i32, from: i32, to: i32): void {
  const near = pointer(context, F_near) + <usize>(group * 32), own = pointer(context, F_own) + <usize>(group * 32);
  const globals = pointer(context, F_globalKeys), step = at(context, F_dilation);
  const none = minusInfinity(), zero = i32x4.splat(0), one = i32x4.splat(1), steps = i32x4.splat(step);
  for (let half: usize = 0; half < 32; half += 16) {
    const low = v128.load(near + half), high = v128.load(near + half, 128), all = i32x4.lt_s(low, zero);
    // How far a key is beyond the last near one, counted up instead of divided.
    let past = zero;
    past = i32x4.replace_lane(past, 0, beyond(from - load<i32>(own + half), step));
    past = i32x4.replace_lane(past, 1, beyond(from - load<i32>(own + half, 4), step));
    past = i32x4.replace_lane(past, 2, beyond(from - load<i32>(own + half, 8), step));
    past = i32x4.replace_lane(past, 3, beyond(from - load<i32>(own + half, 12), step));
    let cell = tile + half;
    for (let key = from; key < to; key++) {
      if (load<u8>(globals + <usize>key) == 0) {
        const j = i32x4.splat(key);
        const isNear = v128.and(v128.and(i32x4.ge_s(j, low), i32x4.lt_s(j, high)), i32x4.eq(past, zero));
        v128.store(cell, v128.bitselect(v128.load(cell), none, v128.or(all, isNear)));
      }
      past = i32x4.add(past, one);
      past = v128.andnot(past, i32x4.eq(past, steps));
      cell += 32;
    }
  }
}
@inline function beyond(distance: i32, step: i32): i32 {
  const rest = distance % step;
  return rest < 0 ? rest + step : rest;
}
/** True if a sparse pattern leaves none of these keys to any of a group's rows. */
function isLeftOut(context: usize, group: i32, from: i32, to: i32): bool {
  const globals = pointer(context, F_globalKeys), near = pointer(context, F_near) + <usize>(group * 32);
  if (globals == 0) return false;
  for (let lane: usize = 0; lane < 32; lane += 4) {
    const low = load<i32>(near + lane);
    if (low < 0 || (low < to && load<i32>(near + lane, 128) > from)) return false;
  }
  for (let key = from; key < to; key++) if (load<u8>(globals + <usize>key) != 0) return false;
  return true;
}
function applyRules(context: usize, tile: usize, group: i32, first: i32, from: i32, to: i32, partial: bool): void {
  if (number(context, F_cap) > 0) softcap(context, tile, to - from);
  if (number(context, F_slope) != 0) linearBias(context, tile, group, from, to);
  if (at(context, F_table) != 0) tableBias(context, tile, group, from, to);
  if (at(context, F_maskKind) != 0) mask(context, tile, first, from, to);
  if (at(context, F_globalKeys) != 0) sparse(context, tile, group, from, to);
  if (!partial) return;
  const low = min(to, max(from, most(pointer(context, F_low) + <usize>(group * 32))));
  const high = min(to, max(low, least(pointer(context, F_high) + <usize>(group * 32))));
  positions(context, tile, group, from, low);
  positions(context, tile + <usize>((high - from) * 32), group, high, to);
}
@inline function least(list: usize): i32 {
  let found = load<i32>(list);
  for (let lane = 1; lane < 8; lane++) found = min(found, load<i32>(list + <usize>(lane * 4)));
  return found;
}
@inline function most(list: usize): i32 {
  let found = load<i32>(list);
  for (let lane = 1; lane < 8; lane++) found = max(found, load<i32>(list + <usize>(lane * 4)));
  return found;
}`;

/** One step of the online softmax over the tile: scores become exponentials, state and alpha are brought up to date. */
const softmax = `
function softmax(context: usize, tile: usize, state: usize, count: i32, alpha: usize): void {
  const end = tile + <usize>(count * 32);
  let m0 = minusInfinity(), m1 = minusInfinity();
  for (let p = tile; p < end; p += 64) {
    m0 = f32x4.pmax(f32x4.pmax(m0, v128.load(p)), v128.load(p, 32));
    m1 = f32x4.pmax(f32x4.pmax(m1, v128.load(p, 16)), v128.load(p, 48));
  }
  const magic = constant(context, 6), c0 = constant(context, 0), c1 = constant(context, 1), c2 = constant(context, 2);
  const c3 = constant(context, 3), c4 = constant(context, 4), c5 = constant(context, 5), lowest = constant(context, 7);
  const old0 = v128.load(state), old1 = v128.load(state, 16);
  m0 = f32x4.pmax(old0, m0);
  m1 = f32x4.pmax(old1, m1);
  const d0 = f32x4.pmax(f32x4.sub(old0, m0), lowest), d1 = f32x4.pmax(f32x4.sub(old1, m1), lowest);
  const a0 = v128.bitselect(power(d0, magic, c0, c1, c2, c3, c4, c5), f32x4.splat(1), f32x4.ne(d0, f32x4.splat(0)));
  const a1 = v128.bitselect(power(d1, magic, c0, c1, c2, c3, c4, c5), f32x4.splat(1), f32x4.ne(d1, f32x4.splat(0)));
  v128.store(alpha, a0); v128.store(alpha, a1, 16);
  const sum0 = v128.load(state, 32), sum1 = v128.load(state, 48);
  let e0 = f32x4.mul(a0, multiplyAdd(sum0, d0, v128.load(state, 64)));
  let e1 = f32x4.mul(a1, multiplyAdd(sum1, d1, v128.load(state, 80)));
  let l0 = f32x4.mul(sum0, a0), l1 = f32x4.mul(sum1, a1);
  // One half after the other: both at once would need more registers than there are.
  for (let p = tile; p < end; p += 32) {
    const x = f32x4.pmax(f32x4.sub(v128.load(p), m0), lowest);
    const e = power(x, magic, c0, c1, c2, c3, c4, c5);
    v128.store(p, e);
    l0 = f32x4.add(l0, e);
    e0 = multiplyAdd(e, x, e0);
  }
  for (let p = tile; p < end; p += 32) {
    const x = f32x4.pmax(f32x4.sub(v128.load(p, 16), m1), lowest);
    const e = power(x, magic, c0, c1, c2, c3, c4, c5);
    v128.store(p, e, 16);
    l1 = f32x4.add(l1, e);
    e1 = multiplyAdd(e, x, e1);
  }
  v128.store(state, m0); v128.store(state, m1, 16);
  v128.store(state, l0, 32); v128.store(state, l1, 48);
  v128.store(state, e0, 64); v128.store(state, e1, 80);
}`;

/**
 * Pools exponentials of the tile's keys into blocks of \`poolColumns\`, each of which lies in one tile; relative to the
 * maximum known now, which is kept.
 */
const pool = `
function pool(context: usize, tile: usize, state: usize, group: i32, from: i32, to: i32): void {
  const width = at(context, F_poolColumns), blocks = at(context, F_poolBlocks);
  const maxima = pointer(context, F_poolMaximum) + <usize>(group * blocks * 32);
  const sums = pointer(context, F_poolSum) + <usize>(group * blocks * 32);
  const end = min(to, at(context, F_keyCount));
  let block = from / width, key = from;
  while (key < end) {
    const stop = min(end, (block + 1) * width);
    const maximum = maxima + <usize>(block * 32), sum = sums + <usize>(block * 32);
    let a0 = v128.load(tile), a1 = v128.load(tile, 16), b0 = a0, b1 = a1;
    tile += 32;
    for (key++; key < stop; key++) {
      const p0 = v128.load(tile), p1 = v128.load(tile, 16);
      a0 = f32x4.pmax(p0, a0); a1 = f32x4.pmax(p1, a1);
      b0 = f32x4.add(b0, p0); b1 = f32x4.add(b1, p1);
      tile += 32;
    }
    v128.store(maximum, a0); v128.store(maximum, a1, 16);
    v128.store(sum, b0); v128.store(sum, b1, 16);
    block++;
  }
  keep(context, state, group, from);
}
/** The state that a tile's blocks were pooled in. */
function keep(context: usize, state: usize, group: i32, from: i32): void {
  const kept = pointer(context, F_poolState) + <usize>((group * ((at(context, F_keyCount) + TILE - 1) / TILE) + from / TILE) * 32);
  v128.store(kept, v128.load(state)); v128.store(kept, v128.load(state, 16), 16);
}
/** A tile without any weight. */
function poolNothing(context: usize, state: usize, group: i32, from: i32, to: i32): void {
  const width = at(context, F_poolColumns), blocks = at(context, F_poolBlocks);
  const start = <usize>((group * blocks + from / width) * 32);
  const bytes = <usize>(((min(to, at(context, F_keyCount)) + width - 1) / width - from / width) * 32);
  memory.fill(pointer(context, F_poolMaximum) + start, 0, bytes);
  memory.fill(pointer(context, F_poolSum) + start, 0, bytes);
  keep(context, state, group, from);
}`;

/** Rows first … first + 8·groups − 1 over keys from … to, tile by tile. */
const attend = `
export function attend(context: usize, groups: i32, first: i32, from: i32, to: i32): void {
  const blocks = at(context, F_valueBlocks), paddedKeys = at(context, F_paddedKeys), tile = pointer(context, F_tile);
  const alpha = context + 448;
  for (let start = from - from % TILE; start < to; start += TILE) {
    const end = min(to, start + TILE);
    for (let group = 0; group < groups; group++) {
      const low = pointer(context, F_low) + <usize>(group * 32), high = pointer(context, F_high) + <usize>(group * 32);
      let a = max(max(start, from), least(low)), b = min(end, most(high));
      if (a >= b) continue;
      a -= a % KEYS;
      b += (KEYS - b % KEYS) % KEYS;
      const partial = a < most(low) || b > least(high);
      const state = pointer(context, F_state) + <usize>(group * 96);
      if (isLeftOut(context, group, a, b)) {
        if (at(context, F_poolColumns) > 0) poolNothing(context, state, group, a, b);
        continue;
      }
      scored(context, group, tile, a, b);
      applyRules(context, tile, group, first + group * 8, a, b, partial);
      softmax(context, tile, state, b - a, alpha);
      if (at(context, F_poolColumns) > 0) pool(context, tile, state, group, a, b);
      const sums = pointer(context, F_sums) + <usize>(group * blocks * KEYS * 32);
      values(tile, pointer(context, F_values) + <usize>(a * KEYS * 4), <usize>(paddedKeys * KEYS * 4), sums, at(context, F_valueSize), b - a, v128.load(alpha), v128.load(alpha, 16));
    }
  }
}`;

/** Ends \`groups\` of eight rows from \`first\` on: output rows, statistics (maximum, sum, entropy sum), and their part of the map. */
const finish = `
export function finish(context: usize, groups: i32, first: i32): void {
  for (let group = 0; group < groups; group++) finishGroup(context, group, first + group * 8);
}
function finishGroup(context: usize, group: i32, first: i32): void {
  const blocks = at(context, F_valueBlocks), valueSize = at(context, F_valueSize);
  const rows = min(8, at(context, F_queryCount) - first);
  const state = pointer(context, F_state) + <usize>(group * 96);
  const zero = f32x4.splat(0), one = f32x4.splat(1);
  const l0 = v128.load(state, 32), l1 = v128.load(state, 48);
  const i0 = v128.bitselect(f32x4.div(one, l0), zero, f32x4.ne(l0, zero));
  const i1 = v128.bitselect(f32x4.div(one, l1), zero, f32x4.ne(l1, zero));
  const sums = pointer(context, F_sums) + <usize>(group * blocks * KEYS * 32);
  for (let c = 0; c < valueSize; c++) {
    const sum = sums + <usize>(c * 32);
    v128.store(sum, f32x4.mul(v128.load(sum), i0));
    v128.store(sum, f32x4.mul(v128.load(sum, 16), i1), 16);
  }
  transpose(sums, pointer(context, F_output) + <usize>(first * valueSize * 4), valueSize, valueSize, rows);
  for (let lane = 0; lane < rows; lane++) {
    const statistics = pointer(context, F_statistics) + <usize>((first + lane) * 12);
    store<f32>(statistics, load<f32>(state + <usize>(lane * 4)));
    store<f32>(statistics + 4, load<f32>(state + <usize>(32 + lane * 4)));
    store<f32>(statistics + 8, load<f32>(state + <usize>(64 + lane * 4)));
  }
  if (at(context, F_poolColumns) > 0) finishPool(context, group, first, rows, state, i0, i1);
}
function finishPool(context: usize, group: i32, first: i32, rows: i32, state: usize, i0: v128, i1: v128): void {
  const width = at(context, F_poolColumns), blocks = at(context, F_poolBlocks), poolRows = at(context, F_poolRows);
  const maxima = pointer(context, F_poolMaximum) + <usize>(group * blocks * 32);
  const sums = pointer(context, F_poolSum) + <usize>(group * blocks * 32);
  const tiles = (at(context, F_keyCount) + TILE - 1) / TILE;
  const from = firstBlock(context, group), end = max(from, endBlock(context, group));
  // Lanes beyond the last row computed something; it must not reach the map.
  for (let lane = rows; lane < 8; lane++) {
    for (let block = from; block < end; block++) {
      store<f32>(maxima + <usize>(block * 32 + lane * 4), 0);
      store<f32>(sums + <usize>(block * 32 + lane * 4), 0);
    }
  }
  const magic = constant(context, 6), c0 = constant(context, 0), c1 = constant(context, 1), c2 = constant(context, 2);
  const c3 = constant(context, 3), c4 = constant(context, 4), c5 = constant(context, 5), lowest = constant(context, 7);
  const m0 = v128.load(state), m1 = v128.load(state, 16), one = f32x4.splat(1);
  const perTile = TILE / width;
  const row = <usize>((first / poolRows) * blocks * 4);
  const mapMaximum = pointer(context, F_mapMaximum) + row, mapSum = pointer(context, F_mapSum) + row;
  // The first group of a line writes all of it, whatever lay there.
  const fresh = first % poolRows == 0;
  if (fresh) {
    clear(mapMaximum, from, end, blocks);
    clear(mapSum, from, end, blocks);
  }
  for (let block = from; block < end; ) {
    const t = block / perTile, count = min(end, (t + 1) * perTile) - block;
    const kept = pointer(context, F_poolState) + <usize>((group * tiles + t) * 32);
    const d0 = f32x4.pmin(f32x4.pmax(f32x4.sub(v128.load(kept), m0), lowest), f32x4.splat(0));
    const d1 = f32x4.pmin(f32x4.pmax(f32x4.sub(v128.load(kept, 16), m1), lowest), f32x4.splat(0));
    const f0 = f32x4.mul(i0, v128.bitselect(power(d0, magic, c0, c1, c2, c3, c4, c5), one, f32x4.ne(d0, f32x4.splat(0))));
    const f1 = f32x4.mul(i1, v128.bitselect(power(d1, magic, c0, c1, c2, c3, c4, c5), one, f32x4.ne(d1, f32x4.splat(0))));
    poolLanes(maxima + <usize>(block * 32), mapMaximum + <usize>(block * 4), count, f0, f1, true, fresh);
    poolLanes(sums + <usize>(block * 32), mapSum + <usize>(block * 4), count, f0, f1, false, fresh);
    block += count;
  }
}
/** Zeroes a line of the map but for blocks from … end. */
function clear(line: usize, from: i32, end: i32, blocks: i32): void {
  memory.fill(line, 0, <usize>(from * 4));
  memory.fill(line + <usize>(end * 4), 0, <usize>((blocks - end) * 4));
}
/** \`[column][8 rows]\` to \`rows\` rows, \`stride\` elements apart. */
function transpose(from: usize, to: usize, columns: i32, stride: i32, rows: i32): void {
  let column = 0;
  if (rows == 8) {
    const s = <usize>(stride * 4);
    for (; column + 4 <= columns; column += 4) {
      const target = to + <usize>(column * 4);
      for (let half: usize = 0; half < 2; half++) {
        const source = from + half * 16, into = target + half * 4 * s;
        const a = v128.load(source), b = v128.load(source, 32), c = v128.load(source, 64), d = v128.load(source, 96);
        const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5), cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
        const AB = v128.shuffle<f32>(a, b, 2, 6, 3, 7), CD = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
        v128.store(into, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5));
        v128.store(into + s, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
        v128.store(into + 2 * s, v128.shuffle<f32>(AB, CD, 0, 1, 4, 5));
        v128.store(into + 3 * s, v128.shuffle<f32>(AB, CD, 2, 3, 6, 7));
      }
      from += 128;
    }
  }
  for (; column < columns; column++) {
    for (let row = 0; row < rows; row++) store<f32>(to + <usize>((row * stride + column) * 4), load<f32>(from + <usize>(row * 4)));
    from += 32;
  }
}
/** Joins each column's 8 rows, times a factor a row, into the map's line, which is \`fresh\` or holds earlier groups: the largest, or the sum. */
function poolLanes(from: usize, to: usize, columns: i32, f0: v128, f1: v128, largest: bool, fresh: bool): void {
  let column = 0;
  for (; column + 4 <= columns; column += 4) {
    const a = joined(from, f0, f1, largest), b = joined(from + 32, f0, f1, largest);
    const c = joined(from + 64, f0, f1, largest), d = joined(from + 96, f0, f1, largest);
    const ab = join(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7), largest);
    const cd = join(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7), largest);
    const all = join(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7), largest);
    v128.store(to, fresh ? all : join(v128.load(to), all, largest));
    from += 128;
    to += 16;
  }
  for (; column < columns; column++) {
    const half = joined(from, f0, f1, largest);
    const quarter = join(half, v128.shuffle<f32>(half, half, 2, 3, 0, 1), largest);
    const all = join(quarter, v128.shuffle<f32>(quarter, quarter, 1, 0, 3, 2), largest);
    store<f32>(to, f32x4.extract_lane(fresh ? all : join(f32x4.splat(load<f32>(to)), all, largest), 0));
    from += 32;
    to += 4;
  }
}
@inline function joined(from: usize, f0: v128, f1: v128, largest: bool): v128 {
  return join(f32x4.mul(f0, v128.load(from)), f32x4.mul(f1, v128.load(from, 16)), largest);
}
@inline function join(a: v128, b: v128, largest: bool): v128 {
  return largest ? f32x4.max(a, b) : f32x4.add(a, b);
}`;

/**
 * Cells of rows first … first + 7 (one group) below \`last\`, keys from … to, pooled into a tile at \`tileOut\` whose block (0, 0) starts at
 * row \`origin\` and key \`from\`: the largest of each \`step\` × \`step\` cells (NaN wins), lines \`tileColumns\` apart. With a
 * step, what lies there already takes part. stage: 0 scores or scaled scores (what the factor says), 1 masked, 2 weights
 * (out of the rows' maximum and 1/sum in the state).
 */
const cells = `
export function cells(context: usize, first: i32, last: i32, from: i32, to: i32, stage: i32, step: i32, origin: i32): void {
  const tile = pointer(context, F_tile), stride = at(context, F_tileColumns);
  const rows = min(8, last - first), lines = pointer(context, F_lines);
  const low = pointer(context, F_low), high = pointer(context, F_high);
  let out = pointer(context, F_tileOut), held = 0;
  if (step == 1) out += <usize>((first - origin) * stride * 4);
  let best0 = minusInfinity(), best1 = minusInfinity();
  for (let a = from - from % KEYS; a < to; a += TILE) {
    let b = min(to, a + TILE);
    b += (KEYS - b % KEYS) % KEYS;
    scored(context, 0, tile, a, b);
    if (stage > 0) applyRules(context, tile, 0, first, a, b, a < most(low) || b > least(high));
    if (stage == 2) weights(context, tile, b - a);
    let cell = tile + <usize>(max(0, from - a) * 32);
    const start = cell, end = tile + <usize>((min(b, to) - a) * 32);
    if (step == 1) {
      const columns = <i32>((end - start) / 32);
      transpose(start, out, columns, stride, rows);
      out += <usize>(columns * 4);
      continue;
    }
    let pooled = cell;
    while (cell < end) {
      const stop = min(end, cell + <usize>((step - held) * 32));
      held += <i32>((stop - cell) / 32);
      for (; cell < stop; cell += 32) {
        best0 = f32x4.max(best0, v128.load(cell));
        best1 = f32x4.max(best1, v128.load(cell, 16));
      }
      if (held < step && a + TILE < to) break;
      v128.store(pooled, best0);
      v128.store(pooled, best1, 16);
      pooled += 32;
      best0 = minusInfinity();
      best1 = minusInfinity();
      held = 0;
    }
    const columns = <i32>((pooled - start) / 32);
    transpose(start, lines, columns, TILE, rows);
    for (let lane = 0; lane < rows; lane++)
      joinLine(lines + <usize>(lane * TILE * 4), out + <usize>(((first + lane - origin) / step) * stride * 4), columns);
    out += <usize>(columns * 4);
  }
}
/** The larger of each two numbers, NaN before all, into the second line. */
function joinLine(from: usize, to: usize, count: i32): void {
  const end = from + <usize>(count * 4);
  for (; from + 16 <= end; from += 16, to += 16) v128.store(to, f32x4.max(v128.load(to), v128.load(from)));
  for (; from < end; from += 4, to += 4) store<f32>(to, max(load<f32>(to), load<f32>(from)));
}
function weights(context: usize, tile: usize, count: i32): void {
  const state = pointer(context, F_state);
  const magic = constant(context, 6), c0 = constant(context, 0), c1 = constant(context, 1), c2 = constant(context, 2);
  const c3 = constant(context, 3), c4 = constant(context, 4), c5 = constant(context, 5), lowest = constant(context, 7);
  const m0 = v128.load(state), m1 = v128.load(state, 16), i0 = v128.load(state, 32), i1 = v128.load(state, 48);
  const none = minusInfinity(), zero = f32x4.splat(0);
  const end = tile + <usize>(count * 32);
  for (; tile < end; tile += 32) {
    const s0 = v128.load(tile), s1 = v128.load(tile, 16);
    const p0 = power(f32x4.pmax(f32x4.sub(s0, m0), lowest), magic, c0, c1, c2, c3, c4, c5);
    const p1 = power(f32x4.pmax(f32x4.sub(s1, m1), lowest), magic, c0, c1, c2, c3, c4, c5);
    v128.store(tile, v128.bitselect(zero, f32x4.mul(p0, i0), f32x4.eq(s0, none)));
    v128.store(tile, v128.bitselect(zero, f32x4.mul(p1, i1), f32x4.eq(s1, none)), 16);
  }
}`;

/** Least and largest finite cell of rows first … first + 7, keys from … to, in the stage that \`cells\` knows, into context + 480 and + 496. */
const extent = `
export function extent(context: usize, first: i32, from: i32, to: i32, stage: i32): void {
  const tile = pointer(context, F_tile);
  const rows = min(8, at(context, F_queryCount) - first);
  const low = pointer(context, F_low), high = pointer(context, F_high);
  const top = f32x4.splat(Infinity), bottom = minusInfinity();
  let least0 = v128.load(context + 480), most0 = v128.load(context + 496);
  for (let a = from - from % KEYS; a < to; a += TILE) {
    let b = min(to, a + TILE);
    b += (KEYS - b % KEYS) % KEYS;
    scored(context, 0, tile, a, b);
    if (stage > 0) applyRules(context, tile, 0, first, a, b, a < most(low) || b > least(high));
    if (stage == 2) weights(context, tile, b - a);
    const stop = tile + <usize>((min(b, to) - a) * 32);
    for (let p = tile + <usize>(max(0, from - a) * 32); p < stop; p += 32) {
      if (rows < 8) for (let lane = rows; lane < 8; lane++) store<f32>(p + <usize>(lane * 4), NaN);
      for (let half: usize = 0; half < 32; half += 16) {
        const x = v128.load(p + half), finite = f32x4.lt(f32x4.abs(x), top);
        least0 = f32x4.pmin(least0, v128.bitselect(x, top, finite));
        most0 = f32x4.pmax(most0, v128.bitselect(x, bottom, finite));
      }
    }
  }
  v128.store(context + 480, least0);
  v128.store(context + 496, most0);
}`;

/** A bare loop of the build's own multiply-add, 12 at a time: what the benchmark calls the peak. 96 operations a round. */
const peak = `
export function peak(rounds: i32): f32 {
  const x = f32x4.splat(0.999), y = f32x4.splat(0.001);
  let a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
  for (let round = 0; round < rounds; round++) {
    a = multiplyAdd(a, x, y); b = multiplyAdd(b, x, y); c = multiplyAdd(c, x, y); d = multiplyAdd(d, x, y);
    e = multiplyAdd(e, x, y); f = multiplyAdd(f, x, y); g = multiplyAdd(g, x, y); h = multiplyAdd(h, x, y);
    i = multiplyAdd(i, x, y); j = multiplyAdd(j, x, y); k = multiplyAdd(k, x, y); l = multiplyAdd(l, x, y);
  }
  const ab = f32x4.add(f32x4.add(a, b), f32x4.add(c, d)), ef = f32x4.add(f32x4.add(e, f), f32x4.add(g, h));
  return f32x4.extract_lane(f32x4.add(f32x4.add(ab, ef), f32x4.add(f32x4.add(i, j), f32x4.add(k, l))), 0);
}`;

export const parts = [
  packQuery,
  packing,
  looks,
  start,
  scored,
  rules,
  softmax,
  pool,
  attend,
  finish,
  cells,
  extent,
  peak,
];
