// The two loops that see every byte, in AssemblyScript. `scripts/dlp-kernel.ts` compiles this into src/scan/kernel-module.ts.
// All memory is laid out by the caller; nothing is allocated here. Positions are addresses in memory.

// Fills in the row of the state, and says what stands there.
@external("env", "learn")
declare function learn(state: u32, byte: u32): u32;

// The state behind `state` and the byte at `at`; 0 where the table does not say yet. A row has `1 << shift` bytes.
// @ts-ignore: decorator
@inline
function known(table: usize, classes: usize, shift: u32, state: u32, at: usize): u32 {
  return load<u16>(table + (state << shift) + (<u32>load<u8>(classes + load<u8>(at)) << 1));
}

// Goes from the state `root` over the bytes of [from, to) without noting anything.
function settle(table: usize, classes: usize, shift: u32, root: u32, from: usize, to: usize): u32 {
  let state = root;
  for (; from < to; from++) {
    const next = known(table, classes, shift, state, from);
    state = next ? next : learn(state, load<u8>(from));
  }
  return state;
}

// A state at one of several places that are looked at by turns: notes where the one before `at` leads when its row is not known,
// and the end of a word. Where the next pair is to be written stands at `slot`. Returns the state.
function meet(
  table: usize, classes: usize, shift: u32, accepts: u32, state: u32, from: usize, at: usize, slot: usize,
): u32 {
  if (!state) state = settle(table, classes, shift, accepts + 1, from, at);
  if (state <= accepts) {
    const out: usize = load<u32>(slot);
    store<u32>(out, state);
    store<u32>(out, <u32>at, 4);
    store<u32>(slot, <u32>(out + 8));
  }
  return state;
}

