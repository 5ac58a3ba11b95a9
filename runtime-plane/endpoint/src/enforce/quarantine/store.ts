/**
 * Where held outputs wait: `<state>/quarantine`, for its user alone. A ticket is a folder that appears complete (written
 * under another name, synced, renamed) and disappears in one step, so that a crash leaves either all of it or none.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { removeLayer } from '../layer.ts';
import { QuarantineError } from './errors.ts';
import { parseTicket, type Ticket } from './ticket.ts';

const ticketName = /^q[a-z2-7]{8}$/;

export type Places = {
  /** Layers of sessions, by session. */
  readonly layers: string;
  readonly held: string;
  /** What is being let out; see `release.ts`. */
  readonly intents: string;
  /** Where it is made, if that is in the mount of its destination. */
  readonly staging: string;
  /** Which process writes there, in a form of which it can be told later whether it still runs. */
  readonly owner: string;
};

export function placesOf(stateDir: string, owner: string): Places {
  const base = path.join(stateDir, 'quarantine');
  return {
    layers: path.join(base, 'layers'),
    held: path.join(base, 'held'),
    intents: path.join(base, 'releasing'),
    staging: path.join(base, 'staging'),
    owner,
  };
}

/** Throws QuarantineError `unsafe_directory` when others could change what waits there. */
export function preparePlaces(places: Places): void {
  for (const one of [places.layers, places.held, places.intents, places.staging]) {
    mkdirSync(one, { recursive: true, mode: 0o700 });
    const { mode, uid } = statSync(one);
    if ((mode & 0o077) !== 0 || (uid !== process.geteuid?.() && uid !== 0))
      throw new QuarantineError(
        'unsafe_directory',
        `others can reach ${one}; give it to its user alone (chmod 700)`,
      );
  }
}

export function isTicketId(text: string): boolean {
  return ticketName.test(text);
}

export function newTicketId(): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz234567';
  return `q${Array.from(randomBytes(8), (byte) => letters[byte % 32]).join('')}`;
}

/** @param data copies the content into an open file; absent where there is none */
export function putTicket(places: Places, ticket: Ticket, data?: (fd: number) => void): void {
  const draft = path.join(places.held, `.draft-${ticket.id}-${places.owner}`);
  mkdirSync(draft, { mode: 0o700 });
  try {
    if (data) writeSynced(path.join(draft, 'data'), data);
    writeSynced(path.join(draft, 'ticket.json'), (fd) =>
      writeAll(fd, Buffer.from(`${JSON.stringify(ticket)}\n`)),
    );
    syncFolder(draft);
    renameSync(draft, path.join(places.held, ticket.id));
    syncFolder(places.held);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
}

/** Gives a ticket without content what `move` puts there under the name `data`. Throws; the ticket is gone then. */
export function keepAsWritten(
  places: Places,
  id: string,
  move: (ticket: number) => void,
  files: { readonly openFolder: (folder: string) => number; readonly close: (fd: number) => void },
): void {
  const folder = path.join(places.held, id);
  try {
    const fd = files.openFolder(folder);
    try {
      move(fd);
    } finally {
      files.close(fd);
    }
  } catch (error) {
    removeTicket(places, id);
    throw error;
  }
  syncFolder(folder);
}

/** Oldest first. What cannot be read is in `damaged`, by name: it is never left out in silence. */
export function listTickets(places: Places): { tickets: Ticket[]; damaged: string[] } {
  const tickets: Ticket[] = [];
  const damaged: string[] = [];
  for (const name of namesIn(places.held)) {
    if (!isTicketId(name)) continue;
    try {
      tickets.push(readTicket(places, name));
    } catch (error) {
      if (error instanceof QuarantineError && error.code === 'no_ticket') continue; // let out meanwhile
      damaged.push(name);
    }
  }
  tickets.sort((a, b) => (a.held_at < b.held_at ? -1 : a.held_at > b.held_at ? 1 : a.id < b.id ? -1 : 1));
  return { tickets, damaged };
}

/** Throws QuarantineError `no_ticket` or `damaged`. */
export function readTicket(places: Places, id: string): Ticket {
  if (!isTicketId(id))
    throw new QuarantineError(
      'no_ticket',
      `${JSON.stringify(id)} is no ticket; \`chaperone quarantine list\` shows them`,
    );
  let text: string;
  try {
    text = readFileSync(path.join(places.held, id, 'ticket.json'), 'utf8');
  } catch (error) {
    throw new QuarantineError(
      'no_ticket',
      `nothing is held under ${id}; \`chaperone quarantine list\` shows what is`,
      {
        cause: error,
      },
    );
  }
  const ticket = parseTicket(text);
  if (!ticket || ticket.id !== id)
    throw new QuarantineError(
      'damaged',
      `the ticket ${id} is damaged; its content is ${dataFile(places, id)}`,
    );
  return ticket;
}

export function dataFile(places: Places, id: string): string {
  return path.join(places.held, id, 'data');
}

/** Gone in one step: what is left after a crash is no ticket any more. */
export function removeTicket(places: Places, id: string): void {
  const gone = path.join(places.held, `.gone-${id}-${randomBytes(4).toString('hex')}`);
  renameSync(path.join(places.held, id), gone);
  syncFolder(places.held);
  removeLayer(gone);
}

/** What a crash left of tickets that were not complete yet, or not wanted any more. */
export function removeLeftovers(places: Places, isAlive: (owner: string) => boolean): void {
  for (const name of namesIn(places.held)) {
    const draftOf = /^\.draft-[^-]+-(.+)$/.exec(name)?.[1];
    if (draftOf === undefined ? !name.startsWith('.gone-') : isAlive(draftOf)) continue;
    removeLayer(path.join(places.held, name));
  }
}

export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

export function writeSynced(file: string, write: (fd: number) => void): void {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const fd = openSync(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    write(fd);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** write(2) may take less than it was given, for example on a disk that is nearly full. */
export function writeAll(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
}

export function syncFolder(folder: string): void {
  const fd = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
