/** `chaperone quarantine show`. */
import { pathOf, QuarantineError, readTicket, type Ticket } from '@chaperone/endpoint/quarantine';
import { escapeForTerminal, jsonForTerminal } from '@chaperone/protocol';
import { hang } from '../../wrap.ts';
import { styleOf } from '../journal/table.ts';
import { changeOf, reasons } from './list.ts';
import { openStore, print } from './store.ts';

/** Throws QuarantineError. */
export async function findHeld(stateDir: string, id: string): Promise<{ ticket: Ticket; places: Places }> {
  const places = await openStore(stateDir);
  if (!places) throw new QuarantineError('no_ticket', 'nothing is held');
  return { ticket: readTicket(places, id), places };
}

type Places = NonNullable<Awaited<ReturnType<typeof openStore>>>;

/** Throws QuarantineError. */
export async function showHeld(
  stateDir: string,
  id: string,
  { json }: { readonly json?: boolean },
): Promise<void> {
  const { ticket } = await findHeld(stateDir, id);
  if (json) return print(jsonForTerminal({ ...ticket, ...pathOf(ticket) }));
  const { width } = styleOf(process.stdout, process.env);
  const { mode, uid, gid } = ticket.attributes ?? {};
  const found = (ticket.findings ?? []).map(
    ({ class: name, count, confidence }) => `${name} × ${count} (confidence ${confidence})`,
  );
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['ticket', ticket.id],
    ['path', pathOf(ticket).path],
    ['what', `${changeOf(ticket)}${ticket.kind === 'symlink' ? `, a link to ${linkTarget(ticket)}` : ''}`],
    ['why', `${reasons[ticket.reason] ?? ticket.reason}: ${ticket.message}`],
    ['found', found.join(', ') || undefined],
    ['labels', ticket.content.labels.join(', ') || undefined],
    ['before', before(ticket)],
    ['size', ticket.kind === 'file' ? `${ticket.size} bytes` : undefined],
    ['sha256', ticket.sha256],
    ['mode', mode === undefined ? undefined : `${mode.toString(8).padStart(4, '0')}, owner ${uid}:${gid}`],
    ['held', ticket.held_at],
    ['session', ticket.session],
    ['decision', ticket.decision && `${ticket.decision} (chaperone why ${ticket.decision})`],
  ];
  for (const [name, value] of lines) {
    if (value === undefined) continue;
    for (const line of hang(`${name.padEnd(10)}${escapeForTerminal(value)}`, 10, width)) print(line);
  }
}

function linkTarget({ target }: Ticket): string {
  return Buffer.from(target ?? '', 'base64').toString('utf8');
}

function before({ previous }: Ticket): string | undefined {
  if (!previous) return undefined;
  const parts = [...previous.labels.map((one) => `label ${one}`), ...previous.classification];
  return parts.join(', ') || 'nothing found';
}
