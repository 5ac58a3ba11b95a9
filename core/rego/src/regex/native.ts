import type { ParsedRegex } from './parse.ts';
import { MAX_POINT } from './syntax.ts';
import type { Ranges, Regex } from './syntax.ts';

/** What a subtree means for a backtracking matcher. */
interface Shape {
  readonly source: string;
  /** Repetitions of unbounded or large count. */
  readonly loops: number;
  /** Ways to go through everything else (options, alternatives, small counts): all of them could be tried. */
  readonly ways: number;
  /** Whether it can match nothing. */
  readonly empty: boolean;
}

export interface NativeRegex {
  readonly regex: RegExp;
  /** Its work can grow with the square of the text. */
  readonly quadratic: boolean;
}

/** Counted repetition up to this is spelled out as ways, each of which could be retried. */
const SMALL_REPEAT = 4;
const MAX_WAYS = 64;
const MAX_WAYS_WITH_LOOPS = 8;

/**
 * The pattern as a JavaScript expression, for patterns on which a backtracking matcher cannot run away; null for all others,
 * which then run on the Machine. Accepted: what repeats without small bound is a single character class, so one repetition
 * has one way to match any given text; there are at most two such (one if the match may start anywhere); and options and
 * alternatives multiply to a few ways only. The work is then at most quadratic in the text with a small constant.
 */
export function nativeRegex(parsed: ParsedRegex): NativeRegex | null {
  const shape = translate(parsed.root);
  const isAnchored = startsAnchored(parsed.root);
  if (shape === null || shape.loops > (isAnchored ? 2 : 1)) return null;
  if (shape.ways > (shape.loops > 1 ? MAX_WAYS_WITH_LOOPS : MAX_WAYS)) return null;
  return { regex: new RegExp(shape.source, 'u'), quadratic: shape.loops > (isAnchored ? 1 : 0) };
}

function startsAnchored(node: Regex): boolean {
  if (node.r === 'assert') return node.kind === 'textStart';
  if (node.r === 'concat') return node.items[0] !== undefined && startsAnchored(node.items[0]);
  return node.r === 'group' && startsAnchored(node.item);
}

function translate(node: Regex): Shape | null {
  switch (node.r) {
    case 'empty':
      return { source: '(?:)', loops: 0, ways: 1, empty: true };
    case 'chars':
      return { source: classSource(node.ranges), loops: 0, ways: 1, empty: false };
    case 'assert':
      if (node.kind !== 'textStart' && node.kind !== 'textEnd') return null;
      return { source: node.kind === 'textStart' ? '^' : '$', loops: 0, ways: 1, empty: true };
    case 'concat': {
      const parts = translateAll(node.items);
      return (
        parts && {
          source: parts.map((part) => part.source).join(''),
          loops: loopsOf(parts),
          ways: parts.reduce((n, part) => n * part.ways, 1),
          empty: parts.every((part) => part.empty),
        }
      );
    }
    case 'alternate': {
      const parts = translateAll(node.items);
      return (
        parts && {
          source: `(?:${parts.map((part) => part.source).join('|')})`,
          loops: loopsOf(parts),
          ways: parts.reduce((n, part) => n + part.ways, 0),
          empty: parts.some((part) => part.empty),
        }
      );
    }
    case 'group': {
      const inner = translate(node.item);
      return inner && { ...inner, source: `(${inner.source})` };
    }
    case 'repeat':
      return translateRepeat(node);
    default:
      node satisfies never;
      return null;
  }
}

function translateRepeat(node: Extract<Regex, { r: 'repeat' }>): Shape | null {
  const inner = translate(node.item);
  if (inner === null || node.max === 0) return null;
  const bounds = node.max === Infinity ? `{${node.min},}` : `{${node.min},${node.max}}`;
  const source = `(?:${inner.source})${bounds}${node.greedy ? '' : '?'}`;
  const empty = inner.empty || node.min === 0;
  if (node.max === 1) {
    // JavaScript refuses an optional iteration that matched nothing and tries another way; RE2 takes it.
    if (inner.empty && node.min === 0) return null;
    return { source, loops: inner.loops, ways: inner.ways + 1, empty };
  }
  if (node.item.r !== 'chars') return null;
  const spread = node.max - node.min;
  return spread <= SMALL_REPEAT
    ? { source, loops: 0, ways: spread + 1, empty }
    : { source, loops: 1, ways: 1, empty };
}

function translateAll(items: readonly Regex[]): Shape[] | null {
  const parts: Shape[] = [];
  for (const item of items) {
    const part = translate(item);
    if (part === null) return null;
    parts.push(part);
  }
  return parts;
}

function loopsOf(parts: readonly Shape[]): number {
  return parts.reduce((n, part) => n + part.loops, 0);
}

function classSource(ranges: Ranges): string {
  const point = (c: number): string => `\\u{${c.toString(16)}}`;
  const [first] = ranges;
  if (first === undefined) return '[]';
  if (ranges.length === 1 && first[0] === 0 && first[1] === MAX_POINT) return '[^]';
  return `[${ranges.map(([a, b]) => (a === b ? point(a) : `${point(a)}-${point(b)}`)).join('')}]`;
}
