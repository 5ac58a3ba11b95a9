/** The way out of a session as the main thread sees it: stands inside, the egress process outside, questions to the loop between. */
import type { Answer, Question, Target } from '@chaperone/egress';
import type { DestinationFacts } from '@chaperone/protocol';
import { type EgressMessage, EgressProcess, type EgressStart } from './enforce/egress-process.ts';
import { Stands } from './enforce/stands.ts';
import type { EgressAnswer, LoopMessage, LoopQuestion } from './session-messages.ts';

const ECONNREFUSED = 111;
const ETIMEDOUT = 110;
const nameMs = 15_000;
/** Questions under way; a resolver that gets no answer asks again. */
const maxNames = 512;
/** The egress process gives a far side 30 s. */
const reachMs = 35_000;

export type SessionEgressEars = {
  readonly ask: (question: LoopQuestion) => void;
  /** Lets the held connect go on, to a door if there is one, or gives it an errno. */
  readonly release: (call: bigint, goesOn: boolean, doorOrErrno: number) => void;
  readonly tell: (text: string) => void;
};

type RelayMessage = Extract<LoopMessage, { kind: 'relay' }>;
type Live = Pick<RelayMessage, 'id' | 'destination' | 'port'> & {
  /** Until the far side is reached. */
  timer: NodeJS.Timeout | undefined;
  readonly to: Target;
  /** One egress process has died of it, or with it. */
  isSecond: boolean;
};

export class SessionEgress {
  readonly #ears: SessionEgressEars;
  readonly #stands: Stands;
  readonly #process: EgressProcess;
  /** Connections from their connect to their end. */
  readonly #live = new Map<string, Live>();
  readonly #names = new Map<number, (packet: Uint8Array | undefined) => void>();
  #lastName = 0;

