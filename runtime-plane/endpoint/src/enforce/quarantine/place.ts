/** One output beside its destination: made under another name with all its attributes, so that one rename can put it there. */
import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  futimesSync,
  lchownSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import { identityOf } from './walk.ts';
import { FileError, type KernelFiles, open, within } from './kernel-files.ts';
import type { Attributes } from './ticket.ts';

const EINVAL = 22;
const ENOENT = 2;

/** What an agent's output may bring along. Capabilities and set-user-id bits would be power over others. */
const carried = /^(?:user\.(?!overlay\.)|system\.posix_acl_(?:access|default)$)/;
/** What the file that is replaced had and the new one keeps. */
const kept = /^security\.selinux$/;

export function attributesOf(files: KernelFiles, fd: number, stat: StatLike): Attributes {
  return attributesFrom(files.attributes(fd), stat);
}

export function attributesFrom(
  all: ReadonlyMap<string, Buffer>,
  { mode, uid, gid, mtimeNs }: StatLike,
): Attributes {
  const xattrs: Record<string, string> = {};
  for (const [name, value] of all) if (carried.test(name)) xattrs[name] = value.toString('base64');
  return {
    mode: Number(mode) & (isFolder(Number(mode)) ? 0o3777 : 0o1777),
    uid: Number(uid),
    gid: Number(gid),
    mtime_ms: Number(mtimeNs / 1000n) / 1000,
    xattrs,
  };
}

/** Where the bit for a group only says whose what is made in it will be. */
function isFolder(mode: number): boolean {
  return (mode & constants.S_IFMT) === constants.S_IFDIR;
}

type StatLike = {
  readonly mode: bigint;
  readonly uid: bigint;
  readonly gid: bigint;
  readonly mtimeNs: bigint;
};

/** Makes a file under `name`, which must be free. Throws. */
export function makeFile(
  files: KernelFiles,
  parent: number,
  name: Buffer,
  { attributes, write }: { readonly attributes: Attributes; readonly write: (fd: number) => void },
  replaced: Buffer | undefined,
  sync: boolean,
): void {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const fd = openSync(within(parent, name), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    write(fd);
    dress(files, fd, attributes);
    if (replaced) keepLabel(files, parent, replaced, fd);
    futimesSync(fd, attributes.mtime_ms / 1000, attributes.mtime_ms / 1000);
    if (sync) fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

export function makeLink(
  parent: number,
  name: Buffer,
  target: Buffer,
  { uid, gid, mtime_ms }: Attributes,
): void {
  symlinkSync(target, within(parent, name));
  if (process.geteuid?.() === 0) lchownSync(within(parent, name), uid, gid);
  lutimesSync(within(parent, name), mtime_ms / 1000, mtime_ms / 1000);
}

/** Owner, extended attributes and mode of an open file or folder. */
export function dress(files: KernelFiles, fd: number, { uid, gid, mode, xattrs }: Attributes): void {
  try {
    fchownSync(fd, uid, gid);
  } catch {
    // A group that this user is not in: it could not have given the file to it otherwise, either.
  }
  const wanted = Object.entries(xattrs).filter(([name]) => carried.test(name));
  for (const [name, value] of wanted) files.setAttribute(fd, name, Buffer.from(value, 'base64'));
  for (const name of files.attributes(fd).keys())
    if (carried.test(name) && !Object.hasOwn(xattrs, name)) files.removeAttribute(fd, name);
  fchmodSync(fd, mode & (isFolder(fstatSync(fd).mode) ? 0o3777 : 0o1777));
}

function keepLabel(files: KernelFiles, parent: number, replaced: Buffer, fd: number): void {
  let old: number | undefined;
  try {
    old = files.openBelow(parent, replaced, open.read | open.nonBlock);
    for (const [name, value] of files.attributes(old))
      if (kept.test(name)) files.setAttribute(fd, name, value);
  } catch {
    // nothing to keep
  } finally {
    if (old !== undefined) files.close(old);
  }
}

/** @returns what is under that name now, as a ticket remembers it; undefined where nothing is */
export function identityAt(parent: number, name: Buffer): string | undefined {
  const stat = lstatSync(within(parent, name), { bigint: true, throwIfNoEntry: false });
  return stat && identityOf(stat);
}

/** Also a folder whose modes forbid it: who may remove the folder could change them. */
export function removeAt(parent: number, name: Buffer): void {
  const file = within(parent, name);
  const stat = lstatSync(file, { throwIfNoEntry: false });
  if (!stat) return;
  if (!stat.isDirectory()) return unlinkSync(file);
  try {
    rmSync(file, { recursive: true });
  } catch {
    openFolders(file);
    rmSync(file, { recursive: true });
  }
}

function openFolders(folder: Buffer): void {
  chmodSync(folder, 0o700);
  for (const name of readdirSync(folder, 'buffer') as unknown as Buffer[]) {
    const below = Buffer.concat([folder, Buffer.from('/'), name]);
    if (lstatSync(below).isDirectory()) openFolders(below);
  }
}

/** A folder goes to another place only if it may be written to. */
export function moveAway(parent: number, name: Buffer, to: number, as: Buffer): void {
  const stat = lstatSync(within(parent, name));
  if (stat.isDirectory() && (stat.mode & 0o200) === 0) chmodSync(within(parent, name), 0o700);
  renameSync(within(parent, name), within(to, as));
}

/**
 * The folder that holds the last name of `relative`; missing ones are made as `folderOf` says. The caller closes it.
 * Throws FileError; ELOOP when a part of the way is a link now.
 */
export function openParent(
  files: KernelFiles,
  root: number,
  relative: Buffer,
  folderOf: ((relative: Buffer) => Attributes | undefined) | undefined,
): { parent: number; name: Buffer } {
  const slash = relative.lastIndexOf(0x2f);
  const name = relative.subarray(slash + 1);
  const way = relative.subarray(0, Math.max(0, slash));
  if (name.length === 0 || name.equals(Buffer.from('..')) || name.equals(Buffer.from('.')))
    throw new FileError('name', EINVAL);
  try {
    return { parent: files.openBelow(root, way, open.read | open.folder), name };
  } catch (error) {
    if (!(error instanceof FileError) || error.errno !== ENOENT || !folderOf || way.length === 0) throw error;
  }
  const attributes = folderOf(way);
  if (!attributes) throw new FileError('openat2', ENOENT);
  const above = openParent(files, root, way, folderOf);
  try {
    mkdirSync(within(above.parent, above.name), 0o700);
    const made = files.openBelow(above.parent, above.name, open.read | open.folder);
    dress(files, made, attributes);
    return { parent: made, name };
  } finally {
    files.close(above.parent);
  }
}
