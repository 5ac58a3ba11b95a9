/**
 * The nameserver of a session. A name is looked up only after policy allowed it; what goes out and what comes back in are written
 * here, so that neither carries anything else. Whatever is wrong is answered at once, because programs wait long for silence.
 */
import type { Duplex } from 'node:stream';
import { isListed } from '../hosts.ts';
import type { EgressSettings } from '../settings.ts';
import type { Answer, ConnectionId, Question, RefusedReason } from '../wire.ts';
import type { Nameserver } from './exchange.ts';
import { NameLimits } from './limits.ts';
import { Lookups } from './lookups.ts';
import { Pins } from './pins.ts';
import { type NameQuestion, rcodes, readQuestion } from './question.ts';
import { handlingOf } from './record-types.ts';
import { writeBareReply, writeReply } from './reply.ts';
import { type NameRefusal, Reports } from './reports.ts';
import type { NameRecord, Response } from './response.ts';
import { type Leave, screen } from './screen.ts';
import { specialUse } from './special.ts';
import { serveQuestions } from './stream.ts';
import { Upstream } from './upstream.ts';

const mostUnderWay = 256;
const mostStreams = 64;

const deadlines = {
  /** A little less than programs wait before they ask again. */
  upstreamMs: 4_500,
  attemptMs: 1_500,
  decisionMs: 30_000,
  idleMs: 10_000,
};

export type ResolverOptions = {
  readonly nameservers: readonly Nameserver[];
  readonly settings: EgressSettings['names'];
  readonly ask: (question: Extract<Question, { about: 'name' }>) => Promise<Answer>;
  readonly refused: (refusal: NameRefusal) => void;
  /** Called before the answer with these addresses goes out. Their canonical form. */
  readonly learned: (host: string, addresses: readonly string[]) => void;
  /** Milliseconds. */
  readonly clock: () => number;
  /** How long to wait for what; see the source for what is usual. */
  readonly deadlines?: Partial<typeof deadlines>;
};

export type Transport = 'udp' | 'tcp';

type Reply = { readonly rcode: number; readonly records?: readonly NameRecord[] };

const refusedReply: Reply = { rcode: rcodes.refused };
const failedReply: Reply = { rcode: rcodes.serverFailure };

export class Resolver {
  readonly #options: ResolverOptions;
  readonly #deadlines: typeof deadlines;
  readonly #limits: NameLimits;
  readonly #upstream: Upstream;
  readonly #lookups: Lookups;
  readonly #reports: Reports;
  readonly #pins = new Pins();
  readonly #streams = new Set<Duplex>();
  #underWay = 0;
  #closed = false;

  constructor(options: ResolverOptions) {
    this.#options = options;
    this.#deadlines = { ...deadlines, ...options.deadlines };
    const clock = steady(options.clock);
    this.#limits = new NameLimits(options.settings, clock);
    this.#upstream = new Upstream(options.nameservers, this.#deadlines);
    this.#lookups = new Lookups(this.#upstream, clock);
    this.#reports = new Reports(options.refused);
  }

