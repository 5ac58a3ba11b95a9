/** Outlines as one network of states that consume a byte or look at one (Thompson 1968). */
import type { ByteSet } from './byte-set.ts';
import type { Outline } from './outline.ts';

/** Copies that a repeat is worth: behind them it has no bound. */
const mostCopies = 40;
const mostOptional = 8;

/** What would need more states is not filtered. */
const mostStates = 20_000;

export type Kind = 'byte' | 'behind' | 'ahead' | 'fork' | 'accept';

/** States by number, in columns. */
export class Net {
  readonly kinds: Kind[] = [];
  /** Of `byte`, `behind`, `ahead`. */
  readonly sets: (ByteSet | undefined)[] = [];
  /** Where to go on; of `accept`: the number of the outline. */
  readonly next: number[] = [];
  /** Of `fork`: the other way; -1 where there is none. */
  readonly other: number[] = [];
  readonly starts: number[] = [];

  /** @returns whether there was room for it */
  add(outline: Outline, number: number): boolean {
    const accept = this.#state('accept', number);
    const start = this.#built(outline, accept);
    if (this.kinds.length > mostStates) return false;
    this.starts.push(start);
    return true;
  }

  #state(kind: Kind, next: number, set?: ByteSet, other = -1): number {
    this.kinds.push(kind);
    this.sets.push(set);
    this.next.push(next);
    return this.other.push(other) - 1;
  }

  /** @returns where a match of `part` begins that goes on at `then` */
  #built(part: Outline, then: number): number {
    if (this.kinds.length > mostStates) return then;
    switch (part.kind) {
      case 'set':
        return this.#state('byte', then, part.set);
      case 'behind':
      case 'ahead':
        return this.#state(part.kind, then, part.set);
      case 'all':
        return part.parts.reduceRight((after, one) => this.#built(one, after), then);
      case 'any':
        return part.parts
          .map((one) => this.#built(one, then))
          .reduceRight((others, one) => this.#state('fork', one, undefined, others));
      case 'repeat':
        return this.#repeat(part.part, part.min, part.max, then);
      default:
        return part satisfies never;
    }
  }

  #repeat(part: Outline, least: number, most: number, then: number): number {
    const min = Math.min(least, mostCopies);
    let at = then;
    if (least > mostCopies || most - min > mostOptional) {
      const loop = this.#state('fork', -1, undefined, then);
      this.next[loop] = this.#built(part, loop);
      at = loop;
    } else
      for (let copy = min; copy < most; copy++)
        at = this.#state('fork', this.#built(part, at), undefined, then);
    for (let copy = 0; copy < min; copy++) at = this.#built(part, at);
    return at;
  }
}
