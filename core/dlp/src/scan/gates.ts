/**
 * Gates in the kernel's memory: whether a detector's pattern may match at a word, told by automata that are made state by state,
 * as texts need them. A gate lets through more than matches, never less.
 */
import type { Detector } from '../detector.ts';
import { Arena } from './arena.ts';
import { Gate } from './gate.ts';
import type { Area, Finder } from './plan.ts';

/** Of all gates of a thread: what texts can make of them must not fill the memory. Untouched, it takes none. */
const arenaBytes = 16 << 20;

const finderBytes = 8;
const askerBytes = 32;
const none = 1;

/** What one call of `ask` may find before the last word, and what each asker may find at that. */
const mostAsked = 4_096;
const mostAnswers = 8;
const answerBytes = 16;

/** What the kernel calls. */
export type GateCalls = {
  readonly open: (detector: number) => number;
  readonly begin: (gate: number, before: number) => number;
  readonly extend: (gate: number, state: number, byte: number, begins: number) => number;
};

export type GatePlan = {
  readonly detectors: readonly Detector[];
  /** By final state: who looks there. */
  readonly finders: readonly (readonly Finder[])[];
  /** By detector; undefined: the pattern must match at the word itself. */
  readonly areas: readonly (Area | undefined)[];
  /** Whether a detector's pattern is ours, so that a gate for it is worth while. */
  readonly isGated: (detector: number) => boolean;
};

export class Gates {
  readonly #plan: GatePlan;
  readonly #gates = new Map<number, Gate>();
  readonly #count: number;
  #arena: Arena | undefined;
  #askers = new Int32Array(0);
  /** Longest list of finders of one word. */
  readonly #most: number;

  /** By state, and one more: address of its first finder. */
  findersAt = 0;
  askersAt = 0;
  /** Where each detector was searched up to. */
  searchedAt = 0;
  searched: Float64Array = new Float64Array(0);
  /** Four numbers each: detector, addresses from and up to where a match may begin, address where its text ends. */
  askedAt = 0;
  asked: Uint32Array = new Uint32Array(0);

  constructor(plan: GatePlan) {
    this.#plan = plan;
    this.#count = plan.finders.reduce((sum, { length }) => sum + length, 0);
    this.#most = plan.finders.reduce((most, { length }) => Math.max(most, length), 0);
  }

  /** That `attach` needs. */
  get bytes(): number {
    const { detectors, finders } = this.#plan;
    const tables = 4 * (finders.length + 1) + finderBytes * this.#count + 40 * detectors.length;
    return tables + this.askedBytes + arenaBytes + 256;
  }

  /** Behind `askedAt`: with so much written, no further word is asked at. */
  readonly askedRoom: number = answerBytes * mostAsked;

  get askedBytes(): number {
    return answerBytes * (mostAsked + mostAnswers * this.#most);
  }

  attach(buffer: ArrayBuffer, at: number): void {
    const { detectors, finders, areas } = this.#plan;
    const arena = new Arena(buffer, at, at + this.bytes);
    const place = (bytes: number): number => {
      const taken = arena.take(bytes);
      if (taken === undefined) throw new RangeError('no room for what detectors look for');
      return taken;
    };
    this.findersAt = place(4 * (finders.length + 1));
    const listsAt = place(finderBytes * this.#count);
    this.askersAt = place(askerBytes * detectors.length);
    this.searchedAt = place(8 * detectors.length);
    this.askedAt = place(this.askedBytes);
    this.#askers = new Int32Array(buffer, this.askersAt, (askerBytes >> 2) * detectors.length);
    this.searched = new Float64Array(buffer, this.searchedAt, detectors.length);
    this.asked = new Uint32Array(buffer, this.askedAt, this.askedBytes >> 2);
    this.#arena = arena;
    const starts = new Uint32Array(buffer, this.findersAt, finders.length + 1);
    const lists = new Uint32Array(buffer, listsAt, 2 * this.#count);
    let next = 0;
    for (const [state, some] of finders.entries()) {
      starts[state] = listsAt + finderBytes * next;
      for (const { detector, length } of some) {
        lists.set([detector, length], 2 * next);
        next += 1;
      }
    }
    starts[finders.length] = listsAt + finderBytes * next;
    for (const [detector, area] of areas.entries()) {
      const { before, after, tail } = area ?? { before: 0, after: 0, tail: 0 };
      this.#askers.set([0, area ? 0 : 1, before, after, tail], (askerBytes >> 2) * detector);
    }
  }

  readonly calls: GateCalls = {
    open: (detector) => {
      const { gate: looser, pattern = looser } = this.#plan.detectors[detector] ?? {};
      const isGated = pattern !== undefined && this.#plan.isGated(detector);
      const isSearched = this.#plan.areas[detector] !== undefined;
      const gate = isGated && this.#arena ? Gate.of(looser ?? pattern, isSearched, this.#arena) : undefined;
      if (gate) this.#gates.set(gate.address, gate);
      const address = gate?.address ?? none;
      this.#askers[(askerBytes >> 2) * detector] = address;
      return address;
    },
    begin: (gate, before) => this.#gates.get(gate)?.begin(before) ?? Gate.matched,
    extend: (gate, state, byte, begins) =>
      this.#gates.get(gate)?.extend(state, byte, begins === 1) ?? Gate.matched,
  };
}
