/** The process through which all connections of a session leave: started when it is first needed, again when it died. */
import { type ChildProcess, fork } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Start, ToEgress, ToEndpoint } from '@chaperone/egress';

const readyMs = 20_000;
/** Of one that dies at once, no more than so many are started in a row. */
const maxFailures = 5;

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
  #isClosed = false;

  constructor(start: EgressStart, ears: EgressEars) {
    this.#start = start;
    this.#ears = ears;
  }

  /** @returns PEM of the authority of intercepted destinations; rejects when the process cannot be started */
  ready(): Promise<string> {
    this.#ready ??= this.#open();
    return this.#ready;
  }

  /** @returns false when there is nobody to hear it */
  send(message: ToEgress, socket?: Socket): boolean {
    void this.ready().catch(() => {});
    const child = this.#child;
    if (!child?.connected) return false;
    // Its own answer tells of a queue, not of a failure.
    child.send(message, socket, { keepOpen: false }, (error) => error && socket?.destroy());
    return true;
  }

  close(): void {
    this.#isClosed = true;
    this.#child?.kill('SIGKILL');
  }

  #open(): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed || this.#failures >= maxFailures) {
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
      child.on('message', (message) => {
        const heard = message as ToEndpoint;
        if (heard.kind !== 'ready') return this.#ears.hear(heard);
        clearTimeout(timer);
        this.#failures = 0;
        this.#authority = heard.authority;
        resolve(heard.authority.certificate);
      });
      child.once('error', (error) => {
        said ||= error.message;
        gone();
      });
      child.once('exit', () => gone());
      const gone = (): void => {
        if (this.#child !== child) return;
        clearTimeout(timer);
        this.#child = undefined;
        this.#ready = undefined;
        this.#failures += 1;
        const why = said.trim().split('\n').at(-1) ?? '';
        reject(new Error(`the egress process ended${why ? `: ${why}` : ''}`));
        if (!this.#isClosed) this.#ears.died(why);
      };
      child.unref();
      child.channel?.unref();
      const authority = this.#authority;
      child.send({ kind: 'start', ...this.#start, ...(authority ? { authority } : {}) } satisfies Start);
    });
  }
}

/** It parses hostile bytes: no programs, no addons, no files but those it reads code and authorities from. */
function restrictions(quarantine: string | undefined): string[] {
  const writable = quarantine === undefined ? [] : [`--allow-fs-write=${quarantine}`];
  return ['--permission', '--allow-worker', '--allow-fs-read=*', ...writable];
}
