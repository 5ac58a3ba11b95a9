/** What the command line of `npm run bench` asks for. */
import { parseArgs, type ParseArgsConfig } from 'node:util';

export type Options = {
  readonly rounds: number;
  /** Names of variants and workloads; those of a kind that is not named are all measured. */
  readonly only: readonly string[];
  /** Everything measured, sample by sample, goes to this file. */
  readonly json: string | undefined;
  /** bench/results.md is replaced. */
  readonly write: boolean;
  /** A tenth of every load and one round: shows that all works, says little about speed. */
  readonly quick: boolean;
  readonly timeoutMs: number;
};

export class UsageError extends Error {}

export const usage = `npm run bench -- [--rounds N] [--only a,b] [--json FILE] [--write] [--quick] [--timeout SECONDS]
  --only     names of variants, of workloads, or of both; bare is always measured`;

const maxRounds = 100;

/** Throws UsageError. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parsed({
    args: [...args],
    options: {
      rounds: { type: 'string' },
      only: { type: 'string' },
      json: { type: 'string' },
      write: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      timeout: { type: 'string', default: '120' },
    },
  });
  return {
    rounds: count('--rounds', values.rounds ?? (values.quick ? '1' : '7'), maxRounds),
    only: (values.only ?? '').split(',').filter((name) => name !== ''),
    json: values.json,
    write: values.write,
    quick: values.quick,
    timeoutMs: count('--timeout', values.timeout, 3600) * 1000,
  };
}

/** Throws UsageError. */
export function parsed<const T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Runs a bench's whole and tells of its failure; the exit code is 2 for wrong usage. */
export async function runAs(name: string, help: string, main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    process.stderr.write(`\n${name}: ${text}\n${error instanceof UsageError ? `${help}\n` : ''}`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}

export function count(name: string, text: string, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw new UsageError(`${name} takes a whole number from 1 to ${most}`);
  return value;
}
