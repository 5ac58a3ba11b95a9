/** A body on its way through a desk's transform. */
import type { Transform } from 'node:stream';
import { Unfit } from './errors.ts';

/** What comes of one side. */
export type Coming = {
  readonly done: boolean;
  /** @returns what has come; empty when there is none yet */
  take(): Buffer;
  more(): Promise<void>;
};

/** What a transform ends with must not end the process, whoever listens by then. */
export function guard(transform: Transform | undefined): void {
  transform?.on('error', () => {
    // Whoever reads from it gets the error.
  });
}

/**
 * @param taken told how much was read from the body
 * @param out gets the pieces in order; the next one comes when it is done
 * @returns false when the transform ended before the body: the rest is not wanted
 * @throws what the transform ends with, or what `body` throws
 */
export async function passThrough(
  body: Coming,
  transform: Transform,
  out: (piece: Buffer) => Promise<void>,
  taken?: (bytes: number) => void,
): Promise<boolean> {
  let failed: { readonly error: unknown } | undefined;
  const feeding = feed(body, transform, taken).catch((error: unknown) => {
    failed ??= { error };
    transform.destroy();
  });
  try {
    for await (const piece of transform as AsyncIterable<unknown>) await out(toBuffer(piece));
  } catch (error) {
    failed ??= { error };
  }
  transform.destroy();
  if (failed) throw failed.error;
  // What feeds it may wait for bytes that nobody needs any more.
  if (!body.done) return false;
  await feeding;
  return true;
}

async function feed(
  body: Coming,
  transform: Transform,
  taken: ((bytes: number) => void) | undefined,
): Promise<void> {
  let proceed: (() => void) | undefined;
  const wake = (): void => {
    proceed?.();
  };
  transform.on('drain', wake);
  transform.on('close', wake);
  while (!body.done && !transform.destroyed) {
    const piece = body.take();
    taken?.(piece.length);
    if (piece.length === 0) {
      if (!body.done) await body.more();
    } else if (!transform.write(piece) && !transform.destroyed) {
      await new Promise<void>((resolve) => {
        proceed = resolve;
      });
    }
  }
  if (!transform.destroyed) transform.end();
}

function toBuffer(piece: unknown): Buffer {
  if (Buffer.isBuffer(piece)) return piece;
  if (typeof piece === 'string') return Buffer.from(piece);
  throw new Unfit('a transform gave something that is not bytes');
}
