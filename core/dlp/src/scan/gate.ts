/** One pattern as an automaton in the kernel's memory (`ask` in wasm/kernel.as), whose states are made when a text first needs them. */
import type { ByteSet } from './filter/byte-set.ts';
import { edge } from './filter/byte-set.ts';
import { classesOf } from './filter/byte-classes.ts';
import type { ByteClasses } from './filter/byte-classes.ts';
import { Net } from './filter/net.ts';
import { outlineOf } from './filter/outline.ts';
import type { Arena } from './arena.ts';
import { GateNet, Threads } from './gate-net.ts';
import { pivotOf } from './pivot.ts';
import { ThreadSets } from './thread-sets.ts';

/** Values in a table that are no state; the row of `dead` is that of no thread. */
const unknown = 0;
const dead = 1;
const matched = 0xffff;

const leastRows = 16;
/** Of one gate; cells in each of its two tables. */
const mostRows = 1 << 12;
const mostCells = 1 << 18;

/** Fields of a gate, as the kernel reads them. */
const columnsAt = 16;
const firstsAt = 272;
const pivotAt = firstsAt + 2 * (edge + 1);
const besideAt = pivotAt + 2;
const gateBytes = besideAt + edge;

/** What comes of some threads: which wait where, and whether one matches. */
type Step = { readonly threads: Int32Array; readonly isMatch: boolean };

export class Gate {
  static readonly matched = matched;
  readonly address: number;
  readonly #net: GateNet;
  readonly #arena: Arena;
  readonly #classes: Uint8Array;
  readonly #shift: number;
  /** By state: threads under way, and as a mark the class of the byte behind which others begin; -1: none begins. */
  readonly #states = new ThreadSets();
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
  readonly #own: Threads;
  readonly #other: Threads;
  readonly #all: Threads;

  private constructor(
    net: Net,
    sets: ReadonlySet<ByteSet>,
    { classes, width }: ByteClasses,
    arena: Arena,
    address: number,
    isSearched: boolean,
  ) {
    this.#isSearched = isSearched;
    this.#net = new GateNet(net, sets, { classes, width });
    this.#own = new Threads(this.#net.size);
    this.#other = new Threads(this.#net.size);
    this.#all = new Threads(this.#net.size);
    this.#arena = arena;
    this.#classes = classes;
    this.#shift = Math.ceil(Math.log2(width));
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
    const gate = new Gate(net, sets, classes, arena, address, isSearched);
    if (!gate.#grow()) return undefined;
    gate.#clear();
    return gate;
  }

  /** The state ahead of the first byte; 256: nothing is before it. */
  begin(before: number): number {
    const begun = this.#classes[before] ?? 0;
    this.#all.length = 0;
    const state = this.#begins(begun).isMatch ? matched : this.#numberOf(begun);
    this.#firsts[before] = state;
    return state;
  }

  /** What comes after `state` by `byte`. @param begins whether matches begin behind it */
  extend(state: number, byte: number, begins: boolean): number {
    const { members, starts, marks } = this.#states;
    const begun = marks[state] ?? -1;
    const column = this.#classes[byte] ?? 0;
    this.#net.step(members, starts[state] ?? 0, starts[state + 1] ?? 0, column, this.#own);
    const others = begun < 0 ? undefined : this.#stepOf(begun, column);
    const isMatch = this.#own.isMatch || others?.isMatch === true || (begins && this.#begins(column).isMatch);
    const cells = this.#tables[begins ? 1 : 0];
    const cell = (state << this.#shift) + column;
    if (isMatch) return (cells[cell] = matched);
    this.#merge(others?.threads);
    const isFull = this.#states.count >= this.#rows && !this.#grow();
    if (isFull) this.#clear();
    const next = this.#numberOf(begins ? column : -1);
    if (!isFull) this.#tables[begins ? 1 : 0][cell] = next;
    return next;
  }

  /** Both in `#all`, in order. */
  #merge(others: Int32Array | undefined): void {
    const { list: own, length } = this.#own;
    const { list } = this.#all;
    const most = others?.length ?? 0;
    let [first, second, count] = [0, 0, 0];
    while (first < length || second < most) {
      const one = first < length ? (own[first] ?? 0) : Infinity;
      const other = second < most ? (others?.[second] ?? 0) : Infinity;
      if (one <= other) first += 1;
      if (other <= one) second += 1;
      list[count++] = Math.min(one, other);
    }
    this.#all.length = count;
  }

  /** The state of the threads in `#all`. */
  #numberOf(begun: number): number {
    const { list, length } = this.#all;
    const known = this.#states.find(list, length, begun);
    if (known >= 0) return known;
    if (this.#states.count >= this.#rows && !this.#grow()) return matched;
    const number = this.#states.add(list, length, begun);
    const others = begun < 0 ? undefined : this.#begins(begun).threads;
    const isMatch =
      this.#net.matchesAtEnd(list, 0, length) ||
      (others !== undefined && this.#net.matchesAtEnd(others, 0, others.length));
    this.#ends[number] = isMatch ? 1 : 0;
    return number;
  }

  /** Where a match waits that begins behind a byte of the class. */
  #begins(begun: number): Step {
    const known = this.#begun[begun];
    if (known) return known;
    const to = this.#other;
    this.#net.begin(begun, to);
    return (this.#begun[begun] = { threads: to.list.slice(0, to.length), isMatch: to.isMatch });
  }

  #stepOf(begun: number, column: number): Step {
    const index = (begun << this.#shift) + column;
    const known = this.#stepped[index];
    if (known) return known;
    const { threads } = this.#begins(begun);
    const to = this.#other;
    this.#net.step(threads, 0, threads.length, column, to);
    return (this.#stepped[index] = { threads: to.list.slice(0, to.length), isMatch: to.isMatch });
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
    this.#states.clear();
    this.#firsts.fill(unknown);
    for (const table of this.#tables) table.fill(unknown);
    // Nobody comes to the first, whose number says that a cell is unknown; the second is `dead`.
    this.#states.add(this.#all.list, 0, -2);
    this.#states.add(this.#all.list, 0, -1);
    this.#ends[dead] = 0;
  }
}
