/** Request bodies: bounded, decompressed, as text. */
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { errorReply, ReplyError } from './reply.ts';

export type BodyLimits = {
  /** A body as it comes. */
  readonly maxBytes: number;
  /** A body once it is decompressed. */
  readonly maxGunzippedBytes: number;
  /** All bodies that are being read, together. */
  readonly maxPendingBytes: number;
};

const gunzipAsync = promisify(gunzip);

/** Reads bodies within limits that hold for all of them together. */
export class BodyReader {
  private readonly limits: BodyLimits;
  private pending = 0;
  private readonly kept = new WeakMap<IncomingMessage, Buffer>();

  constructor(limits: BodyLimits) {
    this.limits = limits;
  }

  /** The body as it was sent; it can be read once more. Throws ReplyError. */
  async bytes(request: IncomingMessage): Promise<Buffer> {
    const bytes = await this.collect(request);
    this.kept.set(request, bytes);
    return bytes;
  }

  /** The text of the body. Throws ReplyError. */
  async read(request: IncomingMessage): Promise<string> {
    const bytes = this.kept.get(request) ?? (await this.collect(request));
    if (!(request.headers['content-encoding'] ?? '').includes('gzip')) return bytes.toString('utf8');
    return (await this.decompress(bytes)).toString('utf8');
  }

  private collect(request: IncomingMessage): Promise<Buffer> {
    const { maxBytes, maxPendingBytes } = this.limits;
    const announced = Number(request.headers['content-length'] ?? -1);
    if (announced > maxBytes) return Promise.reject(tooLarge(maxBytes, announced));
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let length = 0;
      const stop = (error: Error): void => {
        this.pending -= length;
        length = 0;
        chunks.length = 0;
        request.removeAllListeners('data');
        reject(error);
      };
      request.on('data', (chunk: Buffer) => {
        length += chunk.length;
        this.pending += chunk.length;
        if (length > maxBytes) stop(tooLarge(maxBytes, 0));
        else if (this.pending > maxPendingBytes) stop(busy());
        else chunks.push(chunk);
      });
      request.on('end', () => {
        this.pending -= length;
        // The connection may still break while the answer is made.
        length = 0;
        resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
      });
      request.on('error', stop);
      request.on('aborted', () => stop(new Error('aborted')));
    });
  }

  private async decompress(bytes: Buffer): Promise<Buffer> {
    const limit = this.limits.maxGunzippedBytes;
    try {
      return await gunzipAsync(bytes, { maxOutputLength: limit });
    } catch (error) {
      throw new ReplyError(invalidBody(whyNotGunzipped(error, bytes, limit)));
    }
  }
}

function whyNotGunzipped(error: unknown, bytes: Buffer, limit: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'ERR_BUFFER_TOO_LARGE')
    return `request body too large: decompressed size exceeds limit of ${limit} bytes (server.decoding.gzip.max_length)`;
  const why =
    bytes.length === 0
      ? 'EOF'
      : code === 'Z_BUF_ERROR' || bytes.length < 10
        ? 'unexpected EOF'
        : bytes[0] !== 0x1f || bytes[1] !== 0x8b
          ? 'gzip: invalid header'
          : 'gzip: invalid checksum or data';
  return `could not decompress the body: ${why}`;
}

function invalidBody(message: string): ReturnType<typeof errorReply> {
  return errorReply(400, 'invalid_parameter', message);
}

/** @param size in bytes, 0 when it is not known */
function tooLarge(limit: number, size: number): ReplyError {
  const shown = size === 0 ? '' : ` ${showBytes(size)}`;
  const message = `request body too large:${shown} exceeds limit of ${limit} bytes (server.decoding.max_length)`;
  return new ReplyError(closing(invalidBody(message)));
}

function busy(): ReplyError {
  const message = 'too many large requests at once; try again';
  return new ReplyError(closing(errorReply(503, 'internal_error', message)));
}

/** The rest of the body is not wanted, so the connection ends with the answer. */
function closing(reply: ReturnType<typeof errorReply>): ReturnType<typeof errorReply> {
  return { ...reply, headers: ['Connection', 'close'] };
}

function showBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  const power = Math.min(Math.floor(Math.log2(bytes) / 10), 6);
  return `${(bytes / 1024 ** power).toFixed(1).replace(/\.0$/, '')} ${'KMGTPE'[power - 1] ?? ''}iB`;
}
