/** Content codings of a request's body (RFC 9110, 8.4), undone within limits, and done again. */
import {
  brotliCompressSync,
  brotliDecompressSync,
  constants,
  deflateSync,
  gunzipSync,
  gzipSync,
  inflateRawSync,
  inflateSync,
  zstdCompressSync,
  zstdDecompressSync,
} from 'node:zlib';
import type { ProblemCode } from '@chaperone/dlp';

export type Decoded =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly code: ProblemCode; readonly detail: string };

/** As much as of an archive's entry; a body of more than 1 MB may not grow to more than so many times its size. */
const maxUnpacked = 64 << 20;
const maxRatio = 200;
const maxCodings = 3;

type Undo = (bytes: Uint8Array, most: number) => Uint8Array | undefined;

const undo: Readonly<Record<string, Undo>> = {
  gzip: (bytes, maxOutputLength) => gunzipSync(bytes, { maxOutputLength }),
  'x-gzip': (bytes, maxOutputLength) => gunzipSync(bytes, { maxOutputLength }),
  // Many send DEFLATE without zlib's frame.
  deflate: (bytes, maxOutputLength) =>
    ((bytes[0] ?? 0) & 0x0f) === 8 && (((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)) % 31 === 0
      ? inflateSync(bytes, { maxOutputLength })
      : inflateRawSync(bytes, { maxOutputLength }),
  br: (bytes, maxOutputLength) => brotliDecompressSync(bytes, { maxOutputLength }),
  zstd: (bytes, maxOutputLength) => zstdDecompressSync(bytes, { maxOutputLength }),
  'aws-chunked': awsChunks,
};

const redo: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  gzip: (bytes) => gzipSync(bytes),
  'x-gzip': (bytes) => gzipSync(bytes),
  deflate: (bytes) => deflateSync(bytes),
  br: (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  zstd: (bytes) => zstdCompressSync(bytes),
};

/** From the values of Content-Encoding, in their order. */
export function codingsOf(values: readonly string[]): string[] {
  return values
    .join(',')
    .split(',')
    .map((one) => one.trim().toLowerCase())
    .filter((one) => one !== '' && one !== 'identity');
}

/** Never throws. @param codings in the order in which they were applied */
export function decode(body: Uint8Array, codings: readonly string[]): Decoded {
  if (codings.length > maxCodings)
    return { ok: false, code: 'too_deep', detail: `coded more than ${maxCodings} times` };
  let bytes = body;
  for (const coding of codings.toReversed()) {
    const one = Object.hasOwn(undo, coding) ? undo[coding] : undefined;
    if (!one) return { ok: false, code: 'unsupported', detail: 'in a coding that is not known' };
    try {
      const next = one(bytes, maxUnpacked);
      if (!next) return { ok: false, code: 'corrupt', detail: `no ${coding}` };
      bytes = next;
    } catch (error) {
      const isLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
      return isLarge
        ? { ok: false, code: 'too_large_unpacked', detail: `unpacks to more than ${maxUnpacked >> 20} MB` }
        : { ok: false, code: 'corrupt', detail: `no ${coding}` };
    }
  }
  if (bytes.length > 1 << 20 && bytes.length > body.length * maxRatio)
    return { ok: false, code: 'suspicious_ratio', detail: `unpacks to ${maxRatio} times its size` };
  return { ok: true, bytes };
}

/** @returns undefined where a coding cannot be done again: the chunks of AWS are signed */
export function encode(body: Uint8Array, codings: readonly string[]): Uint8Array | undefined {
  let bytes = body;
  for (const coding of codings) {
    const one = Object.hasOwn(redo, coding) ? redo[coding] : undefined;
    if (!one) return undefined;
    bytes = one(bytes);
  }
  return bytes;
}

/** `SIZE[;chunk-signature=…]` CRLF, data, CRLF, …, and trailers after a size of 0. */
function awsChunks(body: Uint8Array): Uint8Array | undefined {
  const whole = Buffer.from(body.buffer, body.byteOffset, body.length);
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (;;) {
    const end = whole.indexOf('\r\n', at, 'latin1');
    if (end < 0 || end - at > 4096) return undefined;
    const [, digits] = /^([0-9a-f]{1,8})(?:;.*)?$/i.exec(whole.toString('latin1', at, end)) ?? [];
    if (digits === undefined) return undefined;
    const size = Number.parseInt(digits, 16);
    const from = end + 2;
    if (size === 0) {
      // Trailers may carry something, too.
      pieces.push(whole.subarray(from));
      return Buffer.concat(pieces);
    }
    if (whole.toString('latin1', from + size, from + size + 2) !== '\r\n') return undefined;
    pieces.push(whole.subarray(from, from + size));
    at = from + size + 2;
  }
}
