// The two loops that see every byte, in AssemblyScript. `scripts/dlp-kernel.ts` compiles this into src/scan/kernel-module.ts.
// All memory is laid out by the caller; nothing is allocated here. Positions are addresses in memory.

// Fills in the row of the state, and says what stands there.
@external("env", "learn")
declare function learn(state: u32, byte: u32): u32;

// The state behind `state` and the byte at `at`; 0 where the table does not say yet.
// @ts-ignore: decorator
@inline
function known(table: usize, classes: usize, columns: u32, state: u32, at: usize): u32 {
  return load<u16>(table + ((state * columns + load<u8>(classes + load<u8>(at))) << 1));
}

// Goes from the state `root` over the bytes of [from, to) without noting anything.
function settle(table: usize, classes: usize, columns: u32, root: u32, from: usize, to: usize): u32 {
  let state = root;
  for (; from < to; from++) {
    const next = known(table, classes, columns, state, from);
    state = next ? next : learn(state, load<u8>(from));
  }
  return state;
}

// Runs the automaton over [from, to) and writes (state, address behind the byte) wherever it is in a state of [1, `accepts`]; the
// beginning is the state behind them.
// The `warm` bytes before a place decide the state there; before `from` only `before` of them are there. Needs 8 bytes at `out` for each byte.
// Returns how many pairs were written; they are in the order of the text.
export function words(
  table: usize, classes: usize, columns: u32, accepts: u32, from: usize, to: usize, warm: usize, before: usize,
  out: usize,
): u32 {
  const start = out;
  const quarter: usize = (to - from) >> 2;
  const root = accepts + 1;
  const earliest = from - before;
  let state = settle(table, classes, columns, root, earliest, from);
  let at = from;
  if (quarter > warm + 16) {
    // Four places at once: each step waits for memory, and four waits overlap.
    const q1 = from + quarter;
    const q2 = q1 + quarter;
    const q3 = q2 + quarter;
    let state1 = settle(table, classes, columns, root, q1 - warm, q1);
    let state2 = settle(table, classes, columns, root, q2 - warm, q2);
    let state3 = settle(table, classes, columns, root, q3 - warm, q3);
    let out0 = out;
    const begin1 = out + (quarter << 3);
    const begin2 = begin1 + (quarter << 3);
    const begin3 = begin2 + (quarter << 3);
    let out1 = begin1;
    let out2 = begin2;
    let out3 = begin3;
    for (let i: usize = 0; i < quarter; i++) {
      state = known(table, classes, columns, state, from + i);
      state1 = known(table, classes, columns, state1, q1 + i);
      state2 = known(table, classes, columns, state2, q2 + i);
      state3 = known(table, classes, columns, state3, q3 + i);
      // One comparison for both that are seldom: a row that is not known, which is 0, and the end of a word.
      if (state <= accepts) {
        if (!state) state = settle(table, classes, columns, root, max(earliest, from + i - warm), from + i + 1);
        if (state <= accepts) {
          store<u32>(out0, state);
          store<u32>(out0, <u32>(from + i + 1), 4);
          out0 += 8;
        }
      }
      if (state1 <= accepts) {
        if (!state1) state1 = settle(table, classes, columns, root, q1 + i - warm, q1 + i + 1);
        if (state1 <= accepts) {
          store<u32>(out1, state1);
          store<u32>(out1, <u32>(q1 + i + 1), 4);
          out1 += 8;
        }
      }
      if (state2 <= accepts) {
        if (!state2) state2 = settle(table, classes, columns, root, q2 + i - warm, q2 + i + 1);
        if (state2 <= accepts) {
          store<u32>(out2, state2);
          store<u32>(out2, <u32>(q2 + i + 1), 4);
          out2 += 8;
        }
      }
      if (state3 <= accepts) {
        if (!state3) state3 = settle(table, classes, columns, root, q3 + i - warm, q3 + i + 1);
        if (state3 <= accepts) {
          store<u32>(out3, state3);
          store<u32>(out3, <u32>(q3 + i + 1), 4);
          out3 += 8;
        }
      }
    }
    memory.copy(out0, begin1, out1 - begin1);
    out0 += out1 - begin1;
    memory.copy(out0, begin2, out2 - begin2);
    out0 += out2 - begin2;
    memory.copy(out0, begin3, out3 - begin3);
    out = out0 + (out3 - begin3);
    state = state3;
    at = q3 + quarter;
  }
  for (; at < to; at++) {
    const next = known(table, classes, columns, state, at);
    state = next ? next : learn(state, load<u8>(at));
    if (state <= accepts) {
      store<u32>(out, state);
      store<u32>(out, <u32>(at + 1), 4);
      out += 8;
    }
  }
  return <u32>((out - start) >> 3);
}

function isDigit(byte: u32): bool {
  return byte - 48 < 10;
}

