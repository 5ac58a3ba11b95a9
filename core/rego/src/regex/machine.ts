import type { ParsedRegex } from './parse.ts';
import { RegexSyntaxError, WORD } from './syntax.ts';
import type { Ranges, Regex } from './syntax.ts';

type Instruction =
  | { readonly op: 'chars'; readonly ranges: Ranges; next: number }
  | { readonly op: 'split'; first: number; second: number }
  | { readonly op: 'save'; readonly slot: number; next: number }
  | { readonly op: 'assert'; readonly kind: Extract<Regex, { r: 'assert' }>['kind']; next: number }
  | { readonly op: 'match' };

/** Larger programs are refused, as RE2 refuses patterns that need too much memory. */
const MAX_PROGRAM = 20_000;

/** Instructions that a pattern would need, without making them; stops counting beyond what is accepted. */
export function programSize(node: Regex): number {
  const sum = (items: readonly Regex[]): number => {
    let n = 0;
    for (const item of items) if ((n += 1 + programSize(item)) > MAX_PROGRAM) break;
    return n;
  };
  switch (node.r) {
    case 'empty':
    case 'chars':
    case 'assert':
      return 1;
    case 'concat':
    case 'alternate':
      return sum(node.items);
    case 'group':
      return 2 + programSize(node.item);
    case 'repeat':
      return Math.min(
        MAX_PROGRAM + 1,
        2 + (1 + programSize(node.item)) * (node.max === Infinity ? node.min + 1 : node.max),
      );
    default:
      return node satisfies never;
  }
}

/**
 * Matches in time proportional to pattern size times text length, whatever the pattern (Thompson's construction with the
 * captures of Pike's machine; see https://swtch.com/~rsc/regexp/regexp2.html). Leftmost, preferring earlier alternatives, as RE2.
 */
export class Machine {
  private readonly program: Instruction[] = [];
  private readonly slots: number;

  constructor(parsed: ParsedRegex) {
    this.slots = (parsed.groups + 1) * 2;
    const start = this.emit({ op: 'save', slot: 0, next: 1 });
    this.compile(parsed.root);
    this.emit({ op: 'save', slot: 1, next: this.program.length + 1 });
    this.emit({ op: 'match' });
    if (start !== 0) throw new Error('program must start at 0');
  }

  get size(): number {
    return this.program.length;
  }

  /** Steps for a text: each of its characters can lead through the whole program, and each group copies the places of all. */
  cost(length: number): number {
    return (length + 1) * Math.max(1, (this.program.length + this.slots * this.slots) >> 4);
  }

  private emit(instruction: Instruction): number {
    if (this.program.length >= MAX_PROGRAM) throw new RegexSyntaxError('expression too large');
    this.program.push(instruction);
    return this.program.length - 1;
  }

  private get here(): number {
    return this.program.length;
  }

  private compile(node: Regex): void {
    switch (node.r) {
      case 'empty':
        return;
      case 'chars':
        this.emit({ op: 'chars', ranges: node.ranges, next: this.here + 1 });
        return;
      case 'assert':
        this.emit({ op: 'assert', kind: node.kind, next: this.here + 1 });
        return;
      case 'concat':
        for (const item of node.items) this.compile(item);
        return;
      case 'alternate':
        this.alternate(node.items);
        return;
      case 'group':
        this.emit({ op: 'save', slot: node.index * 2, next: this.here + 1 });
        this.compile(node.item);
        this.emit({ op: 'save', slot: node.index * 2 + 1, next: this.here + 1 });
        return;
      case 'repeat':
        this.repeat(node);
        return;
      default:
        node satisfies never;
    }
  }

  private split(greedy: boolean): { into: (target: number) => void; past: (target: number) => void } {
    const split: Extract<Instruction, { op: 'split' }> = { op: 'split', first: 0, second: 0 };
    this.emit(split);
    const set =
      (isFirst: boolean) =>
      (target: number): void => {
        if (isFirst) split.first = target;
        else split.second = target;
      };
    return { into: set(greedy), past: set(!greedy) };
  }

  private alternate(items: readonly Regex[]): void {
    const ends: { jump: (target: number) => void }[] = [];
    items.forEach((item, i) => {
      if (i === items.length - 1) {
        this.compile(item);
        return;
      }
      const split = this.split(true);
      split.into(this.here);
      this.compile(item);
      ends.push(this.jump());
      split.past(this.here);
    });
    for (const end of ends) end.jump(this.here);
  }

