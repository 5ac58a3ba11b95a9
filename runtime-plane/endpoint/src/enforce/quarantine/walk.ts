/** What a layer holds that the real folder does not: a walk over the upper folder of an overlay. */
import { type BigIntStats, lstatSync, readdirSync } from 'node:fs';
import { type KernelFiles, open, within } from './kernel-files.ts';

export type ChangeKind = 'file' | 'symlink' | 'folder' | 'removed' | 'special';

export type Change = {
  /** Within the folder, without a slash in front. Names need not be UTF-8. */
  readonly relative: Buffer;
  readonly kind: ChangeKind;
  /** Differs when anything about the entry does. */
  readonly identity: string;
  /** Of the entry in the layer; of the real one where it was removed. */
  readonly stat: BigIntStats;
  /** Nothing of the real folder of this name shows through. */
  readonly opaque: boolean;
};

const notRead = 'it cannot be read';
const tooDeep = 'it lies too deep to be looked into';
const maxDepth = 1_000;
/** Of a folder: with a name in it, and where it is opened from, PATH_MAX is not passed. */
const maxPathBytes = 3_800;

export function identityOf({ dev, ino, size, mtimeNs, ctimeNs, mode }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs, mode].join(':');
}

/**
 * Never throws for what an agent made: what it cannot look into is left for the next time, and said.
 *
 * @param unreadable hears of a folder, and of nothing below it
 */
export function walkLayer(
  files: KernelFiles,
  upper: number,
  lower: number,
  unreadable: (relative: Buffer, why: string) => void,
): Change[] {
  const found: Change[] = [];
  walk(upper, lower, Buffer.alloc(0), false, 0);
  return found;

  function walk(folder: number, real: number | undefined, at: Buffer, opaque: boolean, depth: number): void {
    let names: Buffer[];
    try {
      names = readdirSync(`/proc/self/fd/${folder}`, 'buffer') as unknown as Buffer[];
    } catch {
      return unreadable(at, notRead);
    }
    for (const name of names.toSorted((a, b) => Buffer.compare(a, b))) {
      const relative = at.length === 0 ? name : Buffer.concat([at, Buffer.from('/'), name]);
      const stat = statOf(folder, name);
      if (!stat) continue; // gone meanwhile
      const kind = kindOf(stat);
      const below = real === undefined ? undefined : statOf(real, name);
      if (kind === 'removed') {
        if (below) found.push({ relative, kind, identity: identityOf(below), stat: below, opaque: false });
        continue;
      }
      const replaces = below !== undefined && below.isDirectory() !== stat.isDirectory();
      if (replaces)
        found.push({ relative, kind: 'removed', identity: identityOf(below), stat: below, opaque: false });
      if (kind !== 'folder') {
        found.push({ relative, kind, identity: identityOf(stat), stat, opaque: false });
        continue;
      }
      if (depth >= maxDepth || relative.length > maxPathBytes) {
        unreadable(relative, tooDeep);
        continue;
      }
      let inner: number | undefined;
      let realInner: number | undefined;
      try {
        inner = files.openBelow(folder, name, open.read | open.folder);
        const own = opaque || files.attributes(inner).has('user.overlay.opaque');
        found.push({ relative, kind, identity: identityOf(stat), stat, opaque: own });
        if (below?.isDirectory()) realInner = openReal(real, name);
        walk(inner, realInner, relative, own, depth + 1);
        if (own && realInner !== undefined) hidden(realInner, inner, relative);
      } catch {
        unreadable(relative, notRead);
      } finally {
        if (inner !== undefined) files.close(inner);
        if (realInner !== undefined) files.close(realInner);
      }
    }
  }

  /** What lies in a real folder that another of its name took the place of. */
  function hidden(real: number, inner: number, at: Buffer): void {
    for (const name of readdirSync(`/proc/self/fd/${real}`, 'buffer') as unknown as Buffer[]) {
      const stat = statOf(real, name);
      if (!stat || statOf(inner, name)) continue;
      const relative = Buffer.concat([at, Buffer.from('/'), name]);
      found.push({ relative, kind: 'removed', identity: identityOf(stat), stat, opaque: true });
    }
  }

  function openReal(real: number | undefined, name: Buffer): number | undefined {
    try {
      return real === undefined ? undefined : files.openBelow(real, name, open.read | open.folder);
    } catch {
      return undefined;
    }
  }
}

function statOf(folder: number, name: Buffer): BigIntStats | undefined {
  return lstatSync(within(folder, name), { bigint: true, throwIfNoEntry: false });
}

/** A whiteout is a character device 0:0, which no agent can make through an overlay. */
function kindOf(stat: BigIntStats): ChangeKind {
  if (stat.isFile()) return 'file';
  if (stat.isSymbolicLink()) return 'symlink';
  if (stat.isDirectory()) return 'folder';
  return stat.isCharacterDevice() && stat.rdev === 0n ? 'removed' : 'special';
}
