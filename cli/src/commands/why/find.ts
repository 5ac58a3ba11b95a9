/** The record that a person asks about, and the start of its session. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { listSegments, listSessions, streamSession } from '@chaperone/endpoint/record';
import { isSessionId, type JournalRecord, type SessionStart } from '@chaperone/protocol';
import { CliError } from '../../errors.ts';
import { readEntry } from '../journal/entry.ts';

export type Denial = Extract<JournalRecord, { kind: 'decision' | 'refusal' }>;
export type Found = {
  readonly session: string;
  readonly record: Denial;
  /** Absent when the session's first record is damaged. */
  readonly start: SessionStart | undefined;
};

/** @param id `<session>:<number>`, as a denial shows it. Throws CliError and JournalError. */
export function findRecord(dir: string, id: string): Found {
  const colon = id.lastIndexOf(':');
  const session = id.slice(0, colon);
  const seq = id.slice(colon + 1);
  if (colon < 0 || !isSessionId(session) || !/^[0-9]{1,12}$/.test(seq))
    throw new CliError(2, `${id} is no id of a record; a denial shows one, such as s-mwrd6cr2-c5804c53:6`);
  if (!listSessions(dir).includes(session))
    throw new CliError(2, `${dir} has no session ${session}; name its journal with --journal`);
  let start: SessionStart | undefined;
  for (const record of recordsOf(dir, session)) {
    if (record.kind === 'session_start') start = record;
    if (record.seq !== Number(seq)) continue;
    if (record.kind === 'decision' || record.kind === 'refusal') return { session, record, start };
    throw new CliError(2, `record ${id} is no decision but a ${record.kind}`);
  }
  throw new CliError(2, `session ${session} has no record ${seq}`);
}

/** The last denial, or what would have been one, in the session that was written to last. Throws as above. */
export function findLastDenial(dir: string): Found {
  for (const session of byLastWrite(dir)) {
    let start: SessionStart | undefined;
    let last: Denial | undefined;
    for (const record of recordsOf(dir, session)) {
      if (record.kind === 'session_start') start = record;
      if (record.kind === 'refusal') last = record;
      if (record.kind === 'decision' && record.decision.effect === 'deny') last = record;
    }
    if (last) return { session, record: last, start };
  }
  throw new CliError(2, `nothing was denied in any session of ${dir}`);
}

function* recordsOf(dir: string, session: string): Generator<JournalRecord> {
  for (const { bytes, line } of streamSession(dir, session)) {
    const entry = readEntry(session, line, bytes);
    if ('record' in entry) yield entry.record;
  }
}

function byLastWrite(dir: string): string[] {
  const written = listSessions(dir).map((session) => {
    const last = listSegments(dir, session).at(-1);
    const stat = last === undefined ? undefined : statSync(path.join(dir, last), { throwIfNoEntry: false });
    return { session, at: stat?.mtimeMs ?? 0 };
  });
  return written
    .toSorted((a, b) => b.at - a.at || (a.session < b.session ? 1 : -1))
    .map(({ session }) => session);
}
