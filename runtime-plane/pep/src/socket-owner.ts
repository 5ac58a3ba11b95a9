/** Whether a Unix socket is the one that was meant. */
import type { Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import path from 'node:path';

/**
 * Whoever may replace the socket answers in the name of the decision point. So it must belong to one of the owners, and
 * its folder to one of them or root, with nobody else allowed to rename what is in it.
 *
 * @returns what is wrong, or undefined; a socket that is not there is not wrong, it is unreachable
 */
export async function wrongWithSocket(
  socketPath: string,
  owners: ReadonlySet<number>,
): Promise<string | undefined> {
  const socket = await found(socketPath);
  if (socket === undefined) return undefined;
  if (!socket.isSocket()) return 'its path names something that is no socket';
  if (!owners.has(socket.uid)) return `its socket belongs to user ${socket.uid}`;
  const folder = await found(path.dirname(socketPath));
  if (folder === undefined) return undefined;
  if (folder.uid !== 0 && !owners.has(folder.uid)) return `its folder belongs to user ${folder.uid}`;
  const othersWrite = (folder.mode & 0o022) !== 0;
  const isSticky = (folder.mode & 0o1000) !== 0;
  return othersWrite && !isSticky ? 'others may write to its folder' : undefined;
}

async function found(file: string): Promise<Stats | undefined> {
  try {
    return await lstat(file);
  } catch {
    return undefined;
  }
}
