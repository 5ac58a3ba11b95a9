/** Reads a journal directory as it lies on disk, without judging it. Throws JournalError `unreadable`. */
import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import path from 'node:path';
import { isSessionId } from '@chaperone/protocol';
import { errnoOf, JournalError } from './errors.ts';
import { splitLines } from './line.ts';
import { registerFile } from './register.ts';
import type { SourceLine } from './verify-chain.ts';

const segmentPattern = /^[0-9]{6}\.jsonl$/;

export type Chain = {
  readonly lines: readonly SourceLine[];
  /** Bytes after the last newline: a write that a crash cut short. */
  readonly tornBytes: number;
};

/** Session ids that have a folder, sorted. */
export function listSessions(dir: string): string[] {
  const entries = attempt(dir, () => readdirSync(dir, { withFileTypes: true }));
  return entries
    .filter((entry) => entry.isDirectory() && isSessionId(entry.name))
    .map((entry) => entry.name)
    .toSorted();
}

/** Paths of a session's segments in the order of the chain, relative to `dir`. */
export function listSegments(dir: string, session: string): string[] {
  const folder = path.join(dir, session);
  return attempt(folder, () => readdirSync(folder))
    .filter((name) => segmentPattern.test(name))
    .toSorted()
    .map((name) => path.join(session, name));
}

export function readSession(dir: string, session: string): Chain {
  return readFiles(dir, listSegments(dir, session));
}

const chunkBytes = 256 * 1024;
/** No record is longer: what comes in a longer line is damage, and is given in pieces. */
const maxLineBytes = 4 * 1024 * 1024;

/** The lines of a session one after the other, of which one is in memory at a time; an incomplete last one is left out. */
export function* streamSession(dir: string, session: string): Generator<SourceLine> {
  for (const file of listSegments(dir, session)) yield* streamLines(dir, file);
}

function* streamLines(dir: string, file: string): Generator<SourceLine> {
  const name = path.join(dir, file);
  const fd = attempt(name, () => openSync(name, 'r'));
  try {
    const chunk = Buffer.alloc(chunkBytes);
    let line = 0;
    let rest = Buffer.alloc(0);
    for (;;) {
      const read = attempt(name, () => readSync(fd, chunk, 0, chunk.length, null));
      if (read === 0) return;
      const { lines, torn } = splitLines(Buffer.concat([rest, chunk.subarray(0, read)]));
      for (const bytes of lines) yield { bytes, file, line: (line += 1) };
      rest = torn.length > maxLineBytes ? Buffer.alloc(0) : Buffer.from(torn);
      if (rest.length !== torn.length) yield { bytes: torn, file, line: (line += 1) };
    }
  } finally {
    closeSync(fd);
  }
}

/** @returns undefined when the directory has no register */
export function readRegister(dir: string): Chain | undefined {
  try {
    lstatSync(path.join(dir, registerFile));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw unreadable(path.join(dir, registerFile), error);
  }
  return readFiles(dir, [registerFile]);
}

function readFiles(dir: string, files: readonly string[]): Chain {
  const lines: SourceLine[] = [];
  let tornBytes = 0;
  for (const file of files) {
    const content = attempt(path.join(dir, file), () => readFileSync(path.join(dir, file)));
    const split = splitLines(content);
    for (const [index, bytes] of split.lines.entries()) lines.push({ bytes, file, line: index + 1 });
    tornBytes = split.torn.length;
    // Only the last segment can end in a torn write; in an earlier one the fragment is a line that was damaged.
    if (tornBytes > 0 && file !== files.at(-1))
      lines.push({ bytes: split.torn, file, line: split.lines.length + 1 });
  }
  return { lines, tornBytes };
}

function attempt<Result>(file: string, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: string, error: unknown): JournalError {
  return new JournalError('unreadable', `cannot read ${file} (${errnoOf(error) ?? 'error'})`, {
    cause: error,
  });
}
