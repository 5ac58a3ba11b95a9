/** One piece of ordinary work, as data: what an agent does all day, and what must have come of it. */
export type Task = {
  readonly name: string;
  readonly area: Area;
  readonly title: string;
  /** The shipped profile that fits. */
  readonly profile: string;
  /** `--set` of it, as somebody with this agent would give them. */
  readonly settings?: readonly string[];
  /** Programs that the user must have; without one the task is skipped. */
  readonly needs: readonly string[];
  /** Shell script that prepares the home folder before the agent starts, without chaperone. */
  readonly setUp?: string;
  /** What the agent does: a shell script, or a Python program where the profile knows no shell. */
  readonly run: { readonly sh: string } | { readonly python: string };
  /** Paths relative to the home folder that must exist afterwards. */
  readonly leaves: readonly string[];
  /** Globs relative to the home folder: content that is never twice the same (times, random keys). */
  readonly varies?: readonly string[];
  /** Globs of what is not compared at all, because even the names are never twice the same. */
  readonly ignores?: readonly string[];
  /** Standard output is never twice the same. */
  readonly variesOutput?: true;
  /** Denials that the profile promises; they are shown and counted as questions, not as wrong. */
  readonly closed?: readonly Closed[];
};

export type Closed = {
  /** A rule in the record of the denial, or its reason where it names none. */
  readonly rule: string;
  /** Glob of what was reached for, relative to the home folder unless it is absolute; anything when left out. */
  readonly object?: string;
  readonly why: string;
};

export const areas = [
  'builds',
  'git',
  'packages',
  'programs',
  'shell',
  'documents',
  'tables',
  'mail, research',
  'browser',
] as const;
export type Area = (typeof areas)[number];
