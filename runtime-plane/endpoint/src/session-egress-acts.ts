/** What the egress process asks about its connections, as acts of the process that made them. */
import type { Answer, Question, Refused } from '@chaperone/egress';
import type { DecisionInput, DestinationFacts } from '@chaperone/protocol';
import type { Regions } from '@chaperone/egress/regions';
import { isOpaque } from '@chaperone/egress/hosts';
import type { ContentLookup } from './context/content-lookup.ts';
import type { Lookups } from './context/subject.ts';
import { handle, type Steps } from './flow.ts';
import type { Action } from './intercept/actions.ts';
import type { DenialsFile, SessionRecord } from './record/index.ts';
import { answerOf, BodyLookup, looksInside, unrecorded } from './session-egress-answers.ts';
import type { EgressAnswer, EgressEnd, LoopMessage } from './session-messages.ts';
import { getSystemErrorName } from 'node:util';

/** A connection ends long before so many others began. */
const maxConnections = 20_000;
const maxAddresses = 10_000;
const maxHosts = 8;
const maxHeld = 64;

/** Who made a connection, as it was when the connect was held. */
export type Connected = {
  readonly caller: { readonly pid: number; readonly exe: string };
  readonly ancestors: readonly string[];
  readonly destination: DestinationFacts;
  readonly names: boolean;
  /** Id of the record that allowed it. */
  readonly decision?: string;
};

type Carried = Pick<Extract<LoopMessage, { kind: 'relay' }>, 'destination' | 'names' | 'hosts' | 'inspect'>;

const nobody: Connected = { caller: { pid: 0, exe: '' }, ancestors: [], destination: {}, names: false };

export class EgressActs {
  readonly #steps: Steps;
  readonly #record: SessionRecord;
  readonly #denials: DenialsFile | undefined;
  readonly #say: (message: LoopMessage) => void;
  readonly #regions: Regions;
  readonly #opaque: readonly string[];
  /** Names under which the session resolved an address, the latest first. */
  readonly #hosts = new Map<string, readonly string[]>();
  readonly #connections = new Map<bigint, Connected>();
  /** Who sends datagrams, which have no end: apart, so that many of them do not displace a connection. */
  readonly #senders = new Map<bigint, Connected>();
  readonly #held: EgressAnswer[] = [];
  #mustFlush = false;

