import type { Readable, Writable } from 'node:stream';

/**
 * Moves what `from` reads into what `into` returns, no faster than that takes it. Ends nothing: whether an end is a true one is for
 * the caller to say.
 * @param into asked once, with the first piece
 * @param passed called with the bytes of each piece
 */
export function pump(
  from: Readable,
  into: () => Writable | undefined,
  passed: (bytes: number) => void,
): void {
  let to: Writable | undefined;
  from.on('data', (piece: Buffer) => {
    if (to === undefined) {
      to = into();
      to?.on('drain', () => from.resume());
    }
    // What nobody takes any more is dropped: the caller resets its sender.
    if (to === undefined || !to.writable) return;
    passed(piece.length);
    if (!to.write(piece)) from.pause();
  });
}
