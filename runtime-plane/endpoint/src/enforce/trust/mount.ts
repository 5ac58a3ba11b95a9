import { realpathSync, statSync } from 'node:fs';

/** A read-only bind of `source`, outside of the session, over `target`, inside. */
export type Mount = { readonly source: string; readonly target: string };

/** @returns where the file really is, since a link cannot be mounted over; nothing when there is none. */
export function realFile(file: string): string[] {
  return real(file, 'isFile');
}

export function realFolder(folder: string): string[] {
  return real(folder, 'isDirectory');
}

function real(place: string, kind: 'isFile' | 'isDirectory'): string[] {
  try {
    return statSync(place)[kind]() ? [realpathSync(place)] : [];
  } catch {
    return [];
  }
}
