/** One line of a journal as a reader sees it. The schema is applied here, because a journal may come from anywhere. */
import { parseJournalRecord } from '@chaperone/protocol/schema';
import type { JournalRecord } from '@chaperone/protocol';

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

/**
 * The record with its session as one line of JSON. Characters that a terminal would act on are written as \u escapes,
 * which is the same JSON.
 */
export function jsonLine(entry: Entry): string {
  const value = 'record' in entry ? { session: entry.session, ...entry.record } : entry;
  return JSON.stringify(value).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}]/gu, (character) =>
    Array.from(
      { length: character.length },
      (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}
