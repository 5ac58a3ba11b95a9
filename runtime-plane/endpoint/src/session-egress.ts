/** The way out of a session as the main thread sees it: stands inside, the egress process outside, questions to the loop between. */
import type { Answer, Question } from '@chaperone/egress';
import { type EgressMessage, EgressProcess, type EgressStart } from './enforce/egress-process.ts';
import { Stands } from './enforce/stands.ts';
import type { LoopMessage, LoopQuestion } from './session-messages.ts';

const ECONNREFUSED = 111;
const nameMs = 15_000;

export type SessionEgressEars = {
  readonly ask: (question: LoopQuestion) => void;
  /** Lets the held connect go on, to a door if there is one, or gives it an errno. */
  readonly release: (call: bigint, goesOn: boolean, doorOrErrno: number) => void;
  readonly tell: (text: string) => void;
};

type RelayMessage = Extract<LoopMessage, { kind: 'relay' }>;
type Reached = Pick<RelayMessage, 'id' | 'destination' | 'port'>;

export class SessionEgress {
  readonly #ears: SessionEgressEars;
  readonly #stands: Stands;
  readonly #process: EgressProcess;
  /** Connections between the far side's being reached and its end. */
  readonly #live = new Map<string, Reached>();
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
    const connection = String(id);
    const { ip = '', port: to = 0, protocol } = destination;
    if (protocol === 'udp') {
      return this.#letIn(this.#stands.sends(destination, port, connection), id);
    }
    this.#live.set(connection, { id, destination, port });
    const target = { ip, port: to, hosts, inspect, names };
    void this.#process.ready().then(
      () => this.#process.send({ kind: 'reach', connection, to: target }),
      (error: Error) => {
        this.#ears.tell(`nothing can leave the session: ${error.message}`);
        this.#unreached(connection, ECONNREFUSED);
      },
    );
  }

  answered(id: number, answer: Answer): void {
    this.#process.send({ kind: 'answer', id, answer });
  }

  close(): void {
    this.#stands.close();
    this.#process.close();
  }

  #hear(message: EgressMessage): void {
    switch (message.kind) {
      case 'reached': {
        const { connection, errno } = message;
        const live = this.#live.get(connection);
        if (!live) return;
        if (errno !== 0) return this.#unreached(connection, errno);
        return this.#letIn(this.#stands.expect(live.destination, live.port, connection), live.id);
      }
      case 'named':
        this.#names.get(message.id)?.(message.packet);
        return;
      case 'learned':
        return this.#ears.ask({ ...message, kind: 'addresses' });
      case 'ask':
        return this.#ears.ask({ kind: 'egress', id: message.id, question: trimmed(message.question) });
      case 'refused':
        return this.#ears.ask({ kind: 'egress_refused', refusal: message.refusal });
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
      () => this.#unreached(String(call), ECONNREFUSED),
    );
  }

  #unreached(connection: string, errno: number): void {
    const live = this.#live.get(connection);
    if (!live) return;
    this.#live.delete(connection);
    this.#ears.ask({ kind: 'egress_ended', connection, result: 'failed', errno });
    this.#ears.release(live.id, false, errno);
  }

  /** What it carried is closed with it; what waits for it is refused. */
  #died(why: string): void {
    this.#ears.tell(`the egress process ended and is started again${why ? `: ${why}` : ''}`);
    for (const [connection, { destination, port }] of this.#live) {
      this.#stands.forget(destination, port, connection);
      this.#unreached(connection, ECONNREFUSED);
    }
    for (const answer of this.#names.values()) answer(undefined);
  }

  #name(packet: Uint8Array, asker: string): Promise<Uint8Array | undefined> {
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

/** A question to the loop has to fit into one message of its socket. */
function trimmed(question: Question): Question {
  if (question.about !== 'request') return question;
  const { destination } = question;
  const { path, query } = destination;
  return {
    ...question,
    destination: {
      ...destination,
      ...(path === undefined ? {} : { path: path.slice(0, maxText) }),
      ...(query === undefined ? {} : { query: query.slice(0, maxText) }),
    },
  };
}
