/** Time and chance, so that tests need not wait for either. */
import { setTimeout as sleep } from 'node:timers/promises';

export type Clock = {
  /** Milliseconds since 1970, with fractions. */
  readonly now: () => number;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Ends early, without error, when the signal comes. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
};

export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  random: Math.random,
  sleep: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined),
};

/** The time of what has not happened. */
export const never = '0001-01-01T00:00:00Z';

/** RFC 3339 with nanoseconds, as the Open Policy Agent writes times. */
export function timestamp(ms: number): string {
  const whole = Math.floor(ms);
  const seconds = new Date(whole).toISOString().slice(0, 19);
  const nanoseconds = (whole % 1000) * 1_000_000 + Math.floor((ms - whole) * 1_000_000);
  const fraction = String(nanoseconds).padStart(9, '0').replace(/0+$/, '');
  return `${seconds}${fraction === '' ? '' : `.${fraction}`}Z`;
}

/** How long to wait before another try: longer each time, never longer than `maxMs`, and not for everybody the same. */
export function backoff(clock: Clock, retries: number, maxMs: number): number {
  const grown = Math.min(100 * 1.6 ** Math.min(retries, 64), maxMs);
  return grown * (1 + 0.2 * (clock.random() * 2 - 1));
}
