/** `chaperone journal follow`: new records as they are written, in all sessions or in one. Ends with Ctrl-C. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { listSegments } from '@chaperone/endpoint/record';
import { type Entry, isExpected, jsonLine, readEntry } from './entry.ts';
import type { ReadOptions } from './index.ts';
import { chosenSessions } from './show.ts';
import { headerRow, sessionRow, styleOf, tableRow } from './table.ts';

/** A person does not see less; watching files (inotify) would miss journals on network file systems. */
const pollMs = 150;
const shownBefore = 10;
const chunkBytes = 256 * 1024;
/** No record is longer: what comes in a longer line is damage, and is given in pieces. */
const maxLineBytes = 4 * 1024 * 1024;

export type Position = { offset: number; line: number; rest: Buffer };

/** Resolves when `signal` is aborted; without one, never. Throws CliError and JournalError. */
export async function followJournal(dir: string, options: ReadOptions, signal?: AbortSignal): Promise<void> {
  const positions = new Map<string, Position>();
  const style = styleOf(process.stdout, process.env);
  let lastSession: string | undefined;
  const print = (entry: Entry): void => {
    if (!options.json && !options.all && isExpected(entry)) return;
    if (!options.json && entry.session !== lastSession) {
      process.stdout.write(`${sessionRow(entry.session, entry)}\n${headerRow(style)}\n`);
      lastSession = entry.session;
    }
    process.stdout.write(`${options.json ? jsonLine(entry) : tableRow(entry, style)}\n`);
  };

  let before: Entry[] = [];
  for (const entry of newEntries(dir, options.session, positions)) {
    before.push(entry);
    if (before.length > 2 * shownBefore) before = before.slice(-shownBefore);
  }
  before.slice(-shownBefore).forEach(print);
  while (!signal?.aborted) {
    await sleep(pollMs);
    for (const entry of newEntries(dir, options.session, positions)) print(entry);
  }
}

/** What was written since the last time; `positions` starts empty and remembers how far that was. Throws CliError and JournalError. */
export function* newEntries(
  dir: string,
  session: string | undefined,
  positions: Map<string, Position>,
): Generator<Entry> {
  for (const name of chosenSessions(dir, session)) {
    for (const file of listSegments(dir, name)) {
      const position = positions.get(file) ?? { offset: 0, line: 0, rest: Buffer.alloc(0) };
      positions.set(file, position);
      for (const bytes of newLines(path.join(dir, file), position))
        yield readEntry(name, position.line, bytes);
    }
  }
}

function* newLines(file: string, position: Position): Generator<Buffer> {
  const fd = openSync(file, 'r');
  try {
    const chunk = Buffer.alloc(chunkBytes);
    while (position.offset < fstatSync(fd).size) {
      const read = readSync(fd, chunk, 0, chunk.length, position.offset);
      if (read === 0) return;
      position.offset += read;
      let pending = Buffer.concat([position.rest, chunk.subarray(0, read)]);
      for (let end = pending.indexOf(10); end !== -1; end = pending.indexOf(10)) {
        position.line += 1;
        yield pending.subarray(0, end);
        pending = pending.subarray(end + 1);
      }
      position.rest = Buffer.from(pending);
      if (position.rest.length <= maxLineBytes) continue;
      position.line += 1;
      yield position.rest;
      position.rest = Buffer.alloc(0);
    }
  } finally {
    closeSync(fd);
  }
}
