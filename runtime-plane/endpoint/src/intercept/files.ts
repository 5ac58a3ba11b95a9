/** What Node cannot do with files itself, through koffi: sealed files in memory, and extended attributes. */
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  futimesSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import koffi from 'koffi';
import { KernelError } from './kernel.ts';

const MFD_CLOEXEC = 1;
const MFD_ALLOW_SEALING = 2;
/** Linux 6.3: what was never meant to be executed cannot be made so. */
const MFD_NOEXEC_SEAL = 8;
const EINVAL = 22;
const F_ADD_SEALS = 1033;
const sealSealShrinkGrowWrite = 15;
const chunkBytes = 1 << 20;
const maxAttributeBytes = 4096;

export type Files = {
  /**
   * A read-only descriptor of a file in memory that nobody can change any more: a copy of an open file, or these bytes with the
   * permissions and times of it.
   *
   * @returns undefined when the file has more bytes than `maxBytes`. Throws KernelError or the error of a failed read.
   */
  sealed(of: number, maxBytes: number, bytes?: Uint8Array): number | undefined;
  /** Extended attributes in the namespace `user`, without that prefix: text that is no longer than 4096 bytes. */
  attributes(fd: number): ReadonlyMap<string, string>;
};

type Call = (...args: (number | Buffer | string | null)[]) => number;

export function openFiles(): Files {
  const libc = koffi.load('libc.so.6');
  const call = (prototype: string): Call => libc.func(prototype) as unknown as Call;
  const memfdCreate = call('int memfd_create(const char*, unsigned int)');
  const fcntl = call('int fcntl(int, int, int)');
  const flistxattr = call('long flistxattr(int, void*, long)');
  const fgetxattr = call('long fgetxattr(int, const char*, void*, long)');
  const names = Buffer.alloc(65_536);
  const value = Buffer.alloc(maxAttributeBytes);
  let chunk: Buffer | undefined;

  const create = (): number => {
    const plain = MFD_CLOEXEC | MFD_ALLOW_SEALING;
    let fd = memfdCreate('content', plain | MFD_NOEXEC_SEAL);
    if (fd < 0 && koffi.errno() === EINVAL) fd = memfdCreate('content', plain);
    if (fd < 0) throw new KernelError('memfd_create', koffi.errno());
    return fd;
  };
  /** @returns false when there is more than that */
  const copy = (from: number, to: number, maxBytes: number): boolean => {
    chunk ??= Buffer.allocUnsafe(chunkBytes);
    for (let at = 0; ;) {
      const read = readSync(from, chunk, 0, chunkBytes, at);
      if (read === 0) return true;
      if (at + read > maxBytes) return false;
      write(to, chunk.subarray(0, read), at);
      at += read;
    }
  };
  return {
    sealed(of, maxBytes, bytes) {
      const { mode, atimeMs, mtimeMs, size } = fstatSync(of);
      if (!bytes && size > maxBytes) return undefined;
      const fd = create();
      try {
        if (bytes) write(fd, bytes, 0);
        else if (!copy(of, fd, maxBytes)) return undefined;
        fchmodSync(fd, mode & 0o666);
        futimesSync(fd, atimeMs / 1000, mtimeMs / 1000);
        if (fcntl(fd, F_ADD_SEALS, sealSealShrinkGrowWrite) < 0)
          throw new KernelError('fcntl', koffi.errno());
        return openSync(`/proc/self/fd/${fd}`, constants.O_RDONLY);
      } finally {
        closeSync(fd);
      }
    },
    attributes(fd) {
      const found = new Map<string, string>();
      const length = Number(flistxattr(fd, names, names.length));
      if (length <= 0) return found;
      for (const name of names.toString('utf8', 0, length).split('\0')) {
        if (!name.startsWith('user.')) continue;
        const bytes = Number(fgetxattr(fd, name, value, value.length));
        if (bytes >= 0) found.set(name.slice('user.'.length), value.toString('utf8', 0, bytes));
      }
      return found;
    },
  };
}

function write(fd: number, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done, bytes.length - done, at + done);
}
