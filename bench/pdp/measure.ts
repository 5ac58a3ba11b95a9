/** Times decisions one by one, the engines in turns so that each meets the same disturbances. */
import type { Engine } from './engines.ts';

export interface Timing {
  readonly minUs: number;
  readonly medianUs: number;
  readonly p99Us: number;
}

/** @param roundMs how long each engine decides in each round */
export function measure(
  engines: readonly Engine[],
  input: unknown,
  rounds: number,
  roundMs: number,
): ReadonlyMap<Engine, Timing> {
  const samples = new Map(engines.map((engine) => [engine, [] as number[]]));
  // The first round lets the engines warm up.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [engine, times] of samples) {
      const end = performance.now() + roundMs;
      while (performance.now() < end) {
        const started = process.hrtime.bigint();
        engine.decide(input);
        const us = Number(process.hrtime.bigint() - started) / 1000;
        if (round > 0) times.push(us);
      }
    }
  }
  return new Map([...samples].map(([engine, times]) => [engine, timing(times)]));
}

function timing(times: number[]): Timing {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return { minUs: at(0), medianUs: at(0.5), p99Us: at(0.99) };
}
