// What says cheaply that a text may hold names, postcodes, amounts or source code, in AssemblyScript. `scripts/dlp-kernel.ts` compiles
// this into src/detectors/people/cues-module.ts. All memory is laid out by the caller; positions are addresses in memory. There
// are readable bytes ahead of `from` and behind `to`, which are 0 where the text has none.

// Of each byte whether it is in [first, first + count).
// @ts-ignore: decorator
@inline
function within(some: v128, first: i8, count: i8): v128 {
  return i8x16.lt_u(i8x16.sub(some, i8x16.splat(first)), i8x16.splat(count));
}

// @ts-ignore: decorator
@inline
function equal(some: v128, byte: i8): v128 {
  return i8x16.eq(some, i8x16.splat(byte));
}

// The bits of a look at 16 bytes that are ahead of `to`.
// @ts-ignore: decorator
@inline
function bits(some: v128, at: usize, to: usize): u32 {
  const mask: u32 = i8x16.bitmask(some);
  return to - at < 16 ? mask & ((1 << <u32>(to - at)) - 1) : mask;
}

// How many of { } ; = _ < > $ ( ) [ ] there are.
export function codeMarks(from: usize, to: usize): u32 {
  // Bit by the upper half of a byte, for each lower half.
  const low = i8x16(0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 14, 2, 14, 2, 4);
  const high = i8x16(0, 0, 1, 2, 0, 4, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0);
  let count: u32 = 0;
  for (let at = from; at < to; at += 16) {
    const some = v128.load(at);
    const marks = v128.and(
      i8x16.swizzle(low, v128.and(some, i8x16.splat(15))),
      i8x16.swizzle(high, i8x16.shr_u(some, 4)),
    );
    count += popcnt(bits(i8x16.ne(marks, i8x16.splat(0)), at, to));
  }
  return count;
}

export function hasCapital(from: usize, to: usize): bool {
  for (let at = from; at < to; at += 16) if (bits(within(v128.load(at), 65, 26), at, to)) return true;
  return false;
}

// How often a comma or point stands behind a digit and ahead of two.
export function amounts(from: usize, to: usize): u32 {
  let count: u32 = 0;
  for (let at = from; at < to; at += 16) {
    const some = v128.load(at);
    const parts = v128.or(equal(some, 44), equal(some, 46));
    if (!v128.any_true(parts)) continue;
    const ahead = v128.and(within(v128.load(at + 1), 48, 10), within(v128.load(at + 2), 48, 10));
    count += popcnt(bits(v128.and(v128.and(parts, within(v128.load(at - 1), 48, 10)), ahead), at, to));
  }
  return count;
}

// Writes the address of each space behind a digit or capital and ahead of a digit and a capital: the middle of a postcode.
export function postcodes(from: usize, to: usize, out: usize): u32 {
  const begin = out;
  for (let at = from; at < to; at += 16) {
    const spaces = v128.and(equal(v128.load(at), 32), within(v128.load(at + 1), 48, 10));
    if (!v128.any_true(spaces)) continue;
    const before = v128.load(at - 1);
    const known = v128.and(
      v128.or(within(before, 48, 10), within(before, 65, 26)),
      within(v128.load(at + 2), 65, 26),
    );
    for (let mask = bits(v128.and(spaces, known), at, to); mask; mask &= mask - 1) {
      store<u32>(out, <u32>at + ctz(mask));
      out += 4;
    }
  }
  return <u32>((out - begin) >> 2);
}

// @ts-ignore: decorator
@inline
function isLetter(byte: u32): bool {
  return (byte | 32) - 97 < 26;
}

// Bytes of the letter at `at` outside of ASCII; 0: none.
function longLetter(at: usize): u32 {
  const byte: u32 = load<u8>(at);
  if (byte - 0xc3 < 29) return (load<u8>(at, 1) & 0xc0) == 0x80 ? 2 : 0;
  if ((byte - 0xe0 < 14) && byte != 0xe2)
    return (load<u8>(at, 1) & 0xc0) == 0x80 && (load<u8>(at, 2) & 0xc0) == 0x80 ? 3 : 0;
  return 0;
}

