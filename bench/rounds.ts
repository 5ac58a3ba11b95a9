/** The order of the runs: in each round every load runs once under every variant, variants shuffled anew. */
import type { Ground } from './ground.ts';
import { preflight, sample } from './measure.ts';
import type { Variant } from './variants.ts';
import type { Workload } from './workloads.ts';

/** Of one variant and one load: a value for each round, NaN where it failed. */
export type Cell = {
  readonly variant: string;
  readonly workload: string;
  readonly values: number[];
  /** Why it failed or took too long, each time. */
  readonly failures: string[];
};

export type Measured = {
  readonly cells: readonly Cell[];
  /** Why a variant or a load has no figures, by its name. */
  readonly absent: ReadonlyMap<string, string>;
};

export type Plan = {
  readonly ground: Ground;
  readonly variants: readonly Variant[];
  readonly workloads: readonly Workload[];
  readonly rounds: number;
  readonly timeoutMs: number;
  readonly stop: AbortSignal;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly progress: (text: string) => void;
};

/** A passing trouble costs one round; what never works is not waited for in each. */
const maxFailures = 2;

export async function measureAll(plan: Plan): Promise<Measured> {
  const { ground, timeoutMs, stop, progress } = plan;
  const absent = new Map<string, string>();
  const able: Variant[] = [];
  for (const variant of plan.variants) {
    progress(`trying ${variant.name}`);
    const why =
      variant.prefix === undefined ? 'not installed' : await preflight(ground, variant, timeoutMs, stop);
    if (why === undefined) able.push(variant);
    else absent.set(variant.name, why);
  }
  const bare = able.find(({ kind }) => kind === 'bare');
  if (!bare) throw new Error(`nothing runs here, not even bare: ${absent.get('bare')}`);

  const possible: Workload[] = [];
  for (const workload of plan.workloads) {
    const missing = workload.needs.filter((name) => !ground.has(name));
    progress(`warming up ${workload.name}`);
    const why = missing.length > 0 ? `no ${missing.join(', ')} here` : await warmUp(plan, bare, workload);
    if (why === undefined) possible.push(workload);
    else absent.set(workload.name, why);
  }

  const cells = new Map<string, Cell>();
  for (let round = 0; round < plan.rounds; round++) {
    for (const workload of possible) {
      for (const variant of shuffled(able, plan.random)) {
        const key = `${variant.name} ${workload.name}`;
        const cell = cells.get(key) ?? {
          variant: variant.name,
          workload: workload.name,
          values: [],
          failures: [],
        };
        cells.set(key, cell);
        if (cell.failures.length >= maxFailures) continue;
        progress(`round ${round + 1} of ${plan.rounds}: ${workload.name}, ${variant.name}`);
        const result = await sample(ground, variant, workload, timeoutMs, stop);
        cell.values[round] = result.kind === 'measured' ? result.value : Number.NaN;
        if (result.kind === 'failed') cell.failures.push(result.why);
      }
      ground.clear();
      if (workload.writes) ground.settle();
    }
  }
  return { cells: [...cells.values()], absent };
}

async function warmUp(plan: Plan, bare: Variant, workload: Workload): Promise<string | undefined> {
  const result = await sample(plan.ground, bare, workload, plan.timeoutMs, plan.stop);
  plan.ground.clear();
  return result.kind === 'failed' ? result.why : undefined;
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  return list
    .map((one) => ({ one, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ one }) => one);
}
