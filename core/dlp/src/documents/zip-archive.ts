/** The contents of a zip archive, and what about them is not as the archive says. */
import type { Budget, Extracted, Extractor, Source } from '../document.ts';
import { sourceOf } from '../source.ts';
import { encodingOf } from './encoding.ts';
import { leadsOut, partIn, problem, sliceOf } from './parts.ts';
import { type LocalHeader, localHeader, type ZipDirectory, type ZipEntry } from './zip-directory.ts';

type Unpack = Parameters<Extractor>[4];

export type Content = {
  /** Undefined when nothing could be read. */
  readonly data: Uint8Array | undefined;
  readonly problems: readonly Extracted[];
};

export type ZipArchive = {
  readonly directory: ZipDirectory;
  /** Unpacks an entry. Each once: it counts against the budget. */
  readonly content: (entry: ZipEntry) => Content;
  /** What lies in the file and belongs to no entry, once all contents were read. */
  readonly leftovers: (unpack: Unpack, depth: number) => Generator<Extracted>;
};

const flag = { encrypted: 1, descriptor: 8 };
const headBytes = 4096;
const method = { stored: 0, deflate: 8, zstd: 93 };
/** Of a data descriptor with its signature and sizes of 64 bits. */
const descriptorBytes = 24;

/** @param part the archive's own */
export function zipArchive(
  source: Source,
  directory: ZipDirectory,
  part: string,
  budget: Budget,
): ZipArchive {
  const ends = new Map<ZipEntry, number>();
  const starts = directory.entries.map((entry) => entry.at);
  const nextStart = (at: number): number => {
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    return Math.max(at, Math.min(starts[low] ?? directory.at, directory.at));
  };
  return {
    directory,
    content(entry) {
      const name = partIn(part, entry.name);
      const local = localHeader(source, entry.at);
      if (!local)
        return {
          data: undefined,
          problems: [problem('corrupt', name, 'has no header where the directory says')],
        };
      const problems = differences(entry, local, name);
      const room = Math.max(entry.packed, nextStart(entry.at) - local.dataAt);
      const read = unpacked(source, { ...local, ...entry }, local.dataAt, room, name, budget);
      ends.set(entry, local.dataAt + read.used + (entry.flags & flag.descriptor ? descriptorBytes : 0));
      problems.push(...read.problems);
      if (local.method === entry.method || !read.data) return { data: read.data, problems };
      const other = unpacked(source, local, local.dataAt, room, name, budget);
      return { data: other.data ? joined([read.data, other.data]) : read.data, problems };
    },
    *leftovers(unpack, depth) {
      let at = 0;
      for (const entry of directory.entries) {
        if (entry.at < at - descriptorBytes)
          yield problem('mismatch', partIn(part, entry.name), 'overlaps another entry');
        yield* between(sliceOf(source, at, entry.at), at === 0, unpack, depth);
        at = Math.max(at, ends.get(entry) ?? unreadEnd(source, entry));
      }
      yield* between(sliceOf(source, at, directory.at), at === 0, unpack, depth);
      yield* between(sliceOf(source, directory.after, source.size), false, unpack, depth);
    },
  };

  function* between(gap: Source, isStart: boolean, unpack: Unpack, depth: number): Generator<Extracted> {
    if (gap.size === 0) return;
    const bytes = gap.read(0, gap.size);
    if (bytes.every((byte) => byte === 0)) return;
    const where = partIn(part, isStart ? '(before the archive)' : '(between entries)');
    const hidden = nextHeader(gap, 0);
    if (hidden >= 0) {
      yield problem('mismatch', where, 'holds entries that the directory does not list');
      yield* localEntries(gap, hidden, part, depth, budget, unpack);
    }
    yield { kind: 'text', part: where, text: bytes };
    if (hidden < 0 && encodingOf(bytes.subarray(0, headBytes)) === undefined)
      yield problem('unsupported', where, 'is no text and belongs to no entry');
  }
}

/** Entries by their local headers alone, for archives without a directory. Whatever follows one is searched for the next. */
export function* localEntries(
  source: Source,
  from: number,
  part: string,
  depth: number,
  budget: Budget,
  unpack: Unpack,
): Generator<Extracted> {
  for (let at = from; at >= 0 && at < source.size;) {
    const local = localHeader(source, at);
    const over = local && (budget.entry(part) ?? budget.late(part));
    if (over) {
      yield { kind: 'problem', problem: over };
      return;
    }
    let end = at + 4;
    if (local) {
      const name = partIn(part, local.name);
      const read = unpacked(source, local, local.dataAt, source.size - local.dataAt, name, budget);
      yield* read.problems;
      if (read.data) yield* unpack(sourceOf(read.data), name, depth + 1);
      end = Math.max(end, local.dataAt + read.used);
    }
    at = nextHeader(source, end);
  }
}

