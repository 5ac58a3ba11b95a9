import { BundleError } from './errors.ts';
import type { BundleLimits } from './limits.ts';

/** Unpacks gzip, and stops at the limit: a bomb never takes up more memory than that. Throws BundleError. */
export async function gunzip(bytes: Uint8Array, limits: BundleLimits): Promise<Uint8Array> {
  if (bytes.length > limits.archiveBytes)
    throw new BundleError(
      'too_large',
      `the bundle has ${bytes.length} bytes; at most ${limits.archiveBytes} are read`,
    );
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b)
    throw new BundleError('bad_archive', 'not a bundle: it does not begin as gzip does');
  try {
    return await collect(streamOf(bytes).pipeThrough(new DecompressionStream('gzip')), limits.unpackedBytes);
  } catch (error) {
    if (error instanceof BundleError) throw error;
    throw new BundleError('bad_archive', 'the gzip data of the bundle are damaged or cut off', {
      cause: error,
    });
  }
}

/** The same bytes give the same result: no name and no time is written. */
export async function gzip(bytes: Uint8Array): Promise<Uint8Array> {
  return collect(streamOf(bytes).pipeThrough(new CompressionStream('gzip')), Infinity);
}

/** In parts, so that one part cannot unpack to gigabytes before the limit is looked at. */
const partBytes = 16 * 1024;

function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) controller.close();
      else controller.enqueue(new Uint8Array(bytes.subarray(at, at + partBytes)));
      at += partBytes;
    },
  });
}

async function collect(stream: ReadableStream<Uint8Array>, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of stream) {
    length += part.length;
    if (length > limit)
      throw new BundleError(
        'too_large',
        `the bundle unpacks to more than ${limit} bytes, which is the limit`,
      );
    parts.push(part);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
