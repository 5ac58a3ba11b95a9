/** `chaperone quarantine list`. */
import { listTickets, pathOf, type Ticket } from '@chaperone/endpoint/quarantine';
import { escapeForTerminal, jsonForTerminal } from '@chaperone/protocol';
import type { ExitCode } from '../../errors.ts';
import { cutTo, fit, styleOf } from '../journal/table.ts';
import { openStore, print } from './store.ts';

/** @returns 1 when a ticket could not be read */
export async function listHeld(
  stateDir: string,
  { session, json }: { readonly session?: string; readonly json?: boolean },
): Promise<ExitCode> {
  const places = await openStore(stateDir);
  const { tickets, damaged } = places ? listTickets(places) : { tickets: [], damaged: [] };
  const wanted = tickets.filter((one) => session === undefined || one.session === session);
  if (json) for (const one of wanted) print(jsonForTerminal({ ...one, ...pathOf(one) }));
  else if (wanted.length === 0) print('Nothing is held.');
  else printTable(wanted);
  for (const id of damaged)
    process.stderr.write(
      `chaperone: the ticket ${id} is damaged; \`chaperone quarantine discard ${id}\` removes it\n`,
    );
  return damaged.length > 0 ? 1 : 0;
}

export const reasons: Readonly<Record<Ticket['reason'], string>> = {
  policy: 'the policy wants a look',
  label: 'would lose its label',
  unreadable: 'could not be read in full',
  not_redactable: 'could not be redacted',
  conflict: 'the real file changed',
  undecided: 'nobody could decide',
  not_placed: 'could not be put in place',
  interrupted: 'the session ended abruptly',
  unsettled: 'could not be looked at',
};

export function changeOf({ kind, base }: Ticket): string {
  if (kind === 'removed') return 'delete';
  if (kind === 'as_written') return 'kept';
  return base === undefined ? 'new' : 'change';
}

function printTable(tickets: readonly Ticket[]): void {
  const { width } = styleOf(process.stdout, process.env);
  const head = ['TICKET', 'HELD (UTC)', 'WHAT', 'WHY'] as const;
  const widths = [9, 16, 6, Math.max(...tickets.map(({ reason }) => (reasons[reason] ?? reason).length), 3)];
  const row = (cells: readonly string[], path: string): void => {
    const line = [...cells.map((cell, index) => fit(cell, widths[index] ?? 0)), escapeForTerminal(path)].join(
      '  ',
    );
    print(width === undefined ? line : cutTo(line, width));
  };
  row(head, 'PATH');
  for (const one of tickets)
    row(
      [one.id, one.held_at.slice(0, 16).replace('T', ' '), changeOf(one), reasons[one.reason] ?? one.reason],
      pathOf(one).path,
    );
}