  /**
   * Never rejects.
   *
   * @param packet a DNS message as it came, without the length that TCP puts before it
   * @returns the message to send back; undefined for what is no question, such as a response
   */
  async answer(
    packet: Uint8Array,
    asker: ConnectionId,
    transport: Transport,
  ): Promise<Uint8Array | undefined> {
    try {
      const read = readQuestion(packet);
      if (read.kind === 'none') return undefined;
      if (read.kind === 'question')
        return writeReply(read.question, await this.#reply(read.question, asker), transport);
      this.#report('name_protocol', asker, `a question for a name ${read.why}; it was not passed on`);
      return writeBareReply(read.head, read.rcode);
    } catch {
      return undefined;
    }
  }

  /** Serves questions over TCP until the socket is closed, which the resolver does when it is idle. Never rejects. */
  async serveStream(socket: Duplex, asker: ConnectionId): Promise<void> {
    if (this.#closed || this.#streams.size >= mostStreams) {
      socket.on('error', () => {});
      socket.destroy();
      return;
    }
    this.#streams.add(socket);
    await serveQuestions(socket, (packet) => this.answer(packet, asker, 'tcp'), this.#deadlines.idleMs);
    this.#streams.delete(socket);
  }

  /** @returns names that were asked and led to this address, the latest first; at most 16, lower case, without a final dot */
  namesOf(ip: string): string[] {
    return [...this.#pins.namesOf(ip)];
  }

  /** Ends what is under way: it is answered as failed. */
  close(): void {
    this.#closed = true;
    this.#upstream.close();
    for (const socket of this.#streams) socket.destroy();
    this.#reports.close();
  }

  async #reply(question: NameQuestion, asker: ConnectionId): Promise<Reply> {
    if (this.#closed || this.#underWay >= mostUnderWay) return failedReply;
    this.#underWay += 1;
    try {
      return await this.#decided(question, asker);
    } catch {
      return failedReply;
    } finally {
      this.#underWay -= 1;
    }
  }

  /** Limits, policy, then the name itself. */
  async #decided(question: NameQuestion, asker: ConnectionId): Promise<Reply> {
    const { host, type, typeName } = question;
    const beyond = this.#limits.refusal(host);
    if (beyond !== undefined) {
      this.#report('name_limits', asker, `${shortened(host)} ${beyond}`, host);
      return refusedReply;
    }
    const handling = handlingOf(type, typeName, this.#options.settings.types ?? []);
    if (handling === 'refuse') {
      this.#report('name_protocol', asker, `records of type ${typeName} of ${host} are not looked up`, host);
      return refusedReply;
    }
    const answer = await this.#ask({ about: 'name', asker, host, type: typeName });
    if (!answer) return failedReply;
    if (answer.allow !== true) return refusedReply;
    return handling === 'empty' ? { rcode: rcodes.noError } : this.#allowed(question, asker);
  }

  async #allowed(question: NameQuestion, asker: ConnectionId): Promise<Reply> {
    const { host, codec } = question;
    const leave: Leave = {
      isPrivate: isListed(host, this.#options.settings.private),
      isNamed: this.#options.settings.private.includes(host),
    };
    switch (specialUse(host, leave.isPrivate)) {
      case 'nowhere':
        return { rcode: rcodes.noName };
      case 'loopback':
        return this.#teach(host, { rcode: rcodes.noError, records: loopback(host, codec) });
      case undefined:
        break;
    }
    const response = await this.#lookups.find(host, codec);
    if (!response || this.#closed) return failedReply;
    const { records, removed } = screen(response.records, leave);
    const [first] = removed;
    if (first && records.every(({ address }) => address === undefined)) {
      this.#report(
        'rebinding',
        asker,
        `${host} leads to ${first.address}, which is no public address (${first.kind}); if that is meant, list the name under names.private`,
        host,
      );
      return { rcode: rcodes.noError };
    }
    return this.#teach(host, { rcode: response.rcode, records });
  }

  /** Of the name that was asked only: policy was not asked about those that it is an alias of. */
  #teach(host: string, response: Response): Reply {
    const addresses = response.records.flatMap(({ address }) => address ?? []);
    if (addresses.length > 0) {
      this.#pins.learn(host, addresses);
      this.#options.learned(host, addresses);
    }
    return response;
  }

  /** @returns undefined when there is no answer in time */
  async #ask(question: Extract<Question, { about: 'name' }>): Promise<Answer | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), this.#deadlines.decisionMs);
    });
    try {
      return await Promise.race([this.#options.ask(question), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #report(reason: RefusedReason, asker: ConnectionId, message: string, host?: string): void {
    const destination = host === undefined ? { protocol: 'dns' } : { host, protocol: 'dns' };
    this.#reports.add({ asker, reason, message, destination });
  }
}

/** A clock that is set back would stretch the minute of the limits. */
function steady(clock: () => number): () => number {
  let latest = -Infinity;
  let shift = 0;
  return () => {
    const now = clock();
    shift += Math.max(0, latest - (now + shift));
    latest = now + shift;
    return latest;
  };
}

/** RFC 6761, 6.3. */
function loopback(host: string, codec: string): readonly NameRecord[] {
  const base = { owner: host, codec, ttl: 300 };
  if (codec === 'A') return [{ ...base, address: '127.0.0.1', data: Uint8Array.of(127, 0, 0, 1) }];
  if (codec !== 'AAAA') return [];
  const data = new Uint8Array(16);
  data[15] = 1;
  return [{ ...base, address: '::1', data }];
}

/** What looks like data need not be repeated as a whole. */
const shortened = (host: string): string => (host.length > 80 ? `${host.slice(0, 80)}…` : host);
