/** A copy of a body for a person to look at, on the disk before anything goes out. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';

/**
 * @param folder which exists @param decision id of the record, which names the file
 * Throws where the copy is not on the disk, also when there is one already.
 */
export async function keepCopy(folder: string, decision: string, body: Uint8Array): Promise<void> {
  if (!/^[A-Za-z0-9_:-]{1,128}$/.test(decision))
    throw new TypeError('a decision whose id is no name of a file');
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const file = path.join(folder, `${decision}.body`);
  const copy = await open(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    await copy.writeFile(body);
    await copy.sync();
  } finally {
    await copy.close();
  }
  const names = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await names.sync();
  } finally {
    await names.close();
  }
}
