/** Counts over a journal's network, in bounded memory: totals, figures by host, the last items. */
import type { Connection, Denied, Item, Where } from './items.ts';
import type { Ears } from './tracker.ts';

export type Totals = {
  connections: number;
  requests: number;
  names: number;
  sent_bytes: number;
  received_bytes: number;
  denied: number;
  /** Would be denied, and went on (audit). */
  went_on: number;
};

export type HostTally = Totals & {
  readonly host: string;
  first: string;
  last: string;
  /** Paths of executables, the first few. */
  readonly programs: Set<string>;
};

const maxHosts = 20_000;
const maxPrograms = 8;

export function noTotals(): Totals {
  return { connections: 0, requests: 0, names: 0, sent_bytes: 0, received_bytes: 0, denied: 0, went_on: 0 };
}

/**
 * Ears that count all they hear. A connection counts when it ends, because only then its name is known for sure; those that are live at
 * last are to be given to `ended`, too.
 *
 * @param tallyOf what an item counts for
 */
export function counting(tallyOf: (where: Where) => Totals): Required<Omit<Ears, 'opened' | 'answered'>> {
  return {
    ended: (connection: Connection) => {
      const tally = tallyOf(connection);
      tally.connections += 1;
      tally.sent_bytes += connection.sent_bytes ?? connection.body_sent_bytes;
      tally.received_bytes += connection.received_bytes ?? connection.body_received_bytes;
    },
    asked: (request) => void (tallyOf(request).requests += 1),
    named: (_, where) => void (tallyOf(where).names += 1),
    denied: (denied: Denied) => void (tallyOf(denied)[denied.went_on ? 'went_on' : 'denied'] += 1),
  };
}

export class Hosts {
  /** Whether there were too many to keep all: then those to which least was sent are left out, or counted in part. */
  isPartial = false;
  #hosts = new Map<string, HostTally>();

  of(where: Where): HostTally {
    const name = (where.host ?? where.ip ?? '?').toLowerCase();
    let tally = this.#hosts.get(name);
    if (!tally) {
      if (this.#hosts.size >= maxHosts) this.#forget();
      const { time } = where;
      tally = { host: name, ...noTotals(), first: time, last: time, programs: new Set() };
      this.#hosts.set(name, tally);
    }
    if (where.time < tally.first) tally.first = where.time;
    if (where.time > tally.last) tally.last = where.time;
    if (where.exe && tally.programs.size < maxPrograms) tally.programs.add(where.exe);
    return tally;
  }

  /** Where most was sent comes first, then what was used most. */
  sorted(): HostTally[] {
    return [...this.#hosts.values()].toSorted(
      (a, b) => b.sent_bytes - a.sent_bytes || uses(b) - uses(a) || (a.host < b.host ? -1 : 1),
    );
  }

  #forget(): void {
    const kept = this.sorted().slice(0, maxHosts / 2);
    this.isPartial = true;
    this.#hosts = new Map(kept.map((one) => [one.host, one]));
  }
}

function uses({ connections, requests, names, denied }: Totals): number {
  return connections + requests + names + denied;
}

/** The latest so many, by when they began. */
export class Latest<One extends { readonly time: string }> {
  readonly #count: number;
  #kept: One[] = [];

  constructor(count: number) {
    this.#count = count;
  }

  add(one: One): void {
    this.#kept.push(one);
    if (this.#kept.length > 2 * this.#count + 64) this.#kept = this.list();
  }

  /** The oldest first. */
  list(): One[] {
    // The sort is stable: what began in the same millisecond stays in the order of the journal.
    const sorted = this.#kept.toSorted((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
    return this.#count === 0 ? [] : sorted.slice(-this.#count);
  }
}

/** @param pattern in lower case: `api.example.com`, `*.example.com` for all below it, `*` for any, or an address */
export function isAt(where: Item | Where, pattern: string | undefined): boolean {
  if (pattern === undefined || pattern === '*') return true;
  const names = [where.host, where.ip].flatMap((one) => one?.toLowerCase() ?? []);
  if (pattern.startsWith('*.')) return names.some((one) => one.endsWith(pattern.slice(1)));
  return names.includes(pattern);
}
