// What sees every byte of a document, in AssemblyScript. `scripts/dlp-kernel.ts` compiles this into src/documents/kernel-module.ts.
// All memory is laid out by the caller; nothing is allocated here. Positions are addresses in memory.

// A bit for each of the 64 bytes from `at` on that lies in `count` from `first` on.
// @ts-ignore: decorator
@inline
function within(at: usize, first: i32, count: i32): u64 {
  const base = i8x16.splat(<i8>first);
  const size = i8x16.splat(<i8>count);
  return <u64>i8x16.bitmask(i8x16.lt_u(i8x16.sub(v128.load(at), base), size)) |
    (<u64>i8x16.bitmask(i8x16.lt_u(i8x16.sub(v128.load(at, 16), base), size)) << 16) |
    (<u64>i8x16.bitmask(i8x16.lt_u(i8x16.sub(v128.load(at, 32), base), size)) << 32) |
    (<u64>i8x16.bitmask(i8x16.lt_u(i8x16.sub(v128.load(at, 48), base), size)) << 48);
}

// Printable ASCII, tab, line feed, return.
// @ts-ignore: decorator
@inline
function plain(at: usize): u64 {
  return within(at, 0x20, 0x5f) | within(at, 9, 2) | within(at, 0x0d, 1);
}

// Writes (start, end) for each run of text in [from, to) of at least `least` characters, 2 to 64. What reaches `to`
// counts as a run, however short. What begins before `from` is not seen; 128 bytes behind `to` are read. Needs 8 bytes at `out` for each `least` bytes.
export function runs(from: usize, to: usize, least: u32, out: usize): u32 {
  const begin = out;
  // Of the run that is under way; `to` when there is none.
  let start = to;
  let more = within(from, 0x80, 0x40);
  // Of the bits of a block those that belong to a character which began in the block before.
  let carried: u64 = 0;
  for (let at = from; at < to; at += 64) {
    const nextMore = within(at + 64, 0x80, 0x40);
    const more1 = (more >> 1) | (nextMore << 63);
    const more2 = more1 & ((more >> 2) | (nextMore << 62));
    const more3 = more2 & ((more >> 3) | (nextMore << 61));
    more = nextMore;
    const four = within(at, 0xf0, 5) & more3;
    const three = four | (within(at, 0xe0, 16) & more2);
    const two = three | (within(at, 0xc2, 30) & more1);
    let bits = plain(at) | carried | two | (two << 1) | (three << 2) | (four << 3);
    carried = (two >> 63) | (three >> 62) | (four >> 61);
    const room = <u64>min<usize>(64, to - at);
    if (room < 64) bits &= (<u64>1 << room) - 1;
    let place: u64 = 0;
    if (start != to) {
      const gaps = ~bits;
      if (!gaps) continue;
      place = ctz(gaps);
      if (place >= room) break;
      out = note(start, at + <usize>place, least, out);
      start = to;
    }
    // Where a run of at least `least` begins or goes on.
    let long64 = bits;
    let have: u32 = 1;
    while (have < least) {
      const step = min(have, least - have);
      long64 &= long64 >> step;
      have += step;
    }
    while (true) {
      const rest = long64 >> place;
      if (!rest) break;
      place += ctz(rest);
      start = at + <usize>place;
      const gaps = ~bits >> place;
      if (!gaps) break;
      place += ctz(gaps);
      if (place >= room) break;
      out = note(start, at + <usize>place, least, out);
      start = to;
    }
    if (start == to && bits >> (room - 1)) start = at + <usize>(room - clz(~(bits << (64 - room))));
  }
  if (start < to) {
    store<u32>(out, <u32>start);
    store<u32>(out, <u32>to, 4);
    out += 8;
  }
  return <u32>((out - begin) >> 3);
}

function note(start: usize, end: usize, least: u32, out: usize): usize {
  let characters: u32 = 0;
  for (let at = start; at < end && characters < least; at++) if ((load<u8>(at) & 0xc0) != 0x80) characters++;
  if (characters < least) return out;
  store<u32>(out, <u32>start);
  store<u32>(out, <u32>end, 4);
  return out + 8;
}

