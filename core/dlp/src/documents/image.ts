/** What an image says about itself: EXIF, XMP, IPTC, comments, text chunks. Its pixels are not read. */
import type { Budget, Extracted, Extractor } from '../document.ts';
import { find, startsWith } from './bytes.ts';
import { xmpLabels } from './xmp.ts';

const maxChunks = 10_000;

export const image: Extractor = function* (source, part, _depth, budget) {
  const bytes = source.read(0, Math.min(source.size, budget.limits.maxEntryBytes));
  const texts: Uint8Array[] = [];
  let isCut = false;
  if (bytes[0] === 0xff && bytes[1] === 0xd8) isCut = jpeg(bytes, texts);
  else if (bytes[0] === 0x89 && bytes[1] === 0x50) isCut = png(bytes, texts, budget);
  else if (bytes[0] === 0x47 && bytes[1] === 0x49) isCut = gif(bytes, texts);
  else if (bytes[0] === 0x52 && bytes[1] === 0x49) isCut = riff(bytes, texts);
  else texts.push(...tiff(bytes, 0));
  for (const text of texts) yield { kind: 'text', part, text };
  for (const packet of packets(bytes)) {
    yield { kind: 'text', part, text: packet };
    for (const label of xmpLabels(packet)) yield { kind: 'label', label };
  }
  if (isCut) yield cut(part);
};

function cut(part: string): Extracted {
  return { kind: 'problem', problem: { code: 'corrupt', part, detail: 'the image ends too early' } };
}

const word16 = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
const word32 = (bytes: Uint8Array, at: number): number => word16(bytes, at) * 65_536 + word16(bytes, at + 2);

/** Segments up to the pixels: APPn and comments. @returns whether it ends before its pixels begin */
function jpeg(bytes: Uint8Array, texts: Uint8Array[]): boolean {
  for (let at = 2, count = 0; at + 4 <= bytes.length && count < maxChunks; count += 1) {
    if (bytes[at] !== 0xff) return true;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xda || marker === 0xd9) return false;
    const length = Math.max(2, word16(bytes, at + 2));
    const body = bytes.subarray(at + 4, at + 2 + length);
    if (marker === 0xfe) texts.push(body);
    else if (marker === 0xe1 && startsWith(body, 'Exif\0\0')) texts.push(...tiff(body.subarray(6), 0));
    else if (marker === 0xed) texts.push(printable(body));
    at += 2 + length;
  }
  return true;
}

function png(bytes: Uint8Array, texts: Uint8Array[], budget: Budget): boolean {
  for (let at = 8, count = 0; at + 12 <= bytes.length && count < maxChunks; count += 1) {
    const length = word32(bytes, at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (type === 'tEXt') texts.push(body.map((code) => (code === 0 ? 0x3a : code)));
    else if (type === 'eXIf') texts.push(...tiff(body, 0));
    else if (type === 'zTXt' || type === 'iTXt') texts.push(pngText(body, type, budget));
    else if (type === 'IEND') return false;
    if (body.length < length) return true;
    at += 12 + length;
  }
  return true;
}

function pngText(body: Uint8Array, type: 'zTXt' | 'iTXt', budget: Budget): Uint8Array {
  const keyEnd = body.indexOf(0);
  if (keyEnd < 0) return body;
  let start = keyEnd + 2;
  const isPacked = type === 'zTXt' || body[keyEnd + 1] === 1;
  if (type === 'iTXt') {
    const language = body.indexOf(0, keyEnd + 3);
    const translated = language < 0 ? -1 : body.indexOf(0, language + 1);
    if (translated < 0) return body;
    start = translated + 1;
  }
  const content = body.subarray(start);
  return isPacked ? budget.host.inflate('zlib', content, Math.min(1 << 22, budget.left())).data : content;
}

function gif(bytes: Uint8Array, texts: Uint8Array[]): boolean {
  const tableOf = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 3 * (2 << (flags & 7)));
  let at = 13 + tableOf(bytes[10] ?? 0);
  for (let count = 0; at < bytes.length && count < maxChunks; count += 1) {
    const kind = bytes[at];
    if (kind === 0x3b) return false;
    if (kind === 0x2c) at += 11 + tableOf(bytes[at + 9] ?? 0);
    else if (kind === 0x21) at += 2;
    else return true;
    const isText = kind === 0x21 && (bytes[at - 1] === 0xfe || bytes[at - 1] === 1);
    while (at < bytes.length) {
      const size = bytes[at] ?? 0;
      if (isText && size > 0) texts.push(bytes.subarray(at + 1, at + 1 + size));
      at += size + 1;
      if (size === 0) break;
    }
  }
  return true;
}

