/** One pattern as an automaton in the kernel's memory (`ask` in wasm/kernel.as), whose states are made when a text first needs them. */
import type { ByteSet } from './filter/byte-set.ts';
import { edge } from './filter/byte-set.ts';
import { classesOf } from './filter/byte-classes.ts';
import type { ByteClasses } from './filter/byte-classes.ts';
import { Net } from './filter/net.ts';
import { outlineOf } from './filter/outline.ts';
import type { Arena } from './arena.ts';
import { pivotOf } from './pivot.ts';

/** Values in a table that are no state; the row of `dead` is that of no thread. */
const unknown = 0;
const dead = 1;
const matched = 0xffff;

const leastRows = 16;
/** Of one gate; cells in each of its two tables. */
const mostRows = 1 << 12;
const mostCells = 1 << 16;

/** Fields of a gate, as the kernel reads them. */
const columnsAt = 16;
const firstsAt = 272;
const pivotAt = firstsAt + 2 * (edge + 1);
const besideAt = pivotAt + 2;
const gateBytes = besideAt + edge;

/** Where threads are: those under way, and all that begin behind a byte of the class `begun`; -1: none begins. */
type State = { readonly threads: readonly number[]; readonly begun: number };

/** What comes of some threads: which wait where, and whether one matches. */
type Step = { readonly threads: readonly number[]; readonly isMatch: boolean };

export class Gate {
  static readonly matched = matched;
  readonly address: number;
  readonly #net: Net;
  readonly #arena: Arena;
  readonly #classes: Uint8Array;
  readonly #shift: number;
  readonly #states: State[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #isSearched: boolean;
  #rows = 0;
  /** Of the tables and the flags behind them. */
  #bytes = 0;
  #tables: [goesOn: Uint16Array, begins: Uint16Array] = [new Uint16Array(0), new Uint16Array(0)];
  #ends = new Uint8Array(0);
  readonly #firsts: Uint16Array;
  /** By class of the byte before: where a match that begins there waits. */
  readonly #begun: (Step | undefined)[] = [];
  /** By that class and the class of the next byte: what comes of those. */
  readonly #stepped: (Step | undefined)[] = [];
  /** By state of the net: when it was last met. */
  readonly #met: Uint32Array;
  #round = 0;
  readonly #stack: number[] = [];

  private constructor(
    net: Net,
    { classes, width }: ByteClasses,
    arena: Arena,
    address: number,
    isSearched: boolean,
  ) {
    this.#isSearched = isSearched;
    this.#net = net;
    this.#arena = arena;
    this.#classes = classes;
    this.#shift = Math.ceil(Math.log2(width));
    this.#met = new Uint32Array(net.kinds.length);
    this.address = address;
    this.#firsts = new Uint16Array(arena.buffer, address + firstsAt, edge + 1);
    new Uint8Array(arena.buffer, address + columnsAt, edge).set(classes.subarray(0, edge));
    new Uint32Array(arena.buffer, address, 1)[0] = this.#shift;
    const pivot = isSearched ? pivotOf(net) : undefined;
    new Uint16Array(arena.buffer, address + pivotAt, 1)[0] = pivot?.byte ?? edge;
    if (pivot) new Uint8Array(arena.buffer, address + besideAt, edge).set(pivot.beside);
  }

