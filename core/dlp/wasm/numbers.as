// Who is asked at which run of digits, in AssemblyScript. `scripts/dlp-kernel.ts` compiles this into src/scan/numbers-module.ts, which
// shares the memory of the kernel. All memory is laid out by the caller; positions are addresses in it.

// Makes what an unknown cell leads to; the state to go on from, 0 where there is no room for more.
@external("env", "make")
declare function make(group: u32, state: u32, cell: u32): u32;

// Fields of what `find` and `add` share: runs are triples of first address, address behind, number of digits.
const runsAt: usize = 0;
const nextRun: usize = 4;
const lastRun: usize = 8;
const from: usize = 12;
const to: usize = 16;
// By detector, `detectorBytes` each.
const asked: usize = 20;
// By run: the first entry, counted from 1; its supported detectors, as the address of their bits or 0; sums of its groups or 0.
const heads: usize = 24;
const near: usize = 28;
const sums: usize = 32;
// Entries of detector, last place where a match begins, next entry of the run.
const entries: usize = 36;
const room: usize = 40;
const count: usize = 44;
const detectors: usize = 48;
// By run: 0 where it is not known whether it is written in parts, 1 where it is not, 2 where it is.
const parts: usize = 56;
// By detector and byte: 1, 2, 4, 8 where a match may have it first to fourth, 128 where it may stand ahead of one.
const begins: usize = 60;
// Detectors that any run has a supporting word for, as bits.
const anyNear: usize = 64;
// Runs that are followed; those that are asked about are among them.
const knownRuns: usize = 52;

// Fields of a detector: bytes that it looks at ahead of a run and behind, of its shortest match and its longest, sums of digits that it
// is asked at, whether it needs a letter ahead and, without support, a number as people write it. Then the last run that it was asked
// at, the entry of that, and for the group under way: where the bytes end that it looks at where it was asked last, and the entry of that.
const before: usize = 0;
const after: usize = 4;
const shortest: usize = 8;
const longest: usize = 12;
const range: usize = 16;
const needsLetter: usize = 24;
const isForParted: usize = 28;
const askedAt: usize = 32;
const entryOf: usize = 36;
const askedTo: usize = 40;
const askedEntry: usize = 44;
// Where the match began at first that it was asked for then.
const askedFor: usize = 48;
const detectorBytes: usize = 56;
const nobody: u32 = 0xffffffff;

// Fields of a group of patterns that share an automaton.
const table: usize = 0;
const classes: usize = 4;
const width: usize = 8;
const lead: usize = 12;
const leastDigits: usize = 16;
const isBack: usize = 20;
const isSupported: usize = 24;
const needsParts: usize = 28;
const accepts: usize = 32;
const tail: usize = 36;

// No match is under way.
const dead: u32 = 1;

function isDigit(byte: u32): bool {
  return byte - 48 < 10;
}

// @ts-ignore: decorator
@inline
function runAt(desk: usize, run: u32): usize {
  return <usize>load<u32>(desk + runsAt) + 12 * <usize>run;
}