// Runs the automaton over [from, to) and writes (state, address behind the byte) wherever it is in a state of [1, `accepts`]; the
// beginning is the state behind them. A row of the table has `1 << shift` bytes. The `warm` bytes before a place decide the state
// there; before `from` only `before` of them are there. Needs 8 bytes at `out` for each byte, and 32 at `slots`.
// Returns how many pairs were written; they are in the order of the text.
export function words(
  table: usize, classes: usize, shift: u32, accepts: u32, from: usize, to: usize, warm: usize, before: usize,
  out: usize, slots: usize,
): u32 {
  const start = out;
  const part: usize = (to - from) >> 3;
  const root = accepts + 1;
  const earliest = from - before;
  let state = settle(table, classes, shift, root, earliest, from);
  let at = from;
  if (part > warm + 16) {
    // Eight places at once: each step waits for memory, and eight waits overlap.
    store<u32>(slots, <u32>(out + 0 * (part << 3)), 0);
    store<u32>(slots, <u32>(out + 1 * (part << 3)), 4);
    store<u32>(slots, <u32>(out + 2 * (part << 3)), 8);
    store<u32>(slots, <u32>(out + 3 * (part << 3)), 12);
    store<u32>(slots, <u32>(out + 4 * (part << 3)), 16);
    store<u32>(slots, <u32>(out + 5 * (part << 3)), 20);
    store<u32>(slots, <u32>(out + 6 * (part << 3)), 24);
    store<u32>(slots, <u32>(out + 7 * (part << 3)), 28);
    let state1 = settle(table, classes, shift, root, from + 1 * part - warm, from + 1 * part);
    let state2 = settle(table, classes, shift, root, from + 2 * part - warm, from + 2 * part);
    let state3 = settle(table, classes, shift, root, from + 3 * part - warm, from + 3 * part);
    let state4 = settle(table, classes, shift, root, from + 4 * part - warm, from + 4 * part);
    let state5 = settle(table, classes, shift, root, from + 5 * part - warm, from + 5 * part);
    let state6 = settle(table, classes, shift, root, from + 6 * part - warm, from + 6 * part);
    let state7 = settle(table, classes, shift, root, from + 7 * part - warm, from + 7 * part);
    for (const end = from + part; at < end; at++) {
      state = known(table, classes, shift, state, at);
      state1 = known(table, classes, shift, state1, at + 1 * part);
      state2 = known(table, classes, shift, state2, at + 2 * part);
      state3 = known(table, classes, shift, state3, at + 3 * part);
      state4 = known(table, classes, shift, state4, at + 4 * part);
      state5 = known(table, classes, shift, state5, at + 5 * part);
      state6 = known(table, classes, shift, state6, at + 6 * part);
      state7 = known(table, classes, shift, state7, at + 7 * part);
      // One comparison for both that are seldom: a row that is not known, which is 0, and the end of a word.
      if (state <= accepts)
        state = meet(table, classes, shift, accepts, state, max(earliest, at - warm), at + 1, slots);
      if (state1 <= accepts)
        state1 = meet(table, classes, shift, accepts, state1, at + 1 * part - warm, at + 1 * part + 1, slots + 4);
      if (state2 <= accepts)
        state2 = meet(table, classes, shift, accepts, state2, at + 2 * part - warm, at + 2 * part + 1, slots + 8);
      if (state3 <= accepts)
        state3 = meet(table, classes, shift, accepts, state3, at + 3 * part - warm, at + 3 * part + 1, slots + 12);
      if (state4 <= accepts)
        state4 = meet(table, classes, shift, accepts, state4, at + 4 * part - warm, at + 4 * part + 1, slots + 16);
      if (state5 <= accepts)
        state5 = meet(table, classes, shift, accepts, state5, at + 5 * part - warm, at + 5 * part + 1, slots + 20);
      if (state6 <= accepts)
        state6 = meet(table, classes, shift, accepts, state6, at + 6 * part - warm, at + 6 * part + 1, slots + 24);
      if (state7 <= accepts)
        state7 = meet(table, classes, shift, accepts, state7, at + 7 * part - warm, at + 7 * part + 1, slots + 28);
    }
    out = load<u32>(slots);
    for (let i: usize = 1; i < 8; i++) {
      const begin = start + i * (part << 3);
      const length = load<u32>(slots + (i << 2)) - begin;
      memory.copy(out, begin, length);
      out += length;
    }
    state = state7;
    at = from + 8 * part;
  }
  for (; at < to; at++) {
    const next = known(table, classes, shift, state, at);
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

// No match is under way.
const dead: u32 = 1;

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

// The next place in [from, end) of the byte that every match has, between bytes that may stand beside it; `end`: there is none.
function nextPivot(gate: usize, byte: u32, from: usize, end: usize, window: usize): usize {
  for (let at = from; at < end; at += 16) {
    let mask = i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(<i8>byte)));
    for (; mask; mask &= mask - 1) {
      const place = at + ctz(mask);
      if (place >= end) return end;
      if (place > window && !(load<u8>(gate + beside + load<u8>(place - 1)) & 1)) continue;
      if (place + 1 >= end || (load<u8>(gate + beside + load<u8>(place + 1)) & 2)) return place;
    }
  }
  return end;
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

// Bytes of an answer of `ask`, and how many one asker may give at one word.
const answerBytes: usize = 16;
const mostAnswers: u32 = 8;

function answer(out: usize, detector: u32, from: usize, to: usize, end: usize): usize {
  store<u32>(out, detector);
  store<u32>(out, <u32>from, 4);
  store<u32>(out, <u32>to, 8);
  store<u32>(out, <u32>end, 12);
  return out + answerBytes;
}

// Answers for the places in [from, to) that lead to the byte which every match has.
function askAtPivots(
  gate: usize, byte: u32, detector: u32, from: usize, to: usize, end: usize, window: usize, out: usize,
): usize {
  let given: u32 = 0;
  for (let at = nextPivot(gate, byte, from, end, window); at < end; at = nextPivot(gate, byte, at + 1, end, window)) {
    let start = at;
    while (start > from && (load<u8>(gate + beside + load<u8>(start - 1)) & 4)) start--;
    if (start >= to) break;
    const stop = min(at + 1, to);
    if (start < stop && mayMatch(gate, start, stop, end, window)) {
      if (given < mostAnswers) {
        out = answer(out, detector, start, stop, end);
        given++;
      } else store<u32>(out - answerBytes, <u32>stop, 8);
    }
    from = stop;
    if (at >= to) break;
  }
  return out;
}

// Asks at the words of [hit, lastHit) whether someone's pattern may match there, and writes (detector, addresses from and up to
// where a match may begin, address where its text ends) for each place where it may. `finders` has the address of the first
// finder of each state from `accept` on, and one more behind them; a finder is (detector, bytes of the word). `askers` has 32
// bytes for each detector: gate, whether at the word itself, bytes before, after, tail. `searched` has up to where each was
// asked, as positions in the part; `shift` is the one of address 0. The text is [window, end). Stops ahead of a word when it has written up to `room`, and leaves at `note` the hit to go on with.
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
    if (out >= room) break;
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
        const stop = min(end, word + hereTail);
        if (gate == 1 || mayMatch(gate, word, word + 1, stop, window)) out = answer(out, detector, word, word + 1, stop);
        continue;
      }
      const news = searched + (<usize>detector << 3);
      const known = load<f64>(news) - shift;
      let from = max(<i32>word - load<i32>(asker, 8), <i32>window);
      if (known > <f64>from) from = <i32>known;
      const to = <i32>word + load<i32>(asker, 12);
      const last = min(to, <i32>end);
      if (from >= last) continue;
      store<f64>(news, shift + <f64>last);
      const stop = min(<i32>end, to + load<i32>(asker, 16));
      const byte: u32 = gate == 1 ? 256 : load<u16>(gate + pivot);
      if (byte < 256) out = askAtPivots(gate, byte, detector, from, last, stop, window, out);
      else if (gate == 1 || mayMatch(gate, from, last, stop, window)) out = answer(out, detector, from, last, stop);
    }
  }
  store<u32>(note, <u32>hit);
  return <u32>((out - start) / answerBytes);
}