function isLetterAt(at: usize): bool {
  return isLetter(load<u8>(at)) || longLetter(at) != 0;
}

// Whether what stands ahead of `at` belongs to the same word, identifier, address or path.
function isBehindWord(at: usize): bool {
  const before: u32 = load<u8>(at - 1);
  if (before <= 34) return false;
  if (before >= 0x80)
    return load<u8>(at - 2) != 0xc2 && (load<u8>(at - 3) != 0xe2 || load<u8>(at - 2) != 0x80);
  return (
    isLetter(before) || before - 45 < 13 || before == 95 || before == 64 || before == 92 || before == 35 ||
    before == 36
  );
}

// Bytes of the upper-case letter at `at`; 0: none.
function upperLetter(at: usize): u32 {
  const byte: u32 = load<u8>(at);
  if (byte < 0x80) return 1;
  const next: u32 = load<u8>(at, 1);
  if (byte == 0xc3) return next - 0x80 < 0x1f ? 2 : 0;
  if (byte == 0xce) return next - 0x86 < 0x26 ? 2 : 0;
  if (byte == 0xd0) return next - 0x80 < 0x30 ? 2 : 0;
  return (next & 0xc0) == 0x80 ? 2 : 0;
}

// @ts-ignore: decorator
@inline
function has(table: usize, bit: u32): bool {
  return ((load<u8>(table + (bit >> 3)) >> (bit & 7)) & 1) != 0;
}

// Letters are told apart by five bits; all outside of ASCII are one, and so are all marks within a name.
const otherLetter: u32 = 27;
const mark: u32 = 28;

// Writes the address of each word that begins upper-case and whose letters, or the ones ahead of its first dash, are in `table`, or of
// more than 5 bytes whose last three letters are in `endings`. `spaced`: only of words with a space behind them. At `note` it leaves the
// address behind the last word.
export function names(
  from: usize, to: usize, table: usize, endings: usize, spaced: bool, out: usize, note: usize,
): u32 {
  const begin = out;
  let tail = from;
  for (let at = from; at < to;) {
    const some = v128.load(at);
    const before = v128.load(at - 1);
    const capitals = v128.or(
      v128.or(within(some, 65, 26), within(some, <i8>0xc3, 3)),
      v128.or(equal(some, <i8>0xce), equal(some, <i8>0xd0)),
    );
    const mask = bits(v128.andnot(capitals, within(v128.or(before, i8x16.splat(32)), 97, 26)), at, to);
    if (!mask) {
      at += 16;
      continue;
    }
    const start = at + ctz(mask);
    at = start + 1;
    const first = isBehindWord(start) ? 0 : upperLetter(start);
    if (first == 0) continue;
    let last: u32 = first == 1 ? load<u8>(start) & 31 : otherLetter;
    let hash: u32 = (0x811c9dc5 ^ last) * 0x01000193;
    let count: u32 = 0;
    let isKnown = false;
    let hasDash = false;
    let next = start + first;
    for (; count < 24; count++) {
      const byte: u32 = load<u8>(next);
      let code: u32 = byte & 31;
      let length: u32 = 1;
      if (!isLetter(byte)) {
        if (byte < 0x80) {
          if ((byte != 39 && byte != 45) || !isLetterAt(next + 1)) break;
          if (byte == 45 && !hasDash) {
            hasDash = true;
            isKnown = has(table, hash >> 14);
          }
          code = mark;
        } else {
          code = otherLetter;
          length = longLetter(next);
          if (length == 0) {
            const third = load<u8>(next, 2);
            if (byte != 0xe2 || load<u8>(next, 1) != 0x80 || (third != 0x90 && third != 0x99)) break;
            if (!isLetterAt(next + 3)) break;
            code = mark;
            length = 3;
          }
        }
      }
      hash = (hash ^ code) * 0x01000193;
      last = ((last << 5) | code) & 0x7fff;
      next += length;
    }
    if (count == 0) continue;
    at = next;
    tail = next;
    if (spaced && load<u8>(next) != 32 && load<u8>(next) != 0xa0) continue;
    if (isKnown || has(table, hash >> 14) || (next - start > 5 && endings && has(endings, last))) {
      store<u32>(out, <u32>start);
      out += 4;
    }
  }
  store<u32>(note, <u32>tail);
  return <u32>((out - begin) >> 2);
}

