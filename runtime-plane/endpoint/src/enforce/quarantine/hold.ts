/**
 * Puts outputs on hold, one ticket for each path of a session: a later version takes the place of the one before. What is held
 * already keeps its ticket, also over the processes that settle a session one after the other.
 */
import { existsSync } from 'node:fs';
import { pathBytes, wirePath } from '@chaperone/protocol';
import type { LayeredFolder } from '../layer.ts';
import type { KernelFiles } from './kernel-files.ts';
import { moveAway, openParent } from './place.ts';
import type { Output } from './release.ts';
import type { Sealed } from './sealed.ts';
import { dataFile, keepAsWritten, newTicketId, type Places, putTicket, removeTicket } from './store.ts';
import type { Ticket } from './ticket.ts';

export type Holding = Pick<Ticket, 'kind' | 'content' | 'reason' | 'message'> &
  Partial<Pick<Ticket, 'previous' | 'decision' | 'findings'>>;

export class Holder {
  readonly #places: Places;
  readonly #session: string;
  readonly #clock: () => number;
  readonly #tickets = new Map<string, Ticket>();

  constructor({
    places,
    session,
    clock,
    held = [],
  }: {
    readonly places: Places;
    readonly session: string;
    readonly clock: () => number;
    /** Of this session, by whoever settled it before. */
    readonly held?: readonly Ticket[];
  }) {
    this.#places = places;
    this.#session = session;
    this.#clock = clock;
    for (const one of held) this.#tickets.set(keyOf(one.folder, Buffer.from(pathBytes(one.relative))), one);
  }

  /** Throws when it cannot be kept; the output is still in its layer then. @returns the ticket's id */
  hold(
    { folder }: Pick<LayeredFolder, 'folder'>,
    output: Output,
    holding: Holding,
    sealed: Sealed | undefined,
  ): string {
    const key = keyOf(folder, output.relative);
    const before = this.#tickets.get(key);
    const ticket: Ticket = {
      ...this.#common(folder, output.relative),
      ...holding,
      ...(output.base === undefined ? {} : { base: output.base }),
      size: sealed?.size ?? 0,
      ...(sealed ? { sha256: sealed.sha256() } : {}),
      ...(output.kind === 'symlink' ? { target: output.target.toString('base64') } : {}),
      ...(output.kind === 'removed' ? {} : { attributes: output.attributes }),
    };
    if (before && isSame(before, ticket)) return before.id;
    putTicket(this.#places, ticket, sealed && ((fd) => sealed.copyTo(fd)));
    this.#tickets.set(key, ticket);
    if (before) this.#remove(before);
    return ticket.id;
  }

  /** That could not be looked at; it replaces nothing that is known, so that only force releases it. */
  holdRemoval(layer: Pick<LayeredFolder, 'folder'>, relative: Buffer, why: string): void {
    const message = `It was not removed, because ${why}.`;
    const content = { classification: [], labels: [] };
    this.hold(
      layer,
      { kind: 'removed', relative, base: undefined },
      { kind: 'removed', content, reason: 'unsettled', message },
      undefined,
    );
  }

  /**
   * Takes an entry out of the layer as it is. The ticket is there before: after a crash in between, the next one finds it and
   * goes on. Throws when it cannot be kept; the entry is still in the layer then.
   */
  holdAsWritten(
    { folder }: Pick<LayeredFolder, 'folder'>,
    files: KernelFiles,
    upper: number,
    relative: Buffer,
    why: string,
  ): void {
    const key = keyOf(folder, relative);
    const before = this.#tickets.get(key);
    const ticket: Ticket = {
      ...this.#common(folder, relative),
      kind: 'as_written',
      reason: 'unsettled',
      message: `Nobody looked at what is in it, because ${why}.`,
      content: { classification: [], labels: [] },
      size: 0,
    };
    const { parent, name } = openParent(files, upper, relative, undefined);
    try {
      const isBegun = before?.kind === 'as_written' && !existsSync(dataFile(this.#places, before.id));
      if (!isBegun) putTicket(this.#places, ticket);
      const { id } = isBegun ? before : ticket;
      keepAsWritten(this.#places, id, (held) => moveAway(parent, name, held, Buffer.from('data')), files);
      this.#tickets.set(key, isBegun ? before : ticket);
      if (before && before.kind !== 'as_written') this.#remove(before);
    } finally {
      files.close(parent);
    }
  }

  #common(
    folder: string,
    relative: Buffer,
  ): Pick<Ticket, 'v' | 'id' | 'session' | 'held_at' | 'folder' | 'relative'> {
    return {
      v: 1,
      id: newTicketId(),
      session: this.#session,
      held_at: new Date(this.#clock()).toISOString(),
      folder,
      relative: wirePath(relative),
    };
  }

  /** A later version of what is held was settled otherwise. */
  forget({ folder }: Pick<LayeredFolder, 'folder'>, relative: Buffer): void {
    const key = keyOf(folder, relative);
    const before = this.#tickets.get(key);
    this.#tickets.delete(key);
    if (before) this.#remove(before);
  }

  #remove({ id }: Ticket): void {
    try {
      removeTicket(this.#places, id);
    } catch {
      // a person has let it out or thrown it away meanwhile
    }
  }
}

/** That a session ended is no better reason than the one it is held for already. */
function isSame(before: Ticket, after: Ticket): boolean {
  const text = ({ kind, base, size, sha256, target, attributes }: Ticket): string =>
    JSON.stringify([kind, base, size, sha256, target, attributes]);
  return text(before) === text(after) && (after.reason === 'interrupted' || after.reason === before.reason);
}

function keyOf(folder: string, relative: Buffer): string {
  return `${folder}\0${relative.toString('latin1')}`;
}