  /** @param ownNetwork whether the session has one */
  constructor(start: EgressStart, ears: SessionEgressEars, ownNetwork: boolean) {
    this.#ears = ears;
    this.#stands = new Stands(
      {
        accepted: (connection, socket) => {
          if (!this.#process.send({ kind: 'accepted', connection }, socket)) socket.destroy();
        },
        dropped: (connection) => void this.#process.send({ kind: 'dropped', connection }),
        name: (packet, asker) => this.#name(packet, asker),
      },
      ownNetwork,
    );
    this.#process = new EgressProcess(start, {
      hear: (message) => this.#hear(message),
      died: (why) => this.#died(why),
    });
  }

  /** @returns PEM of the session's authority; rejects when the process cannot be started */
  authority(): Promise<string> {
    return this.#process.ready();
  }

  /** An allowed connect: the far side first, or the listener that stands in for it. */
  carry(message: RelayMessage): void {
    const { id, descriptor, destination, port, names, hosts, inspect } = message;
    if (descriptor >= 0) return this.#stands.attach(message);
    // A listener whose descriptor could not be received, for want of descriptors: nobody is behind it.
    if (port === 0) return;
    const connection = String(id);
    const { ip = '', port: to = 0, protocol } = destination;
    if (protocol === 'udp') {
      return this.#letIn(this.#stands.sends(destination, port, connection), id);
    }
    const timer = setTimeout(() => this.#late(connection), reachMs).unref();
    const live = {
      id,
      destination,
      port,
      timer,
      to: { ip, port: to, hosts, inspect, names },
      isSecond: false,
    };
    this.#live.set(connection, live);
    this.#reach(connection, live);
  }

  #reach(connection: string, { to }: Live): void {
    void this.#process.ready().then(
      () => this.#process.send({ kind: 'reach', connection, to }),
      (error: Error) => {
        this.#ears.tell(`nothing can leave the session: ${error.message}`);
        this.#unreached(connection, ECONNREFUSED);
      },
    );
  }

  /** The egress process did not answer in a time in which it always does. */
  #late(connection: string): void {
    this.#unreached(connection, ETIMEDOUT);
    this.#process.send({ kind: 'dropped', connection });
    this.#process.endIfSilent(reachMs);
  }

  answered(answers: readonly EgressAnswer[]): void {
    for (const { id, answer } of answers) this.#process.send({ kind: 'answer', id, answer });
  }

  /** @returns when how each connection ended is recorded */
  async close(): Promise<void> {
    this.#stands.close();
    await this.#process.close();
    for (const [connection, { timer }] of this.#live) {
      clearTimeout(timer);
      this.#ears.ask({ kind: 'egress_ended', connection, result: 'abandoned' });
    }
    this.#live.clear();
  }

  #hear(message: EgressMessage): void {
    switch (message.kind) {
      case 'reached': {
        const { connection, errno } = message;
        const live = this.#live.get(connection);
        if (!live) return;
        if (errno !== 0) return this.#unreached(connection, errno);
        clearTimeout(live.timer);
        live.timer = undefined;
        return this.#letIn(this.#stands.expect(live.destination, live.port, connection), live.id);
      }
      case 'named':
        this.#names.get(message.id)?.(message.packet);
        return;
      case 'learned':
        return this.#ears.ask({
          ...message,
          kind: 'addresses',
          addresses: message.addresses.slice(0, maxAddresses),
        });
      case 'ask': {
        const question = trimmed(message.question);
        if (Buffer.byteLength(JSON.stringify(question)) > maxQuestionBytes)
          return this.answered([{ id: message.id, answer: tooLong }]);
        return this.#ears.ask({ kind: 'egress', id: message.id, question });
      }
      case 'refused': {
        const { refusal } = message;
        const destination = trimmedDestination(refusal.destination);
        const text = refusal.message.slice(0, maxText);
        return this.#ears.ask({
          kind: 'egress_refused',
          refusal: { ...refusal, destination, message: text },
        });
      }
      case 'ended':
        if (message.decision === undefined) this.#live.delete(message.connection);
        return this.#ears.ask(endOf(message));
      case 'failed':
        return this.#ears.tell(message.message);
      default:
        message satisfies never;
    }
  }

  #letIn(door: Promise<number>, call: bigint): void {
    void door.then(
      (port) => this.#ears.release(call, true, port),
      () => {
        this.#unreached(String(call), ECONNREFUSED);
        this.#ears.release(call, false, ECONNREFUSED);
      },
    );
  }

  #unreached(connection: string, errno: number): void {
    const live = this.#live.get(connection);
    if (!live) return;
    clearTimeout(live.timer);
    this.#live.delete(connection);
    this.#ears.ask({ kind: 'egress_ended', connection, result: 'failed', errno });
    this.#ears.release(live.id, false, errno);
  }

  /** What it carried is closed with it; what waits for it waits for the next one, once. */
  #died(why: string): void {
    this.#ears.tell(`the egress process ended and is started again${why ? `: ${why}` : ''}`);
    this.#ears.ask({ kind: 'egress_lost', why: why.slice(0, 300) });
    for (const [connection, live] of this.#live) {
      if (live.timer && !live.isSecond) {
        live.isSecond = true;
        this.#reach(connection, live);
      } else if (live.timer) this.#unreached(connection, ECONNREFUSED);
      else {
        this.#live.delete(connection);
        this.#stands.forget(live.destination, live.port, connection);
        this.#ears.ask({ kind: 'egress_ended', connection, result: 'failed' });
      }
    }
    for (const answer of this.#names.values()) answer(undefined);
  }

  #name(packet: Uint8Array, asker: string): Promise<Uint8Array | undefined> {
    if (this.#names.size >= maxNames) return Promise.resolve(undefined);
    this.#lastName += 1;
    const id = this.#lastName;
    return new Promise((resolve) => {
      const done = (reply: Uint8Array | undefined): void => {
        clearTimeout(timer);
        this.#names.delete(id);
        resolve(reply);
      };
      const timer = setTimeout(() => done(undefined), nameMs).unref();
      this.#names.set(id, done);
      void this.#process.ready().then(
        () => this.#process.send({ kind: 'name', id, packet, asker }) || done(undefined),
        () => done(undefined),
      );
    });
  }
}

function endOf(message: Extract<EgressMessage, { kind: 'ended' }>): LoopQuestion {
  const { connection, decision, result, sentBytes, receivedBytes, tookMs, certificate, redacted } = message;
  const figures = {
    sent_bytes: sentBytes,
    received_bytes: receivedBytes,
    took_ms: Math.round(tookMs),
    ...(certificate ? { certificate } : {}),
    ...(redacted ? { redacted } : {}),
  };
  return {
    kind: 'egress_ended',
    connection,
    result,
    figures,
    ...(decision === undefined ? {} : { decision }),
  };
}

const maxText = 8_192;
const maxType = 1_024;
const maxAddresses = 512;
/** The loop takes 65,536 in a message, with what stands around it. */
const maxQuestionBytes = 50_000;

const tooLong: Answer = {
  allow: false,
  decision: undefined,
  reason: 'malformed_request',
  message: 'There is more to say about this request than can be decided on.',
  rules: [],
  obligations: [],
};

/** A question to the loop has to fit into one message of its socket. */
function trimmed(question: Question): Question {
  if (question.about !== 'request') return question;
  return { ...question, destination: trimmedDestination(question.destination) };
}

function trimmedDestination(destination: DestinationFacts): DestinationFacts {
  const { path, query, content_type: type } = destination;
  return {
    ...destination,
    ...(path === undefined ? {} : { path: path.slice(0, maxText) }),
    ...(query === undefined ? {} : { query: query.slice(0, maxText) }),
    ...(type === undefined ? {} : { content_type: type.slice(0, maxType) }),
  };
}
