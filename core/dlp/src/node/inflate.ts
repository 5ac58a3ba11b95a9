/** Decompression that hands out what came before a damage. */
import { constants, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import type { DlpHost, Inflated } from '../document.ts';

const inflaters = { raw: inflateRawSync, zlib: inflateSync, gzip: gunzipSync, zstd: zstdDecompressSync };
const chunkBytes = { least: 16 << 10, most: 1 << 20 };

export const inflate: DlpHost['inflate'] = (format, data, maxBytes) => {
  const whole = attempt(format, data, maxBytes, false);
  if (whole.ok || whole.why === 'too_large') return whole;
  return { ok: false, why: 'corrupt', data: beforeDamage(format, data, maxBytes) };
};

function attempt(
  format: keyof typeof inflaters,
  data: Uint8Array,
  maxBytes: number,
  isPart: boolean,
): Inflated {
  const flush = format === 'zstd' ? constants.ZSTD_e_flush : constants.Z_SYNC_FLUSH;
  try {
    const given = inflaters[format](data, {
      maxOutputLength: Math.max(1, maxBytes),
      chunkSize: Math.min(Math.max(data.length * 4, chunkBytes.least), chunkBytes.most),
      info: true,
      ...(isPart && { finishFlush: flush }),
    }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
    return { ok: true, data: given.buffer, used: given.engine.bytesWritten };
  } catch (error) {
    const isLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    return { ok: false, why: isLarge ? 'too_large' : 'corrupt', data: new Uint8Array() };
  }
}

/** Node throws away what it had when it meets damage, so a start without is sought, nearly the longest: at most 13 attempts. */
function beforeDamage(format: keyof typeof inflaters, data: Uint8Array, maxBytes: number): Uint8Array {
  let best: Uint8Array = new Uint8Array();
  let good = 0;
  let bad = data.length + 1;
  let at = data.length;
  while (bad - good > 1 + data.length / 4096) {
    const tried = attempt(format, data.subarray(0, at), maxBytes, true);
    if (tried.ok) {
      good = at;
      best = tried.data;
    } else bad = at;
    at = (good + bad) >> 1;
  }
  return best;
}
