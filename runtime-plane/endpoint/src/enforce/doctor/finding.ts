/** One line of what doctor says. */
import type { Remedy } from './remedy.ts';

/**
 * `ok`: as it should be. `limited`: chaperone works, and something is not guaranteed. `missing`: what needs it cannot work.
 * `info`: worth knowing, changes nothing.
 */
export type Result = 'ok' | 'limited' | 'missing' | 'info';

export type Finding = {
  /** A short name, which stays the same. */
  readonly check: string;
  readonly result: Result;
  /** What it means for the person. May quote programs and paths: escape it. */
  readonly means: string;
  /** Without this there is no session at all. */
  readonly required?: true;
  readonly remedy?: Remedy;
};

export const found = (check: string, result: Result, means: string, remedy?: Remedy): Finding => ({
  check,
  result,
  means,
  ...(remedy ? { remedy } : {}),
});

export const blocks = (check: string, means: string, remedy?: Remedy): Finding => ({
  ...found(check, 'missing', means, remedy),
  required: true,
});
