/** What the outside world gives: time, chance, waiting. Tests hand in their own. */
import { setTimeout as wait } from 'node:timers/promises';

export type Surroundings = {
  /** Milliseconds that only go forward. */
  readonly monotonicMs: () => number;
  /** Milliseconds since 1970, for signatures and dates of Retry-After. */
  readonly epochMs: () => number;
  /** From 0 up to, but not including, 1. */
  readonly random: () => number;
  /** Ends early, without an error, when the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
};

export const realSurroundings: Surroundings = {
  monotonicMs: () => performance.now(),
  epochMs: () => Date.now(),
  random: () => Math.random(),
  sleep: (ms, signal) => wait(ms, undefined, { signal }).catch(() => undefined),
};
