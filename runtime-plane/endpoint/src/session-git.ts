/** The repository around the workspace. What lies in the workspace may be hostile, so nothing it says widens a grant alone. */
import { lstatSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { whereItIs } from './session-setup.ts';

const maxParents = 40;

/**
 * @returns folders that git uses for this workspace: the nearest `.git` at or above it, and for a linked worktree its own
 * folder and the common one, if that repository names this worktree, too (gitrepository-layout(5))
 */
export function gitFolders(workspace: string): string[] {
  let folder = workspace;
  for (let step = 0; step < maxParents; step += 1) {
    const found = path.join(folder, '.git');
    const stat = lstatSync(found, { throwIfNoEntry: false });
    if (stat?.isDirectory()) return [found];
    if (stat?.isFile()) return linked(found);
    if (folder === '/') return [];
    folder = path.dirname(folder);
  }
  return [];
}

function linked(file: string): string[] {
  const own = /^gitdir: (.+?)\n*$/s.exec(textOf(file))?.[1];
  if (own === undefined) return [];
  const folder = whereItIs(path.resolve(path.dirname(file), own));
  const common = whereItIs(path.resolve(folder, textOf(path.join(folder, 'commondir')).trim() || '.'));
  const back = textOf(path.join(folder, 'gitdir')).trim();
  const known = back !== '' && whereItIs(path.resolve(folder, back)) === file;
  const registered = path.dirname(folder) === path.join(common, 'worktrees');
  return known && registered && path.basename(common) === '.git' ? [folder, common] : [];
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').slice(0, 4096);
  } catch {
    return '';
  }
}
