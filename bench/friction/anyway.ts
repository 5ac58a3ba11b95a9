/** Whether the kernel would have refused this user the same change without chaperone. */
import { lstatSync } from 'node:fs';
import path from 'node:path';

/** @param object an absolute path; anything else is not known to be refused */
export function couldNotAnyway(action: string, object: string, uid: number): boolean {
  if (!object.startsWith('/') || uid === 0) return false;
  if (action === 'write_file') return !mayWrite(object, uid);
  return (action === 'create_file' || action === 'delete_file') && !mayWrite(path.dirname(object), uid);
}

/** Also true of what is not there any more: nothing is known of it. Supplementary groups are not given to the tasks. */
function mayWrite(file: string, uid: number): boolean {
  const status = lstatSync(file, { throwIfNoEntry: false });
  if (!status) return true;
  const bit = status.uid === uid ? 0o200 : status.gid === uid ? 0o020 : 0o002;
  return (status.mode & bit) !== 0;
}
