/** Ends a connection on which nothing moves, or a head that does not come to its end. */
import type { Line } from './exchange.ts';
import type { Http1Clock } from './limits.ts';
import type { Wire } from './wire.ts';

/** Looking now and then costs less than a timer that every byte puts back; a deadline is met within a quarter of itself. */
export function keepTime({ near, far, limits }: Line, clock: Http1Clock): () => void {
  const { headMs, idleMs, halfClosedMs } = limits;
  const everyMs = Math.ceil(Math.min(headMs, idleMs, halfClosedMs, 20_000) / 4);
  let quietMs = 0;
  let over = false;
  const inHeadMs = new Map<Wire, number>([
    [near, 0],
    [far, 0],
  ]);
  return clock.every(everyMs, () => {
    quietMs = near.active || far.active ? 0 : quietMs + everyMs;
    near.active = false;
    far.active = false;
    const quiet = quietMs >= (near.ended || far.ended ? Math.min(halfClosedMs, idleMs) : idleMs);
    let slow = false;
    for (const [wire, ms] of inHeadMs) {
      const now = wire.inHead ? ms + everyMs : 0;
      inHeadMs.set(wire, now);
      slow ||= now > headMs;
    }
    if (!quiet && !slow) return;
    far.abort();
    // Where only the far side kept still, the agent is left to read what it got, and until the next look.
    if (slow || over) near.abort();
    over = true;
  });
}
