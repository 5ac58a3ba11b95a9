/**
 * Follows the network of one session through its records: a connection from the decision that allowed it to its outcome, requests in
 * between. What is open is bounded; of a session that leaves more open, the oldest are given up.
 */
import type { JournalRecord, Outcome } from '@chaperone/protocol';
import { type Connection, type Denied, type Request, requestOf, whatOf, whereOf } from './items.ts';
import { Stacks } from './stacks.ts';

export type Ears = {
  opened?(connection: Connection): void;
  /** With its outcome, or with the state `ended`. */
  ended?(connection: Connection): void;
  asked?(request: Request): void;
  /** As `ended`. */
  answered?(request: Request): void;
  denied?(denied: Denied): void;
  named?(host: string, where: Omit<Denied, 'kind' | 'what' | 'reason' | 'message' | 'action'>): void;
};

const maxOpen = 20_000;

type DecisionRecord = Extract<JournalRecord, { kind: 'decision' }>;

export class Tracker {
  readonly session: string;
  readonly #ears: Ears;
  readonly #open = new Map<string, Connection>();
  readonly #pending = new Map<string, Request>();
  /** Open connections of one process to one address, the latest on top. */
  readonly #stacks = new Stacks<Connection>(({ state }) => state === 'live');
  #isServer = false;
  #isOver = false;

  constructor(session: string, ears: Ears) {
    this.session = session;
    this.#ears = ears;
  }

  /** Connections without an outcome, the oldest first: live as long as the session runs. */
  get open(): Iterable<Connection> {
    return this.#open.values();
  }

  /** Requests without an outcome, the oldest first. */
  get unanswered(): Iterable<Request> {
    return this.#pending.values();
  }

  /** Whether connections without an outcome may be live as far as the records tell. */
  get mayLive(): boolean {
    return !this.#isOver && !this.#isServer;
  }

  add(record: JournalRecord): void {
    switch (record.kind) {
      case 'session_start':
        // Other programs hold the acts that a server is asked about, and need not say when they end.
        this.#isServer = record.agent === 'pdp' && record.floor?.length === 0;
        return;
      case 'decision':
        return this.#decision(record);
      case 'outcome':
        return this.#outcome(record);
      case 'refusal':
        return this.#refusal(record);
      case 'session_end':
        this.#isOver = true;
        return;
      case 'summary':
      case 'checkpoint':
        return;
      default:
        return record satisfies never;
    }
  }

  /** Nothing more will be said of what is open. */
  giveUp(): void {
    for (const connection of this.#open.values()) this.#end(connection, 'ended');
    for (const request of this.#pending.values()) this.#answer(request, 'ended');
  }

  #decision(record: DecisionRecord): void {
    const { input, decision } = record;
    const { action } = input;
    if (action !== 'connect' && action !== 'http_request' && action !== 'resolve_name') return;
    const where = whereOf(this.session, record, input);
    const key = keyOf(where);
    const carrier = action === 'http_request' ? this.#stacks.top(key) : undefined;
    if (carrier) carrier.speaks = 'http';
    const wentOn = decision.effect === 'deny' && record.proceeded === true;
    if (decision.effect === 'deny') {
      const reason = decision.policy_reason ?? decision.reason;
      const what = whatOf(where, input);
      const { message } = decision;
      this.#ears.denied?.({
        kind: 'denied',
        ...where,
        action,
        what,
        reason,
        message,
        ...(wentOn ? { went_on: true } : {}),
      });
      if (!wentOn) return;
    }
    if (action === 'resolve_name') return this.#ears.named?.(where.host ?? '?', where);
    if (action === 'connect') {
      // The name in a ClientHello or Host header was asked about: that is the same connection.
      if (input.operation !== undefined) return this.#speaks(key, input.operation, where.host);
      const connection: Connection = {
        kind: 'connection',
        ...where,
        state: 'live',
        ...(wentOn ? { went_on: true } : {}),
        requests: 0,
        body_sent_bytes: 0,
        body_received_bytes: 0,
      };
      this.#open.set(where.id, connection);
      this.#stacks.push(key, connection);
      this.#ears.opened?.(connection);
      return this.#keepBounded();
    }
    if (carrier) carrier.requests += 1;
    const request = requestOf(where, input, wentOn, carrier?.id);
    this.#pending.set(where.id, request);
    this.#ears.asked?.(request);
    this.#keepBounded();
  }

  #speaks(key: string, operation: string, host: string | undefined): void {
    const connection = this.#stacks.top(key);
    if (!connection) return;
    connection.speaks ??= operation;
    if (host !== undefined) connection.host ??= host;
  }

  #outcome(record: Extract<JournalRecord, { kind: 'outcome' }>): void {
    const { decision, result } = record;
    const { errno, sent_bytes, received_bytes, took_ms, certificate, redacted } = record;
    const figures = definedOf({ errno, sent_bytes, received_bytes, took_ms, certificate, redacted });
    const connection = this.#open.get(decision);
    if (connection) return this.#end(Object.assign(connection, figures), result);
    const request = this.#pending.get(decision);
    if (!request) return;
    const carrier = request.connection === undefined ? undefined : this.#open.get(request.connection);
    if (carrier) {
      carrier.body_sent_bytes += sent_bytes ?? 0;
      carrier.body_received_bytes += received_bytes ?? 0;
    }
    this.#answer(Object.assign(request, figures), result);
  }

  #refusal(record: Extract<JournalRecord, { kind: 'refusal' }>): void {
    const { input = {}, message, call } = record;
    if (record.reason !== 'egress') return;
    const where = whereOf(this.session, record, input);
    const what = whatOf(where, input, call);
    const reason = call ?? record.reason;
    this.#ears.denied?.({
      kind: 'denied',
      ...where,
      action: input.action ?? 'connect',
      what,
      reason,
      message,
    });
  }

  #end(connection: Connection, state: 'ended' | Outcome['result']): void {
    connection.state = state;
    this.#open.delete(connection.id);
    this.#stacks.settle(keyOf(connection));
    this.#ears.ended?.(connection);
  }

  #answer(request: Request, state: 'ended' | Outcome['result']): void {
    request.state = state;
    this.#pending.delete(request.id);
    this.#ears.answered?.(request);
  }

  #keepBounded(): void {
    for (const oldest of this.#open.values()) {
      if (this.#open.size <= maxOpen) break;
      this.#end(oldest, 'ended');
    }
    for (const oldest of this.#pending.values()) {
      if (this.#pending.size <= maxOpen) break;
      this.#answer(oldest, 'ended');
    }
  }
}

/** The name may become known later, so it is no part. */
function keyOf({ pid, ip, port }: { pid?: number; ip?: string; port?: number }): string {
  return `${pid ?? ''} ${ip ?? ''} ${port ?? ''}`;
}

function definedOf<Fields extends object>(fields: Fields): Partial<Fields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Partial<Fields>;
}
