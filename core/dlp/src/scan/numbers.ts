/** The memory in which the kernel tells who is asked at which run of digits, and the functions that do. */
import type { Kernel } from './kernel.ts';
import { numbersModule } from './numbers-module.ts';

const deskBytes = 128;
const groupBytes = 64;
const detectorBytes = 56;
const beginBytes = 256;
const entryBytes = 12;
const tokenBytes = 1 << 16;
/** What is asked in one go; more runs are asked about in several. */
const room = 1 << 17;

export const mostGroups = 6;
const classesBytes = 512;
const tableBytes = 1 << 21;
const mostStates = 0x7ff0;
const listBytes = 1 << 20;
const automatonBytes = classesBytes + tableBytes + 4 * mostStates + listBytes;

const up = (at: number): number => (at + 63) & ~63;

/** Runs in a window, of which those that share bytes are counted more than once. */
const mostRuns = (windowBytes: number): number => windowBytes >> 1;
const runBytes = (detectors: number): number => 17 + rowBytes(detectors);
const rowBytes = (detectors: number): number => 4 * Math.ceil(detectors / 32);

/** Memory that is needed for so many detectors of digits. */
export const numbersBytes = (windowBytes: number, detectors: number): number =>
  tokenBytes +
  up(deskBytes + mostGroups * (groupBytes + up(automatonBytes)) + detectors * (detectorBytes + beginBytes)) +
  2 * room * entryBytes +
  mostRuns(windowBytes) * runBytes(detectors) +
  1_024;

type Functions = {
  readonly around: (
    desk: number,
    detector: number,
    run: number,
    least: number,
    most: number,
    supported: number,
  ) => void;
  readonly everywhere: (desk: number, detector: number, supported: number) => void;
  readonly follow: (desk: number, group: number) => number;
  readonly collect: (desk: number, out: number) => number;
};

export type AskedDetector = {
  readonly before: number;
  readonly after: number;
  readonly min: number;
  readonly max: number;
  readonly shortest: number;
  readonly longest: number;
  /** By byte: where in a match it may be, as `beginsOf` says. */
  readonly begins: Uint8Array;
  readonly needsLetter: boolean;
  /** Without a supporting word it is asked at numbers as people write them. */
  readonly isForParted: boolean;
};

/** An automaton that the kernel follows. */
export type FollowedGroup = {
  readonly lead: number;
  readonly tail: number;
  readonly leastDigits: number;
  readonly isBack: boolean;
  readonly isSupported: boolean;
  readonly needsParts: boolean;
};

/** Offsets are in the window. */
export class Numbers {
  readonly #kernel: Kernel;
  readonly #functions: Functions;
  readonly #desk: Uint32Array;
  readonly #groups: Uint32Array;
  readonly #groupsAt: number;
  readonly #automataAt: number;
  readonly #heads: Uint32Array;
  readonly #near: Uint32Array;
  readonly #sums: BigUint64Array;
  readonly #parts: Uint8Array;
  readonly #rows: Uint32Array;
  /** Who is in any of the rows. */
  readonly #anyRow: Uint32Array;
  readonly #asked: Int32Array;
  readonly #rowCells: number;
  readonly #detectors: number;
  #usedRows = 0;

  /** Triples of run, detector and the last place where a match may begin, `anyPlace` where nothing is known of one. */
  readonly found: Uint32Array;
  /** Room for what `Kernel.tokens` finds. */
  readonly places: Uint32Array;
  static readonly anyPlace = 0xffff_ffff;