// Address of the first `byte` in [from, to), or `to`. Reads up to 15 bytes behind `to`.
function seek(byte: u32, from: usize, to: usize): usize {
  const wanted = i8x16.splat(<i8>byte);
  for (; from < to; from += 16) {
    const mask = i8x16.bitmask(i8x16.eq(v128.load(from), wanted));
    if (mask) return min(to, from + ctz(mask));
  }
  return to;
}

// Address of the first `first`, `second`, `>` in [from, to), or `to`.
function seekEnd(first: u32, second: u32, from: usize, to: usize): usize {
  for (let at = seek(first, from, to); at + 3 <= to; at = seek(first, at + 1, to))
    if (load<u8>(at, 1) == second && (second == 62 || load<u8>(at, 2) == 62)) return at;
  return to;
}

// Address behind the `>` that ends a tag, past quotes, or 0 where that is not in [from, to) or a `<` comes first.
function tagEnd(from: usize, to: usize): usize {
  for (let at = from; at < to; at++) {
    const byte: u32 = load<u8>(at);
    if (byte == 62) return at + 1;
    if (byte == 60) return 0;
    if (byte == 34 || byte == 39) at = seek(byte, at + 1, to);
  }
  return 0;
}

// Kinds of tokens: 0 opening, 1 closing, 2 empty tag; 3 text, 4 comment; with 8 where references count, 16 where there are any.
function token(out: usize, kind: u32, start: usize, end: usize, from: usize, to: usize, name: i32): void {
  store<u32>(out, kind);
  store<u32>(out, <u32>start, 4);
  store<u32>(out, <u32>end, 8);
  store<u32>(out, <u32>from, 12);
  store<u32>(out, <u32>to, 16);
  store<i32>(out, name, 20);
}

// Writes the tokens of XML in [from, to), at most `most`, each in 24 bytes: kind, start, end, start and end of its text, hash of its local
// name. Of a tag the text is its attributes. `offset` is added to positions. Stops in front of what does not end there, of declarations and
// of what is no tag. Reads up to 31 bytes behind `to`.
export function tokens(from: usize, to: usize, offset: i32, out: usize, most: u32): u32 {
  const shift: usize = <usize>offset - from;
  let count: u32 = 0;
  let at = from;
  while (count < most && at + 12 < to) {
    const start = at;
    if (load<u8>(at) != 60) {
      const end = seek(60, at, to);
      if (end >= to) break;
      const kind = seek(38, at, end) < end ? 3 + 8 + 16 : 3 + 8;
      token(out, kind, start + shift, end + shift, start + shift, end + shift, 0);
      at = end;
    } else {
      const second: u32 = load<u8>(at, 1);
      if (second == 63) {
        const end = seekEnd(63, 62, at + 2, to);
        if (end >= to) break;
        at = end + 2;
        continue;
      }
      if (second == 33) {
        const isComment = load<u16>(at, 2) == 0x2d2d;
        if (!isComment && (load<u8>(at, 2) != 91 || load<u32>(at, 3) != 0x54414443 || load<u16>(at, 7) != 0x5b41)) break;
        const text: usize = at + (isComment ? 4 : 9);
        const dash: u32 = isComment ? 45 : 93;
        const end = seekEnd(dash, dash, text, to);
        if (end >= to) break;
        token(out, isComment ? 4 : 3, start + shift, end + 3 + shift, text + shift, end + shift, 0);
        at = end + 3;
      } else {
        const isClose = second == 47;
        let next: usize = isClose ? at + 2 : at + 1;
        let hash: i32 = 0;
        for (; next < to; next++) {
          const letter: i32 = load<u8>(next);
          if (letter <= 32 || letter == 62 || letter == 47 || letter == 60) break;
          hash = letter == 58 ? 0 : hash * 31 + letter;
        }
        const end = tagEnd(next, to);
        if (!end) break;
        const kind = isClose ? 1 : end - 2 >= next && load<u8>(end - 2) == 47 ? 2 : 0;
        token(out, kind, start + shift, end + shift, next + shift, end - 1 + shift, hash);
        at = end;
      }
    }
    out += 24;
    count++;
  }
  return count;
}
