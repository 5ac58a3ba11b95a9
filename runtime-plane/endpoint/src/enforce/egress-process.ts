/** The process through which all connections of a session leave: started when it is first needed, again when it died. */
import { type ChildProcess, fork } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Start, ToEgress, ToEndpoint } from '@chaperone/egress';

const readyMs = 20_000;
/** Of one that dies at once, no more than so many are started in a row, and then one now and then. */
const maxFailures = 5;
const pauseMs = 30_000;
/** How long a process that has not said anything may go on saying nothing. */
const lastMs = 2_000;
/** How long it may take to say how its connections ended. */
const endMs = 1_000;

export type EgressStart = Omit<Start, 'kind' | 'authority'>;
export type EgressMessage = Exclude<ToEndpoint, { kind: 'ready' }>;

export type EgressEars = {
  readonly hear: (message: EgressMessage) => void;
  /** All that it carried is closed. */
  readonly died: (why: string) => void;
};

export class EgressProcess {
  readonly #start: EgressStart;
  readonly #ears: EgressEars;
  #child: ChildProcess | undefined;
  #ready: Promise<string> | undefined;
  #authority: Start['authority'];
  #failures = 0;
  #failedAt = 0;
  #heardAt = 0;
  /** Sockets that wait to be passed on: nobody else closes them when the process dies. */
  readonly #passing = new Set<Socket>();
  #waiting: ToEgress[] = [];
  #isClosed = false;

  constructor(start: EgressStart, ears: EgressEars) {
    this.#start = start;
    this.#ears = ears;
  }

  /** @returns PEM of the authority of intercepted destinations; rejects when the process cannot be started */
  ready(): Promise<string> {
    if (this.#ready) return this.#ready;
    const ready = this.#open();
    // What is refused for now is asked again later.
    if (this.#child) this.#ready = ready;
    return ready;
  }

  /** @returns false when there is nobody to hear it */
  send(message: ToEgress, socket?: Socket): boolean {
    void this.ready().catch(() => {});
    const child = this.#child;
    if (!child?.connected) return false;
    if (!socket) {
      if (this.#waiting.push(message) === 1) setImmediate(() => this.#flush());
      return true;
    }
    this.#flush();
    this.#passing.add(socket);
    // Once it is on its way the kernel holds it for the child, dead or alive. Node would hold it until the child says that it has it,
    // and for ever when the child dies before.
    child.send([message] satisfies ToEgress[], socket, { keepOpen: true }, () => {
      this.#passing.delete(socket);
      socket.destroy();
    });
    return true;
  }

  /** Ends a process that says nothing any more, for so long already. */
  endIfSilent(forMs: number): void {
    const child = this.#child;
    const heardAt = this.#heardAt;
    if (!child || performance.now() - heardAt < forMs) return;
    // If this process stood still as well, it has not heard yet what was said.
    setTimeout(() => {
      if (this.#heardAt === heardAt) child.kill('SIGKILL');
    }, lastMs).unref();
  }

  /** @returns when all was heard that it says of its connections; in any case it is over then */
  async close(): Promise<void> {
    this.#isClosed = true;
    const child = this.#child;
    if (child?.connected) await this.#ended(child);
    child?.kill('SIGKILL');
  }

  #ended(child: ChildProcess): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, endMs);
      child.once('disconnect', () => {
        clearTimeout(timer);
        resolve();
      });
      this.#flush();
      child.send([{ kind: 'end' }] satisfies ToEgress[], () => {});
    });
  }

  /** What is said in one turn of the event loop goes together. */
  #flush(): void {
    const all = this.#waiting;
    this.#waiting = [];
    // Its own answer tells of a queue, not of a failure.
    if (all.length > 0 && this.#child?.connected) this.#child.send(all, () => {});
  }

  #open(): Promise<string> {
    return new Promise((resolve, reject) => {
      const isTooSoon = this.#failures >= maxFailures && performance.now() - this.#failedAt < pauseMs;
      if (this.#isClosed || isTooSoon) {
        reject(new Error('the egress process keeps failing'));
        return;
      }
      const child = fork(fileURLToPath(new URL('../../../egress/src/egress-main.ts', import.meta.url)), {
        serialization: 'advanced',
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
        env: {},
        cwd: '/',
        execArgv: [...restrictions(this.#start.quarantine), '--no-warnings'],
      });
      this.#child = child;
      let said = '';
      child.stderr?.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2_000)));
      const timer = setTimeout(() => child.kill('SIGKILL'), readyMs);
      child.on('message', (messages) => {
        this.#heardAt = performance.now();
        for (const heard of messages as readonly ToEndpoint[]) {
          if (heard.kind !== 'ready') this.#ears.hear(heard);
          else {
            clearTimeout(timer);
            this.#failures = 0;
            this.#authority = heard.authority;
            resolve(heard.authority.certificate);
          }
        }
      });
      child.once('error', (error) => {
        said ||= error.message;
        gone();
      });
      child.once('exit', (code, signal) => {
        said ||= signal ?? `exit status ${code}`;
        gone();
      });
      const gone = (): void => {
        if (this.#child !== child) return;
        clearTimeout(timer);
        this.#child = undefined;
        this.#ready = undefined;
        this.#failures += 1;
        this.#failedAt = performance.now();
        for (const socket of this.#passing) socket.destroy();
        this.#passing.clear();
        const why = said.trim().split('\n').at(-1) ?? '';
        reject(new Error(`the egress process ended${why ? `: ${why}` : ''}`));
        if (!this.#isClosed) this.#ears.died(why);
      };
      child.unref();
      child.channel?.unref();
      const authority = this.#authority;
      const start: Start = { kind: 'start', ...this.#start, ...(authority ? { authority } : {}) };
      this.#waiting = [];
      child.send([start] satisfies ToEgress[]);
    });
  }
}

/** It parses hostile bytes: no programs, no addons, no files but those it reads code and authorities from. */
function restrictions(quarantine: string | undefined): string[] {
  const writable = quarantine === undefined ? [] : [`--allow-fs-write=${quarantine}`];
  return ['--permission', '--allow-worker', '--allow-fs-read=*', ...writable];
}
