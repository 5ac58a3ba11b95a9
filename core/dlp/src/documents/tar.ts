/** Tape archives: POSIX ustar and pax, the dialect of GNU, and the form from before both. */
import type { Extracted, Extractor, Source } from '../document.ts';
import { leadsOut, partIn, problem, sliceOf } from './parts.ts';

const block = 512;

type Header = { readonly name: string; readonly size: number; readonly type: string };
/** What a pax or GNU header says of the entry that follows. */
type Ahead = { name?: string; size?: number; isSparse?: boolean };

export const tar: Extractor = function* (source, part, depth, budget, unpack) {
  let ahead: Ahead = {};
  const names: string[] = [];
  let at = 0;
  for (; at + block <= source.size;) {
    const bytes = source.read(at, block);
    if (bytes.every((byte) => byte === 0)) break;
    const over = budget.entry(part) ?? budget.late(part);
    if (over) {
      yield { kind: 'problem', problem: over };
      return;
    }
    const header = headerOf(bytes);
    if (!header) {
      yield problem('corrupt', part, `has no header at ${at}; what follows was read as it is`);
      break;
    }
    const from = at + block;
    const size = Math.max(0, ahead.size ?? header.size);
    at = from + Math.ceil(size / block) * block;
    const content = sliceOf(source, from, from + size);
    if ('gxLK'.includes(header.type)) {
      // A global header holds for all entries: what it may say (times, owners) does not matter here.
      if (header.type !== 'g') ahead = { ...ahead, ...aheadOf(header.type, content) };
      continue;
    }
    const name = ahead.name ?? header.name;
    const entryPart = partIn(part, name);
    names.push(name);
    if (content.size < size) yield problem('corrupt', entryPart, 'ends early');
    if (leadsOut(name)) yield problem('mismatch', entryPart, 'its name leads out of the archive');
    if (header.type === 'S' || ahead.isSparse)
      yield problem('unsupported', entryPart, 'has holes; its pieces were read as one');
    ahead = {};
    const unpacked = budget.spend(entryPart, content.size, content.size);
    if (unpacked) yield { kind: 'problem', problem: unpacked };
    if (content.size > 0) yield* unpack(content, entryPart, depth + 1);
  }
  yield { kind: 'text', part: partIn(part, '(names)'), text: new TextEncoder().encode(names.join('\n')) };
  yield* rest(source, at, part);
};

/** Behind the end there should be zeros only. */
function* rest(source: Source, from: number, part: string): Generator<Extracted> {
  const window = 1 << 20;
  for (let at = from; at < source.size; at += window) {
    if (source.read(at, window).every((byte) => byte === 0)) continue;
    yield problem('mismatch', part, 'something follows behind its end');
    const tail = source.read(at, source.size - at);
    yield { kind: 'text', part: partIn(part, '(behind the end)'), text: tail };
    return;
  }
}

function headerOf(bytes: Uint8Array): Header | undefined {
  let sum = 8 * 0x20;
  for (let at = 0; at < block; at += 1) if (at < 148 || at >= 156) sum += bytes[at] ?? 0;
  if (numberOf(bytes.subarray(148, 156)) !== sum) return undefined;
  const size = numberOf(bytes.subarray(124, 136));
  if (size === undefined) return undefined;
  const hasPrefix = textOf(bytes.subarray(257, 263)) === 'ustar' && bytes[263] === 0x30;
  const prefix = hasPrefix ? textOf(bytes.subarray(345, 500)) : '';
  const name = textOf(bytes.subarray(0, 100));
  const type = String.fromCharCode(bytes[156] ?? 0);
  // Links, devices and folders have no content, whatever their size says.
  const isEmpty = '123456'.includes(type);
  return { name: prefix === '' ? name : `${prefix}/${name}`, size: isEmpty ? 0 : size, type };
}

/** Octal digits, or GNU's binary form for large numbers. */
function numberOf(field: Uint8Array): number | undefined {
  if (((field[0] ?? 0) & 0x80) !== 0) {
    let number = (field[0] ?? 0) & 0x7f;
    for (const byte of field.subarray(1)) number = number * 256 + byte;
    return Number.isSafeInteger(number) ? number : undefined;
  }
  const digits = textOf(field).trim();
  return /^[0-7]*$/.test(digits) ? Number.parseInt(digits || '0', 8) : undefined;
}

function textOf(field: Uint8Array): string {
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
}

const maxHeader = 1 << 20;

function aheadOf(type: string, content: Source): Ahead {
  const bytes = content.read(0, Math.min(content.size, maxHeader));
  if (type === 'L') return { name: textOf(bytes) };
  if (type === 'K') return {};
  const ahead: Ahead = {};
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    const length = space < 0 ? 0 : Number(textOf(bytes.subarray(at, space)));
    if (!(length > space - at)) break;
    const [key, ...value] = new TextDecoder().decode(bytes.subarray(space + 1, at + length - 1)).split('=');
    if (key === 'path' || key === 'GNU.sparse.name') ahead.name = value.join('=');
    else if (key === 'size' && /^\d{1,15}$/.test(value.join('='))) ahead.size = Number(value.join('='));
    if (key?.startsWith('GNU.sparse.')) ahead.isSparse = true;
    at += length;
  }
  return ahead;
}
