// Cheap looks at bytes that decide what else has to be looked at, in AssemblyScript. `scripts/dlp-kernel.ts` compiles this into
// src/survey-module.ts. All memory is laid out by the caller; nothing is allocated here. Positions are addresses in memory.

// Bits: 1 a byte from 0x80 on, 2 a control character that no text has, 4 a zero.
export function marks(from: usize, to: usize): u32 {
  let high = i8x16.splat(0);
  let control = i8x16.splat(0);
  let zero = i8x16.splat(0);
  let at = from;
  for (; at + 16 <= to; at += 16) {
    const bytes = v128.load(at);
    high = v128.or(high, bytes);
    const isBlank = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(7)), i8x16.splat(7));
    const isUsual = v128.or(isBlank, i8x16.eq(bytes, i8x16.splat(0x1b)));
    control = v128.or(control, v128.andnot(i8x16.lt_u(bytes, i8x16.splat(0x20)), isUsual));
    zero = v128.or(zero, i8x16.eq(bytes, i8x16.splat(0)));
  }
  let found: u32 =
    (i8x16.bitmask(high) ? 1 : 0) | (v128.any_true(control) ? 2 : 0) | (v128.any_true(zero) ? 4 : 0);
  for (; at < to; at++) {
    const byte: u32 = load<u8>(at);
    if (byte >= 0x80) found |= 1;
    if (byte < 0x20 && byte - 7 >= 7 && byte != 0x1b) found |= 2;
    if (byte == 0) found |= 4;
  }
  return found;
}

// Address of the last `PK\5\6` that begins in [from, to), or 0. May read up to 18 bytes behind `to`.
export function lastDirectoryEnd(from: usize, to: usize): usize {
  let at = to;
  while (at > from) {
    const start = at >= from + 16 ? at - 16 : from;
    let mask: u32 = i8x16.bitmask(
      v128.and(
        i8x16.eq(v128.load(start), i8x16.splat(0x50)),
        i8x16.eq(v128.load(start + 1), i8x16.splat(0x4b)),
      ),
    );
    if (at - start < 16) mask &= (1 << <u32>(at - start)) - 1;
    while (mask) {
      const bit: u32 = 31 - clz(mask);
      if (load<u32>(start + bit) == 0x06054b50) return start + bit;
      mask ^= 1 << bit;
    }
    at = start;
  }
  return 0;
}

function nibble(byte: u32): u32 {
  if (byte - 0x30 < 10) return byte - 0x30;
  const letter: u32 = (byte | 0x20) - 0x61;
  return letter < 6 ? letter + 10 : 0x80;
}

function isLetterOrDigit(byte: u32): bool {
  return (byte | 0x20) - 0x61 < 26 || byte - 0x30 < 10;
}

function isDigit(byte: u32): bool {
  return byte - 0x30 < 10;
}

// Two hexadecimal digits that stand for a letter, a digit or `@`: those are encoded for no other reason than to hide them.
function isPlainCode(at: usize): bool {
  const code: u32 = (nibble(load<u8>(at)) << 4) | nibble(load<u8>(at, 1));
  return isLetterOrDigit(code) || code == 0x40;
}

function lower2(at: usize): u32 {
  return <u32>load<u16>(at) | 0x2020;
}

// Character references of HTML and XML.
function isReference(at: usize): bool {
  if (load<u8>(at, 1) == 0x23) return true;
  const name: u32 = load<u32>(at) >> 8;
  // nbs, shy, zwn, zwj
  return name == 0x73626e || name == 0x796873 || name == 0x6e777a || name == 0x6a777a;
}

// Escapes of JSON and most programming languages.
function isEscape(at: usize): bool {
  const kind: u32 = load<u8>(at, 1);
  if (kind == 0x78) return isPlainCode(at + 2);
  if (kind != 0x75) return false;
  if (load<u16>(at, 2) == 0x3030) return isPlainCode(at + 4) || lower2(at + 4) == 0x6461;
  const high = lower2(at + 2);
  // 20, ff, 06, fe
  return high == 0x3032 || high == 0x6666 || high == 0x3630 || high == 0x6566;
}

