/** Frames both ways, after the far side agreed to WebSocket. */
import type { Transform } from 'node:stream';
import { Gone, type Side, Unreadable } from './errors.ts';
import type { Exchange } from './exchange.ts';
import { Frames } from './frames.ts';
import { type Coming, passThrough } from './through.ts';
import type { Wire } from './wire.ts';

/**
 * @param transform what the far side sends passes through it
 * @returns when both sides have sent all they had
 * @throws Unreadable for what are no frames, Gone, or what the transform ends with
 */
export async function tunnel(one: Exchange, compressed: boolean, transform?: Transform): Promise<void> {
  const { near, far, desk } = one.line;
  const fromNear = new FrameStream(near, 'near', new Frames(true, compressed), (bytes) => {
    one.sentBytes += bytes;
  });
  const fromFar = new FrameStream(far, 'far', new Frames(false, compressed), (bytes) => {
    one.receivedBytes += bytes;
  });
  let first: { readonly error: unknown } | undefined;
  const over = (error: unknown): void => {
    first ??= { error };
    near.abort();
    far.abort();
  };
  const back = transform ? passTransformed(fromFar, near, transform) : pass(fromFar, near);
  const there = pass(fromNear, far).catch((error: unknown) => {
    // Nobody is answered any more, but what was tried is to be known.
    if (error instanceof Unreadable) desk.malformed('what follows the upgrade is no frame of WebSocket');
    over(error);
  });
  await Promise.all([there, back.catch(over)]);
  if (first) throw (first as { readonly error: unknown }).error;
}

class FrameStream implements Coming {
  done = false;
  readonly #wire: Wire;
  readonly #side: Side;
  readonly #frames: Frames;
  readonly #taken: (bytes: number) => void;

  constructor(wire: Wire, side: Side, frames: Frames, taken: (bytes: number) => void) {
    this.#wire = wire;
    this.#side = side;
    this.#frames = frames;
    this.#taken = taken;
  }

  take(): Buffer {
    const wire = this.#wire;
    const bytes = wire.take(wire.bytes.length);
    if (!this.#frames.accept(bytes)) throw new Unreadable('what is no frame of WebSocket');
    this.#taken(bytes.length);
    this.done = wire.ended;
    if (wire.closed && !wire.ended) throw new Gone(this.#side);
    return bytes;
  }

  more(): Promise<void> {
    return this.#wire.more();
  }
}

async function pass(from: FrameStream, to: Wire): Promise<void> {
  while (!from.done) {
    const bytes = from.take();
    if (bytes.length > 0) {
      if (!to.write(bytes)) await to.drained();
    } else if (!from.done) await from.more();
  }
  to.end();
}

async function passTransformed(from: FrameStream, to: Wire, transform: Transform): Promise<void> {
  await passThrough(from, transform, async (piece) => {
    if (!to.write(piece)) await to.drained();
  });
  to.end();
}
