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

// Whether what stands at `at`, behind a word, makes the word part of an identifier, a call or an address.
function isInIdentifier(at: usize): bool {
  const byte: u32 = load<u8>(at);
  if (byte <= 32) return false;
  if (isLetter(byte) || byte - 48 < 10 || byte == 95 || byte == 64 || byte == 36 || byte == 40) return true;
  if (byte != 46 && byte != 58 && byte != 47 && byte != 92 && byte != 45) return false;
  const next: u32 = load<u8>(at, 1);
  return isLetter(next) || next - 47 < 12 || next == 95 || next == 92;
}

// Writes (address, address behind) of each word that begins upper-case and whose letters, or the ones ahead of its first dash, are in
// `table`, or of more than 5 bytes whose last three letters are in `endings`, but not within an identifier. `spaced`: only of words with
// a space behind them. At `note` it leaves the address behind the last word. Needs 8 bytes at `out` for each two bytes of text.
export function names(
  from: usize, to: usize, table: usize, endings: usize, spaced: bool, out: usize, note: usize,
): u32 {
  const begin = out;
  let tail = from;
  for (let block = from; block < to; block += 16) {
    const some = v128.load(block);
    const capitals = v128.or(
      v128.or(within(some, 65, 26), within(some, <i8>0xc3, 3)),
      v128.or(equal(some, <i8>0xce), equal(some, <i8>0xd0)),
    );
    if (!v128.any_true(capitals)) continue;
    const before = v128.load(block - 1);
    const inside = within(v128.or(before, i8x16.splat(32)), 97, 26);
    for (let mask = bits(v128.andnot(capitals, inside), block, to); mask; mask &= mask - 1) {
      const start = block + ctz(mask);
      if (start < tail || isBehindWord(start)) continue;
      const first = upperLetter(start);
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
      tail = next;
      if (spaced && load<u8>(next) != 32 && load<u8>(next) != 0xa0) continue;
      if (isKnown || has(table, hash >> 14) || (next - start > 5 && endings && has(endings, last))) {
        if (isInIdentifier(next)) continue;
        store<u32>(out, <u32>start);
        store<u32>(out, <u32>next, 4);
        out += 8;
      }
    }
  }
  store<u32>(note, <u32>tail);
  return <u32>((out - begin) >> 2);
}