  /** @param make what an unknown cell of a group leads to; 0 where there is no room for more states */
  constructor(
    kernel: Kernel,
    detectors: readonly AskedDetector[],
    make: (group: number, state: number, cell: number) => number,
  ) {
    this.#kernel = kernel;
    const { memory, freeAt, window } = kernel;
    const most = mostRuns(window.length);
    let next = freeAt;
    const place = (bytes: number): number => {
      const at = next;
      next = up(next + bytes);
      return at;
    };
    const deskAt = place(deskBytes);
    this.#groupsAt = place(mostGroups * groupBytes);
    const askedAt = place(detectors.length * detectorBytes);
    this.#automataAt = place(mostGroups * up(automatonBytes));
    const headsAt = place(most * 4);
    const nearAt = place(most * 4);
    const sumsAt = place(most * 8);
    const partsAt = place(most);
    const beginsAt = place(detectors.length * beginBytes);
    this.#rowCells = rowBytes(detectors.length) >> 2;
    const rowsAt = place(most * 4 * this.#rowCells);
    const anyRowAt = place(4 * this.#rowCells);
    const entriesAt = place(room * entryBytes);
    const foundAt = place(room * entryBytes);
    this.places = new Uint32Array(memory, place(tokenBytes), tokenBytes >> 2);
    this.#desk = new Uint32Array(memory, deskAt, deskBytes >> 2);
    this.#groups = new Uint32Array(memory, this.#groupsAt, (mostGroups * groupBytes) >> 2);
    this.#heads = new Uint32Array(memory, headsAt, most);
    this.#near = new Uint32Array(memory, nearAt, most);
    this.#sums = new BigUint64Array(memory, sumsAt, most);
    this.#parts = new Uint8Array(memory, partsAt, most);
    this.#rows = new Uint32Array(memory, rowsAt, most * this.#rowCells);
    this.#anyRow = new Uint32Array(memory, anyRowAt, this.#rowCells);
    this.#asked = new Int32Array(memory, askedAt, (detectors.length * detectorBytes) >> 2);
    this.#detectors = detectors.length;
    this.found = new Uint32Array(memory, foundAt, room * 3);
    this.#desk.set([kernel.runsAt, 0, 0, kernel.windowAt, 0, askedAt, headsAt, nearAt, sumsAt]);
    this.#desk.set([entriesAt, room, 0, detectors.length, 0, partsAt, beginsAt, anyRowAt], 9);
    const begins = new Uint8Array(memory, beginsAt, detectors.length * beginBytes);
    const ranges = new BigUint64Array(memory, askedAt, (detectors.length * detectorBytes) >> 3);
    for (const [number, one] of detectors.entries()) {
      begins.set(one.begins, number * beginBytes);
      const { before, after, shortest, longest, needsLetter, isForParted } = one;
      const at = (number * detectorBytes) >> 2;
      this.#asked.set([before, after, shortest, longest], at);
      ranges[(at + 4) >> 1] = rangeOf(one);
      this.#asked.set([needsLetter ? 1 : 0, isForParted ? 1 : 0], at + 6);
    }
    this.#functions = kernel.link(numbersModule, {
      make: (group: number, state: number, cell: number) =>
        make((group - this.#groupsAt) / groupBytes, state, cell),
    }) as Functions;
  }

  /** Memory for the automaton of a group. */
  automatonOf(index: number): {
    readonly classes: Uint8Array;
    readonly cells: Uint16Array;
    readonly accepts: Uint32Array;
    readonly lists: Uint16Array;
  } {
    const { memory } = this.#kernel;
    const at = this.#automataAt + index * up(automatonBytes);
    const acceptsAt = at + classesBytes + tableBytes;
    return {
      classes: new Uint8Array(memory, at, classesBytes),
      cells: new Uint16Array(memory, at + classesBytes, tableBytes >> 1),
      accepts: new Uint32Array(memory, acceptsAt, mostStates),
      lists: new Uint16Array(memory, acceptsAt + 4 * mostStates, listBytes >> 1),
    };
  }

  /** @param width of a row of its automaton */
  setGroup(index: number, group: FollowedGroup, width: number): void {
    const { classes, cells, accepts } = this.automatonOf(index);
    const { lead, tail, leastDigits, isBack, isSupported, needsParts } = group;
    const flags = [isBack, isSupported, needsParts].map((is) => (is ? 1 : 0));
    const fields = [cells.byteOffset, classes.byteOffset, width, lead, leastDigits, ...flags];
    this.#groups.set([...fields, accepts.byteOffset, tail], (index * groupBytes) >> 2);
  }

  /** New runs are looked at: [next, last), of a window that is known up to `length`. */
  begin(next: number, last: number, length: number): void {
    this.#desk[4] = this.#kernel.windowAt + length;
    this.#desk[13] = last;
    this.#near.fill(0, next, last);
    this.#sums.fill(0n, next, last);
    this.#parts.fill(0, 0, last);
    this.#usedRows = 0;
    this.#anyRow.fill(0);
  }

  /** A set of detectors, for `setNear`. @param write of its cells into an array, at a place */
  addRow(write: (cells: Uint32Array, at: number) => void): number {
    const at = this.#usedRows * this.#rowCells;
    write(this.#rows, at);
    for (let cell = 0; cell < this.#rowCells; cell++)
      this.#anyRow[cell] = (this.#anyRow[cell] ?? 0) | (this.#rows[at + cell] ?? 0);
    this.#usedRows += 1;
    return this.#rows.byteOffset + 4 * at;
  }

  /** @param row of those that have a supporting word near the run */
  setNear(run: number, row: number): void {
    this.#near[run] = row;
  }

  /** Nobody is asked yet at the runs [next, last). */
  ask(next: number, last: number): void {
    this.#desk[1] = next;
    this.#desk[2] = last;
    this.#desk[11] = 0;
    this.#heads.fill(0, next, last);
    for (let number = 0; number < this.#detectors; number++)
      this.#asked[((number * detectorBytes) >> 2) + 8] = -1;
  }

  /** Asks those whose patterns may match somewhere. @returns false when there is no room for more states */
  follow(group: number): boolean {
    return this.#functions.follow(this.#desk.byteOffset, this.#groupsAt + group * groupBytes) !== 0;
  }

  /** A match of a detector begins at `at`, near `run`. */
  askAround(detector: number, run: number, at: number, isSupported: boolean): void {
    const place = this.#kernel.windowAt + at;
    this.#functions.around(this.#desk.byteOffset, detector, run, place, place, isSupported ? 1 : 0);
  }

  askEverywhere(detector: number, isSupported: boolean): void {
    this.#functions.everywhere(this.#desk.byteOffset, detector, isSupported ? 1 : 0);
  }

  /** @returns how many `found` has; undefined when there was no room for all */
  collect(): number | undefined {
    if (this.#desk[11] === 0xffff_ffff) return undefined;
    if (this.#desk[11] === 0) return 0;
    return this.#functions.collect(this.#desk.byteOffset, this.found.byteOffset);
  }
}

/** Bit 0 is one digit; more than 64 are nobody's. */
function rangeOf({ min, max }: AskedDetector): bigint {
  let range = 0n;
  for (let digits = Math.max(1, min); digits <= Math.min(max, 64); digits++)
    range |= 1n << BigInt(digits - 1);
  return range;
}
