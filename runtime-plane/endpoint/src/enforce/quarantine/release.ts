/**
 * Outputs into their places, many at a time: all are made where nobody looks, synced together, and each put in place by one
 * rename. That is a folder of the store, if it lies in the same mount; else it is the folder of the destination itself. What is under way is written down before; whoever comes after a crash removes what was not put in place.
 */
import { randomBytes } from 'node:crypto';
import { fsyncSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { FileError, type KernelFiles, within } from './kernel-files.ts';
import { identityAt, makeFile, makeLink, moveAway, openParent, removeAt } from './place.ts';
import { namesIn, type Places, removeTicket, syncFolder, writeAll, writeSynced } from './store.ts';
import type { Attributes } from './ticket.ts';

export type Output = {
  /** Within the folder. */
  readonly relative: Buffer;
  /** What is there now, as `identityOf` names it; undefined for nothing. Anything else is a conflict. */
  readonly base: string | undefined;
  readonly ticket?: string;
} & (
  | { readonly kind: 'file'; readonly attributes: Attributes; readonly write: (fd: number) => void }
  | { readonly kind: 'symlink'; readonly attributes: Attributes; readonly target: Buffer }
  | { readonly kind: 'removed' }
);

export type Placed =
  | { readonly ok: true; readonly identity: string | undefined }
  | { readonly ok: false; readonly why: 'conflict' | 'failed'; readonly message: string };

export type Intent = {
  readonly folder: string;
  readonly entries: readonly {
    readonly relative: string;
    readonly temporary: string;
    readonly ticket?: string;
  }[];
};

const ELOOP = 40;
const ENOTDIR = 20;
/** Beyond so many, one sync of the whole file system costs less than one of each. */
const syncedOneByOne = 8;

/** @param folderOf attributes of a folder that has to be made on the way; absent: none is made */
export function releaseAll(
  files: KernelFiles,
  places: Places,
  folder: string,
  outputs: readonly Output[],
  folderOf?: (relative: Buffer) => Attributes | undefined,
): Placed[] {
  const batch = randomBytes(6).toString('hex');
  const temporary = (index: number): Buffer => Buffer.from(`.chaperone-${batch}-${index}`);
  const intent = path.join(places.intents, `${places.owner}-${batch}.json`);
  const results: (Placed | undefined)[] = outputs.map(() => undefined);
  const parents: ({ parent: number; name: Buffer } | undefined)[] = [];
  const few = outputs.length <= syncedOneByOne;
  let isClean = true;
  let root: number | undefined;
  let staging: number | undefined;
  const attempt = (index: number, act: () => void): void => {
    if (results[index]) return;
    try {
      act();
    } catch (error) {
      results[index] = failure(error);
    }
  };
  const unchanged = (index: number): boolean => {
    const at = parents[index];
    const output = outputs[index];
    if (!at || !output || identityAt(at.parent, at.name) === output.base) return true;
    results[index] = { ok: false, why: 'conflict', message: 'the real file was changed meanwhile' };
    return false;
  };
  try {
    writeSynced(intent, (fd) =>
      writeAll(fd, Buffer.from(JSON.stringify(intentOf(folder, outputs, temporary)))),
    );
    syncFolder(places.intents);
    const held = files.openFolder(folder);
    root = held;
    staging = stagingFor(files, places, held);
    for (const [index, output] of outputs.entries())
      attempt(index, () => {
        const at = openParent(files, held, output.relative, folderOf);
        parents[index] = at;
        if (!unchanged(index)) return;
        if (output.kind === 'file')
          makeFile(
            files,
            staging ?? at.parent,
            temporary(index),
            output,
            output.base === undefined ? undefined : at.name,
            few,
          );
        if (output.kind === 'symlink')
          makeLink(staging ?? at.parent, temporary(index), output.target, output.attributes);
      });
    if (!few) files.sync(held);
    for (const [index, output] of outputs.entries())
      attempt(index, () => {
        const at = parents[index];
        if (!at || !unchanged(index)) return;
        if (output.kind !== 'removed')
          renameSync(within(staging ?? at.parent, temporary(index)), within(at.parent, at.name));
        else if (output.base !== undefined)
          moveAway(at.parent, at.name, staging ?? at.parent, temporary(index));
        results[index] = { ok: true, identity: identityAt(at.parent, at.name) };
      });
    if (!few) files.sync(held);
    else for (const at of parents) if (at) fsyncSync(at.parent);
  } catch (error) {
    for (const index of outputs.keys()) results[index] ??= failure(error);
  } finally {
    for (const [index, at] of parents.entries()) {
      if (!at) continue;
      try {
        removeAt(staging ?? at.parent, temporary(index)); // not put in place, or what was removed
      } catch {
        isClean = false; // the intent stays for the next one
      }
      files.close(at.parent);
    }
    if (root !== undefined) files.close(root);
    if (staging !== undefined) files.close(staging);
  }
  // Before the intent goes: a crash in between must not leave a ticket for what is in its place.
  for (const [index, { ticket }] of outputs.entries())
    if (ticket !== undefined && results[index]?.ok) removeTicket(places, ticket);
  if (isClean) rmSync(intent, { force: true });
  return results.map((one) => one ?? { ok: false, why: 'failed', message: 'it was not put in place' });
}

/** @returns undefined where a rename from there would not do */
function stagingFor(files: KernelFiles, places: Places, root: number): number | undefined {
  const staging = files.openFolder(places.staging);
  if (mountOf(staging) === mountOf(root)) return staging;
  files.close(staging);
  return undefined;
}

/** proc_pid_fdinfo(5) */
function mountOf(fd: number): string | undefined {
  return /^mnt_id:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))?.[1];
}

