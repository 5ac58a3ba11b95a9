/** The regular files below what was named: no link is followed, nothing is read twice. */
import { type Dirent, lstatSync, opendirSync } from 'node:fs';
import path from 'node:path';
import { CliError } from '../../errors.ts';

export type Walk = {
  readonly files: Iterable<string>;
  /** Folders that could not be listed, so far. */
  readonly unlisted: string[];
};

/**
 * @param excluded glob patterns, against the path and against each name in it
 * Throws CliError for a name that there is nothing by.
 */
export function walk(named: readonly string[], excluded: readonly string[]): Walk {
  const unlisted: string[] = [];
  const isExcluded = (file: string): boolean =>
    excluded.some((one) => path.matchesGlob(file, one) || path.matchesGlob(path.basename(file), one));
  for (const one of named)
    if (!lstatSync(one, { throwIfNoEntry: false }))
      throw new CliError(2, `there is nothing by the name ${one}`);
  const files = function* (): Generator<string> {
    const seen = new Set<string>();
    for (const one of named) {
      const start = path.resolve(one);
      const stat = lstatSync(start, { throwIfNoEntry: false });
      if (stat?.isFile() && !seen.has(start)) yield start;
      seen.add(start);
      if (stat?.isDirectory()) yield* below(start, isExcluded, unlisted);
    }
  };
  return { files: files(), unlisted };
}

/** One open folder at each depth, so that memory does not grow with the tree. */
function* below(
  folder: string,
  isExcluded: (file: string) => boolean,
  unlisted: string[],
): Generator<string> {
  let listed: ReturnType<typeof opendirSync>;
  try {
    listed = opendirSync(folder);
  } catch {
    unlisted.push(folder);
    return;
  }
  try {
    for (let entry: Dirent | null; (entry = listed.readSync()) !== null;) {
      const file = path.join(folder, entry.name);
      if (isExcluded(file)) continue;
      if (entry.isDirectory()) yield* below(file, isExcluded, unlisted);
      else if (entry.isFile()) yield file;
    }
  } finally {
    listed.closeSync();
  }
}
