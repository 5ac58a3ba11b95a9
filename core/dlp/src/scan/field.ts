/** A text that is one value and nothing else: a field, whose check digit has to stand for the words that are not there. */
import type { Detector } from '../detector.ts';
import type { Hit } from './hit.ts';
import { isPlaceholder } from './placeholder.ts';

/** Bytes of a text that may be a field, blanks included, and characters of the value in it. */
export const fieldBytes = 128;
const mostCharacters = 64;

/** Digits alone say less than digits and letters. */
const leastDigits = 9;
const leastMixed = 8;
const date = /^(?:19|20)\d\d[-./]?[01]\d[-./]?[0-3]\d(?:[T ]?\d\d:?\d\d)?/;

/** Where a number is valid in several registers, the first of these is named. */
const classOrder = [
  'financial.card',
  'pii.iban',
  'pii.national_id',
  'pii.social_security',
  'pii.tax_id',
  'health',
];

export type Whole = { readonly detector: Detector; readonly pattern: RegExp };

/** Detectors with the pattern that a value has to match as a whole. */
export function wholesOf(detectors: readonly Detector[]): Whole[] {
  return detectors
    .filter(({ neverAlone }) => neverAlone !== true)
    .map((detector) => {
      const { source, flags } = detector.alone ?? detector.pattern;
      return { detector, pattern: new RegExp(`^(?:${source})$`, flags) };
    });
}

/** Whether `value`, without blanks around it, is what the detector looks for. */
export function isWhole({ detector, pattern }: Whole, value: string): boolean {
  const match = pattern.exec(value);
  return match !== null && (detector.check?.(match.groups?.['value'] ?? value, match) ?? true) !== false;
}

/**
 * @param wholes of detectors whose check proves a value
 * @param text all of a part, as binary text
 * @returns what the value in it is, with the lowest band; undefined where it is no value or nothing proves it
 */
export function fieldIn(wholes: readonly Whole[], text: string): Hit | undefined {
  const value = text.trim();
  const compact = value.replace(/[^0-9A-Za-z]/g, '');
  const least = /^\d*$/.test(compact) ? leastDigits : leastMixed;
  if (value.length > mostCharacters || compact.length < least || !/\d{2}/.test(compact)) return undefined;
  if (date.test(value) || isPlaceholder(value)) return undefined;
  const found = wholes.filter((whole) => isWhole(whole, value));
  const [first] = found.toSorted((a, b) => orderOf(a) - orderOf(b));
  if (first === undefined) return undefined;
  const start = text.indexOf(value);
  const why = [`has the form of: ${first.detector.name}`, 'its check digit holds', 'is all of the text'];
  if (found.length > 1) why.push(`may be one of ${found.length} kinds of numbers`);
  return {
    detector: first.detector,
    start,
    end: start + value.length,
    value,
    confidence: 65,
    why,
    isValue: true,
    isFirm: false,
    rank: 0,
  };
}

function orderOf({ detector }: Whole): number {
  const at = classOrder.findIndex((name) => detector.class.startsWith(name));
  return at < 0 ? classOrder.length : at;
}
