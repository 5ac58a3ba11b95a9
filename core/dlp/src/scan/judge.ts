/** How sure a match is, and why: pattern, check, support, what speaks against it. */
import type { Checked, Detector } from '../detector.ts';
import type { Band } from '../finding.ts';
import type { Hit } from './hit.ts';
import { isPlaceholder } from './placeholder.ts';
import { supportReach } from './reach.ts';

/** A word beside a match. */
export type Beside = { readonly word: string; readonly start: number; readonly distance: number };

/** What stands around a match. */
export type Surroundings = {
  /** Nearest supporting word within reach. */
  readonly near?: Beside | undefined;
  /** Supporting word in the header of the column. */
  readonly column?: string | undefined;
  /** Nearest word that speaks against it. */
  readonly against?: string | undefined;
};

/** @returns undefined when this is not reported */
export function judge(
  detector: Detector,
  { start, end, value }: { readonly start: number; readonly end: number; readonly value: string },
  checked: Exclude<Checked, false>,
  surroundings: Surroundings,
): Hit | undefined {
  const { near, column, against } = surroundings;
  const { alone, supported } = checked === true ? detector.confidence : checked;
  const isSupported = near !== undefined || column !== undefined;
  const surest = column === undefined && isVague(detector, near) ? 75 : 85;
  const prior = isSupported ? (supported > surest ? surest : supported) : mayStandAlone(detector) ? alone : 0;
  if (prior === 0) return undefined;
  const isMadeUp = isPlaceholder(value);
  const isLowered = against !== undefined || isMadeUp;
  return new Judged({
    detector,
    start,
    end,
    value,
    confidence: isLowered ? below(prior) : prior,
    isFirm: !isLowered && (isSupported || detector.check !== undefined),
    rank: specificity(detector) * 1_000 + (column === undefined ? nearness(near) : supportReach + 1),
    grounds: { checked, surroundings, isMadeUp },
  });
}

/** What a verdict rests on. */
type Grounds = {
  readonly checked: Exclude<Checked, false>;
  readonly surroundings: Surroundings;
  readonly isMadeUp: boolean;
};

/** Of most hits nobody asks why, so that is put into words only when somebody does. */
class Judged implements Hit {
  readonly detector: Detector;
  readonly start: number;
  readonly end: number;
  readonly value: string;
  readonly confidence: Band;
  readonly isValue = true;
  readonly isFirm: boolean;
  readonly rank: number;
  readonly #grounds: Grounds;

  constructor(of: Omit<Hit, 'detector' | 'why' | 'isValue'> & { detector: Detector; grounds: Grounds }) {
    this.detector = of.detector;
    this.start = of.start;
    this.end = of.end;
    this.value = of.value;
    this.confidence = of.confidence;
    this.isFirm = of.isFirm;
    this.rank = of.rank;
    this.#grounds = of.grounds;
  }

  get why(): readonly string[] {
    const { checked, surroundings, isMadeUp } = this.#grounds;
    const { near, column, against } = surroundings;
    const why = [`has the form of: ${this.detector.name}`];
    if (checked !== true && checked.why !== undefined) why.push(checked.why);
    else if (this.detector.check !== undefined) why.push('passes the checks of that form');
    if (column !== undefined) why.push(`in a column headed "${shown(column)}"`);
    else if (near !== undefined) why.push(`near the word "${shown(near.word)}"`);
    if (against !== undefined) why.push(`less sure: near the word "${shown(against)}"`);
    if (isMadeUp) why.push('less sure: looks made up');
    return why;
  }
}

/** A short word is a word of many languages (sat, run, pin): it names a number only where that follows. */
function isVague({ find }: Detector, near: Beside | undefined): boolean {
  return find.on === 'digits' && near !== undefined && near.word.length < 4 && near.distance > 24;
}

/** Digits that need a supporting word are not looked at where there is none, whatever their check would say. */
export function mayStandAlone({ find, confidence }: Detector): boolean {
  return find.on !== 'digits' || confidence.alone !== 0 || find.isParted === true;
}

/** The nearer, then the longer, then the earlier one. */
export function nearer(a: Beside | undefined, b: Beside): Beside {
  if (a === undefined || b.distance < a.distance) return b;
  if (b.distance > a.distance) return a;
  return b.word.length > a.word.length || (b.word.length === a.word.length && b.start < a.start) ? b : a;
}

export function below(band: Band): Band {
  return band === 85 ? 75 : 65;
}

export function above(band: Band): Band {
  return band === 65 ? 75 : 85;
}

function nearness(near: Beside | undefined): number {
  return near === undefined ? 0 : supportReach + 1 - near.distance;
}

const known = new WeakMap<Detector, number>();

function specificity(detector: Detector): number {
  let one = known.get(detector);
  if (one === undefined) known.set(detector, (one = specificityOf(detector)));
  return one;
}

/** A fixed prefix says more than a check digit, that more than a form, and any more than "some secret". */
function specificityOf({ id, class: name, find, check }: Detector): number {
  if (/generic|entropy/.test(`${id} ${name}`)) return 0;
  if (find.on === 'words' && find.at === 'here') return 3;
  return check === undefined ? 1 : 2;
}

/** Detectors keep their words as binary text. */
function shown(word: string): string {
  if (!/[\x80-\xff]/.test(word)) return word;
  return new TextDecoder().decode(Uint8Array.from(word, (one) => one.charCodeAt(0)));
}
