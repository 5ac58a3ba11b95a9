/** What Node lends to the classification: inflate, a clock, encodings, files. */
import { createHmac } from 'node:crypto';
import { fstatSync, readSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { crc32, deflateRawSync } from 'node:zlib';
import type { DlpHost, Source } from '../document.ts';
import { sourceOf } from '../source.ts';
import { inflate } from './inflate.ts';

export function nodeDlpHost(): DlpHost {
  return {
    now: () => performance.now(),
    inflate,
    deflateRaw: (data) => deflateRawSync(data),
    crc32: (data) => crc32(data),
    binaryText: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1'),
    keyedHash: (key, value) => createHmac('sha256', key).update(value).digest(),
    decode(label, data) {
      try {
        return new TextDecoder(label).decode(data);
      } catch {
        return undefined;
      }
    },
  };
}

/** A file up to this size is read once. */
const smallBytes = 128 << 10;

/** A regular file that is held open. Reads what the descriptor shows: hold a sealed copy where that must not change. */
export function fileSource(fd: number): Source {
  const { size } = fstatSync(fd);
  if (size > smallBytes) return { size, read: (at, length) => bytesOf(fd, at, Math.min(length, size - at)) };
  let whole: Source | undefined;
  return { size, read: (at, length) => (whole ??= sourceOf(bytesOf(fd, 0, size))).read(at, length) };
}

function bytesOf(fd: number, at: number, length: number): Uint8Array {
  const chunk = Buffer.allocUnsafe(Math.max(0, length));
  let filled = 0;
  while (filled < chunk.length) {
    const read = readSync(fd, chunk, filled, chunk.length - filled, at + filled);
    if (read === 0) break;
    filled += read;
  }
  return filled === chunk.length ? chunk : chunk.subarray(0, filled);
}
