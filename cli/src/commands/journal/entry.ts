/** One line of a journal as a reader sees it. The schema is applied here, because a journal may come from anywhere. */
import { parseJournalRecord } from '@chaperone/protocol/schema';
import { type JournalRecord, jsonForTerminal } from '@chaperone/protocol';

export type Entry = { readonly session: string; readonly line: number } & (
  | { readonly record: JournalRecord }
  | { readonly problem: string }
);

/** Never throws. */
export function readEntry(session: string, line: number, bytes: Uint8Array): Entry {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return { session, line, problem: 'not JSON' };
  }
  return { session, line, ...parseJournalRecord(value) };
}

/** That an allowed act was done is what a reader expects; what went otherwise is news. */
export function isExpected(entry: Entry): boolean {
  return 'record' in entry && entry.record.kind === 'outcome' && entry.record.result === 'done';
}

/** The record with its session as one line of JSON. */
export function jsonLine(entry: Entry): string {
  return jsonForTerminal('record' in entry ? { session: entry.session, ...entry.record } : entry);
}