function nextHeader(source: Source, from: number): number {
  const window = 1 << 16;
  for (let at = from; at < source.size; at += window - 3) {
    const bytes = source.read(at, window);
    for (let found = bytes.indexOf(0x50); found >= 0; found = bytes.indexOf(0x50, found + 1))
      if (bytes[found + 1] === 0x4b && bytes[found + 2] === 3 && bytes[found + 3] === 4) return at + found;
    if (bytes.length < window) return -1;
  }
  return -1;
}

/** Of an entry that nobody unpacked. */
function unreadEnd(source: Source, entry: ZipEntry): number {
  return (localHeader(source, entry.at)?.dataAt ?? entry.at) + entry.packed + descriptorBytes;
}

function differences(entry: ZipEntry, local: LocalHeader, name: string): Extracted[] {
  const found: Extracted[] = [];
  const differs = (detail: string): number => found.push(problem('mismatch', name, detail));
  if (local.name !== entry.name) differs('has another name in its own header than in the directory');
  if (local.method !== entry.method) differs('has another method in its own header than in the directory');
  if ((local.flags & 1) !== (entry.flags & 1)) differs('is encrypted by one of its headers only');
  const hasSizes = (local.flags & flag.descriptor) === 0;
  if (hasSizes && (local.size !== entry.size || local.packed !== entry.packed))
    differs('has other sizes in its own header than in the directory');
  if (hasSizes && local.crc !== entry.crc)
    differs('has another checksum in its own header than in the directory');
  if (leadsOut(entry.name)) differs('its name leads out of the archive');
  return found;
}

/** @param room bytes from `dataAt` that may belong to it, whatever its header says */
function unpacked(
  source: Source,
  entry: Omit<ZipEntry, 'record'>,
  dataAt: number,
  room: number,
  name: string,
  budget: Budget,
): { data: Uint8Array | undefined; used: number; problems: Extracted[] } {
  const problems: Extracted[] = [];
  const most = Math.max(1, budget.left());
  const given = (code: Parameters<typeof problem>[0], detail: string): number =>
    problems.push(problem(code, name, detail));
  const spend = (bytes: number): void => {
    const over = budget.spend(name, bytes, Math.max(entry.packed, 1));
    if (over) problems.push({ kind: 'problem', problem: over });
  };
  if (entry.flags & flag.encrypted) {
    given('encrypted', 'is encrypted');
    return { data: undefined, used: entry.packed, problems };
  }
  if (entry.method === method.stored) {
    const data = source.read(dataAt, Math.min(entry.packed, most));
    if (entry.packed > most) given('too_large', `is larger than ${most} bytes`);
    else if (data.length < entry.packed) given('corrupt', 'ends early');
    if (entry.size !== entry.packed) given('mismatch', 'is stored, but its sizes differ');
    else if (!isIntact(data, entry, budget)) given('corrupt', 'does not agree with its checksum');
    spend(data.length);
    return { data, used: entry.packed, problems };
  }
  if (entry.method !== method.deflate && entry.method !== method.zstd) {
    given('unsupported', `is packed by method ${entry.method}`);
    return { data: undefined, used: entry.packed, problems };
  }
  const isZstd = entry.method === method.zstd;
  const bytes = source.read(dataAt, isZstd ? entry.packed : room);
  const read = budget.host.inflate(isZstd ? 'zstd' : 'raw', bytes, most);
  if (!read.ok && read.why === 'too_large') {
    const isBomb = most > entry.packed * budget.limits.maxRatio;
    given(isBomb ? 'suspicious_ratio' : 'too_large', `unpacks to more than ${most} bytes`);
    spend(most);
    return { data: undefined, used: entry.packed, problems };
  }
  spend(read.data.length);
  if (!read.ok) given('corrupt', 'could not be unpacked to its end');
  else if (!isZstd && read.used !== entry.packed && sizesKnown(entry))
    given('mismatch', 'is packed in another size than stated');
  if (read.ok && read.data.length !== entry.size && sizesKnown(entry))
    given('mismatch', 'unpacks to another size than stated');
  else if (read.ok && !isIntact(read.data, entry, budget))
    given('corrupt', 'does not agree with its checksum');
  return { data: read.data, used: read.ok && !isZstd ? read.used : entry.packed, problems };
}

function isIntact(data: Uint8Array, entry: Omit<ZipEntry, 'record'>, { host }: Budget): boolean {
  return !sizesKnown(entry) || host.crc32(data) === entry.crc;
}

/** A local header may leave them to the data descriptor, which is not looked for. */
function sizesKnown(entry: Omit<ZipEntry, 'record'>): boolean {
  return (entry.flags & flag.descriptor) === 0 || entry.packed !== 0 || entry.size !== 0;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, one) => sum + one.length, 0));
  let at = 0;
  for (const one of parts) {
    all.set(one, at);
    at += one.length;
  }
  return all;
}