// Space, dot, dash, slash.
function isSeparator(byte: u32): bool {
  return byte == 32 || (byte >= 45 && byte <= 47);
}

// Address of the first digit in [from, to), or `to`. May read up to 15 bytes behind `to`.
function nextDigit(from: usize, to: usize): usize {
  for (; from < to; from += 16) {
    const below = i8x16.lt_u(i8x16.sub(v128.load(from), i8x16.splat(48)), i8x16.splat(10));
    const mask = i8x16.bitmask(below);
    if (mask) {
      from += ctz(mask);
      return from < to ? from : to;
    }
  }
  return to;
}

// Writes (start, end, digits) for each run of digits that single separators may part, where it has at least `least` digits. A
// run longer than `longest` bytes is written in pieces, a new one from each `longest - shared` bytes on. A run that
// reaches `to` waits for more bytes unless `last`. Needs 12 bytes at `out` for each two bytes of text. At `note` it leaves
// where to go on.
export function digits(
  from: usize, to: usize, last: bool, least: u32, longest: usize, shared: usize, out: usize,
  note: usize,
): u32 {
  const begin = out;
  let at = from;
  while (true) {
    const start = nextDigit(at, to);
    if (start >= to) {
      at = to;
      break;
    }
    let end = start;
    let count: u32 = 0;
    let next = start;
    const stop = start + longest;
    while (true) {
      if (next >= to) break;
      const byte: u32 = load<u8>(next);
      if (isDigit(byte)) {
        if (next >= stop) break;
        count++;
        next++;
        end = next;
      } else if (isSeparator(byte) && end == next) {
        next++;
      } else break;
    }
    if (next >= to && !last) {
      at = start;
      break;
    }
    if (count >= least) {
      store<u32>(out, <u32>start);
      store<u32>(out, <u32>end, 4);
      store<u32>(out, count, 8);
      out += 12;
    }
    at = next >= stop && next < to && isDigit(load<u8>(next)) ? start + longest - shared : next;
    if (at <= start) at = start + 1;
  }
  store<u32>(note, <u32>at);
  return <u32>((out - begin) / 12);
}

// As people write numbers: separators in the run, or `+` or a parenthesis ahead of it; but not as dates and addresses of the
// Internet are written.
function isParted(run: usize, from: usize): bool {
  const start: usize = load<u32>(run);
  const end: usize = load<u32>(run, 4);
  const count: usize = load<u32>(run, 8);
  if (start > from) {
    const ahead: u32 = load<u8>(start - 1);
    if (ahead == 0x2b || ahead == 0x28 || ahead == 0x29) return true;
  }
  const length = end - start;
  if (count == length) return false;
  if (length == 10 || (length == 13 && load<u8>(start, 10) == 32 && load<u8>(end) == 58)) {
    const century: u32 = load<u16>(start);
    const first: u32 = load<u8>(start, 4);
    // `19` and `20`; an hour may follow.
    if ((century == 0x3931 || century == 0x3032) && first - 45 < 3 && first == load<u8>(start, 7)) return false;
  }
  if (length != count + 3 || count > 12) return true;
  // Four groups parted by dots, not all of two digits.
  let isPaired = true;
  let last = start - 1;
  for (let at = start; at <= end; at++) {
    const byte: u32 = at < end ? load<u8>(at) : 46;
    if (byte >= 48) continue;
    if (byte != 46 || at - last > 4) return true;
    if (at - last != 3) isPaired = false;
    last = at;
  }
  return isPaired;
}

// No match is under way.
const dead: u32 = 1;

