/**
 * What xdg-dbus-proxy --log says about messages it did not pass on. Names in it are the agent's words: it could write
 * lines of its own through them, so what is read here is good for a record, never for a decision.
 */

export type RefusedCall = {
  readonly destination: string;
  /** Interface and member. */
  readonly method: string;
  readonly path: string;
};

const call = /^C\d+: -> (\S{1,255}) (?:call|signal|fake \S+) (\S{1,511}) at (\S{1,1024})$/u;
const refusal = /^\*(HIDDEN|DENIED)\*/u;
const maxLine = 4096;

/** Feed it text in any pieces; it gives each refused call once. */
export class BusLog {
  readonly #refused: (call: RefusedCall) => void;
  #rest = '';
  #last: RefusedCall | undefined;

  constructor(refused: (call: RefusedCall) => void) {
    this.#refused = refused;
  }

  add(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = (lines.pop() ?? '').slice(0, maxLine);
    for (const line of lines) this.#line(line);
  }

  #line(line: string): void {
    if (refusal.test(line)) {
      if (this.#last) this.#refused(this.#last);
      this.#last = undefined;
      return;
    }
    const [, destination, method, path] = call.exec(line) ?? [];
    if (destination && method && path) this.#last = { destination, method, path };
    else if (/^[BC]\d+: /u.test(line)) this.#last = undefined;
  }
}

const maxDistinct = 200;
const repeatMs = 1_000;

/**
 * Bounds what a loop of refused calls writes: the first of each kind at once, repeats as a number once a second, and
 * everything beyond {@link maxDistinct} kinds under one name.
 */
export class RefusedCalls {
  readonly #report: (call: RefusedCall, times: number) => void;
  readonly #seen = new Map<string, { readonly call: RefusedCall; waiting: number }>();
  readonly #timer: NodeJS.Timeout;

  constructor(report: (call: RefusedCall, times: number) => void) {
    this.#report = report;
    this.#timer = setInterval(() => this.#flush(), repeatMs).unref();
  }

  add(refused: RefusedCall): void {
    const full = this.#seen.size >= maxDistinct;
    const name = `${refused.destination} ${refused.method} ${refused.path}`;
    const key = full && !this.#seen.has(name) ? 'others' : name;
    const known = this.#seen.get(key);
    if (known) {
      known.waiting += 1;
      return;
    }
    const call = key === 'others' ? { destination: 'others', method: 'others', path: '/' } : refused;
    this.#seen.set(key, { call, waiting: 0 });
    this.#report(call, 1);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#flush();
  }

  #flush(): void {
    for (const one of this.#seen.values()) {
      if (one.waiting > 0) this.#report(one.call, one.waiting);
      one.waiting = 0;
    }
  }
}
