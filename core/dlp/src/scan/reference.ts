/**
 * The plainest way to run detectors over a text: no automaton, no window, one detector after another. Slow, and by that the
 * measure of what the fast pipeline must find.
 */
import type { Detector, TextDetector } from '../detector.ts';
import type { Hit } from './hit.ts';
import type { Beside, Surroundings } from './judge.ts';
import { judge, mayStandAlone, nearer } from './judge.ts';
import { longestRun, sharedRun } from './kernel.ts';
import { Matcher } from './match.ts';
import { Overlaps } from './overlap.ts';
import { generallyAgainst } from './plan.ts';
import * as reach from './reach.ts';
import type { Table } from './table.ts';
import { columnOf, tableIn } from './table.ts';
import { WholeText } from './whole-text.ts';
import { asciiLower, hasEdges, needsEdges, variantsOf } from './vocabulary.ts';

type Text = {
  readonly text: string;
  readonly lower: string;
  readonly bytes: Uint8Array;
  readonly table: Table | undefined;
};
type Word = { readonly start: number; readonly end: number };

/** @param text binary text. @returns hits in order of their start */
export function referenceScan(
  text: string,
  detectors: readonly Detector[],
  textDetectors: readonly TextDetector[] = [],
): Hit[] {
  const bytes = Uint8Array.from(text, (one) => one.charCodeAt(0));
  const whole: Text = { text, lower: asciiLower(text), bytes, table: tableIn(bytes) };
  const overlaps = new Overlaps();
  for (const detector of detectors) for (const hit of hitsOf(detector, whole)) overlaps.add(hit);
  const piece = { bytes, text: () => text, base: 0, to: bytes.length, isLast: true };
  new WholeText(textDetectors).see(piece, (hit) => {
    overlaps.add(hit);
  });
  return overlaps.settled(Infinity);
}

function hitsOf(detector: Detector, whole: Text): Hit[] {
  const { text } = whole;
  const matcher = new Matcher(detector);
  const hits: Hit[] = [];
  let searched = 0;
  for (const { from, to, tail, here, merges } of windows(detector, whole)) {
    if (here && from < searched) continue;
    const begin = here ? from : Math.max(0, from, searched);
    if (begin >= to) continue;
    const first = Math.max(0, begin - reach.lookBehind);
    const piece = text.slice(first, to + tail);
    const found = (start: number, end: number, checked: ReturnType<Matcher['here']>): void => {
      if (checked === undefined || checked.checked === false) return;
      searched = here ? start + 1 : end;
      const place = { start, end, value: text.slice(start, end) };
      const around = surroundings(detector, whole, start, end);
      if (!mayStandAlone(detector) && around.near === undefined && around.column === undefined) return;
      const hit = judge(detector, place, checked.checked, around);
      if (hit !== undefined) hits.push(hit);
    };
    if (here) {
      const match = matcher.here(piece, begin - first);
      if (match) found(first + match.start, first + match.end, match);
    } else {
      const last = matcher.between(piece, begin - first, Math.min(to - first, piece.length), (match) => {
        found(first + match.start, first + match.end, match);
      });
      if (merges) searched = first + last;
    }
  }
  return hits;
}

