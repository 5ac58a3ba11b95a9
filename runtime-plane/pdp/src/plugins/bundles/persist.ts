/** Copies of bundles on disk: `bundles/NAME/bundle.tar.gz` as the Open Policy Agent keeps them, and the one before it. */
import { mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { defaultLimits, type Persistence } from '@chaperone/policy/bundle';

const newest = 'bundle.tar.gz';
const before = 'previous.tar.gz';

/** @param keeps is the bundle of this name to be kept? */
export function filePersistence(
  directory: string,
  keeps: (name: string) => boolean,
  maxBytes: (name: string) => number,
): Persistence {
  const folderOf = (name: string): string => path.join(directory, 'bundles', folderName(name));
  return {
    async save(name, bytes) {
      if (!keeps(name)) return;
      const folder = folderOf(name);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const current = path.join(folder, newest);
      const found = await readOr(current, maxBytes(name));
      if (found !== null && Buffer.compare(found, bytes) === 0) return;
      const fresh = path.join(folder, `.${newest}.new`);
      await write(fresh, bytes);
      // A crash between the two leaves the older copy under its second name, where it is found.
      if (found !== null) await rename(current, path.join(folder, before));
      await rename(fresh, current);
    },
    async load(name) {
      if (!keeps(name)) return [];
      const folder = folderOf(name);
      const copies: Uint8Array[] = [];
      for (const file of [newest, before]) {
        const bytes = await readOr(path.join(folder, file), maxBytes(name));
        if (bytes !== null) copies.push(bytes);
      }
      return copies;
    },
  };
}

/** Of an archive. */
export function defaultMaxBytes(sizeLimitBytes: number | undefined): number {
  return sizeLimitBytes ?? defaultLimits.archiveBytes;
}

/** One folder for each name, whatever is in the name. */
function folderName(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replace(/^\.+$/, (dots) => '%2E'.repeat(dots.length));
}

/** On disk before it takes a name that is read. */
async function write(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readOr(file: string, maxBytes: number): Promise<Uint8Array | null> {
  try {
    if ((await stat(file)).size > maxBytes) return null;
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