  /** @param isSearched whether a match may begin at many places. @returns undefined when the pattern is beyond it, or there is no room */
  static of(pattern: RegExp, isSearched: boolean, arena: Arena): Gate | undefined {
    const outline = outlineOf(pattern);
    const net = new Net();
    if (outline === undefined || !net.add(outline, 0)) return undefined;
    const sets = new Set<ByteSet>();
    for (const set of net.sets) if (set) sets.add(set);
    const classes = classesOf(sets);
    const address = arena.take(gateBytes);
    if (address === undefined || classes.width > edge) return undefined;
    const gate = new Gate(net, classes, arena, address, isSearched);
    if (!gate.#grow()) return undefined;
    gate.#clear();
    return gate;
  }

  /** The state ahead of the first byte; 256: nothing is before it. */
  begin(before: number): number {
    const begun = this.#classes[before] ?? 0;
    const state = this.#begins(begun).isMatch ? matched : this.#numberOf([], begun);
    this.#firsts[before] = state;
    return state;
  }

  /** What comes after `state` by `byte`. @param begins whether matches begin behind it */
  extend(state: number, byte: number, begins: boolean): number {
    const { threads, begun } = this.#states[state] ?? { threads: [], begun: -1 };
    const column = this.#classes[byte] ?? 0;
    const own = this.#step(threads, byte);
    const others = begun < 0 ? undefined : this.#stepOf(begun, byte);
    const isMatch = own.isMatch || others?.isMatch === true || (begins && this.#begins(column).isMatch);
    const cells = this.#tables[begins ? 1 : 0];
    const cell = (state << this.#shift) + column;
    if (isMatch) return (cells[cell] = matched);
    const isFull = this.#states.length >= this.#rows && !this.#grow();
    if (isFull) this.#clear();
    const next = this.#numberOf(merged(own.threads, others?.threads), begins ? column : -1);
    if (!isFull) this.#tables[begins ? 1 : 0][cell] = next;
    return next;
  }

  #numberOf(threads: readonly number[], begun: number): number {
    const key = `${begun} ${threads.join(' ')}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    if (this.#states.length >= this.#rows && !this.#grow()) return matched;
    const number = this.#states.push({ threads, begun }) - 1;
    this.#numbers.set(key, number);
    const isMatch =
      this.#matchesAtEnd(threads) || (begun >= 0 && this.#matchesAtEnd(this.#begins(begun).threads));
    this.#ends[number] = isMatch ? 1 : 0;
    return number;
  }

  /** Where a match waits that begins behind a byte of the class. */
  #begins(begun: number): Step {
    const known = this.#begun[begun];
    if (known) return known;
    this.#round += 1;
    const threads: number[] = [];
    const isMatch = this.#follow(this.#net.starts[0] ?? 0, this.#classes.indexOf(begun), threads);
    return (this.#begun[begun] = { threads, isMatch });
  }

  #stepOf(begun: number, byte: number): Step {
    const index = (begun << this.#shift) + (this.#classes[byte] ?? 0);
    return (this.#stepped[index] ??= this.#step(this.#begins(begun).threads, byte));
  }

  #step(threads: readonly number[], byte: number): Step {
    if (threads.length === 0) return { threads, isMatch: false };
    const resolved: number[] = [];
    this.#round += 1;
    let isMatch = false;
    for (const thread of threads) if (this.#resolve(thread, byte, resolved)) isMatch = true;
    this.#round += 1;
    const waiting: number[] = [];
    for (const thread of resolved)
      if (this.#follow(this.#net.next[thread] ?? 0, byte, waiting)) isMatch = true;
    return { threads: waiting.sort((a, b) => a - b), isMatch };
  }

  #matchesAtEnd(threads: readonly number[]): boolean {
    this.#round += 1;
    return threads.some((thread) => this.#resolve(thread, edge, []));
  }

  /** Goes on from what looked ahead, now that the byte is known, to the states that consume it. @returns whether it matched ahead of the byte */
  #resolve(from: number, byte: number, resolved: number[]): boolean {
    const { kinds, sets, next, other } = this.#net;
    let isMatch = false;
    this.#stack.push(from);
    for (let at = this.#stack.pop(); at !== undefined; at = this.#stack.pop()) {
      if (this.#met[at] === this.#round) continue;
      this.#met[at] = this.#round;
      const kind = kinds[at];
      if (kind === 'byte') {
        if (sets[at]?.[byte] === 1) resolved.push(at);
      } else if (kind === 'accept') isMatch = true;
      else if (kind !== 'ahead' || sets[at]?.[byte] === 1) {
        if (kind === 'fork') this.#stack.push(other[at] ?? 0);
        this.#stack.push(next[at] ?? 0);
      }
    }
    return isMatch;
  }

  /** The states that a thread at `from` waits in, behind the byte `before`. @returns whether it matched */
  #follow(from: number, before: number, threads: number[]): boolean {
    const { kinds, sets, next, other } = this.#net;
    let isMatch = false;
    this.#stack.push(from);
    for (let at = this.#stack.pop(); at !== undefined; at = this.#stack.pop()) {
      if (this.#met[at] === this.#round) continue;
      this.#met[at] = this.#round;
      const kind = kinds[at];
      if (kind === 'byte' || kind === 'ahead') threads.push(at);
      else if (kind === 'accept') isMatch = true;
      else if (kind !== 'behind' || sets[at]?.[before] === 1) {
        if (kind === 'fork') this.#stack.push(other[at] ?? 0);
        this.#stack.push(next[at] ?? 0);
      }
    }
    return isMatch;
  }

  /** Twice as many rows. @returns whether there was room */
  #grow(): boolean {
    const rows = Math.max(leastRows, this.#rows * 2);
    const cells = rows << this.#shift;
    if (rows > mostRows || cells > mostCells) return false;
    const begins = this.#isSearched ? cells : 0;
    const bytes = 2 * (cells + begins) + rows;
    const at = this.#arena.take(bytes);
    if (at === undefined) return false;
    const { buffer } = this.#arena;
    const tables: [Uint16Array, Uint16Array] = [
      new Uint16Array(buffer, at, cells),
      new Uint16Array(buffer, at + 2 * cells, begins),
    ];
    const ends = new Uint8Array(buffer, at + 2 * (cells + begins), rows);
    tables[0].set(this.#tables[0]);
    tables[1].set(this.#tables[1]);
    ends.set(this.#ends);
    if (this.#rows > 0) this.#arena.giveBack(this.#tables[0].byteOffset, this.#bytes);
    this.#tables = tables;
    this.#ends = ends;
    this.#rows = rows;
    this.#bytes = bytes;
    new Uint32Array(buffer, this.address + 4, 3).set(
      [tables[0], tables[1], ends].map(({ byteOffset }) => byteOffset),
    );
    return true;
  }

  /** Begins anew: a text rarely needs the old states again. */
  #clear(): void {
    this.#states.length = 0;
    this.#numbers.clear();
    this.#firsts.fill(unknown);
    for (const table of this.#tables) table.fill(unknown);
    this.#states.push({ threads: [], begun: -1 }, { threads: [], begun: -1 });
    this.#numbers.set('-1 ', dead);
    this.#ends[dead] = 0;
  }
}

/** Both are in order. */
function merged(threads: readonly number[], others: readonly number[] | undefined): readonly number[] {
  if (others === undefined || others.length === 0) return threads;
  if (threads.length === 0) return others;
  return [...new Set([...threads, ...others])].sort((a, b) => a - b);
}