function isBetweenDigits(at: usize, length: usize): bool {
  return isDigit(load<u8>(at - 1)) || isDigit(load<u8>(at + length));
}

// Characters of UTF-8 that look like others, or like nothing. `first`: where the text begins.
function isForeign(at: usize, first: usize): bool {
  const a: u32 = load<u8>(at);
  const b: u32 = load<u8>(at, 1);
  const c: u32 = load<u8>(at, 2);
  switch (a) {
    case 0xc2: // soft hyphen; no-break space
      return b == 0xad || (b == 0xa0 && isBetweenDigits(at, 2));
    case 0xcd: // combining grapheme joiner
      return b == 0x8f;
    case 0xd0:
    case 0xd1: // Cyrillic within a Latin word
      return isLetterOrDigit(load<u8>(at - 1)) || isLetterOrDigit(c);
    case 0xd9: // Arabic digits
      return b >= 0xa0 && b <= 0xa9;
    case 0xdb:
      return b >= 0xb0 && b <= 0xb9;
    case 0xe0: // Indian digits
      return c >= 0xa6 && c <= 0xaf && (b == 0xa5 || b == 0xa7);
    case 0xe1:
      return b == 0x85 && (c == 0x9f || c == 0xa0);
    case 0xe2:
      if (b == 0x80) {
        if (c >= 0x90 && c <= 0x95) return isBetweenDigits(at, 3);
        return (c >= 0x8b && c <= 0x8f) || (c >= 0xaa && c <= 0xaf);
      }
      if (b == 0x88) return c == 0x92 && isBetweenDigits(at, 3);
      return b == 0x81 || (b == 0x82 && c <= 0x89) || b == 0x91;
    case 0xef: // full-width digits and letters, a mark of byte order within the text, variation selectors
      if (b == 0xbc) return (c >= 0x90 && c <= 0x99) || (c >= 0xa1 && c <= 0xba);
      if (b == 0xbd) return c >= 0x81 && c <= 0x9a;
      return (b == 0xbb && c == 0xbf && at > first) || (b == 0xb8 && c >= 0x80 && c <= 0x8f);
    case 0xf0: // mathematical letters and digits
      return b == 0x9d && c >= 0x90;
    default:
      return false;
  }
}

// Writes addresses in [from, to) where something is written in another way, in order: of one kind none within `apart` bytes
// behind another. One byte ahead of `from` and 16 behind `to` are known, zeros where the text has none. Four numbers at `skips`
// say how far into the next bytes each kind is passed over. Returns how many; needs 4 bytes at `out` for each.
export function places(first: usize, from: usize, to: usize, apart: usize, skips: usize, out: usize): u32 {
  const begin = out;
  let percentFrom = from + load<u32>(skips);
  let referenceFrom = from + load<u32>(skips, 4);
  let escapeFrom = from + load<u32>(skips, 8);
  let foreignFrom = from + load<u32>(skips, 12);
  for (let block = from; block < to; block += 16) {
    const bytes = v128.load(block);
    let mask: u32 = i8x16.bitmask(
      v128.or(
        v128.or(i8x16.eq(bytes, i8x16.splat(0x25)), i8x16.eq(bytes, i8x16.splat(0x26))),
        v128.or(i8x16.eq(bytes, i8x16.splat(0x5c)), i8x16.ge_u(bytes, i8x16.splat(<i8>0xc2))),
      ),
    );
    if (to - block < 16) mask &= (1 << <u32>(to - block)) - 1;
    while (mask) {
      const at = block + ctz(mask);
      mask &= mask - 1;
      const byte: u32 = load<u8>(at);
      if (byte == 0x25) {
        if (at < percentFrom || !isPlainCode(at + 1)) continue;
        percentFrom = at + apart;
      } else if (byte == 0x26) {
        if (at < referenceFrom || !isReference(at)) continue;
        referenceFrom = at + apart;
      } else if (byte == 0x5c) {
        if (at < escapeFrom || !isEscape(at)) continue;
        escapeFrom = at + apart;
      } else {
        if (at < foreignFrom || !isForeign(at, first)) continue;
        foreignFrom = at + apart;
      }
      store<u32>(out, <u32>at);
      out += 4;
    }
  }
  store<u32>(skips, percentFrom > to ? <u32>(percentFrom - to) : 0);
  store<u32>(skips, referenceFrom > to ? <u32>(referenceFrom - to) : 0, 4);
  store<u32>(skips, escapeFrom > to ? <u32>(escapeFrom - to) : 0, 8);
  store<u32>(skips, foreignFrom > to ? <u32>(foreignFrom - to) : 0, 12);
  return <u32>((out - begin) >> 2);
}

