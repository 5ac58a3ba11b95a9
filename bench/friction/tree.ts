/** What a run left in the home folder, file by file, and how two runs differ. */
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import type { Task } from './task.ts';

/** From a path relative to the home folder to what lies there, times aside. */
export type Tree = ReadonlyMap<string, string>;

/** Made by chaperone, or by a profile before the agent starts (`create`), or a cache. */
const notCompared = ['.cache', '.npm', '.local/state/chaperone', '.local/robot'];

/** `*` within a name, `**` across folders, hidden names included. */
export function expression(glob: string): RegExp {
  const source = glob
    .replaceAll(/[.+?^$()[\]{}|\\]/g, String.raw`\$&`)
    .replaceAll('**', '\0')
    .replaceAll('*', '[^/]*')
    .replaceAll('\0/', '(.*/)?')
    .replaceAll('\0', '.*');
  return new RegExp(`^${source}$`, 's');
}

export function readTree(home: string, task: Task): Tree {
  const [varies, ignores] = [task.varies, task.ignores].map((globs = []) => globs.map(expression));
  const matches = (name: string, globs: readonly RegExp[] = []): boolean =>
    globs.some((glob) => glob.test(name));
  const tree = new Map<string, string>();
  const visit = (folder: string): void => {
    for (const entry of readdirSync(path.join(home, folder)).toSorted()) {
      const name = path.join(folder, entry);
      if (notCompared.includes(name) || matches(name, ignores)) continue;
      const what = describe(path.join(home, name), matches(name, varies));
      tree.set(name, what);
      if (what.startsWith('folder')) visit(name);
    }
  };
  visit('');
  return tree;
}

function describe(file: string, varying: boolean): string {
  const status = lstatSync(file);
  const mode = (status.mode & 0o7777).toString(8);
  if (status.isDirectory()) return `folder ${mode}`;
  if (status.isSymbolicLink()) return `link to ${readlinkSync(file)}`;
  if (!status.isFile()) return `special file ${mode}`;
  if (varying) return `file ${mode}`;
  const digest = createHash('sha256').update(readFileSync(file)).digest('hex');
  return `file ${mode} sha256:${digest}`;
}

export function compareTrees(bare: Tree, under: Tree): string[] {
  const names = new Set([...bare.keys(), ...under.keys()]);
  return [...names].toSorted().flatMap((name) => {
    const [before, after] = [bare.get(name), under.get(name)];
    if (before === after) return [];
    if (after === undefined) return [`${name} is missing`];
    if (before === undefined) return [`${name} is there only under the profile`];
    return [`${name}: ${shorten(before)} bare, ${shorten(after)} under the profile`];
  });
}

const shorten = (text: string): string => text.replace(/(sha256:.{8}).*/, '$1');

/** One digest of all that was compared: what the table shows to be the same. */
export function digestOf(tree: Tree): string {
  const hash = createHash('sha256');
  for (const [name, what] of tree) hash.update(`${name}\0${what}\n`);
  return hash.digest('hex');
}