  private jump(): { jump: (target: number) => void } {
    const split: Extract<Instruction, { op: 'split' }> = { op: 'split', first: 0, second: 0 };
    this.emit(split);
    return {
      jump: (target) => {
        split.first = target;
        split.second = target;
      },
    };
  }

  private repeat(node: Extract<Regex, { r: 'repeat' }>): void {
    for (let i = 0; i < node.min; i += 1) this.compile(node.item);
    if (node.max === Infinity) {
      const start = this.here;
      const split = this.split(node.greedy);
      split.into(this.here);
      this.compile(node.item);
      this.jump().jump(start);
      split.past(this.here);
      return;
    }
    const skips = [];
    for (let i = node.min; i < node.max; i += 1) {
      const split = this.split(node.greedy);
      split.into(this.here);
      this.compile(node.item);
      skips.push(split);
    }
    for (const split of skips) split.past(this.here);
  }

  /** The first match at or after `from`, as start and end offsets (UTF-16) of the whole and of each group; -1 for unused groups. */
  exec(text: string, from: number): Int32Array | null {
    let threads: Thread[] = [];
    let best: Int32Array | null = null;
    const seen = new Int32Array(this.program.length).fill(-1);
    let step = 0;
    for (let at = from; ;) {
      const next: Thread[] = [];
      const point = text.codePointAt(at);
      const width = point === undefined ? 0 : point > 0xffff ? 2 : 1;
      const current: Thread[] = [];
      for (const thread of threads) this.follow(thread.pc, thread.caps, text, at, seen, step, current);
      if (best === null) this.follow(0, new Int32Array(this.slots).fill(-1), text, at, seen, step, current);
      step += 1;
      for (const thread of current) {
        const instruction = this.program[thread.pc];
        if (instruction?.op === 'match') {
          best = thread.caps;
          break;
        }
        if (instruction?.op === 'chars' && point !== undefined && inRanges(instruction.ranges, point))
          next.push({ pc: instruction.next, caps: thread.caps });
      }
      if (point === undefined || (next.length === 0 && best !== null)) return best;
      threads = next;
      at += width;
    }
  }

  /** Adds the threads reachable from `pc` without consuming text, in order of preference. */
  private follow(
    pc: number,
    caps: Int32Array,
    text: string,
    at: number,
    seen: Int32Array,
    step: number,
    out: Thread[],
  ): void {
    const stack: Thread[] = [{ pc, caps }];
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      if (seen[top.pc] === step) continue;
      seen[top.pc] = step;
      const instruction = this.program[top.pc];
      if (instruction === undefined) continue;
      if (instruction.op === 'split') {
        stack.push({ pc: instruction.second, caps: top.caps }, { pc: instruction.first, caps: top.caps });
      } else if (instruction.op === 'save') {
        const copy = top.caps.slice();
        copy[instruction.slot] = at;
        stack.push({ pc: instruction.next, caps: copy });
      } else if (instruction.op === 'assert') {
        if (holds(instruction.kind, text, at)) stack.push({ pc: instruction.next, caps: top.caps });
      } else out.push(top);
    }
  }
}

interface Thread {
  readonly pc: number;
  readonly caps: Int32Array;
}

/** Is the code point in one of the ranges? */
export function inRanges(ranges: Ranges, point: number): boolean {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const mid = (low + high) >> 1;
    const range = ranges[mid];
    if (range === undefined || point < range[0]) high = mid - 1;
    else if (point > range[1]) low = mid + 1;
    else return true;
  }
  return false;
}

function isWordAt(text: string, at: number): boolean {
  return at >= 0 && at < text.length && inRanges(WORD, text.charCodeAt(at));
}

function holds(kind: Extract<Regex, { r: 'assert' }>['kind'], text: string, at: number): boolean {
  switch (kind) {
    case 'textStart':
      return at === 0;
    case 'textEnd':
      return at === text.length;
    case 'lineStart':
      return at === 0 || text[at - 1] === '\n';
    case 'lineEnd':
      return at === text.length || text[at] === '\n';
    case 'word':
      return isWordAt(text, at - 1) !== isWordAt(text, at);
    case 'notWord':
      return isWordAt(text, at - 1) === isWordAt(text, at);
    default:
      kind satisfies never;
      return false;
  }
}