// Which of 16 bytes are letters, digits or one of `+ / - _`: by the low half of a byte, in which rows of the code table it is.
function isRun(bytes: v128): v128 {
  const low = i8x16(0x2a, 0x3e, 0x3e, 0x3e, 0x3e, 0x3e, 0x3e, 0x3e, 0x3e, 0x3e, 0x3c, 0x15, 0x14, 0x15, 0x14, 0x1d);
  const high = i8x16(0, 0, 0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0, 0, 0, 0, 0, 0, 0, 0);
  return i8x16.ne(
    v128.and(
      i8x16.swizzle(low, v128.and(bytes, i8x16.splat(0x0f))),
      i8x16.swizzle(high, i8x16.shr_u(bytes, 4)),
    ),
    i8x16.splat(0),
  );
}

// Writes where runs of at least 40 letters, digits or `+ / - _` in [from, to) begin. Returns how many.
export function runs(from: usize, to: usize, out: usize): u32 {
  const begin = out;
  let first = from;
  let at = from;
  // Whatever is 40 long has 16 bytes at one of each 25 places all within.
  while (at + 16 <= to) {
    if (!i8x16.all_true(isRun(v128.load(at)))) {
      at += 25;
      continue;
    }
    let start = at;
    while (start > first && isRunByte(load<u8>(start - 1))) start--;
    let end = at + 16;
    while (end < to && isRunByte(load<u8>(end))) end++;
    if (end - start >= 40) {
      store<u32>(out, <u32>start);
      out += 4;
    }
    first = end;
    at = end + 1;
  }
  return <u32>((out - begin) >> 2);
}

function isRunByte(byte: u32): bool {
  return isLetterOrDigit(byte) || byte == 0x2b || byte == 0x2d || byte == 0x2f || byte == 0x5f;
}

// A line that is not blank, at `line`: start, end, how many tabs, semicolons, bars, commas outside of quotes, and how many quotes.
const lineBytes: usize = 28;

function delimiterOf(kind: usize): u32 {
  return kind == 0 ? 0x09 : kind == 1 ? 0x3b : kind == 2 ? 0x7c : 0x2c;
}

// Writes the first line from `from` on that is not blank. Returns whether there is one before `to`.
function lineFrom(from: usize, to: usize, line: usize): bool {
  let start = from;
  let isQuoted = false;
  memory.fill(line, 0, lineBytes);
  for (let block = from; block < to; block += 16) {
    const bytes = v128.load(block);
    let mask: u32 = i8x16.bitmask(
      v128.or(
        v128.or(
          v128.or(i8x16.eq(bytes, i8x16.splat(0x0a)), i8x16.eq(bytes, i8x16.splat(0x22))),
          v128.or(i8x16.eq(bytes, i8x16.splat(0x09)), i8x16.eq(bytes, i8x16.splat(0x3b))),
        ),
        v128.or(i8x16.eq(bytes, i8x16.splat(0x7c)), i8x16.eq(bytes, i8x16.splat(0x2c))),
      ),
    );
    if (to - block < 16) mask &= (1 << <u32>(to - block)) - 1;
    while (mask) {
      const at = block + ctz(mask);
      mask &= mask - 1;
      const byte: u32 = load<u8>(at);
      if (byte == 0x0a) {
        if (at > start + 1) {
          store<u32>(line, <u32>start);
          store<u32>(line, <u32>at, 4);
          return true;
        }
        start = at + 1;
        isQuoted = false;
        memory.fill(line, 0, lineBytes);
      } else if (byte == 0x22) {
        isQuoted = !isQuoted;
        store<u32>(line, load<u32>(line, 24) + 1, 24);
      } else if (!isQuoted) {
        const count = line + (byte == 0x09 ? 8 : byte == 0x3b ? 12 : byte == 0x7c ? 16 : 20);
        store<u32>(count, load<u32>(count) + 1);
      }
    }
  }
  store<u32>(line, <u32>start);
  store<u32>(line, <u32>to, 4);
  return to > start + 1;
}

