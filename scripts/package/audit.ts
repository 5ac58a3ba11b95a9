/** The last look at a package before it is closed. */
import { readdirSync, readFileSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import path from 'node:path';

/**
 * @param allowed files and folders, relative to the folder; package.json always is
 * Throws with every file that has no place in a package, and every one that names a place of this machine.
 */
export function audit(folder: string, allowed: readonly string[], root: string): void {
  const problems = filesBelow(folder).flatMap((file) => {
    const found: string[] = [];
    if (file !== 'package.json' && !allowed.some((one) => file === one || file.startsWith(`${one}/`)))
      found.push(`${file} is not in the list`);
    if (/(?<!\.d)\.[cm]?ts$|(?:^|\/)tests?\/|_test\.rego$|\.map$/.test(file))
      found.push(`${file} is not for users`);
    const content = readFileSync(path.join(folder, file));
    for (const place of [root, path.dirname(folder), `${homedir()}/`, `@${hostname()}`]) {
      if (content.includes(place)) found.push(`${file} names ${place}`);
    }
    return found;
  });
  if (problems.length > 0) throw new Error(`this must not be shipped:\n  ${problems.join('\n  ')}`);
}

/** Relative to the folder, sorted. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .toSorted();
}