// Marks at `marks` the number of each word of 2 to 16 letters that is in `table`: 1,024 pairs of hash and number, 0 where there is none. A
// word behind # is another one. `beginnings` has a bit for each pair of letters, in either case, that a word may begin with.
export function keywords(from: usize, to: usize, beginnings: usize, table: usize, marks: usize): void {
  for (let at = from; at < to;) {
    const some = v128.load(at);
    const letters = within(v128.or(some, i8x16.splat(32)), 97, 26);
    const before = v128.load(at - 1);
    const inside = v128.or(within(v128.or(before, i8x16.splat(32)), 97, 26), equal(before, 35));
    const mask = bits(v128.andnot(letters, inside), at, to);
    if (!mask) {
      at += 16;
      continue;
    }
    at += ctz(mask);
    if (!has(beginnings, ((load<u8>(at) & 31) << 5) | (load<u8>(at, 1) & 31))) {
      at++;
      continue;
    }
    let hash: u32 = 0x811c9dc5;
    let byte: u32 = load<u8>(at);
    let length: u32 = 0;
    for (; isLetter(byte) && length < 16; length++) {
      hash = (hash ^ byte) * 0x01000193;
      byte = load<u8>(++at);
    }
    for (let slot = hash >> 22; ; slot = (slot + 1) & 1023) {
      const known = load<u32>(table + (slot << 3));
      if (known == 0) break;
      if (known == hash) {
        store<u8>(marks + load<u32>(table + (slot << 3), 4), 1);
        break;
      }
    }
  }
}

// Writes (address, first byte, last byte, marks) of each line that is not only white space; the first byte is the first behind the
// white space, marks are those that `table` has of its bytes, or'ed. A line feed must be at `to`. Needs 16 bytes at `out` for each two
// bytes of text.
export function lines(from: usize, to: usize, table: usize, out: usize): u32 {
  const begin = out;
  for (let at = from; at < to; at++) {
    const start = at;
    let byte: u32 = load<u8>(at);
    while (byte == 32 || byte == 9) byte = load<u8>(++at);
    if (byte == 10 || byte == 13) continue;
    store<u32>(out, <u32>start);
    store<u32>(out, byte, 4);
    let marks: u32 = 0;
    while (byte > 13 || (byte != 10 && byte != 13)) {
      marks |= load<u32>(table + (byte << 2));
      byte = load<u8>(++at);
    }
    store<u32>(out, <u32>load<u8>(at - 1), 8);
    store<u32>(out, marks, 12);
    out += 16;
  }
  return <u32>((out - begin) >> 4);
}

// Writes the address of each word that is in `table` and begins a cell; cells are parted by line feeds, tabs, pipes, semicolons, commas, two spaces, or a
// colon and a space. White space, quotes, stars and # ahead of the word do not count. Digits are one letter here.
export function cells(from: usize, to: usize, table: usize, out: usize): u32 {
  const begin = out;
  let isFresh = true;
  let before: u32 = 0;
  for (let at = from; at < to; ) {
    const byte: u32 = load<u8>(at++);
    if (byte == 32) {
      if (before == 32 || before == 58) isFresh = true;
    } else if (byte == 10 || byte == 9 || byte == 44 || byte == 59 || byte == 124) {
      isFresh = true;
    } else if (isFresh && byte > 13 && byte != 34 && byte != 35 && byte != 39 && byte != 42 && byte != 0xa0) {
      isFresh = false;
      let hash: u32 = 0x811c9dc5;
      let letter = byte;
      let next = at;
      while (true) {
        const code: u32 = isLetter(letter) ? letter & 31 : letter >= 0x80 ? otherLetter : letter - 48 < 10 ? mark : 0;
        if (code == 0) break;
        hash = (hash ^ code) * 0x01000193;
        letter = load<u8>(next++);
      }
      if (next > at && has(table, hash >> 18)) {
        store<u32>(out, <u32>at - 1);
        out += 4;
      }
    }
    before = byte;
  }
  return <u32>((out - begin) >> 2);
}
