/**
 * The directory of a zip archive (PKWARE APPNOTE 6.3.10), read as if it were written by an enemy: what it says is where to look
 * and what to expect, never how much to allocate.
 */
import type { Source } from '../document.ts';
import { lastDirectoryEnd } from '../survey.ts';

export type ZipEntry = {
  readonly name: string;
  readonly method: number;
  readonly flags: number;
  readonly packed: number;
  readonly size: number;
  /** Of the content: CRC-32. */
  readonly crc: number;
  /** Of the local header. */
  readonly at: number;
  /** The record in the directory, for who writes it again; empty when there is none. */
  readonly record: Uint8Array;
};

export type ZipDirectory = {
  /** By place in the file. */
  readonly entries: readonly ZipEntry[];
  readonly at: number;
  /** What follows the last record: end of central directory with its comment. */
  readonly endAt: number;
  /** Behind the archive. */
  readonly after: number;
  /** Bytes in front of the archive: offsets in it count from there. */
  readonly shift: number;
  readonly comment: Uint8Array;
  readonly isZip64: boolean;
  /** What is wrong with it. */
  readonly wrong: readonly string[];
};

export const localBytes = 30;
const recordBytes = 46;
const endBytes = 22;
const maxComment = 0xffff;

const signature = {
  local: 0x04034b50,
  record: 0x02014b50,
  end: 0x06054b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
};

export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** @returns undefined when there is none */
export function readDirectory(source: Source, maxEntries: number): ZipDirectory | undefined {
  const tailAt = Math.max(0, source.size - endBytes - maxComment);
  const tail = source.read(tailAt, source.size - tailAt);
  const inTail = endIn(tail);
  if (inTail === undefined) return undefined;
  const end = viewOf(tail.subarray(inTail));
  const commentBytes = end.getUint16(20, true);
  const endAt = tailAt + inTail;
  const wide = zip64End(source, endAt);
  const count = wide?.count ?? end.getUint16(10, true);
  const size = wide?.size ?? end.getUint32(12, true);
  const stated = wide?.at ?? end.getUint32(16, true);
  const before = wide?.endAt ?? endAt;
  const at = isRecord(source, before - size) || count === 0 ? before - size : stated;
  if (at < 0 || at > before) return undefined;
  const shift = Math.max(0, at - stated);
  const wrong: string[] = [];
  const entries = records(source, at, before, shift, maxEntries, wrong);
  if (entries.length !== count && entries.length <= maxEntries)
    wrong.push(`its directory has ${entries.length} entries, not ${count}`);
  return {
    entries: entries.sort((a, b) => a.at - b.at),
    at,
    endAt: before,
    after: Math.min(source.size, endAt + endBytes + commentBytes),
    shift,
    comment: tail.subarray(inTail + endBytes, inTail + endBytes + commentBytes),
    isZip64: wide !== undefined,
    wrong,
  };
}

/** The last record whose comment ends with the file, or else the last one at all. */
function endIn(tail: Uint8Array): number | undefined {
  let last: number | undefined;
  for (let at = lastDirectoryEnd(tail, tail.length - endBytes + 1); at >= 0; at -= 1) {
    if (tail[at] !== 0x50 || tail[at + 1] !== 0x4b || tail[at + 2] !== 5 || tail[at + 3] !== 6) continue;
    const comment = (tail[at + 20] ?? 0) | ((tail[at + 21] ?? 0) << 8);
    if (at + endBytes + comment === tail.length) return at;
    last ??= at;
  }
  return last;
}

function zip64End(
  source: Source,
  endAt: number,
): { count: number; size: number; at: number; endAt: number } | undefined {
  if (endAt < 20) return undefined;
  const locator = viewOf(source.read(endAt - 20, 20));
  if (locator.byteLength < 20 || locator.getUint32(0, true) !== signature.locator64) return undefined;
  const stated = Number(locator.getBigUint64(8, true));
  for (const at of [stated, endAt - 20 - 56]) {
    if (at < 0 || at + 56 > endAt) continue;
    const end = viewOf(source.read(at, 56));
    if (end.byteLength < 56 || end.getUint32(0, true) !== signature.end64) continue;
    const [count, size, directoryAt] = [32, 40, 48].map((field) => Number(end.getBigUint64(field, true)));
    if (count !== undefined && size !== undefined && directoryAt !== undefined)
      return { count, size, at: directoryAt, endAt: at };
  }
  return undefined;
}