  constructor(
    steps: Steps,
    record: SessionRecord,
    denials: DenialsFile | undefined,
    say: (message: LoopMessage) => void,
    regions: Regions,
    opaque: readonly string[],
  ) {
    this.#opaque = opaque;
    this.#regions = regions;
    this.#steps = {
      ...steps,
      record: (input, decision, durability, ...rest) => {
        this.#mustFlush ||= durability === 'now';
        return steps.record(input, decision, 'grouped', ...rest);
      },
    };
    this.#record = record;
    this.#denials = denials;
    this.#say = say;
  }

  learned(host: string, addresses: readonly string[]): void {
    for (const address of addresses) {
      const others = (this.#hosts.get(address) ?? []).filter((one) => one !== host);
      this.#hosts.delete(address);
      this.#hosts.set(address, [host, ...others].slice(0, maxHosts));
    }
    for (const address of this.#hosts.keys()) {
      if (this.#hosts.size <= maxAddresses) return;
      this.#hosts.delete(address);
    }
  }

  /** The act with the name that counts: of those under which the address was resolved, one that is allowed if there is any. */
  named(act: Action): Action {
    const { destination } = act;
    if (destination === undefined) return act;
    const hosts = this.#hostsOf(destination);
    const [latest] = hosts;
    const found = hosts.length < 2 ? latest : hosts.find((host) => this.#isAllowed(act, host));
    return { ...act, destination: this.#at(destination, found ?? latest) };
  }

  #hostsOf(destination: DestinationFacts | undefined): readonly string[] {
    return (destination?.ip === undefined ? undefined : this.#hosts.get(destination.ip)) ?? [];
  }

  add(call: bigint, connected: Connected): void {
    const among = connected.destination.protocol === 'udp' ? this.#senders : this.#connections;
    among.set(call, connected);
    for (const oldest of among.keys()) {
      if (among.size <= maxConnections) return;
      among.delete(oldest);
    }
  }

  /** The connect came to nothing before anything of it was carried. */
  forget(call: bigint): void {
    this.#connections.delete(call);
  }

  /** What the main thread has to know of a call whose connection is carried. */
  carried(call: bigint): Carried | undefined {
    const found = this.#of(call);
    if (!found) return undefined;
    const { destination, names } = found;
    const { host } = destination;
    const others = this.#hostsOf(destination).filter(
      (one) => one !== host && this.#isAllowed({ name: 'connect', destination, repeatable: false }, one),
    );
    const hosts = host === undefined ? [] : [host, ...others];
    const looks = (one: DestinationFacts): boolean => this.inspects(one);
    const inspect = looks(destination) || others.some((one) => looks({ ...destination, host: one }));
    return { destination, names, hosts, inspect: !names && inspect };
  }

  /** Whether a rule looks at more of a request than where it goes. */
  inspects(destination: DestinationFacts): boolean {
    const { host, ip, port } = destination;
    const about = {
      ...(host === undefined ? {} : { host }),
      ...(ip === undefined ? {} : { ip }),
      ...(port === undefined ? {} : { port }),
      protocol: 'https',
    };
    const { reads } = this.#steps.policy.decideTracked(this.#input('http_request', about));
    return looksInside(reads);
  }

  /** Whether answers wait for {@link release}, and more of them may. */
  get waits(): boolean {
    return this.#held.length > 0 && this.#held.length < maxHeld;
  }

  /** Decides; the answer is given once its record is on the disk. */
  take(id: number, question: Question): void {
    this.#held.push({ id, answer: this.#answer(question) });
  }

  release(): void {
    if (this.#held.length === 0) return;
    const isKept = !this.#mustFlush || this.#record.flush();
    this.#mustFlush = false;
    const answers = this.#held.splice(0);
    this.#say({
      kind: 'egress',
      answers: isKept ? answers : answers.map(({ id }) => ({ id, answer: unrecorded })),
    });
  }

  #answer(question: Question): Answer {
    const from = this.#from('asker' in question ? question.asker : question.connection);
    switch (question.about) {
      case 'name': {
        const { host, type } = question;
        return this.#asked(from, {
          name: 'resolve_name',
          destination: { host, protocol: 'dns' },
          operation: type,
          repeatable: false,
        });
      }
      case 'host': {
        const { host, protocol } = question;
        const destination = this.#at(from.destination, host);
        const act: Action = { name: 'connect', destination, operation: protocol, repeatable: false };
        return { ...this.#asked(from, act), inspect: this.inspects(destination) };
      }
      case 'request': {
        const { destination, operation, credential, resource, declared } = question;
        const act: Action = {
          name: 'http_request',
          destination,
          ...(operation === undefined ? {} : { operation }),
          ...(credential === undefined ? {} : { credential }),
          repeatable: false,
        };
        return this.#asked(from, act, new BodyLookup(resource), new Set(declared));
      }
      default:
        return question satisfies never;
    }
  }

  /** Datagrams may be requests, too (HTTP/3), and nobody opens them. @returns false where a rule looks inside; that is recorded */
  mayGoUnopened(sender: Connected): boolean {
    const { destination } = sender;
    const { host, ip = '', port = 0 } = destination;
    const others = this.#hostsOf(destination).map((name) => ({ ...destination, host: name }));
    const looks = [destination, ...others].some((one) => this.inspects(one));
    if (!looks || isOpaque(host ?? ip, port, this.#opaque)) return true;
    const message = 'A rule looks inside of requests, which datagrams cannot be held to.';
    this.#refuse(sender, { reason: 'uninspectable', message, destination });
    return this.#steps.session.mode !== 'enforce';
  }

  refused({ connection, ...refusal }: Refused): void {
    this.#refuse(this.#from(connection), refusal);
  }

  #refuse(
    { caller, ancestors }: Connected,
    { reason, message, destination }: Omit<Refused, 'connection'>,
  ): void {
    const input = {
      action: 'connect',
      destination,
      process: { ...caller, ...(ancestors.length > 0 ? { ancestors } : {}) },
    } as const;
    const id = this.#record.refusal('egress', message, reason, input);
    this.#denials?.add(input, id, { reason: 'egress', message, rules: [] });
    this.#say({ kind: 'refused', call: reason, exe: caller.exe, id });
  }

  /** The process that carries connections ended. */
  lost(why: string): void {
    const how = why === '' ? '' : ` (${why})`;
    const message = `The egress process ended${how}; what it carried is closed.`;
    this.#record.refusal('egress', message, 'egress_lost', {});
  }

  ended({ connection, decision, result, errno, figures }: EgressEnd): void {
    const call = BigInt(connection);
    const ended = decision ?? this.#connections.get(call)?.decision;
    if (decision === undefined) this.#connections.delete(call);
    const name = errno === undefined ? undefined : getSystemErrorName(-errno);
    if (ended !== undefined) this.#record.outcome(ended, result, name, undefined, figures);
  }

  #from(connection: string): Connected {
    return (/^\d{1,20}$/.test(connection) ? this.#of(BigInt(connection)) : undefined) ?? nobody;
  }

  #of(call: bigint): Connected | undefined {
    return this.#connections.get(call) ?? this.#senders.get(call);
  }

  #asked(
    { caller, ancestors }: Connected,
    act: Action,
    content?: ContentLookup,
    byOthers?: ReadonlySet<string>,
  ): Answer {
    const lookups: Lookups = {
      exeDigest: () => undefined,
      objectDigest: () => undefined,
      ancestors: () => ancestors,
      ...(content ? { content } : {}),
    };
    const steps = byOthers ? { ...this.#steps, byOthers } : this.#steps;
    return answerOf(handle([act], caller, lookups, steps));
  }

  #at(destination: DestinationFacts, host: string | undefined): DestinationFacts {
    const region = this.#regions.of(host ?? '', destination.ip ?? '');
    return {
      ...destination,
      ...(host === undefined ? {} : { host }),
      ...(region === undefined ? {} : { region }),
    };
  }

  #isAllowed(act: Action, host: string): boolean {
    const input = this.#input(act.name, this.#at(act.destination ?? {}, host));
    return this.#steps.policy.decide(input).effect === 'allow';
  }

  #input(action: DecisionInput['action'], destination: DestinationFacts): DecisionInput {
    const { person, agent, mode, clock } = this.#steps.session;
    const time = new Date(clock()).toISOString();
    return { action, destination, user: person.user, groups: person.groups, agent, mode, time };
  }
}
