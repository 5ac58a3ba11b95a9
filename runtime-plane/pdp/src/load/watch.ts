/** Tells when one of the files that were loaded changes. */
import { type FSWatcher, statSync, watch } from 'node:fs';
import path from 'node:path';

/** Editors write a file in several steps. */
const settleMs = 150;

export type Watch = { close(): void };

/** @param onChange is called once for changes that come together; onTrouble when a path can be watched no longer */
export function watchFiles(
  paths: readonly string[],
  onChange: () => void,
  onTrouble: (file: string) => void,
): Watch {
  let timer: NodeJS.Timeout | undefined;
  const changed = (): void => {
    clearTimeout(timer);
    timer = setTimeout(onChange, settleMs);
  };
  const watchers: FSWatcher[] = [];
  for (const file of paths) {
    const isFolder = statSync(file).isDirectory();
    // A file that is replaced is another file: its folder is what stays.
    const watched = isFolder ? file : path.dirname(file);
    const name = path.basename(file);
    const watcher = watch(watched, { recursive: isFolder }, (_, changedName) => {
      if (isFolder || changedName === null || changedName === name) changed();
    });
    watcher.on('error', () => onTrouble(file));
    watchers.push(watcher);
  }
  return {
    close() {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}
