/**
 * A program of its own, because a file system that hangs would hang whoever asks: node try-folder.ts <folder>. Writes and
 * syncs a file in the folder, or in the nearest one above it that exists, and prints one JSON object.
 */
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  openSync,
  statfsSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { errnoOf } from './errors.ts';

const folder = path.resolve(process.argv[2] ?? '');
let tried = folder;
while (!existsSync(tried) && tried !== path.dirname(tried)) tried = path.dirname(tried);

function problemOf(): string | undefined {
  try {
    const { mode, uid } = statSync(tried);
    const unsafe = (mode & 0o022) !== 0 || (uid !== process.geteuid?.() && uid !== 0);
    // Only the journal's own folder must be safe; it is made so when it is new.
    if (tried === folder && unsafe) return 'unsafe';
    const file = path.join(tried, `.chaperone-doctor-${randomUUID()}`);
    const fd = openSync(file, 'wx', 0o600);
    try {
      writeSync(fd, 'written by chaperone doctor, removed at once\n');
      fdatasyncSync(fd);
    } finally {
      unlinkSync(file);
      closeSync(fd);
    }
    const directory = openSync(tried, 'r');
    fsyncSync(directory);
    closeSync(directory);
    return undefined;
  } catch (error) {
    return errnoOf(error) ?? 'error';
  }
}

const problem = problemOf();
const space = statfsSync(tried, { bigint: false });
console.log(
  JSON.stringify({
    tried,
    outcome: problem === undefined ? 'written' : 'failed',
    ...(problem === undefined ? {} : { problem }),
    freeBytes: space.bavail * space.bsize,
    freeFiles: space.ffree,
    totalFiles: space.files,
  }),
);