function surroundings(
  detector: Detector,
  { lower, text, bytes, table }: Text,
  start: number,
  end: number,
): Surroundings {
  const place = table === undefined || start < table.header.end ? -1 : columnOf(bytes, start, table);
  const head = table?.columns[place];
  const behind = head === undefined ? 0 : (table?.header.end ?? 0);
  const inHead = (words: readonly string[], whole: boolean): string | undefined =>
    head &&
    occurrences(lower.slice(head.start, head.end), words)
      .filter(
        (one) =>
          !(whole || needsEdges(lower.slice(head.start + one.start, head.start + one.end))) ||
          isWhole(text, head.start + one.start, head.start + one.end),
      )
      .map((one) => lower.slice(head.start + one.start, head.start + one.end))
      .reduce<string | undefined>((a, b) => (a === undefined || b.length > a.length ? b : a), undefined);
  const nearest = (
    words: readonly string[],
    before: number,
    after: number,
    whole: boolean,
  ): Beside | undefined => {
    const from = Math.max(behind, start - before);
    let best: Beside | undefined;
    for (const one of occurrences(lower.slice(from, end + after), words)) {
      const [at, to] = [from + one.start, from + one.end];
      const word = lower.slice(at, to);
      if ((at < end && to > start) || ((whole || needsEdges(word)) && !isWhole(text, at, to))) continue;
      best = nearer(best, { word, start: at, distance: to <= start ? start - to : at - end });
    }
    return best;
  };
  const context = (detector.context ?? []).flatMap(variantsOf);
  const opposing = [...(detector.against ?? []).flatMap(variantsOf), ...generallyAgainst(detector.find)];
  const column = inHead(context, false);
  return {
    column,
    near: nearest(context, reach.supportReach, reach.supportReach, false),
    against:
      (column === undefined ? inHead(opposing, false) : undefined) ??
      nearest(opposing, reach.againstBefore, reach.againstAfter, true)?.word,
  };
}

function isWhole(text: string, start: number, end: number): boolean {
  return hasEdges((at) => (at < 0 || at >= text.length ? 0 : text.charCodeAt(at)), start, end);
}

/** Where words occur, by their ends; the longest first. */
function occurrences(lower: string, words: readonly string[]): Word[] {
  const found: Word[] = [];
  for (const word of new Set(words))
    for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + 1))
      found.push({ start: at, end: at + word.length });
  return found.sort((a, b) => a.end - b.end || a.start - b.start);
}

type Window = { from: number; to: number; tail: number; here: boolean; merges: boolean };

function* windows({ find }: Detector, { text, lower, bytes }: Text): Generator<Window> {
  switch (find.on) {
    case 'words':
      for (const { start } of occurrences(lower, find.words.flatMap(variantsOf)))
        if (find.at === 'here')
          yield { from: start, to: start + 1, tail: reach.hereTail - 1, here: true, merges: false };
        else {
          const { before, after } = find.at;
          yield { from: start - before, to: start + after, tail: reach.nearTail, here: false, merges: true };
        }
      return;
    case 'digits':
      for (const run of runsIn(text)) {
        if (!hasCount(text.slice(run.start, run.end), find.min, find.max)) continue;
        if (find.ahead === 'letter' && !/[a-z]/i.test(text.charAt(run.start - 1))) continue;
        const [from, to] = [run.start - (find.before ?? 0), run.end + (find.after ?? 0)];
        yield { from, to, tail: reach.digitTail, here: false, merges: false };
      }
      return;
    case 'at':
      for (const { start } of occurrences(lower, ['@']))
        yield {
          from: start - reach.atBefore,
          to: start + reach.atAfter,
          tail: reach.digitTail,
          here: false,
          merges: true,
        };
      return;
    default:
      find satisfies never;
      void bytes;
  }
}

/** Runs of digits with single separators; long ones in pieces. */
function* runsIn(text: string): Generator<Word> {
  for (let at = 0; at < text.length;) {
    const run = /\d(?:[ ./-]?\d)*/.exec(text.slice(at, at + 4 * longestRun + 1_000_000));
    if (!run) return;
    const start = at + run.index;
    const end = start + run[0].length;
    if (run[0].length <= longestRun) {
      yield { start, end };
      at = end;
      continue;
    }
    // A piece ends with its last digit.
    const piece = run[0].slice(0, longestRun).replace(/[ ./-]$/, '');
    yield { start, end: start + piece.length };
    at = start + longestRun - sharedRun;
  }
}

function hasCount(run: string, min: number, max: number): boolean {
  const groups = run.split(/[ ./-]/).map(({ length }) => length);
  return groups.some((_, first) => {
    let sum = 0;
    return groups.slice(first).some((length) => {
      sum += length;
      return sum >= min && sum <= Math.min(max, 64);
    });
  });
}
