/** A copy of an output that nobody can change any more: what is classified is what is released. */
import { createHash } from 'node:crypto';
import {
  type BigIntStats,
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fchmodSync,
  fstatSync,
  openSync,
  readSync,
  unlinkSync,
} from 'node:fs';
import path from 'node:path';
import { FileError, type KernelFiles, open } from './kernel-files.ts';
import { identityOf } from './walk.ts';
import { writeAll } from './store.ts';

/** Larger ones are copied to a file. */
const inMemoryBytes = 8 << 20;
const chunkBytes = 1 << 20;
const EACCES = 13;
const ownerMayRead = 0o400;

/** Content by position; fewer bytes only at the end. */
export type Bytes = { readonly size: number; readonly read: (at: number, length: number) => Uint8Array };

export type Sealed = Bytes & {
  readonly stat: BigIntStats;
  readonly xattrs: ReadonlyMap<string, Buffer>;
  readonly sha256: () => string;
  copyTo(fd: number): void;
  close(): void;
};

/**
 * @param staging folder for copies of large files
 * @returns `busy` while somebody has it open or mapped for writing, `gone` when it is another file by now. Throws FileError and
 *   errors of Node.
 */
export function seal(
  files: KernelFiles,
  upper: number,
  relative: Buffer,
  expected: string,
  staging: string,
): Sealed | 'busy' | 'gone' {
  const { fd, opened } = openReadable(files, upper, relative);
  try {
    const stat = fstatSync(fd, { bigint: true });
    const now = identityOf(stat);
    if (!stat.isFile() || (opened ? expected.split(':')[1] !== String(stat.ino) : now !== expected))
      return 'gone';
    if (!files.lease(fd)) return 'busy';
    try {
      const copy = copyOf(fd, Number(stat.size), staging);
      const whole = files.isLeased(fd) && identityOf(fstatSync(fd, { bigint: true })) === now;
      if (!whole) {
        copy.close();
        return 'busy';
      }
      const xattrs = files.attributes(fd);
      return { ...copy, stat, xattrs, sha256: () => digestOf(copy), copyTo: (to) => writeTo(copy, to) };
    } finally {
      files.unlease(fd);
    }
  } finally {
    files.close(fd);
  }
}

/** An agent may make its file unreadable for its own user; that must not hide it. The mode is put back. */
function openReadable(files: KernelFiles, upper: number, relative: Buffer): { fd: number; opened: boolean } {
  try {
    return { fd: files.openBelow(upper, relative, open.read | open.nonBlock), opened: false };
  } catch (error) {
    if (!(error instanceof FileError) || error.errno !== EACCES) throw error;
  }
  const held = files.openBelow(upper, relative, open.path);
  try {
    const file = `/proc/self/fd/${held}`;
    const mode = fstatSync(held).mode & 0o7777;
    chmodSync(file, mode | ownerMayRead);
    const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    fchmodSync(fd, mode);
    return { fd, opened: true };
  } finally {
    files.close(held);
  }
}

function copyOf(fd: number, size: number, staging: string): Bytes & { close(): void } {
  if (size <= inMemoryBytes) {
    const all = Buffer.alloc(size);
    for (let at = 0; at < size;) {
      const read = readSync(fd, all, at, size - at, at);
      if (read === 0) break;
      at += read;
    }
    return { size, read: (at, length) => all.subarray(at, at + length), close() {} };
  }
  const file = path.join(staging, `sealed-${process.hrtime.bigint()}`);
  copyFileSync(`/proc/self/fd/${fd}`, file, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  const copy = openSync(file, constants.O_RDONLY);
  unlinkSync(file);
  return { ...bytesOf(copy), close: () => closeSync(copy) };
}

/** The content of an open file that nobody changes. */
export function bytesOf(fd: number): Bytes {
  const size = Number(fstatSync(fd, { bigint: true }).size);
  return {
    size,
    read(at, length) {
      const chunk = Buffer.allocUnsafe(Math.max(0, Math.min(length, size - at)));
      let filled = 0;
      while (filled < chunk.length) {
        const read = readSync(fd, chunk, filled, chunk.length - filled, at + filled);
        if (read === 0) break;
        filled += read;
      }
      return chunk.subarray(0, filled);
    },
  };
}

export function writeTo({ size, read }: Bytes, to: number): void {
  for (let at = 0; at < size; at += chunkBytes) writeAll(to, read(at, chunkBytes));
}

export function digestOf({ size, read }: Bytes): string {
  const hash = createHash('sha256');
  for (let at = 0; at < size; at += chunkBytes) hash.update(read(at, chunkBytes));
  return hash.digest('hex');
}
