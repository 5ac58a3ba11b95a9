/** What is held in quarantine, for people: looked at, let out or thrown away by hand; and what crashed sessions left there. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import type { Decision, DecisionInput } from '@chaperone/protocol';
import { QuarantineError } from './enforce/quarantine/errors.ts';
import { compareTicket, finishTicket, releaseTicket } from './enforce/quarantine/by-hand.ts';
import { openKernelFiles } from './enforce/quarantine/kernel-files.ts';
import type { Bytes } from './enforce/quarantine/sealed.ts';
import { recoverReleases } from './enforce/quarantine/release.ts';
import {
  namesIn,
  type Places,
  placesOf,
  preparePlaces,
  readTicket,
  removeLeftovers,
  removeTicket,
} from './enforce/quarantine/store.ts';
import { pathOf, type Ticket } from './enforce/quarantine/ticket.ts';
import { loadDeviceKey, openJournal, SessionRecord } from './record/index.ts';
import { processStart } from './record/process-start.ts';

export { QuarantineError } from './enforce/quarantine/errors.ts';
export { listTickets, type Places, readTicket } from './enforce/quarantine/store.ts';
export { pathOf, type Ticket } from './enforce/quarantine/ticket.ts';

/** The store of this state directory, made if need be. Throws QuarantineError. */
export function openPlaces(stateDir: string): Places {
  const places = placesOf(stateDir, ownerName());
  preparePlaces(places);
  return places;
}

/** @returns undefined where nothing was ever held */
export function findPlaces(stateDir: string): Places | undefined {
  const places = placesOf(stateDir, ownerName());
  return existsSync(path.dirname(places.held)) ? places : undefined;
}

const pidNamespace = (): string => /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';

function ownerName(): string {
  return `${process.pid}.${processStart(process.pid) ?? '0'}.${pidNamespace()}`;
}

/** Of another PID namespace nobody can say, so what it does is left alone. */
function isAlive(owner: string): boolean {
  const [pid, start, namespace] = owner.split('.');
  return namespace !== pidNamespace() || processStart(Number(pid)) === start;
}

/**
 * Finishes or takes back what crashed processes were doing, and puts what their sessions left on hold. Does nothing where there is
 * nothing to do.
 */
export async function recoverQuarantine(places: Places, tell: (text: string) => void): Promise<void> {
  const files = openKernelFiles();
  recoverReleases(files, places, isAlive, (id) => finishTicket(files, places, id));
  removeLeftovers(places, isAlive);
  for (const session of namesIn(places.layers)) {
    const left = readLeft(path.join(places.layers, session));
    if (!left || isAlive(left.owner)) continue;
    const { settleLeft } = await import('./session-left.ts');
    await settleLeft(places, session, left, tell);
  }
}

export type Left = {
  readonly owner: string;
  readonly started_ns: string;
  readonly layers: readonly { readonly folder: string; readonly upper: string; readonly work: string }[];
};

/** @returns undefined while it is being made, and for what no session made */
function readLeft(folder: string): Left | undefined {
  try {
    return JSON.parse(readFileSync(path.join(folder, 'session.json'), 'utf8')) as Left;
  } catch {
    return undefined;
  }
}

/** What `look` says of a held file and of the real one; absent where there is no file. `changed`: the real one, since it was held. */
export function compareHeld<Side>(
  places: Places,
  ticket: Ticket,
  look: (content: Bytes) => Side,
): { held: Side | undefined; real: Side | undefined; changed: boolean } {
  return compareTicket(openKernelFiles(), places, ticket, ({ held, real, changed }) => ({
    held: held && look(held),
    real: real && look(real),
    changed,
  }));
}

export type ByHand = {
  readonly stateDir: string;
  readonly journalDir: string;
  readonly argv: readonly string[];
  readonly version: string;
};

export type HandResult = { readonly id: string; readonly ticket?: Ticket; readonly problem?: string };

/**
 * Lets outputs out, or throws them away, each recorded before it happens and after. Throws QuarantineError for a ticket that is
 * not there, before anything is done; JournalError where nothing can be recorded.
 *
 * @param force also over a real file that changed since
 */
export function* settleByHand(
  places: Places,
  ids: readonly string[],
  what: 'release' | 'discard',
  { stateDir, journalDir, argv, version }: ByHand,
  force = false,
): Generator<HandResult> {
  const chosen = [...new Set(ids)].map((id) => ({ id, ticket: wanted(places, id, what) }));
  const files = openKernelFiles();
  const key = loadDeviceKey(stateDir);
  const session = `q-${Date.now().toString(36)}-${randomBytes(4).toString('hex')}`;
  const record = new SessionRecord(openJournal({ dir: journalDir, session, key, clock: Date.now }), key);
  const { username: user } = userInfo();
  record.start({ session, argv, user, revision: 'person', mode: 'enforce', version });
  let failed = 0;
  for (const { id, ticket } of chosen) {
    const decision = byPerson(id, ticket, what, user);
    const { id: recorded } = record.decision(
      inputOf(ticket, user),
      decision,
      'now',
      undefined,
      what === 'release',
    );
    const held = { id, ...(ticket ? { ticket } : {}) };
    try {
      if (what === 'release' && ticket) releaseTicket(files, places, ticket, force);
      else removeTicket(places, id);
    } catch (error) {
      record.outcome(recorded, 'failed', undefined);
      if (!(error instanceof QuarantineError)) throw error;
      failed += 1;
      yield { ...held, problem: error.message };
      continue;
    }
    record.outcome(recorded, 'done', undefined);
    yield held;
  }
  record.end(failed > 0 ? 1 : 0, undefined);
}

/** @returns undefined for a damaged one that is to be thrown away */
function wanted(places: Places, id: string, what: 'release' | 'discard'): Ticket | undefined {
  try {
    return readTicket(places, id);
  } catch (error) {
    if (what === 'discard' && error instanceof QuarantineError && error.code === 'damaged') return undefined;
    throw error;
  }
}

function inputOf(ticket: Ticket | undefined, user: string): DecisionInput {
  const common = { operation: 'release', user } as const;
  if (!ticket) return { action: 'write_file', ...common };
  const { kind, size, content, previous } = ticket;
  return {
    action: kind === 'removed' ? 'delete_file' : 'write_file',
    ...pathOf(ticket),
    ...common,
    resource: {
      kind: kind === 'symlink' ? kind : 'file',
      size,
      ...content,
      ...(previous ? { previous } : {}),
    },
  };
}

function byPerson(
  id: string,
  ticket: Ticket | undefined,
  what: 'release' | 'discard',
  user: string,
): Decision {
  const common = { obligations: [], rules: [], revision: 'person' };
  const of = ticket ? `${id} of session ${ticket.session}` : `${id}, which is damaged`;
  if (what === 'release')
    return {
      effect: 'allow',
      reason: 'policy',
      policy_reason: 'released_by_hand',
      message: `${user} released ${of}.`,
      ...common,
    };
  return {
    effect: 'deny',
    reason: 'policy',
    policy_reason: 'discarded_by_hand',
    message: `${user} discarded ${of}.`,
    ...common,
  };
}
