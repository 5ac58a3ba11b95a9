/** From bytes to texts: which format this is, and what lies within. */
import type { Budget, DlpHost, Extracted, Extractor, Limits, Source } from '../document.ts';
import type { ProblemCode } from '../finding.ts';
import { budgetOf } from './budget.ts';
import { cfb } from './cfb.ts';
import { gzip, unread, zstd } from './compressed.ts';
import { encodingOf } from './encoding.ts';
import { image } from './image.ts';
import { mail } from './mail.ts';
import { isEncryptedType, mediaTypeOf } from './media-type.ts';
import { partIn } from './parts.ts';
import { pdf } from './pdf/index.ts';
import { rtf } from './rtf.ts';
import { tar } from './tar.ts';
import { textTypeOf } from './text-type.ts';
import { encryptedBytes, plainText, textFile, unknownBytes } from './text.ts';
import { visible } from './visible.ts';
import { endsAsZip, zip } from './zip.ts';

export const defaultLimits: Limits = {
  maxBytes: 256 << 20,
  maxEntryBytes: 64 << 20,
  maxTotalBytes: 256 << 20,
  maxRatio: 200,
  maxEntries: 10_000,
  maxDepth: 4,
  maxMs: 10_000,
  maxFindings: 1_000,
};

/** `container`: counts towards the depth. `names`: says itself which type it is, because that takes a look inside. */
type Format = { readonly extractor: Extractor; readonly container?: boolean; readonly names?: boolean };

/** Recognised, so that they do not pass for bytes that were looked at. */
const unreadable: Readonly<Record<string, string>> = {
  'application/x-bzip2': 'compressed by bzip2',
  'application/x-xz': 'compressed by xz',
  'application/x-lzma': 'compressed by LZMA',
  'application/x-lzip': 'compressed by lzip',
  'application/x-lz4': 'compressed by LZ4',
  'application/x-compress': 'compressed by compress',
  'application/x-7z-compressed': 'a 7z archive',
  'application/vnd.rar': 'a RAR archive',
  'application/vnd.ms-cab-compressed': 'a cabinet',
  'application/x-lha': 'an LHA archive',
  'application/x-arj': 'an ARJ archive',
};

/** By media type. What is not listed is looked at as bytes. */
const formats: ReadonlyMap<string, Format> = new Map<string, Format>([
  ['application/octet-stream', { extractor: unknownBytes }],
  ['text/plain', { extractor: textFile }],
  ['application/pdf', { extractor: pdf }],
  ['application/rtf', { extractor: rtf }],
  ['message/rfc822', { extractor: mail }],
  ['application/zip', { extractor: zip, container: true, names: true }],
  ['application/x-cfb', { extractor: cfb, container: true, names: true }],
  ['application/x-tar', { extractor: tar, container: true }],
  ['application/gzip', { extractor: gzip, container: true }],
  ['application/zstd', { extractor: zstd, container: true }],
  ...Object.entries(unreadable).map(([type, name]): [string, Format] => [type, { extractor: unread(name) }]),
]);

const headBytes = 4096;
const chunkBytes = 4 << 20;

/** After these nothing more can be read of the file as a whole. */
const final: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'too_many_entries',
  'too_large_unpacked',
  'timeout',
]);

/**
 * Everything in a file that can be read as text, its labels, and what could not be read. Never throws for what the content is.
 * @param origins whether texts come with the places that they have in the file, which a redaction needs
 */
export function* extract(
  source: Source,
  host: DlpHost,
  limits: Limits = defaultLimits,
  origins = false,
): Generator<Extracted> {
  const budget: Budget = { ...budgetOf(host, limits), origins };
  try {
    for (const item of unpackWithin(budget)(source, '', 0)) {
      yield item;
      if (item.kind === 'problem' && final.has(item.problem.code)) return;
    }
  } catch (error) {
    const detail = `reading it failed: ${error instanceof Error ? error.message : String(error)}`;
    yield { kind: 'problem', problem: { code: 'unreadable', part: '', detail } };
  }
}

/** What these leave out may hold text all the same: behind the end of a picture, in a body that is no base64. */
const seenOtherwise: ReadonlySet<Extractor> = new Set([image, mail, encryptedBytes]);

/** A mark at the beginning is soon written in front of a text. */
function isInWideCharacters(head: Uint8Array, extractor: Extractor): boolean {
  if (extractor !== plainText && extractor !== textFile) return false;
  const encoding = encodingOf(head);
  return encoding !== 'utf-8' && encodingOf(head.subarray(4)) !== encoding;
}

/** First bytes can be anybody's: what could not be read as the format that they name is looked at as it is. */
function* asBytes(source: Source, part: string, budget: Budget): Generator<Extracted> {
  const isText = encodingOf(source.read(0, headBytes)) !== undefined;
  for (let at = 0; at < source.size; at += chunkBytes) {
    const text = isText ? source.read(at, chunkBytes) : visible(source, at, chunkBytes);
    if (text.length > 0) yield { kind: 'text', part: partIn(part, '(bytes)'), text, isView: true };
    const late = budget.late(part);
    if (!late) continue;
    yield { kind: 'problem', problem: late };
    return;
  }
}

function typeOfText(head: Uint8Array): string {
  return encodingOf(head) === 'utf-8' ? textTypeOf(head) : 'text/plain';
}

function otherwise(type: string): Format {
  if (type.startsWith('image/')) return { extractor: image };
  return { extractor: isEncryptedType(type) ? encryptedBytes : plainText };
}

function unpackWithin(budget: Budget): Parameters<Extractor>[4] {
  const { limits } = budget;
  return function* unpack(whole, part, depth) {
    let source = whole;
    if (whole.size > limits.maxBytes) {
      const detail = `larger than ${limits.maxBytes} bytes; only its start was read`;
      yield { kind: 'problem', problem: { code: 'too_large', part, detail } };
      source = {
        size: limits.maxBytes,
        read: (at, length) => whole.read(at, Math.min(length, limits.maxBytes - at)),
      };
    }
    const isArchive = depth < limits.maxDepth && endsAsZip(source);
    const head = source.read(0, headBytes);
    const found = mediaTypeOf(head);
    // Programs find an archive by its end, whatever stands in front of it.
    const type = found === 'application/octet-stream' && isArchive ? 'application/zip' : found;
    const { extractor, container, names } = formats.get(type) ?? otherwise(type);
    if (depth === 0 && names !== true)
      yield { kind: 'type', type: extractor === textFile ? typeOfText(head) : type };
    if (container === true && depth >= limits.maxDepth) {
      const detail = `lies within more than ${limits.maxDepth} archives`;
      yield { kind: 'problem', problem: { code: 'too_deep', part, detail } };
      return;
    }
    let isDoubtful = seenOtherwise.has(extractor) || isInWideCharacters(head, extractor);
    for (const item of extractor(source, part, depth, budget, unpack)) {
      isDoubtful ||= item.kind === 'problem' && extractor !== unknownBytes;
      yield item;
    }
    if (isDoubtful) yield* asBytes(source, part, budget);
    if (type !== 'application/zip' && isArchive) yield* zip(source, part, depth + 1, budget, unpack);
  };
}
