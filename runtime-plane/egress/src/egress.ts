/** All connections of one session, and the questions that are under way about them. */
import { isIP, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Connection, type Ended, type Surroundings } from './connection.ts';
import { readFileSync } from 'node:fs';
import { Resolver } from './names/index.ts';
import { desksOf } from './desks.ts';
import { Authority, upstreamTrust } from './tls/index.ts';
import { reach } from './reach.ts';
import type { Answer, Authorship, Question, Refused, Start, ToEgress, ToEndpoint } from './wire.ts';

/** The endpoint decides in microseconds, and asks nobody. */
const answerMs = 30_000;
/** Each has two sockets; more are refused as by a machine that has no ports left. */
const maxConnections = 4_096;
const EADDRNOTAVAIL = 99;
const ETIMEDOUT = 110;
/** What ended with the agent is told as what it was; the rest is closed. */
const lastMs = 250;

const unanswered: Answer = {
  allow: false,
  decision: undefined,
  reason: 'policy_timeout',
  message: 'The policy took too long to decide.',
  rules: [],
  obligations: [],
};

function serversOf({ settings, nameservers }: Start): { address: string; port: number }[] {
  const named = settings.names.servers ?? [];
  return (named.length > 0 ? named : nameservers).map((one) => {
    const [, host = one, port = '53'] = /^(.*):(\d+)$/.exec(isIP(one) === 6 ? '' : one) ?? [];
    return { address: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
  });
}

export class Egress {
  readonly authority: Authorship;
  readonly #say: (message: ToEndpoint) => void;
  readonly #surroundings: Surroundings;
  readonly #resolver: Resolver;
  readonly #connections = new Map<string, Connection>();
  /** Far sides that are not there yet. */
  readonly #reaching = new Map<string, AbortController>();
  readonly #asked = new Map<number, (answer: Answer) => void>();
  #last = 0;

  constructor(start: Start, say: (message: ToEndpoint) => void) {
    this.#say = say;
    const authority = start.authority
      ? Authority.restore(start.authority, Date.now)
      : Authority.create(start.session, Date.now);
    this.authority = authority.authorship;
    const ask = (question: Question): Promise<Answer> => this.#ask(question);
    this.#resolver = new Resolver({
      nameservers: serversOf(start),
      settings: start.settings.names,
      ask,
      refused: ({ asker, ...refusal }) =>
        say({ kind: 'refused', refusal: { connection: asker, ...refusal } }),
      learned: (host, addresses) => say({ kind: 'learned', host, addresses }),
      clock: () => performance.now(),
    });
    const refused = (refusal: Refused): void => say({ kind: 'refused', refusal });
    const ended = (what: Ended): void => say({ kind: 'ended', ...what });
    this.#surroundings = {
      settings: start.settings,
      authority,
      trust: upstreamTrust(start.settings.upstream_ca.map((file) => readFileSync(file, 'utf8'))),
      resolver: this.#resolver,
      deskFor: desksOf(start, { ask, refused, ended }),
      ask,
      refused,
      ended,
    };
  }

  hear(message: Exclude<ToEgress, Start | { kind: 'end' }>, socket: Socket | undefined): void {
    switch (message.kind) {
      case 'reach':
        return void this.#reach(message);
      case 'accepted': {
        const connection = this.#connections.get(message.connection);
        if (connection && socket) void connection.carry(socket);
        else if (connection) connection.close('failed');
        else socket?.destroy();
        return;
      }
      case 'dropped':
        this.#reaching.get(message.connection)?.abort();
        this.#connections.get(message.connection)?.close('abandoned');
        return;
      case 'name':
        void this.#resolver.answer(message.packet, message.asker, 'udp').then((packet) => {
          if (packet) this.#say({ kind: 'named', id: message.id, packet });
        });
        return;
      case 'answer':
        this.#asked.get(message.id)?.(message.answer);
        return;
      case 'recheck':
        for (const connection of this.#connections.values()) void connection.recheck();
        return;
      default:
        message satisfies never;
    }
  }

  /** Connections that are reached, waited for or carried. */
  get size(): number {
    return this.#connections.size + this.#reaching.size;
  }

  /** The session is over. @returns when all connections are, and how each ended was said */
  async end(): Promise<void> {
    this.#resolver.close();
    for (const one of this.#reaching.values()) one.abort();
    for (let waitedMs = 0; this.size > 0 && waitedMs < lastMs; waitedMs += 10) await pause(10);
    for (const connection of this.#connections.values()) connection.close('abandoned');
  }

  async #reach({ connection, to }: Extract<ToEgress, { kind: 'reach' }>): Promise<void> {
    const reached = (errno: number): void => this.#say({ kind: 'reached', connection, errno });
    if (this.#connections.has(connection) || this.#reaching.has(connection)) return;
    if (this.size >= maxConnections) return reached(EADDRNOTAVAIL);
    const given = new AbortController();
    this.#reaching.set(connection, given);
    // Questions over TCP are answered here: nobody outside is reached for them.
    const far = to.names ? undefined : await reach(to.ip, to.port, given.signal);
    this.#reaching.delete(connection);
    if (typeof far === 'number') return reached(far);
    if (given.signal.aborted) {
      far?.destroy();
      return reached(ETIMEDOUT);
    }
    const gone = (): void => void this.#connections.delete(connection);
    this.#connections.set(connection, new Connection(connection, to, far, this.#surroundings, gone));
    reached(0);
  }

  #ask(question: Question): Promise<Answer> {
    return new Promise((resolve) => {
      this.#last += 1;
      const id = this.#last;
      const done = (answer: Answer): void => {
        clearTimeout(timer);
        this.#asked.delete(id);
        resolve(answer);
      };
      const timer = setTimeout(() => done(unanswered), answerMs);
      this.#asked.set(id, done);
      this.#say({ kind: 'ask', id, question });
    });
  }
}
