/** Which sessions of a journal are being written at this moment. */
import { isSessionId } from '@chaperone/protocol';
import { openLine } from './line.ts';
import { processStart } from './process-start.ts';
import { readRegister } from './read.ts';

/**
 * Sessions that the register has as opened and not as closed, and whose process lives. A line that cannot be read says nothing here:
 * `verifyJournal` judges. Throws JournalError `unreadable`.
 */
export function runningSessions(dir: string): ReadonlySet<string> {
  const writers = new Map<string, { readonly pid: number; readonly start: unknown }>();
  for (const { bytes } of readRegister(dir)?.lines ?? []) {
    const opened = openLine(bytes);
    if (typeof opened === 'string') continue;
    const { kind, session, pid, pid_start: start } = opened.value;
    if (!isSessionId(session)) continue;
    if (kind === 'session_opened') writers.set(session, { pid: Number(pid), start });
    else if (kind === 'session_closed') writers.delete(session);
  }
  const running = [...writers].filter(([, { pid, start }]) => {
    return typeof start === 'string' && Number.isSafeInteger(pid) && processStart(pid) === start;
  });
  return new Set(running.map(([session]) => session));
}
