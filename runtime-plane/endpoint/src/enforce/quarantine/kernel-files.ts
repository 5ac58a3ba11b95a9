/** Kernel calls on files that Node does not have: opens that follow no link, extended attributes, leases, one sync for many. */
import { closeSync } from 'node:fs';
import koffi from 'koffi';

const SYS_openat2 = 437;
const AT_FDCWD = -100;
/** linux/openat2.h */
const RESOLVE_NO_XDEV = 1;
const RESOLVE_NO_MAGICLINKS = 2;
const RESOLVE_NO_SYMLINKS = 4;
const RESOLVE_BENEATH = 8;
/** fcntl(2) */
const F_SETSIG = 10;
const F_SETLEASE = 1024;
const F_GETLEASE = 1025;
const F_RDLCK = 0;
const F_UNLCK = 2;
const SIGURG = 23;

export const open = {
  read: 0,
  path: 0o10000000,
  folder: 0o200000,
  noFollow: 0o400000,
  nonBlock: 0o4000,
  closeOnExec: 0o2000000,
} as const;

export class FileError extends Error {
  override readonly name = 'FileError';
  readonly errno: number;
  readonly code = 'file';
  constructor(call: string, errno: number) {
    super(`${call}: errno ${errno}`);
    this.errno = errno;
  }
}

export type KernelFiles = ReturnType<typeof openKernelFiles>;

type Call = (...args: (number | Buffer | string | null)[]) => number;

export function openKernelFiles() {
  const libc = koffi.load('libc.so.6');
  const call = (prototype: string): Call => libc.func(prototype) as unknown as Call;
  const syscall = call('long syscall(long, int, void*, void*, long)');
  const fcntl = call('int fcntl(int, int, long)');
  const flistxattr = call('long flistxattr(int, void*, long)');
  const fgetxattr = call('long fgetxattr(int, void*, void*, long)');
  const fsetxattr = call('int fsetxattr(int, void*, void*, long, int)');
  const fremovexattr = call('int fremovexattr(int, void*)');
  const syncfs = call('int syncfs(int)');
  const how = Buffer.alloc(24);
  const names = Buffer.alloc(65_536);
  const value = Buffer.alloc(65_536);

  function openat2(folder: number, name: Buffer, flags: number, resolve: number): number {
    how.writeBigUInt64LE(BigInt(flags | open.closeOnExec), 0);
    how.writeBigUInt64LE(0n, 8);
    how.writeBigUInt64LE(BigInt(resolve), 16);
    const fd = Number(syscall(SYS_openat2, folder, terminated(name), how, how.length));
    if (fd < 0) throw new FileError('openat2', koffi.errno());
    return fd;
  }

  return {
    /** An absolute folder of which no part is a link. Throws FileError. */
    openFolder: (folder: string): number =>
      openat2(AT_FDCWD, Buffer.from(folder), open.folder, RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS),
    /** Below a folder, across no link and no mount. Throws FileError. */
    openBelow: (folder: number, relative: Buffer, flags: number): number =>
      openat2(
        folder,
        relative.length === 0 ? Buffer.from('.') : relative,
        flags | open.noFollow,
        RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_BENEATH | RESOLVE_NO_XDEV,
      ),
    /** Extended attributes of an open file, by name; those that cannot be read are left out. */
    attributes(fd: number): Map<string, Buffer> {
      const found = new Map<string, Buffer>();
      const length = Number(flistxattr(fd, names, names.length));
      for (const name of names.toString('latin1', 0, Math.max(0, length)).split('\0').slice(0, -1)) {
        const bytes = Number(fgetxattr(fd, terminated(Buffer.from(name, 'latin1')), value, value.length));
        if (bytes >= 0) found.set(name, Buffer.from(value.subarray(0, bytes)));
      }
      return found;
    },
    setAttribute(fd: number, name: string, content: Buffer): boolean {
      return fsetxattr(fd, terminated(Buffer.from(name, 'latin1')), content, content.length, 0) === 0;
    },
    removeAttribute(fd: number, name: string): boolean {
      return fremovexattr(fd, terminated(Buffer.from(name, 'latin1'))) === 0;
    },
    /**
     * Whether nobody has the file open or mapped for writing. From then on a writer waits until {@link unlease}; it was
     * never one meanwhile if {@link isLeased} still holds then.
     */
    lease(fd: number): boolean {
      // Whoever would write is told of by a signal that is ignored, not by one that ends the process.
      fcntl(fd, F_SETSIG, SIGURG);
      return fcntl(fd, F_SETLEASE, F_RDLCK) === 0;
    },
    isLeased: (fd: number): boolean => fcntl(fd, F_GETLEASE, 0) === F_RDLCK,
    unlease(fd: number): void {
      fcntl(fd, F_SETLEASE, F_UNLCK);
    },
    /** Everything of the file system that holds this file is on disk afterwards. Throws FileError. */
    sync(fd: number): void {
      if (syncfs(fd) !== 0) throw new FileError('syncfs', koffi.errno());
    },
    close: closeSync,
  };
}

function terminated(name: Buffer): Buffer {
  return Buffer.concat([name, Buffer.alloc(1)]);
}

/** A name in a held folder, for calls of Node that take paths. */
export function within(folder: number, name: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`/proc/self/fd/${folder}/`), name]);
}
