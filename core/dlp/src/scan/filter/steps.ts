/** One step of all ways through a network of states at once. */
import type { Net } from './net.ts';

/** Where ways wait for the next byte, and outlines that match here. */
export type Step = { readonly threads: number[]; readonly accepts: number[] };

export class Steps {
  readonly #net: Net;
  /** By state of the net: when it was last met. */
  readonly #met: Uint32Array;
  #round = 0;

  constructor(net: Net) {
    this.#net = net;
    this.#met = new Uint32Array(net.kinds.length);
  }

  /** Where all outlines begin, behind the byte `before`. */
  first(before: number): Step {
    this.#round += 1;
    const step: Step = { threads: [], accepts: [] };
    for (const start of this.#net.starts) this.#follow(start, before, step);
    return step;
  }

  /** Behind one more byte. @param begins whether matches may begin behind it, too */
  next(threads: readonly number[], byte: number, begins: boolean): Step {
    const step: Step = { threads: [], accepts: [] };
    const resolved: number[] = [];
    this.#round += 1;
    for (const thread of threads) this.#resolve(thread, byte, resolved, step.accepts);
    this.#round += 1;
    for (const thread of resolved) this.#follow(this.#net.next[thread] ?? 0, byte, step);
    if (begins) for (const start of this.#net.starts) this.#follow(start, byte, step);
    return step;
  }

  /** Goes on from what looked ahead, now that the byte is known, to the states that consume it. */
  #resolve(thread: number, byte: number, resolved: number[], accepts: number[]): void {
    const { kinds, sets, next, other } = this.#net;
    if (this.#met[thread] === this.#round) return;
    this.#met[thread] = this.#round;
    switch (kinds[thread]) {
      case 'byte':
        if (sets[thread]?.[byte] === 1) resolved.push(thread);
        return;
      case 'ahead':
        if (sets[thread]?.[byte] !== 1) return;
        break;
      case 'accept':
        accepts.push(next[thread] ?? 0);
        return;
      case 'fork':
        this.#resolve(other[thread] ?? 0, byte, resolved, accepts);
        break;
      case 'behind':
      case undefined:
        break;
    }
    this.#resolve(next[thread] ?? 0, byte, resolved, accepts);
  }

  /** The states that a thread at `state` waits in, behind the byte `before`. */
  #follow(state: number, before: number, step: Step): void {
    const { kinds, sets, next, other } = this.#net;
    if (this.#met[state] === this.#round) return;
    this.#met[state] = this.#round;
    switch (kinds[state]) {
      case 'byte':
      case 'ahead':
        step.threads.push(state);
        return;
      case 'accept':
        step.accepts.push(next[state] ?? 0);
        return;
      case 'behind':
        if (sets[state]?.[before] !== 1) return;
        break;
      case 'fork':
        this.#follow(other[state] ?? 0, before, step);
        break;
      case undefined:
        return;
    }
    this.#follow(next[state] ?? 0, before, step);
  }
}