function intentOf(folder: string, outputs: readonly Output[], temporary: (index: number) => Buffer): Intent {
  return {
    folder,
    entries: outputs.map(({ relative, ticket }, index) => ({
      relative: relative.toString('base64'),
      temporary: temporary(index).toString(),
      ...(ticket === undefined ? {} : { ticket }),
    })),
  };
}

function failure(error: unknown): Placed {
  const link = error instanceof FileError && (error.errno === ELOOP || error.errno === ENOTDIR);
  const message = link
    ? 'a folder on the way to it is a symbolic link or a file now, and neither is followed'
    : error instanceof Error
      ? error.message
      : String(error);
  return { ok: false, why: 'failed', message };
}

/**
 * Finishes what crashed processes began: what they had made beside a destination is removed, so nothing is half released. What
 * was in place stays.
 *
 * @param ended hears of each output of a ticket that was under way
 */
export function recoverReleases(
  files: KernelFiles,
  places: Places,
  isAlive: (owner: string) => boolean,
  ended: (ticket: string) => void,
): void {
  for (const name of namesIn(places.intents)) {
    const owner = /^(.+)-[0-9a-f]+\.json$/.exec(name)?.[1];
    if (owner === undefined || isAlive(owner)) continue;
    const file = path.join(places.intents, name);
    const intent = readIntent(file);
    if (intent) {
      undo(files, places, intent);
      for (const { ticket } of intent.entries) if (ticket !== undefined) ended(ticket);
    }
    rmSync(file, { force: true });
  }
}

/** A crash while it was written leaves one that cannot be read; nothing had been made then. */
function readIntent(file: string): Intent | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Intent;
  } catch {
    return undefined;
  }
}

function undo(files: KernelFiles, places: Places, { folder, entries: all }: Intent): void {
  const entries = all.filter(({ temporary }) => /^\.chaperone-[0-9a-f]+-\d+$/.test(temporary));
  for (const { temporary } of entries)
    rmSync(path.join(places.staging, temporary), { recursive: true, force: true });
  let root: number;
  try {
    root = files.openFolder(folder);
  } catch {
    return; // the folder is gone, and with it what was in it
  }
  for (const { relative, temporary } of entries) {
    let at: ReturnType<typeof openParent> | undefined;
    try {
      at = openParent(files, root, Buffer.from(relative, 'base64'), undefined);
      removeAt(at.parent, Buffer.from(temporary));
    } catch {
      // its folder is gone
    } finally {
      if (at) files.close(at.parent);
    }
  }
  files.close(root);
}
