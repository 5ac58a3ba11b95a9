/** Bytes both ways, unread; one direction may end before the other. */
import type { Socket } from 'node:net';

/** @returns how it ended, when both sockets are closed */
export function splice(near: Socket, far: Socket): Promise<'done' | 'failed'> {
  return new Promise((resolve) => {
    let open = 2;
    let result: 'done' | 'failed' = 'done';
    const join = (one: Socket, other: Socket): void => {
      one.on('error', () => {
        result = 'failed';
        other.resetAndDestroy();
      });
      one.on('close', () => {
        // Closed before its end: nothing that the other side still says can be delivered.
        if (!one.readableEnded || !one.writableFinished) other.destroy();
        open -= 1;
        if (open === 0) resolve(result);
      });
      one.pipe(other);
    };
    join(near, far);
    join(far, near);
    if (near.destroyed) far.destroy();
    if (far.destroyed) near.destroy();
    if (near.destroyed && far.destroyed) resolve('failed');
  });
}