// Follows an automaton over the bytes around runs of digits: matches may begin from `lead` bytes ahead of a run to its last
// digit, and go on for as long as they can. `back`: over the text from its end to its beginning, with an automaton of the
// patterns from their ends. A state has a row for "none begins behind this byte" and one for "others may"; a cell is twice the
// next state, one more where something matches, 0 where it has to be made first.
// With `leastParted`: only around runs with so many digits that are written in parts. `go` holds why it stopped (0: done, 1: a cell is unknown, 2: no room), place, state, run, cell, and is where it goes on from.
// Writes (place behind the byte, state, run) for each match, counted from the end where `back`; returns how many.
export function track(
  table: usize, classes: usize, width: u32, runs: usize, count: i32, lead: usize, from: usize, to: usize,
  leastParted: u32, back: bool, out: usize, room: u32, go: usize,
): u32 {
  const mirror = from + to - 1;
  const most = out + <usize>room * 12;
  const begin = out;
  let place: usize = load<u32>(go, 4);
  let state: u32 = load<u32>(go, 8);
  let index: i32 = load<i32>(go, 12);
  let zone: usize = 0;
  let end: usize = 0;
  let isNew = true;
  while (true) {
    if (isNew) {
      let run = runs + 12 * <usize>(back ? count - 1 - index : index);
      while (index < count && leastParted > 0 && (load<u32>(run, 8) < leastParted || !isParted(run, from))) {
        index++;
        run = back ? run - 12 : run + 12;
      }
      if (index < count) {
        const start: usize = back ? mirror + 1 - load<u32>(run, 4) : load<u32>(run);
        end = (back ? mirror + 1 - load<u32>(run) : load<u32>(run, 4)) - 1;
        zone = start >= from + lead + 1 ? start - lead - 1 : from - 1;
      } else zone = end = usize.MAX_VALUE;
      isNew = false;
    }
    if (place >= end) {
      index++;
      isNew = true;
      continue;
    }
    if (state == dead && place < zone) {
      if (end == usize.MAX_VALUE) break;
      place = zone;
    }
    // One ahead of `from` and one behind `to` there is the edge.
    if (place > to) break;
    const isEdge = place == from - 1 || place >= to;
    const one: u32 = isEdge ? load<u8>(classes, 256) : load<u8>(classes + load<u8>(back ? mirror - place : place));
    const cell = (state * 2 + <u32>(place >= zone)) * width + one;
    const next: u32 = load<u16>(table + (<usize>cell << 1));
    if (next == 0) {
      store<u32>(go, 1);
      store<u32>(go, <u32>place, 4);
      store<u32>(go, state, 8);
      store<u32>(go, <u32>index, 12);
      store<u32>(go, cell, 16);
      return <u32>((out - begin) / 12);
    }
    state = next >> 1;
    place++;
    if (next & 1) {
      store<u32>(out, <u32>place);
      store<u32>(out, state, 4);
      store<u32>(out, <u32>index, 8);
      out += 12;
      if (out >= most) {
        store<u32>(go, 2);
        store<u32>(go, <u32>place, 4);
        store<u32>(go, state, 8);
        store<u32>(go, <u32>index, 12);
        return room;
      }
    }
  }
  store<u32>(go, 0);
  return <u32>((out - begin) / 12);
}

function isAlphanumeric(byte: u32): bool {
  return isDigit(byte) || (byte | 32) - 97 < 26;
}

// Writes (start, end) of the tokens of letters and digits that are `least` to `most` bytes long and may have bytes in [from, to);
// `least` is at least 15. All bytes of [first, last) are known.
export function tokens(from: usize, to: usize, first: usize, last: usize, least: usize, most: usize, out: usize): u32 {
  const begin = out;
  let behind = first;
  for (let at = from; at < to; at += 16) {
    const bytes = v128.load(at);
    const letters = i8x16.lt_u(
      i8x16.sub(v128.or(bytes, i8x16.splat(32)), i8x16.splat(97)), i8x16.splat(26));
    const mask: u32 = i8x16.bitmask(
      v128.or(letters, i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(48)), i8x16.splat(10))));
    // So long a token fills one half at least.
    const low = (mask & 0xff) == 0xff;
    if (!low && mask >> 8 != 0xff) continue;
    const middle = low ? at : at + 8;
    if (middle < behind || middle >= last) continue;
    let start = middle;
    while (start > first && isAlphanumeric(load<u8>(start - 1))) start--;
    let end = middle;
    while (end < last && isAlphanumeric(load<u8>(end))) end++;
    behind = end;
    if (end - start < least || end - start > most) continue;
    store<u32>(out, <u32>start);
    store<u32>(out, <u32>end, 4);
    out += 8;
  }
  return <u32>((out - begin) >> 3);
}

// Next state where the gate does not know it yet; `begins`: other matches begin behind the byte.
@external("env", "extend")
declare function extend(gate: u32, state: u32, byte: u32, begins: u32): u32;

// The state of a gate ahead of its first byte, behind the byte `before`; 256: nothing is before.
@external("env", "begin")
declare function begin(gate: u32, before: u32): u32;

// Address of a detector's gate; 1: it has none.
@external("env", "open")
declare function open(detector: u32): u32;

// Values in the tables of gates. Other numbers are states; a match needs none.
const unknown: u32 = 0;
const matched: u32 = 0xffff;

// Bytes that are looked at for one place: what goes on for longer is for the pattern.
const longestWalk: usize = 512;

// Fields of a gate: shift of a row, tables without and with others that begin, flags of states that match at the end of the text.
const rowShift: usize = 0;
const goesOn: usize = 4;
const begins: usize = 8;
const atEnd: usize = 12;
const columnOf: usize = 16;
const firsts: usize = 272;
const pivot: usize = 786;
const beside: usize = 788;

// State in the range of those that end a walk: `unknown` and `matched`.
function isSpecial(state: u32): bool {
  return state - 1 >= matched - 1;
}

function first(gate: usize, at: usize, window: usize): u32 {
  const before: u32 = at <= window ? 256 : load<u8>(at - 1);
  const state: u32 = load<u16>(gate + firsts + (before << 1));
  return state == unknown ? begin(<u32>gate, before) : state;
}

