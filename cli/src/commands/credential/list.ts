/** `chaperone credential list`. */
import { type CredentialEntry, listCredentials } from '@chaperone/endpoint/credentials';
import { escapeForTerminal, jsonForTerminal } from '@chaperone/protocol';
import { cutTo, fit, styleOf } from '../journal/table.ts';

/** Throws CredentialError and JournalError. */
export function printCredentials(stateDir: string, json: boolean): void {
  const entries = listCredentials(stateDir);
  if (json) for (const one of entries) print(jsonForTerminal(one));
  else if (entries.length === 0) print('No credentials are kept.');
  else printTable(entries);
}

const head = ['ID', 'KIND', 'HEADER', 'VARIABLE', 'HOSTS'] as const;

function printTable(entries: readonly CredentialEntry[]): void {
  const { width } = styleOf(process.stdout, process.env);
  const rows = [head, ...entries.map(cellsOf)];
  const widths = head.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  for (const row of rows) {
    const line = row.map((cell, at) => fit(escapeForTerminal(cell), widths[at] ?? 0)).join('  ');
    print(width === undefined ? line.trimEnd() : cutTo(line.trimEnd(), width));
  }
}

function cellsOf({ id, kind, use }: CredentialEntry): readonly string[] {
  if (!use) return [id, kind, '-', '-', 'denied wherever it goes'];
  return [id, kind, use.header, use.env ?? '-', use.hosts.join(', ')];
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
