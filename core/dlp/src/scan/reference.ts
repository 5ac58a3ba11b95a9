/**
 * The plainest way to run detectors over a text: no automaton, no chunks, one detector after another. Slow, and by that the
 * measure of what the fast pipeline must find.
 */
import type { Confidence, Detector, TextDetector } from '../detector.ts';
import type { Band } from '../finding.ts';

export type Hit = {
  readonly detector: Pick<Detector, 'id' | 'class' | 'name' | 'token'>;
  readonly start: number;
  readonly end: number;
  readonly confidence: Band;
  readonly why: readonly string[];
  /** Whether a redaction may replace it. */
  readonly isValue: boolean;
};

const reach = 300;
const digitRun = /\d(?:[ ./-]?\d)*/g;

/** @param text binary text. @returns hits in order of their start */
export function referenceScan(
  text: string,
  detectors: readonly Detector[],
  textDetectors: readonly TextDetector[] = [],
): Hit[] {
  const lower = text.toLowerCase();
  const hits = detectors.flatMap((detector) => [...hitsOf(detector, text, lower)]);
  for (const detector of textDetectors)
    for (const { why, ...match } of detector.scan(text.slice(0, detector.maxBytes)))
      hits.push({ detector, why: [why], ...match });
  return hits.sort((a, b) => a.start - b.start || b.end - a.end);
}

function* hitsOf(detector: Detector, text: string, lower: string): Generator<Hit> {
  const seen = new Set<number>();
  for (const [from, to, here] of windows(detector, text, lower)) {
    const pattern = new RegExp(detector.pattern.source, `${detector.pattern.flags}d${here ? 'y' : 'g'}`);
    pattern.lastIndex = from;
    for (
      let match = pattern.exec(text);
      match && match.index < to;
      match = here ? null : pattern.exec(text)
    ) {
      const [start, end] = match.indices?.groups?.['value'] ?? match.indices?.[0] ?? [0, 0];
      if (match[0].length === 0) pattern.lastIndex += 1;
      if (seen.has(start) || start === end) continue;
      const checked = detector.check?.(text.slice(start, end), match) ?? true;
      if (checked === false) continue;
      const confidence: Confidence = checked === true ? detector.confidence : checked;
      const word = supportOf(detector, lower, start, end);
      const band = word === undefined ? confidence.alone : confidence.supported;
      if (band === 0) continue;
      seen.add(start);
      const why = [`has the form of: ${detector.name}`];
      if (checked !== true && checked.why !== undefined) why.push(checked.why);
      if (word !== undefined) why.push(`near the word "${word}"`);
      yield { detector, start, end, confidence: band, why, isValue: true };
    }
  }
}

function supportOf({ context }: Detector, lower: string, start: number, end: number): string | undefined {
  const around = `${lower.slice(Math.max(0, start - reach), start)}\n${lower.slice(end, end + reach)}`;
  return context?.find((word) => around.includes(word));
}

function* windows({ find }: Detector, text: string, lower: string): Generator<[number, number, boolean]> {
  switch (find.on) {
    case 'words':
      for (const word of find.words)
        for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + 1))
          if (find.at === 'here') yield [at, at + 1, true];
          else yield [Math.max(0, at - find.at.before), at + find.at.after, false];
      return;
    case 'digits':
      for (const { index, 0: run } of text.matchAll(digitRun)) {
        const count = run.replace(/\D/g, '').length;
        if (count < find.min || count > find.max) continue;
        yield [Math.max(0, index - (find.before ?? 0)), index + run.length + (find.after ?? 0), false];
      }
      return;
    case 'at':
      for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1))
        yield [Math.max(0, at - 80), at + 260, false];
      return;
    default:
      find satisfies never;
  }
}