// Whether the byte that every match has is in [from, end), between bytes that may stand beside it.
function hasPivot(gate: usize, byte: u32, from: usize, end: usize, window: usize): bool {
  for (let at = from; at < end; at += 16) {
    let mask = i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(<i8>byte)));
    for (; mask; mask &= mask - 1) {
      const place = at + ctz(mask);
      if (place >= end) return false;
      if (place > window && !(load<u8>(gate + beside + load<u8>(place - 1)) & 1)) continue;
      if (place + 1 >= end || (load<u8>(gate + beside + load<u8>(place + 1)) & 2)) return true;
    }
  }
  return false;
}

// Whether a match may begin in [from, to); the text is [window, end).
function mayMatch(gate: usize, from: usize, to: usize, end: usize, window: usize): bool {
  let state = first(gate, from, window);
  if (state == matched) return true;
  const shift: u32 = load<u32>(gate + rowShift);
  const stop = min(end, to + longestWalk);
  let at = from;
  let table: usize = load<u32>(gate + begins);
  for (; at + 1 < to; at++) {
    const byte: u32 = load<u8>(at);
    let next: u32 = load<u16>(table + (((state << shift) + load<u8>(gate + columnOf + byte)) << 1));
    if (isSpecial(next)) {
      if (next == unknown) next = extend(<u32>gate, state, byte, 1);
      if (next == matched) return true;
      table = load<u32>(gate + begins);
    }
    state = next;
  }
  table = load<u32>(gate + goesOn);
  for (; at < stop; at++) {
    if (state == dead) return false;
    const byte: u32 = load<u8>(at);
    let next: u32 = load<u16>(table + (((state << shift) + load<u8>(gate + columnOf + byte)) << 1));
    if (isSpecial(next)) {
      if (next == unknown) next = extend(<u32>gate, state, byte, 0);
      if (next == matched) return true;
      table = load<u32>(gate + goesOn);
    }
    state = next;
  }
  return stop < end || load<u8>(load<u32>(gate + atEnd) + state) != 0;
}

// Asks at the words of [hit, lastHit) whether someone's pattern may match there, and writes (detector, address of the word, address from
// where) for each who may. `finders` has the address of the first finder of each state from `accept`
// on, and one more behind them; a finder is (detector, bytes of the word). `askers` has 32 bytes for each detector: gate,
// whether at the word itself, bytes before, after, tail. `searched` has up to where each was asked, as positions in the
// part; `shift` is the one of address 0. The text is [window, end). Stops ahead of `room`, and leaves at `note` the hit to go on with.
export function ask(
  hit: usize, lastHit: usize, finders: usize, accept: u32, askers: usize, searched: usize, shift: f64,
  window: usize, end: usize, hereTail: usize, out: usize, room: usize, note: usize,
): u32 {
  const start = out;
  for (; hit < lastHit; hit += 8) {
    const list = finders + ((load<u32>(hit) - accept) << 2);
    let finder: usize = load<u32>(list);
    const behind: usize = load<u32>(list, 4);
    if (finder == behind) continue;
    if (out + behind - finder > room) break;
    const wordEnd: usize = load<u32>(hit, 4);
    for (; finder < behind; finder += 8) {
      const detector: u32 = load<u32>(finder);
      const asker = askers + (detector << 5);
      // A slide of the window may have taken the beginning of a word.
      const word = wordEnd - load<u32>(finder, 4);
      let gate: usize = load<u32>(asker);
      if (gate == 0) gate = open(detector);
      if (load<u32>(asker, 4)) {
        if (word < window) continue;
        if (gate != 1 && !mayMatch(gate, word, word + 1, min(end, word + hereTail), window)) continue;
        store<u32>(out, <u32>word, 8);
      } else {
        const news = searched + (<usize>detector << 3);
        const known = load<f64>(news) - shift;
        let from = max(<i32>word - load<i32>(asker, 8), <i32>window);
        if (known > <f64>from) from = <i32>known;
        const to = <i32>word + load<i32>(asker, 12);
        const last = min(to, <i32>end);
        if (from >= last) continue;
        store<f64>(news, shift + <f64>last);
        if (gate != 1) {
          const stop = min(<i32>end, to + load<i32>(asker, 16));
          const byte: u32 = load<u16>(gate + pivot);
          if (byte < 256 && !hasPivot(gate, byte, from, stop, window)) continue;
          if (!mayMatch(gate, from, last, stop, window)) continue;
        }
        store<u32>(out, from, 8);
      }
      store<u32>(out, detector);
      store<u32>(out, <u32>word, 4);
      out += 12;
    }
  }
  store<u32>(note, <u32>hit);
  return <u32>((out - start) / 12);
}