/** WebP: EXIF and XMP chunks; the packets are found by themselves. */
function riff(bytes: Uint8Array, texts: Uint8Array[]): boolean {
  const little = (at: number): number =>
    (bytes[at] ?? 0) +
    (bytes[at + 1] ?? 0) * 256 +
    (bytes[at + 2] ?? 0) * 65_536 +
    (bytes[at + 3] ?? 0) * 16_777_216;
  let at = 12;
  for (let count = 0; at + 8 <= bytes.length && count < maxChunks; count += 1) {
    const length = little(at + 4);
    if (startsWith(bytes.subarray(at), 'EXIF'))
      texts.push(...tiff(bytes.subarray(at + 8, at + 8 + length), 0));
    at += 8 + length + (length & 1);
  }
  return at < bytes.length || little(4) + 8 > bytes.length + 1;
}

/** Text fields of a TIFF structure (EXIF 2.32): ASCII, user comment, and the UTF-16 fields of Windows; GPS is said by its presence. */
function tiff(bytes: Uint8Array, start: number): Uint8Array[] {
  const little = bytes[start] === 0x49;
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, bytes.length - start);
  const texts: Uint8Array[] = [];
  const seen = new Set<number>();
  const walk = (offset: number): void => {
    if (seen.has(offset) || seen.size > 32 || offset + 2 > view.byteLength) return;
    seen.add(offset);
    const count = Math.min(view.getUint16(offset, little), 512);
    for (let i = 0; i < count; i += 1) {
      const at = offset + 2 + i * 12;
      if (at + 12 > view.byteLength) return;
      const tag = view.getUint16(at, little);
      const type = view.getUint16(at + 2, little);
      const length = view.getUint32(at + 4, little);
      const where = type !== 3 && type !== 4 && length > 4 ? view.getUint32(at + 8, little) : at + 8;
      if (tag === 0x8769 || tag === 0x8825 || tag === 0xa005) walk(view.getUint32(at + 8, little));
      else if (type === 2 || type === 7 || (type === 1 && tag >= 0x9c9b && tag <= 0x9c9f)) {
        const body = bytes.subarray(start + where, start + Math.min(where + length, view.byteLength));
        if (type === 1) texts.push(new TextEncoder().encode(new TextDecoder('utf-16le').decode(body)));
        else if (type === 2 || tag === 0x9286) texts.push(printable(body));
      }
    }
    const next = offset + 2 + count * 12;
    if (next + 4 <= view.byteLength) walk(view.getUint32(next, little));
  };
  if (view.byteLength >= 8) walk(view.getUint32(4, little));
  return texts;
}

/** XMP packets wherever they lie (XMP specification part 3, packet scanning). */
function* packets(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = find(bytes, '<x:xmpmeta', 0), count = 0; at >= 0 && count < 16; count += 1) {
    const end = find(bytes, '</x:xmpmeta>', at);
    yield bytes.subarray(at, end < 0 ? bytes.length : end);
    if (end < 0) return;
    at = find(bytes, '<x:xmpmeta', end);
  }
}

function printable(bytes: Uint8Array): Uint8Array {
  return bytes.map((code) => (code < 0x20 && code !== 9 && code !== 10 && code !== 13 ? 0x20 : code));
}
