/**
 * Compound files: older Office documents, encrypted Office documents, Outlook messages, macros, embedded objects. Text is taken
 * out of the streams wherever it stands, in 8 bits and in UTF-16, without a look at the formats' own structure.
 */
import type { Budget, Extracted, Extractor } from '../document.ts';
import { sourceOf } from '../source.ts';
import { type CfbStream, cfbStreams } from './cfb-file.ts';
import { documentLabels } from './labels.ts';
import { mediaTypeOf } from './media-type.ts';
import { partIn, problem } from './parts.ts';
import { macroSource } from './vba.ts';

/** By a stream that only this format has. */
const types: readonly (readonly [stream: string, type: string])[] = [
  ['WordDocument', 'application/msword'],
  ['Workbook', 'application/vnd.ms-excel'],
  ['Book', 'application/vnd.ms-excel'],
  ['PowerPoint Document', 'application/vnd.ms-powerpoint'],
  ['__properties_version1.0', 'application/vnd.ms-outlook'],
  ['_VBA_PROJECT', 'application/vnd.ms-office.vbaProject'],
];

export const cfb: Extractor = function* (source, part, depth, budget, unpack) {
  const streams = cfbStreams(source, budget.limits.maxEntries + 1, Math.max(1, budget.left()));
  const type = types.find(([name]) => streams?.some((stream) => stream.name === name))?.[1];
  if (depth === 0) yield { kind: 'type', type: type ?? 'application/x-cfb' };
  if (!streams) {
    yield problem('corrupt', part, 'has no readable directory; it was read as bytes');
    yield* runs(source.read(0, source.size), part);
    return;
  }
  for (const { name, read } of streams)
    if (name === 'LabelInfo')
      for (const label of documentLabels(read(), new Uint8Array())) yield { kind: 'label', label };
  if (streams.some(({ name }) => name === 'EncryptedPackage')) {
    yield problem('encrypted', part, 'is encrypted');
    return;
  }
  if (type !== 'application/vnd.ms-office.vbaProject')
    yield problem('unsupported', part, 'is an older format; its text was read without its structure');
  const seen = new Map<string, number>();
  for (const stream of streams) {
    const times = (seen.get(stream.name) ?? 0) + 1;
    seen.set(stream.name, times);
    const over = budget.entry(part) ?? budget.late(part);
    if (over) {
      yield { kind: 'problem', problem: over };
      return;
    }
    yield* streamText(
      stream,
      partIn(part, times > 1 ? `${stream.name}#${times}` : stream.name),
      budget,
      depth,
      unpack,
    );
  }
};

function* streamText(
  stream: CfbStream,
  part: string,
  budget: Budget,
  depth: number,
  unpack: Parameters<Extractor>[4],
): Generator<Extracted> {
  const bytes = stream.read();
  if (bytes.length < stream.size) yield problem('corrupt', part, 'ends early');
  const over = budget.spend(part, bytes.length, bytes.length);
  if (over) yield { kind: 'problem', problem: over };
  if (isEncrypted(stream.name, bytes)) yield problem('encrypted', part, 'is encrypted');
  const inner = stream.name === '\x01Ole10Native' ? nativeObject(bytes) : bytes;
  const innerType = mediaTypeOf(inner.subarray(0, 4096));
  if (inner !== bytes || (innerType !== 'text/plain' && innerType !== 'application/octet-stream')) {
    yield* unpack(sourceOf(inner), part, depth + 1);
    return;
  }
  const macros = macroSource(bytes, Math.max(1, budget.left()));
  if (macros) yield { kind: 'text', part: `${part} (macro)`, text: macros };
  yield* runs(bytes, part);
}

/** The bytes as they are, then what of them is text in UTF-16. */
function* runs(bytes: Uint8Array, part: string): Generator<Extracted> {
  if (bytes.length === 0) return;
  yield { kind: 'text', part, text: bytes };
  const wide = wideRuns(bytes);
  if (wide.length > 0) yield { kind: 'text', part: `${part} (UTF-16)`, text: wide };
}

const shortestRun = 4;

/** Stretches of little-endian UTF-16 at any offset, a line each, in UTF-8. */
export function wideRuns(bytes: Uint8Array): Uint8Array {
  const found: string[] = [];
  for (let at = 0; at + 1 < bytes.length;) {
    let end = at;
    while (end + 1 < bytes.length && isCharacter(bytes[end] ?? 0, bytes[end + 1] ?? 0)) end += 2;
    if (end - at >= shortestRun * 2) {
      found.push(new TextDecoder('utf-16le').decode(bytes.subarray(at, end)));
      at = end;
    } else at += 1;
  }
  return new TextEncoder().encode(found.join('\n'));
}

/** Latin, Greek, Cyrillic, Hebrew, Arabic: others look too much like any two bytes. */
function isCharacter(low: number, high: number): boolean {
  if (high === 0)
    return (low >= 0x20 && low < 0x7f) || low >= 0xa0 || low === 0x09 || low === 0x0a || low === 0x0d;
  return high <= 6;
}

/** [MS-DOC] 2.5.2, [MS-XLS] 2.4.117, [MS-PPT] 2.3.2. */
function isEncrypted(name: string, bytes: Uint8Array): boolean {
  if (name === 'WordDocument') return bytes[0] === 0xec && bytes[1] === 0xa5 && ((bytes[11] ?? 0) & 1) === 1;
  if (name === 'Current User')
    return bytes[12] === 0xdf && bytes[13] === 0xc4 && bytes[14] === 0xd1 && bytes[15] === 0xf3;
  if (name !== 'Workbook' && name !== 'Book') return false;
  for (let at = 0, count = 0; at + 4 <= bytes.length && count < 16; count += 1) {
    if (bytes[at] === 0x2f && bytes[at + 1] === 0) return true;
    at += 4 + (bytes[at + 2] ?? 0) + (bytes[at + 3] ?? 0) * 256;
  }
  return false;
}

/** The file in an embedded object ([MS-OLEDS] 2.3.6): behind three names that end with a zero. */
function nativeObject(bytes: Uint8Array): Uint8Array {
  let at = 6;
  for (const behind of [0, 8, 4]) {
    const end = bytes.indexOf(0, at);
    if (end < 0) return bytes;
    at = end + 1 + behind;
  }
  return at < bytes.length ? bytes.subarray(at) : bytes;
}
