/** `chaperone net hosts`: what went where. */
import { jsonForTerminal } from '@chaperone/protocol';
import type { ExitCode } from '../../errors.ts';
import { styleOf } from '../journal/table.ts';
import { type Column, table } from './columns.ts';
import { Network } from './network.ts';
import { counting, Hosts, type HostTally, isAt } from './tally.ts';
import type { Where } from './items.ts';
import { bytesText, momentText, programText } from './units.ts';

export type HostsOptions = { readonly session?: string; readonly host?: string; readonly json?: boolean };

const columns: readonly Column[] = [
  { head: 'HOST', min: 16, middle: true, weight: 1.5 },
  { head: 'CONNS', min: 5, right: true },
  { head: 'REQUESTS', min: 8, right: true, goes: 3 },
  { head: 'NAMES', min: 5, right: true, goes: 4 },
  { head: 'SENT', min: 6, right: true },
  { head: 'RECEIVED', min: 8, right: true, goes: 1 },
  { head: 'DENIED', min: 6, right: true },
  { head: 'FIRST', min: 11, goes: 5 },
  { head: 'LAST', min: 11, goes: 2 },
  { head: 'PROGRAMS', min: 8 },
];

/** Throws CliError and JournalError. @returns 1 when a line could not be read as a record */
export function showHosts(dir: string, options: HostsOptions, nowMs: number): ExitCode {
  const hosts = new Hosts();
  const tally = counting((where) => hosts.of(where));
  const isWanted = (where: Where): boolean => isAt(where, options.host);
  const network = new Network(dir, options.session, {
    ended: (one) => isWanted(one) && tally.ended(one),
    asked: (one) => isWanted(one) && tally.asked(one),
    named: (host, one) => isWanted(one) && tally.named(host, one),
    denied: (one) => isWanted(one) && tally.denied(one),
  });
  network.read();
  network.live().filter(isWanted).forEach(tally.ended);
  const sorted = hosts.sorted();
  const style = styleOf(process.stdout, process.env);
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  if (options.json) for (const one of sorted) print(jsonForTerminal({ ...one, programs: [...one.programs] }));
  else if (sorted.length === 0) print('Nothing was found.');
  else
    table(
      columns,
      sorted.map((one) => cellsOf(one, nowMs)),
      style,
    ).forEach(print);
  if (hosts.isPartial)
    process.stderr.write(
      'chaperone: there are too many hosts to keep all of them: where little was sent, some are left out or counted in part\n',
    );
  return network.told();
}

function cellsOf(tally: HostTally, nowMs: number): string[] {
  const { host, connections, requests, names, denied, went_on: wentOn } = tally;
  return [
    host,
    String(connections),
    String(requests),
    String(names),
    bytesText(tally.sent_bytes),
    bytesText(tally.received_bytes),
    // What would be denied is what an enforcing session will deny.
    wentOn > 0 ? `${denied} (+${wentOn})` : String(denied),
    momentText(tally.first, nowMs),
    momentText(tally.last, nowMs),
    [...new Set([...tally.programs].map((exe) => programText({ exe })))].join(', '),
  ];
}
