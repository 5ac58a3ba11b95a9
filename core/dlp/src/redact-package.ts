/** Changes within zip archives: parts that change are packed again, all others are copied byte for byte. */
import type { DlpHost, Source } from './document.ts';
import { isOdf } from './documents/odf.ts';
import { isOoxml } from './documents/ooxml.ts';
import { partIn } from './documents/parts.ts';
import {
  localHeader,
  readDirectory,
  viewOf,
  type ZipDirectory,
  type ZipEntry,
} from './documents/zip-directory.ts';
import { type Edits, Refusal } from './redact-edits.ts';
import { isProtected } from './redact-xml.ts';

/** Gives the new content of a part, or undefined where it stays. */
export type EditPart = (content: Uint8Array, part: string, isOffice: boolean) => Uint8Array | undefined;

const deflate = 8;
const descriptor = 8;
const wide = 0xffffffff;

export function editPackage(
  source: Source,
  part: string,
  edits: Edits,
  host: DlpHost,
  editPart: EditPart,
): Uint8Array {
  const directory = readDirectory(source, Infinity);
  if (!directory) throw new Refusal('the archive has no directory');
  if (directory.isZip64 || directory.shift > 0 || (directory.entries[0]?.at ?? 0) > 0)
    throw new Refusal('archives with a program in front, or of more than 4 GB, are not rewritten');
  const isOffice = isOoxml(directory.entries) || isOdf(directory.entries);
  if (isOffice) assertOpen(source, directory, host);
  const touched = directory.entries.filter((entry) => isTouched(edits, partIn(part, entry.name)));
  const contents = new Map<ZipEntry, Uint8Array>();
  for (const entry of touched) {
    const content = editPart(contentOf(source, entry, host), partIn(part, entry.name), isOffice);
    if (content) contents.set(entry, content);
  }
  if (isOffice && contents.size > 0)
    for (const entry of directory.entries) if (isPicture(entry.name)) contents.set(entry, blankPng(host));
  return written(source, directory, contents, host);
}

function isTouched(edits: Edits, part: string): boolean {
  for (const name of edits.keys()) if (name === part || name.startsWith(`${part}/`)) return true;
  return false;
}

/** Small pictures of the first page show what was in it. */
function isPicture(name: string): boolean {
  return /^(docProps\/thumbnail\.|Thumbnails\/|ObjectReplacements\/)/i.test(name) && !name.endsWith('/');
}

function assertOpen(source: Source, { entries }: ZipDirectory, host: DlpHost): void {
  for (const entry of entries) {
    const name = entry.name.toLowerCase();
    if (name.startsWith('_xmlsignatures/') || /^meta-inf\/.*signatures\.xml$/.test(name))
      throw new Refusal('the document is signed');
    const mayGuard =
      /^(word\/settings|xl\/workbook|xl\/worksheets\/[^/]*|ppt\/presentation|content)\.xml$/.test(name);
    if (mayGuard && isProtected(contentOf(source, entry, host)))
      throw new Refusal('the document is protected against changes');
  }
}

function contentOf(source: Source, entry: ZipEntry, host: DlpHost): Uint8Array {
  const local = localHeader(source, entry.at);
  if (!local) throw new Refusal('the archive is damaged');
  const packed = source.read(local.dataAt, entry.packed);
  if (entry.method === 0) return packed;
  const read = entry.method === deflate ? host.inflate('raw', packed, entry.size + 1) : undefined;
  if (!read?.ok) throw new Refusal('the archive is damaged');
  return read.data;
}

function written(
  source: Source,
  directory: ZipDirectory,
  contents: ReadonlyMap<ZipEntry, Uint8Array>,
  host: DlpHost,
): Uint8Array {
  const chunks: Uint8Array[] = [];
  const places = new Map<
    ZipEntry,
    { at: number; packed: number; size: number; crc: number } | { at: number }
  >();
  let at = 0;
  const put = (bytes: Uint8Array): void => {
    chunks.push(bytes);
    at += bytes.length;
  };
  for (const [index, entry] of directory.entries.entries()) {
    const end = directory.entries[index + 1]?.at ?? directory.at;
    const content = contents.get(entry);
    if (!content) {
      places.set(entry, { at });
      put(source.read(entry.at, end - entry.at));
      continue;
    }
    const packed = entry.method === 0 ? content : host.deflateRaw(content);
    const place = { at, packed: packed.length, size: content.length, crc: host.crc32(content) };
    places.set(entry, place);
    put(newHeader(source, entry, place));
    put(packed);
  }
  const directoryAt = at;
  // In the order that the directory had, which may differ from that of the contents.
  for (const entry of [...directory.entries].sort((a, b) => a.record.byteOffset - b.record.byteOffset)) {
    const place = places.get(entry);
    // `slice` of Node's buffers does not copy.
    const record = Uint8Array.from(entry.record);
    const view = viewOf(record);
    if (!place || view.getUint32(42, true) === wide || view.getUint32(24, true) === wide)
      throw new Refusal('archives of more than 4 GB are not rewritten');
    view.setUint32(42, place.at, true);
    if ('crc' in place) {
      view.setUint16(8, view.getUint16(8, true) & ~descriptor, true);
      setSizes(view, 16, place);
    }
    put(record);
  }
  const end = Uint8Array.from(source.read(directory.endAt, directory.after - directory.endAt));
  const view = viewOf(end);
  view.setUint32(12, at - directoryAt, true);
  view.setUint32(16, directoryAt, true);
  put(end);
  return joined(chunks, at);
}

function newHeader(
  source: Source,
  entry: ZipEntry,
  sizes: { packed: number; size: number; crc: number },
): Uint8Array {
  const local = localHeader(source, entry.at);
  if (!local) throw new Refusal('the archive is damaged');
  const whole = source.read(entry.at, local.dataAt - entry.at);
  const nameEnd = 30 + viewOf(whole).getUint16(26, true);
  // Extra fields speak of the old content at most.
  const header = Uint8Array.from(whole.subarray(0, nameEnd));
  const view = viewOf(header);
  view.setUint16(6, view.getUint16(6, true) & ~descriptor, true);
  view.setUint16(28, 0, true);
  setSizes(view, 14, sizes);
  return header;
}

function setSizes(
  view: DataView,
  at: number,
  { packed, size, crc }: { packed: number; size: number; crc: number },
): void {
  view.setUint32(at, crc, true);
  view.setUint32(at + 4, packed, true);
  view.setUint32(at + 8, size, true);
}

export function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** One transparent pixel. */
function blankPng({ deflateRaw, crc32 }: DlpHost): Uint8Array {
  const pixel = Uint8Array.of(0, 0, 0, 0, 0);
  const packed = deflateRaw(pixel);
  // Adler-32 of five zeros.
  const data = joined([Uint8Array.of(0x78, 0x9c), packed, Uint8Array.of(0, 5, 0, 1)], packed.length + 6);
  const header = Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0);
  const chunk = (name: string, content: Uint8Array): Uint8Array => {
    const bytes = new Uint8Array(content.length + 12);
    const view = viewOf(bytes);
    view.setUint32(0, content.length);
    bytes.set(new TextEncoder().encode(name), 4);
    bytes.set(content, 8);
    view.setUint32(content.length + 8, crc32(bytes.subarray(4, content.length + 8)));
    return bytes;
  };
  const chunks = [
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', new Uint8Array()),
  ];
  return joined(
    chunks,
    chunks.reduce((sum, one) => sum + one.length, 0),
  );
}
