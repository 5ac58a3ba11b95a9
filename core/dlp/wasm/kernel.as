// The two loops that see every byte, in AssemblyScript. `scripts/dlp-kernel.ts` compiles this into src/scan/kernel-module.ts.
// All memory is laid out by the caller; nothing is allocated here. Positions are addresses in memory.

// Goes from `state` over the bytes of [from, to) without noting anything.
function settle(table: usize, classes: usize, columns: u32, from: usize, to: usize): u32 {
  let state: u32 = 0;
  for (; from < to; from++)
    state = load<u16>(table + ((state * columns + load<u8>(classes + load<u8>(from))) << 1));
  return state;
}

// Runs the automaton over [from, to) and writes (state, address behind the byte) wherever it is in a state from `accept` on.
// The `warm` bytes before a place decide the state there; before `from` only `known` of them are there. Needs 8 bytes at `out` for each byte.
// Returns how many pairs were written; they are in the order of the text.
export function words(
  table: usize, classes: usize, columns: u32, accept: u32, from: usize, to: usize, warm: usize, known: usize,
  out: usize,
): u32 {
  const start = out;
  const quarter: usize = (to - from) >> 2;
  let state = settle(table, classes, columns, from - known, from);
  let at = from;
  if (quarter > warm + 16) {
    // Four places at once: each step waits for memory, and four waits overlap.
    const q1 = from + quarter;
    const q2 = q1 + quarter;
    const q3 = q2 + quarter;
    let state1 = settle(table, classes, columns, q1 - warm, q1);
    let state2 = settle(table, classes, columns, q2 - warm, q2);
    let state3 = settle(table, classes, columns, q3 - warm, q3);
    let out0 = out;
    const begin1 = out + (quarter << 3);
    const begin2 = begin1 + (quarter << 3);
    const begin3 = begin2 + (quarter << 3);
    let out1 = begin1;
    let out2 = begin2;
    let out3 = begin3;
    for (let i: usize = 0; i < quarter; i++) {
      state = load<u16>(table + ((state * columns + load<u8>(classes + load<u8>(from + i))) << 1));
      state1 = load<u16>(table + ((state1 * columns + load<u8>(classes + load<u8>(q1 + i))) << 1));
      state2 = load<u16>(table + ((state2 * columns + load<u8>(classes + load<u8>(q2 + i))) << 1));
      state3 = load<u16>(table + ((state3 * columns + load<u8>(classes + load<u8>(q3 + i))) << 1));
      if (state >= accept) {
        store<u32>(out0, state);
        store<u32>(out0, <u32>(from + i + 1), 4);
        out0 += 8;
      }
      if (state1 >= accept) {
        store<u32>(out1, state1);
        store<u32>(out1, <u32>(q1 + i + 1), 4);
        out1 += 8;
      }
      if (state2 >= accept) {
        store<u32>(out2, state2);
        store<u32>(out2, <u32>(q2 + i + 1), 4);
        out2 += 8;
      }
      if (state3 >= accept) {
        store<u32>(out3, state3);
        store<u32>(out3, <u32>(q3 + i + 1), 4);
        out3 += 8;
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
    state = load<u16>(table + ((state * columns + load<u8>(classes + load<u8>(at))) << 1));
    if (state >= accept) {
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