// Marks at `marks` the number of each word of 2 to 16 letters that is in `table`: 1,024 pairs of hash and number, 0 where there is none. A
// word behind # is another one. `beginnings` has a bit for the first three letters, in either case, of each word; the third is 0 where
// there are two.
export function keywords(from: usize, to: usize, beginnings: usize, table: usize, marks: usize): void {
  for (let block = from; block < to; block += 16) {
    const some = v128.load(block);
    const letters = within(v128.or(some, i8x16.splat(32)), 97, 26);
    const before = v128.load(block - 1);
    const inside = v128.or(within(v128.or(before, i8x16.splat(32)), 97, 26), equal(before, 35));
    for (let mask = bits(v128.andnot(letters, inside), block, to); mask; mask &= mask - 1) {
      let at = block + ctz(mask);
      let byte: u32 = load<u8>(at);
      const second: u32 = load<u8>(at, 1);
      const third: u32 = load<u8>(at, 2);
      const beginning = ((byte & 31) << 10) | ((second & 31) << 5) | (isLetter(third) ? third & 31 : 0);
      if (!has(beginnings, beginning)) continue;
      let hash: u32 = 0x811c9dc5;
      for (let length: u32 = 0; isLetter(byte) && length < 16; length++) {
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
}

// Whether the line whose first byte, behind its white space, is at `at` is nothing but a comment.
function isComment(at: usize): bool {
  const first: u32 = load<u8>(at);
  if (first == 42 || first == 59 || first == 37) return true;
  const second: u32 = load<u8>(at, 1);
  if (first == 45) return second == 45;
  if (first == 47) return second == 47 || second == 42;
  if (first != 35) return false;
  // include, define, if, end
  const two: u32 = load<u16>(at, 1);
  if (two == 0x6669) return false;
  if (two == 0x6e65) return load<u8>(at, 3) != 0x64;
  if (two == 0x6e69) return load<u32>(at, 3) != 0x64756c63 || load<u8>(at, 7) != 0x65;
  if (two == 0x6564) return load<u32>(at, 3) != 0x656e6966;
  return true;
}

// Writes (address, first byte, last byte, marks) of each line that is not only white space; the first byte is the first behind the
// white space, marks are those that `table` has of its bytes, or'ed. A line feed must be at `to`. Needs 16 bytes at `out` for each two
// bytes of text. At `note` it leaves how many of them are no comments.
export function lines(from: usize, to: usize, table: usize, out: usize, note: usize): u32 {
  const begin = out;
  let count: u32 = 0;
  for (let at = from; at < to; at++) {
    const start = at;
    let byte: u32 = load<u8>(at);
    while (byte == 32 || byte == 9) byte = load<u8>(++at);
    if (byte == 10 || byte == 13) continue;
    store<u32>(out, <u32>start);
    store<u32>(out, byte, 4);
    if (!isComment(at)) count++;
    let marks: u32 = 0;
    while (byte > 13 || (byte != 10 && byte != 13)) {
      marks |= load<u32>(table + (byte << 2));
      byte = load<u8>(++at);
    }
    store<u32>(out, <u32>load<u8>(at - 1), 8);
    store<u32>(out, marks, 12);
    out += 16;
  }
  store<u32>(note, count);
  return <u32>((out - begin) >> 4);
}

// Writes 1 for each of `count` lines that one of the forms of its first byte may match, else 0. At `heads` is for each first byte the
// address of its forms, 0 where there is none; a form is its marks, the address of the set of its last bytes (0: any), and whether another
// follows. Returns how many lines.
export function possible(lines: usize, count: u32, heads: usize, out: usize): u32 {
  let found: u32 = 0;
  const end = lines + (<usize>count << 4);
  for (let line = lines; line < end; line += 16, out++) {
    let may: u32 = 0;
    let form: usize = load<u32>(heads + (load<u32>(line, 4) << 2));
    if (form) {
      const last: u32 = load<u32>(line, 8);
      const marks: u32 = load<u32>(line, 12);
      for (; ; form += 12) {
        const set: usize = load<u32>(form, 4);
        if ((load<u32>(form) & ~marks) == 0 && (set == 0 || has(set, last))) {
          may = 1;
          break;
        }
        if (load<u32>(form, 8) == 0) break;
      }
    }
    store<u8>(out, <u8>may);
    found += may;
  }
  return found;
}

// Writes the address of each word that is in `table` and begins a cell; cells are parted by line feeds, tabs, pipes, semicolons, commas, two spaces, or a
// colon and a space. White space, quotes, stars and # ahead of the word do not count. Digits are one letter here. It ends behind `most` lines.
export function cells(from: usize, to: usize, table: usize, most: u32, out: usize): u32 {
  const begin = out;
  let next = cellFrom(from, to, table, out);
  if (next & 1) out += 4;
  next >>= 1;
  for (let block = from; block < to; block += 16) {
    const some = v128.load(block);
    const before = v128.load(block - 1);
    const gaps = v128.and(equal(some, 32), v128.or(equal(before, 32), equal(before, 58)));
    const marks = v128.or(v128.or(equal(some, 10), equal(some, 9)), v128.or(equal(some, 44), equal(some, 59)));
    for (let mask = bits(v128.or(v128.or(gaps, marks), equal(some, 124)), block, to); mask; mask &= mask - 1) {
      const at = block + ctz(mask);
      if (load<u8>(at) == 10 && --most == 0) return <u32>((out - begin) >> 2);
      if (at < next) continue;
      next = cellFrom(at + 1, to, table, out);
      if (next & 1) out += 4;
      next >>= 1;
    }
  }
  return <u32>((out - begin) >> 2);
}

// Writes the address of the first word of the cell that begins at `at` if it is in `table`. Returns twice the address up to which there is
// nothing but what parts cells and what does not count ahead of a word, plus 1 if it wrote.
function cellFrom(at: usize, to: usize, table: usize, out: usize): usize {
  let byte: u32 = load<u8>(at);
  while (byte <= 32 || byte == 34 || byte == 35 || byte == 39 || byte == 42 || byte == 0xa0) {
    // A line feed is counted where it stands.
    if (at >= to || byte == 10) return at << 1;
    byte = load<u8>(++at);
  }
  if (at >= to) return at << 1;
  const start = at;
  let hash: u32 = 0x811c9dc5;
  while (true) {
    const code: u32 = isLetter(byte) ? byte & 31 : byte >= 0x80 ? otherLetter : byte - 48 < 10 ? mark : 0;
    if (code == 0) break;
    hash = (hash ^ code) * 0x01000193;
    byte = load<u8>(++at);
  }
  if (!has(table, hash >> 18)) return start << 1;
  store<u32>(out, <u32>start);
  return (start << 1) | 1;
}