function isRecord(source: Source, at: number): boolean {
  const head = at < 0 ? new Uint8Array() : source.read(at, 4);
  return head.length === 4 && viewOf(head).getUint32(0, true) === signature.record;
}

function records(
  source: Source,
  from: number,
  to: number,
  shift: number,
  maxEntries: number,
  wrong: string[],
): ZipEntry[] {
  const bytes = source.read(from, to - from);
  const view = viewOf(bytes);
  const entries: ZipEntry[] = [];
  let at = 0;
  while (at + recordBytes <= bytes.length && view.getUint32(at, true) === signature.record) {
    const nameEnd = at + recordBytes + view.getUint16(at + 28, true);
    const extraEnd = nameEnd + view.getUint16(at + 30, true);
    const recordEnd = extraEnd + view.getUint16(at + 32, true);
    if (recordEnd > bytes.length) break;
    const [size, packed, place] = wideFields(view, nameEnd, extraEnd, [
      view.getUint32(at + 24, true),
      view.getUint32(at + 20, true),
      view.getUint32(at + 42, true),
    ]);
    entries.push({
      name: nameOf(bytes.subarray(at + recordBytes, nameEnd)),
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      packed: packed ?? 0,
      size: size ?? 0,
      crc: view.getUint32(at + 16, true),
      at: (place ?? 0) + shift,
      record: bytes.subarray(at, recordEnd),
    });
    // One more than permitted, so that the caller sees that there are more.
    if (entries.length > maxEntries) return entries;
    at = recordEnd;
  }
  if (at !== bytes.length) wrong.push('its directory ends early or has other data in it');
  return entries;
}

/** Fields that are all ones stand in the extra field 1, in this order. */
function wideFields(view: DataView, from: number, to: number, fields: number[]): number[] {
  for (let at = from; at + 4 <= to;) {
    const length = view.getUint16(at + 2, true);
    let inner = at + 4;
    const innerEnd = Math.min(to, inner + length);
    if (view.getUint16(at, true) === 1)
      return fields.map((field) => {
        if (field !== 0xffffffff || inner + 8 > innerEnd) return field;
        inner += 8;
        return Number(view.getBigUint64(inner - 8, true));
      });
    at = innerEnd;
  }
  return fields;
}

export type LocalHeader = Omit<ZipEntry, 'record'> & { readonly dataAt: number };

/** @returns undefined when there is no whole local header at `at` */
export function localHeader(source: Source, at: number): LocalHeader | undefined {
  const head = source.read(at, localBytes);
  if (head.length < localBytes) return undefined;
  const view = viewOf(head);
  if (view.getUint32(0, true) !== signature.local) return undefined;
  const nameBytes = view.getUint16(26, true);
  const dataAt = at + localBytes + nameBytes + view.getUint16(28, true);
  const rest = source.read(at + localBytes, dataAt - at - localBytes);
  if (rest.length < dataAt - at - localBytes) return undefined;
  const [size, packed] = wideFields(viewOf(rest), nameBytes, rest.length, [
    view.getUint32(22, true),
    view.getUint32(18, true),
  ]);
  return {
    name: nameOf(rest.subarray(0, nameBytes)),
    flags: view.getUint16(6, true),
    method: view.getUint16(8, true),
    packed: packed ?? 0,
    size: size ?? 0,
    crc: view.getUint32(14, true),
    at,
    dataAt,
  };
}

/** UTF-8 where it is that, with or without the flag that says so; otherwise a character for each byte. */
function nameOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return String.fromCharCode(...bytes);
  }
}