// As people write numbers: separators in the run, or `+` or a parenthesis ahead of it; but not as dates and addresses of the
// Internet are written.
function isParted(run: usize, first: usize): bool {
  const start: usize = load<u32>(run);
  const end: usize = load<u32>(run, 4);
  const digits: usize = load<u32>(run, 8);
  if (start > first) {
    const ahead: u32 = load<u8>(start - 1);
    if (ahead == 0x2b || ahead == 0x28 || ahead == 0x29) return true;
  }
  const length = end - start;
  if (digits == length) return false;
  if (length == 10 || (length == 13 && load<u8>(start, 10) == 32 && load<u8>(end) == 58)) {
    const century: u32 = load<u16>(start);
    const sign: u32 = load<u8>(start, 4);
    // `19` and `20`; an hour may follow.
    if ((century == 0x3931 || century == 0x3032) && sign - 45 < 3 && sign == load<u8>(start, 7)) return false;
  }
  if (length != digits + 3 || digits > 12) return true;
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

function isRunParted(desk: usize, run: u32): bool {
  const known = <usize>load<u32>(desk + parts) + <usize>run;
  let says: u32 = load<u8>(known);
  if (!says) {
    says = isParted(runAt(desk, run), load<u32>(desk + from)) ? 2 : 1;
    store<u8>(known, <u8>says);
  }
  return says == 2;
}

// By how many digits some neighbouring groups of a run have together: bit 0 is one digit, and more than 64 are nobody's.
function sumsOf(run: usize): u64 {
  const end: usize = load<u32>(run, 4);
  let all: u64 = 0;
  let ending: u64 = 0;
  let at: usize = load<u32>(run);
  while (at < end) {
    const first = at;
    while (at < end && isDigit(load<u8>(at))) at++;
    const digits = at - first;
    ending = digits > 64 || digits == 0 ? 0 : (digits == 64 ? 0 : ending << digits) | (<u64>1 << (digits - 1));
    all |= ending;
    at++;
  }
  return all;
}

function isAsked(desk: usize, run: u32, number: u32, one: usize, supported: bool): bool {
  const at = runAt(desk, run);
  if (load<u32>(one + needsLetter)) {
    const start: usize = load<u32>(at);
    if (start <= load<u32>(desk + from) || (load<u8>(start - 1) | 32) - 97 >= 26) return false;
  }
  if (supported) {
    const row: usize = load<u32>(<usize>load<u32>(desk + near) + (<usize>run << 2));
    if (!row || !((load<u32>(row + (<usize>(number >> 5) << 2)) >> (number & 31)) & 1)) return false;
  } else if (load<u32>(one + isForParted) && !isRunParted(desk, run)) return false;
  const known = <usize>load<u32>(desk + sums) + (<usize>run << 3);
  let some = load<u64>(known);
  if (!some) {
    some = sumsOf(at);
    store<u64>(known, some);
  }
  return (some & load<u64>(one + range)) != 0;
}

// Asks a detector at a run for matches that begin up to `place`: an offset in the window, or `nobody` where nothing is known.
// Returns the entry; 0 where there is no room.
function put(desk: usize, run: u32, number: u32, one: usize, place: u32): usize {
  const latest = load<i32>(one + askedAt);
  const head = <usize>load<u32>(desk + heads) + (<usize>run << 2);
  const base: usize = load<u32>(desk + entries);
  let entry: usize = 0;
  if (latest == <i32>run) entry = load<u32>(one + entryOf);
  else if (latest > <i32>run)
    for (let next = load<u32>(head); next; next = load<u32>(entry, 8)) {
      entry = base + 12 * <usize>(next - 1);
      if (load<u32>(entry) == number) break;
      entry = 0;
    }
  if (entry) {
    if (load<u32>(entry, 4) < place) store<u32>(entry, place, 4);
    return entry;
  }
  const index = load<u32>(desk + count);
  if (index >= load<u32>(desk + room)) {
    store<u32>(desk + count, nobody);
    return 0;
  }
  entry = base + 12 * <usize>index;
  store<u32>(entry, number);
  store<u32>(entry, place, 4);
  store<u32>(entry, load<u32>(head), 8);
  store<u32>(head, index + 1);
  store<u32>(desk + count, index + 1);
  if (latest < <i32>run) {
    store<i32>(one + askedAt, run);
    store<u32>(one + entryOf, <u32>entry);
  }
  return entry;
}

// A match of a detector begins in [least, most]: the runs around `run` are asked that have it in what the detector looks at there. A
// run that is searched up to behind `most` is the last.
export function around(desk: usize, number: u32, run: u32, least: usize, most: usize, supported: bool): void {
  const one = <usize>load<u32>(desk + asked) + detectorBytes * <usize>number;
  const next = load<u32>(desk + nextRun);
  const last = load<u32>(desk + lastRun);
  const ahead = load<u32>(one + before);
  const behind = load<u32>(one + after);
  const window = load<u32>(desk + from);
  const place = most > window ? <u32>(most - window) : 0;
  while (run > next && <usize>load<u32>(runAt(desk, run - 1), 4) + behind > least) run--;
  if (run < next) run = next;
  for (; run < last; run++) {
    const at = runAt(desk, run);
    if (<usize>load<u32>(at) > most + ahead) return;
    const end = <usize>load<u32>(at, 4) + behind;
    if (end <= least || !isAsked(desk, run, number, one, supported)) continue;
    const entry = put(desk, run, number, one, place);
    if (!entry) return;
    if (most >= end) continue;
    store<u32>(one + askedTo, <u32>end);
    store<u32>(one + askedEntry, <u32>entry);
    store<u32>(one + askedFor, <u32>least);
    return;
  }
}

// Asks a detector at all runs, or at those with a supporting word for it near by.
export function everywhere(desk: usize, number: u32, supported: bool): void {
  const one = <usize>load<u32>(desk + asked) + detectorBytes * <usize>number;
  const last = load<u32>(desk + lastRun);
  for (let run = load<u32>(desk + nextRun); run < last; run++)
    if (isAsked(desk, run, number, one, supported)) put(desk, run, number, one, nobody);
}

// Whether a match may begin at `at`, by the bytes around it.
function mayBegin(desk: usize, bytes: usize, at: usize): bool {
  const first: usize = load<u32>(desk + from);
  if (at < first) return false;
  if (at + 4 > <usize>load<u32>(desk + to)) return true;
  return (
    (at == first || (load<u8>(bytes + load<u8>(at - 1)) & 128) != 0) &&
    (load<u8>(bytes + load<u8>(at)) & 1) != 0 &&
    (load<u8>(bytes + load<u8>(at, 1)) & 2) != 0 &&
    (load<u8>(bytes + load<u8>(at, 2)) & 4) != 0 &&
    (load<u8>(bytes + load<u8>(at, 3)) & 8) != 0
  );
}

// What matches behind the byte ahead of `place`.
function take(desk: usize, group: usize, state: u32, place: usize, run: u32): void {
  const list: usize = load<u32>(<usize>load<u32>(group + accepts) + (<usize>state << 2));
  const end = list + 2 + (<usize>load<u16>(list) << 1);
  const supported = load<u32>(group + isSupported) != 0;
  const back = load<u32>(group + isBack) != 0;
  const anyone: usize = load<u32>(desk + anyNear);
  for (let at = list + 2; at < end; at += 2) {
    const number: u32 = load<u16>(at);
    if (supported && !((load<u32>(anyone + (<usize>(number >> 5) << 2)) >> (number & 31)) & 1)) continue;
    const one = <usize>load<u32>(desk + asked) + detectorBytes * <usize>number;
    // Behind the match, or behind the byte that it had to be followed by.
    if (back) {
      const begin = <usize>load<u32>(desk + from) + load<u32>(desk + to) - place;
      around(desk, number, run, begin, begin + 1, supported);
      continue;
    }
    let most = place - load<u32>(one + shortest);
    let least = place - 1 - load<u32>(one + longest);
    const known = <usize>load<u32>(one + askedTo);
    if (most < known && least >= <usize>load<u32>(one + askedFor)) {
      // No run ahead of the last one that was asked has anything new.
      const entry: usize = load<u32>(one + askedEntry);
      const begin = <u32>(most - load<u32>(desk + from));
      if (load<u32>(entry, 4) < begin) store<u32>(entry, begin, 4);
      continue;
    }
    const bytes = <usize>load<u32>(desk + begins) + (<usize>number << 8);
    while (least <= most && !mayBegin(desk, bytes, least)) least++;
    if (least > most) continue;
    while (!mayBegin(desk, bytes, most)) most--;
    around(desk, number, run, least, most, supported);
  }
}

// Follows an automaton over the bytes around runs of digits: matches may begin from `lead` bytes ahead of a run to `tail` behind its last
// digit, and go on for as long as they can. Where the group is read back it goes over the text from its end to its beginning, with an automaton of the
// patterns from their ends. A state has a row for "none begins behind this byte" and one for "others may"; a cell is twice the
// next state, one more where something matches, 0 where it has to be made first. Asks who may find something. Returns
// false when there is no room for more states.
export function follow(desk: usize, group: usize): bool {
  const first: usize = load<u32>(desk + from);
  const behind: usize = load<u32>(desk + to);
  const last: i32 = load<u32>(desk + knownRuns);
  const all = <usize>load<u32>(desk + asked);
  for (let number: usize = 0; number < <usize>load<u32>(desk + detectors); number++)
    store<u32>(all + detectorBytes * number + askedTo, 0);
  const cells: usize = load<u32>(group + table);
  const kinds: usize = load<u32>(group + classes);
  const columns = load<u32>(group + width);
  const back = load<u32>(group + isBack) != 0;
  const supported = load<u32>(group + isSupported) != 0;
  const parted = load<u32>(group + needsParts) != 0;
  const reach: usize = load<u32>(group + lead);
  const least = load<u32>(group + leastDigits);
  const behindRun: usize = load<u32>(group + tail);
  const nearRows: usize = load<u32>(desk + near);
  const edge: u32 = load<u8>(kinds, 256);
  const mirror = first + behind - 1;
  let place: usize = first - 1;
  let state = dead;
  let zone: usize = 0;
  let end: usize = 0;
  let nearest: u32 = back ? last - 1 : 0;
  for (let index: i32 = 0; index <= last; index++) {
    const run: i32 = back ? last - 1 - index : index;
    if (index < last) {
      const at = runAt(desk, run);
      if (load<u32>(at, 8) < least) continue;
      if (supported && !load<u32>(nearRows + (<usize>run << 2))) continue;
      if (parted && !isRunParted(desk, run)) continue;
      const start: usize = back ? mirror + 1 - load<u32>(at, 4) : load<u32>(at);
      end = (back ? mirror + 1 - load<u32>(at) : min<usize>(load<u32>(at, 4) + behindRun, behind)) - 1;
      zone = start >= first + reach + 1 ? start - reach - 1 : first - 1;
    } else zone = end = usize.MAX_VALUE;
    // Up to where others may begin, with what is under way.
    while (place < zone) {
      if (state == dead || place > behind) {
        place = zone;
        break;
      }
      const isEdge = place == first - 1 || place >= behind;
      const one: u32 = isEdge ? edge : load<u8>(kinds + load<u8>(back ? mirror - place : place));
      const cell = (state << 1) * columns + one;
      const next: u32 = load<u16>(cells + (<usize>cell << 1));
      if (next == 0) {
        state = make(<u32>group, state, cell);
        if (!state) return false;
        continue;
      }
      state = next >> 1;
      place++;
      if (next & 1) take(desk, group, state, place, nearest);
    }
    if (index == last) break;
    nearest = run;
    let at: usize = back ? mirror - place : place;
    const step: usize = back ? -1 : 1;
    while (place < end) {
      const one: u32 = place == first - 1 ? edge : load<u8>(kinds + load<u8>(at));
      const cell = ((state << 1) + 1) * columns + one;
      const next: u32 = load<u16>(cells + (<usize>cell << 1));
      if (next == 0) {
        state = make(<u32>group, state, cell);
        if (!state) return false;
        continue;
      }
      state = next >> 1;
      place++;
      at += step;
      if (next & 1) take(desk, group, state, place, nearest);
    }
  }
  return true;
}

// Writes (run, detector, last place) for each entry, in the order of runs and of detectors; returns how many.
export function collect(desk: usize, out: usize): u32 {
  const begin = out;
  const last = load<u32>(desk + lastRun);
  const base: usize = load<u32>(desk + entries);
  for (let run = load<u32>(desk + nextRun); run < last; run++) {
    let next = load<u32>(<usize>load<u32>(desk + heads) + (<usize>run << 2));
    const start = out;
    while (next) {
      const entry = base + 12 * <usize>(next - 1);
      const number = load<u32>(entry);
      let at = out;
      for (; at > start && load<u32>(at - 12, 4) > number; at -= 12) {
        store<u64>(at, load<u64>(at - 12));
        store<u32>(at, load<u32>(at - 12, 8), 8);
      }
      store<u32>(at, run);
      store<u32>(at, number, 4);
      store<u32>(at, load<u32>(entry, 4), 8);
      out += 12;
      next = load<u32>(entry, 8);
    }
  }
  return <u32>((out - begin) / 12);
}
