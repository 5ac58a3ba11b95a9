/** What Node lends to the classification: inflate, a clock, encodings, files. */
import { fstatSync, readSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { deflateRawSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import type { DlpHost, Inflated, Source } from '../document.ts';

const inflaters = { raw: inflateRawSync, zlib: inflateSync, gzip: gunzipSync } as const;

export function nodeDlpHost(): DlpHost {
  return {
    now: () => performance.now(),
    inflate: (format, data, maxBytes) => inflated(inflaters[format], data, maxBytes),
    deflateRaw: (data) => deflateRawSync(data),
    decode(label, data) {
      try {
        return new TextDecoder(label).decode(data);
      } catch {
        return undefined;
      }
    },
  };
}

function inflated(inflate: typeof inflateRawSync, data: Uint8Array, maxBytes: number): Inflated {
  try {
    const given = inflate(data, { maxOutputLength: Math.max(1, maxBytes), info: true }) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    return { ok: true, data: given.buffer, used: given.engine.bytesWritten };
  } catch (error) {
    const isLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    return { ok: false, why: isLarge ? 'too_large' : 'corrupt', data: new Uint8Array() };
  }
}

/** A regular file that is held open. Reads what the descriptor shows: hold a sealed copy where that must not change. */
export function fileSource(fd: number): Source {
  const { size } = fstatSync(fd);
  return {
    size,
    read(at, length) {
      const chunk = Buffer.allocUnsafe(Math.max(0, Math.min(length, size - at)));
      let filled = 0;
      while (filled < chunk.length) {
        const read = readSync(fd, chunk, filled, chunk.length - filled, at + filled);
        if (read === 0) break;
        filled += read;
      }
      return chunk.subarray(0, filled);
    },
  };
}
