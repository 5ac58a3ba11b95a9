/** `chaperone journal show`: the records of all sessions, or of one. */
import { listSessions, readSession } from '@chaperone/endpoint/record';
import { CliError, type ExitCode } from '../../errors.ts';
import { isExpected, jsonLine, readEntry } from './entry.ts';
import type { ReadOptions } from './index.ts';
import { headerRow, sessionRow, styleOf, tableRow } from './table.ts';

/** Throws CliError and JournalError. @returns 1 when a line could not be read as a record */
export function showJournal(dir: string, options: ReadOptions & { readonly last?: number }): ExitCode {
  const style = styleOf(process.stdout, process.env);
  let damaged = 0;
  for (const session of chosenSessions(dir, options.session)) {
    const { lines, tornBytes } = readSession(dir, session);
    const shown = options.last === undefined ? lines : lines.slice(Math.max(0, lines.length - options.last));
    const [first] = shown;
    if (!options.json) {
      const title = sessionRow(session, first && readEntry(session, first.line, first.bytes));
      process.stdout.write(`${title}\n${headerRow(style)}\n`);
    }
    for (const { bytes, line } of shown) {
      const entry = readEntry(session, line, bytes);
      if ('problem' in entry) damaged += 1;
      if (!options.json && !options.all && isExpected(entry)) continue;
      process.stdout.write(`${options.json ? jsonLine(entry) : tableRow(entry, style)}\n`);
    }
    if (tornBytes > 0) {
      process.stderr.write(
        `chaperone: session ${session} ends in an incomplete record (${tornBytes} bytes): it is being written, or its process crashed\n`,
      );
    }
    if (!options.json) process.stdout.write('\n');
  }
  if (damaged > 0) {
    throw new CliError(
      1,
      `${damaged} lines are no records; \`chaperone journal verify ${dir}\` says what happened`,
    );
  }
  return 0;
}

export function chosenSessions(dir: string, session: string | undefined): string[] {
  const sessions = listSessions(dir);
  if (session === undefined) return sessions;
  if (!sessions.includes(session)) {
    const known = sessions.slice(-5).join(', ') || 'none';
    throw new CliError(2, `${dir} has no session ${session}; the last ones are: ${known}`);
  }
  return [session];
}
