/** Bytes both ways, unread; one direction may end before the other. */
import type { Socket } from 'node:net';

/** While one side takes nothing, nothing is read from the other, whose death would not be noticed. */
const stalledMs = 600_000;

/** @returns how it ended, when both sockets are closed */
export function splice(near: Socket, far: Socket, mostMs = stalledMs): Promise<'done' | 'failed'> {
  return new Promise((resolve) => {
    let open = 2;
    let result: 'done' | 'failed' = 'done';
    let isFull = false;
    // The other way there is no such end: an agent that does not read is paused, and is heard to die.
    const watch = setInterval(() => {
      if (isFull && far.writableNeedDrain) {
        result = 'failed';
        far.resetAndDestroy();
      }
      isFull = far.writableNeedDrain;
    }, mostMs / 2).unref();
    far.on('drain', () => (isFull = false));
    const over = (how: 'done' | 'failed'): void => {
      clearInterval(watch);
      resolve(how);
    };
    const join = (one: Socket, other: Socket): void => {
      one.on('error', () => {
        result = 'failed';
        other.resetAndDestroy();
      });
      one.on('close', () => {
        // Closed before its end: nothing that the other side still says can be delivered.
        if (!one.readableEnded || !one.writableFinished) other.destroy();
        open -= 1;
        if (open === 0) over(result);
      });
      one.pipe(other);
    };
    join(near, far);
    join(far, near);
    if (near.destroyed) far.destroy();
    if (far.destroyed) near.destroy();
    if (near.destroyed && far.destroyed) over('failed');
  });
}
