/** What the command line of `npm run friction` asks for. */
import { count, parsed } from '../options.ts';

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
  const { values } = parsed({
    args: [...args],
    options: {
      only: { type: 'string' },
      json: { type: 'string' },
      write: { type: 'boolean', default: false },
      keep: { type: 'string' },
      timeout: { type: 'string', default: '300' },
    },
  });
  return {
    only: (values.only ?? '').split(',').filter((name) => name !== ''),
    json: values.json,
    write: values.write,
    keep: values.keep,
    timeoutMs: count('--timeout', values.timeout, 3600) * 1000,
  };
}