// Of a cell: 0 it is no name of anything, so that its line is no header; 1 it has no letters or digits; 2 values; 3 a name.
function kindOfCell(from: usize, to: usize, longest: usize): u32 {
  let letters: u32 = 0;
  let digits: u32 = 0;
  let others: u32 = 0;
  for (let at = from; at < to; at++) {
    const byte: u32 = load<u8>(at);
    const letter: u32 = byte | 32;
    if (isDigit(byte)) digits++;
    else if (letter >= 0x61 && (letter <= 0x7a || byte >= 0x80)) letters++;
    else if (byte > 32 && byte != 0x22 && byte != 0x5f) others++;
  }
  if (letters + digits == 0) return 1;
  if (digits > 4 || to - from > longest) return 0;
  return letters > digits && letters >= others ? 3 : 2;
}

// Names, not values: mostly letters in most cells, hardly a digit.
function isHeader(from: usize, to: usize, delimiter: u32, longest: usize): bool {
  let named: u32 = 0;
  let filled: u32 = 0;
  let start = from;
  let isQuoted = false;
  for (let at = from; at <= to; at++) {
    const byte: u32 = at < to ? load<u8>(at) : delimiter;
    if (byte == 0x22) isQuoted = !isQuoted;
    if (at < to && (byte != delimiter || isQuoted)) continue;
    const kind = kindOfCell(start, at, longest);
    if (kind == 0) return false;
    if (kind > 1) filled++;
    if (kind == 3) named++;
    start = at + 1;
  }
  return named >= 2 && named * 2 > filled;
}

// Looks for the header of a table in the first `most` lines of [from, to): a line with as many cells as the one below it. Returns
// 0, or the byte that parts its cells, with its start and end at `line`; a line feed where the first two lines
// look like the header and the first value of a single column. Needs 56 bytes at `line`.
export function header(from: usize, to: usize, most: u32, longest: usize, line: usize): u32 {
  const next = line + lineBytes;
  if (!lineFrom(from, to, line)) return 0;
  for (let known: u32 = 1; known < most; known++) {
    const start: usize = load<u32>(line);
    const end: usize = load<u32>(line, 4);
    if (!lineFrom(end + 1, to, next)) return 0;
    for (let kind: usize = 0; kind < 4; kind++) {
      const count = load<u32>(line + 8 + (kind << 2));
      if (count == 0 || load<u32>(next + 8 + (kind << 2)) != count) continue;
      const delimiter = delimiterOf(kind);
      // Statements of programs end so, and what has one cell that is not empty has no two names.
      if (count == 1 && !(load<u32>(line, 24) & 1) && load<u8>(end - 1) == delimiter) continue;
      if (isHeader(start, end, delimiter, longest)) return delimiter;
    }
    if (known == 1 && isSingle(start, end, load<u32>(next), load<u32>(next, 4), longest)) return 0x0a;
    memory.copy(line, next, lineBytes);
  }
  return 0;
}

function isSingle(from: usize, to: usize, nextFrom: usize, nextTo: usize, longest: usize): bool {
  if (to - from > longest || nextTo - nextFrom > longest) return false;
  let letters: u32 = 0;
  for (let at = from; at < to; at++) {
    const byte: u32 = load<u8>(at);
    const letter: u32 = byte | 32;
    if (isDigit(byte)) return false;
    if (letter >= 0x61 && (letter <= 0x7a || byte >= 0x80)) letters++;
  }
  let digits: u32 = 0;
  for (let at = nextFrom; at < nextTo; at++) if (isDigit(load<u8>(at))) digits++;
  return letters > 1 && digits > 4;
}
