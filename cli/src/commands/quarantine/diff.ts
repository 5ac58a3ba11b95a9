/** `chaperone quarantine diff`: for text the lines, for everything else what can be said about both. */
import { createHash } from 'node:crypto';
import { compareHeld, pathOf, type Ticket } from '@chaperone/endpoint/quarantine';
import { escapeForTerminal, jsonForTerminal } from '@chaperone/protocol';
import { styleOf } from '../journal/table.ts';
import { hunks } from './lines.ts';
import { findHeld } from './show.ts';
import { print } from './store.ts';

/** More is compared by size and digest only. */
const maxTextBytes = 4 << 20;

type Side = { readonly size: number; readonly sha256: string; readonly text: string | undefined };

/** Throws QuarantineError. */
export async function diffHeld(
  stateDir: string,
  id: string,
  { json }: { readonly json?: boolean },
): Promise<void> {
  const { ticket, places } = await findHeld(stateDir, id);
  const { held, real, changed } = compareHeld(places, ticket, ({ size, read }): Side => {
    const hash = createHash('sha256');
    for (let at = 0; at < size; at += 1 << 20) hash.update(read(at, 1 << 20));
    return {
      size,
      sha256: hash.digest('hex'),
      text: size <= maxTextBytes ? textOf(read(0, size)) : undefined,
    };
  });
  const lines =
    ticket.kind === 'file' && held?.text !== undefined && (real === undefined || real.text !== undefined)
      ? hunks(real?.text ?? '', held.text)
      : undefined;
  if (json) {
    const side = (one: Side | undefined) => one && { size: one.size, sha256: one.sha256 };
    return print(
      jsonForTerminal({
        id,
        ...pathOf(ticket),
        kind: ticket.kind,
        held: side(held),
        real: side(real),
        changed,
        lines,
      }),
    );
  }
  if (changed) process.stderr.write('chaperone: the real file is not what it was when this was held\n');
  printDiff(ticket, held, real, lines);
}

function printDiff(
  ticket: Ticket,
  held: Side | undefined,
  real: Side | undefined,
  lines: readonly string[] | undefined,
): void {
  const name = escapeForTerminal(pathOf(ticket).path);
  if (ticket.kind === 'removed')
    return print(`${name} would be removed${real ? ` (${real.size} bytes)` : ''}.`);
  if (ticket.kind === 'as_written')
    return print(`${name} is kept as it was written, and cannot be compared: ${ticket.message}`);
  if (ticket.kind === 'symlink')
    return print(
      `${name} would become a link to ${escapeForTerminal(Buffer.from(ticket.target ?? '', 'base64').toString())}.`,
    );
  const { colour } = styleOf(process.stdout, process.env);
  print(`--- ${real ? name : '/dev/null'}`);
  print(`+++ ${name} (${ticket.id})`);
  if (lines === undefined) {
    print(`real  ${real ? `${real.size} bytes, sha256 ${real.sha256}` : 'nothing'}`);
    print(`held  ${held ? `${held.size} bytes, sha256 ${held.sha256}` : 'nothing'}`);
    const { classification } = ticket.content;
    print(`real  ${ticket.previous?.classification.join(', ') || 'nothing found'}`);
    print(`held  ${classification.join(', ') || 'nothing found'}`);
    return;
  }
  if (lines.length === 0) print('The contents are the same; owner, mode or attributes differ.');
  for (const line of lines) {
    const tone = colour ? { '+': '32', '-': '31', '@': '36' }[line[0] ?? ''] : undefined;
    const text = escapeForTerminal(line);
    print(tone === undefined ? text : `\x1b[${tone}m${text}\x1b[0m`);
  }
}

/** @returns undefined for what is no text */
function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
