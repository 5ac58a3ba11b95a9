/** `chaperone journal verify`: is this what was written? */
import { type Fault, type JournalReport, type SessionReport, verifyHere } from '@chaperone/endpoint/record';
import { escapeForTerminal, jsonForTerminal } from '@chaperone/protocol';
import type { ExitCode } from '../../errors.ts';
import { progressLine } from '../../progress.ts';
import type { VerifyOptions } from './index.ts';

/** @returns 0 whole, 1 tampered. Throws JournalError when it cannot be read. */
export function verifyCommand(dir: string, stateDir: string, options: VerifyOptions): ExitCode {
  using line = progressLine(process.stderr, process.env, () => performance.now());
  const report = verifyHere(dir, stateDir, options.key, ({ session, sessions, records }) =>
    line.say(`verifying: session ${session} of ${sessions}, ${records.toLocaleString('en')} records`),
  );
  line.clear();
  if (options.json) process.stdout.write(`${jsonForTerminal(report)}\n`);
  else process.stdout.write(describeReport(report));
  return report.ok ? 0 : 1;
}

function describeReport(report: JournalReport): string {
  const lines: string[] = [];
  for (const session of report.sessions) lines.push(...describeSession(session));
  for (const fault of report.faults) if (fault.session === undefined) lines.push(describeFault(fault));
  const records = report.sessions.reduce((sum, session) => sum + session.records, 0);
  const extent = `${plural(report.sessions.length, 'session')}, ${plural(records, 'record')}`;
  if (!report.ok) {
    lines.push(`TAMPERED: ${plural(report.faults.length, 'fault')} in ${extent}.`);
  } else if (report.sessions.length === 0) {
    lines.push('OK: no session yet.');
  } else {
    lines.push(`OK: ${extent}; nothing was altered, removed, moved or added.`);
  }
  if (report.key !== undefined && !report.keyTrusted) {
    lines.push(
      `The key ${report.key} is named by the journal itself. Compare it with the device's, or pass --key.`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function describeSession({
  session,
  status,
  records,
  signedUpTo,
  tornBytes,
  fault,
}: SessionReport): string[] {
  const name = escapeForTerminal(session);
  const signed = `signed up to record ${signedUpTo}`;
  const torn = tornBytes > 0 ? `; its last record is incomplete (${tornBytes} bytes)` : '';
  switch (status) {
    case 'intact':
      return [];
    case 'open':
      return [`session ${name}: running, ${plural(records, 'record')} so far, ${signed}`];
    case 'unclosed':
      return [
        `session ${name}: never closed (its process crashed), ${plural(records, 'record')}, ${signed}${torn}`,
      ];
    case 'tampered':
      return fault ? [describeFault(fault)] : [`session ${name}: tampered`];
    default:
      return status satisfies never;
  }
}

function describeFault({ code, session, file, line, message }: Fault): string {
  const where = [
    session === undefined ? undefined : `session ${session}`,
    file === undefined ? undefined : `${file}:${line ?? 1}`,
  ];
  const place = where.filter((part) => part !== undefined).join(', ');
  return escapeForTerminal(`${code.toUpperCase()} ${place === '' ? '' : `(${place}) `}${message}`);
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
