/** What is known of a bundle without the code that reads one: a session under a folder of Rego does not load that. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { Json, PolicySource } from '@chaperone/policy';

/** A bundle as it was read, once: every thread decides by the same bytes, whatever becomes of the file. Plain. */
export type OpenedBundle = {
  readonly modules: PolicySource['modules'];
  readonly data: { readonly [name: string]: Json };
  readonly revision: string;
};

/** A regular file that begins as gzip does; nothing else is looked at. */
export function isBundleFile(location: string): boolean {
  try {
    if (!statSync(location).isFile()) return false;
    const fd = openSync(location, 'r');
    try {
      const start = Buffer.alloc(2);
      return readSync(fd, start) === 2 && start.equals(Buffer.from([0x1f, 0x8b]));
    } finally {
      closeSync(fd);
    }
  } catch {
    return false;
  }
}
