/** What the command line of `npm run friction` asks for. */
import { parseArgs } from 'node:util';
import { count, UsageError } from '../options.ts';

export type Options = {
  /** Names of tasks; empty for all. */
  readonly only: readonly string[];
  /** Everything that was found out, record by record, goes to this file. */
  readonly json: string | undefined;
  /** bench/friction/results.md is replaced. */
  readonly write: boolean;
  /** The journal of each task is copied into this folder. */
  readonly keep: string | undefined;
  readonly timeoutMs: number;
};

export const usage = `npm run friction -- [--only a,b] [--json FILE] [--write] [--keep FOLDER] [--timeout SECONDS]
  --keep     copies the journal of each task into this folder`;

/** Throws UsageError. */
export function parseOptions(args: readonly string[]): Options {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        only: { type: 'string' },
        json: { type: 'string' },
        write: { type: 'boolean', default: false },
        keep: { type: 'string' },
        timeout: { type: 'string', default: '300' },
      },
    }));
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
  return {
    only: (values.only ?? '').split(',').filter((name) => name !== ''),
    json: values.json,
    write: values.write,
    keep: values.keep,
    timeoutMs: count('--timeout', values.timeout, 3600) * 1000,
  };
}
