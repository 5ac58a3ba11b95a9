/** What all hits of a file come to: counts by class, the first findings, and what many of a kind in one part say of each. */
import type { Band, ClassCount, Finding } from './finding.ts';
import type { Hit } from './scan/hit.ts';
import { above } from './scan/judge.ts';
import { hashOf, ValueSet } from './value-set.ts';

/** So many different values of one kind in a part are no coincidence, unless checks refuse many others there. */
const dense = 10;
const mostRefusedPerHit = 0.25;

/** Values of a class that are told apart; more count as that many. */
const mostDistinct = 100_000;

type ClassTally = { count: number; readonly values: ValueSet; confidence: Band };
type Kept = { finding: Finding; readonly isFirm: boolean };
type KindInPart = {
  readonly class: string;
  /** Many of what no check proves are a sure sign of a list, and not that each is what it seems. */
  readonly most: Band;
  /** The first different ones, as hashes. */
  readonly values: number[];
  firm: number;
  confidence: Band;
};

export class Tally {
  readonly #classes = new Map<string, ClassTally>();
  readonly #findings: Kept[] = [];
  readonly #maxFindings: number;
  /** Of the part that is under way, by detector. */
  readonly #kinds = new Map<string, KindInPart>();
  #firstOfPart = 0;

  constructor(maxFindings: number) {
    this.#maxFindings = maxFindings;
  }

  add(hit: Hit, part: string): void {
    this.#count(hit, hashOf(hit.value));
    this.#keep(hit, part);
  }

  /** A hit in another view of what was looked at before: the same value is not counted twice. */
  addView(hit: Hit, part: string): void {
    const hash = hashOf(hit.value);
    if (this.#classes.get(hit.detector.class)?.values.has(hash) === true) return;
    this.#count(hit, hash);
    this.#keep(hit, part);
  }

  /** The part ends. @param refusedBy how many matches of a detector its check refused in it */
  endPart(refusedBy: (detector: string) => number): void {
    for (const [id, { class: name, values, firm, confidence, most }] of this.#kinds) {
      if (values.length < dense || refusedBy(id) > firm * mostRefusedPerHit) continue;
      const known = this.#classes.get(name);
      const raised = lower(above(confidence), most);
      if (known !== undefined && raised > known.confidence) known.confidence = raised;
      for (let at = this.#firstOfPart; at < this.#findings.length; at++) {
        const kept = this.#findings[at];
        if (kept?.finding.detector !== id || !kept.isFirm || kept.finding.confidence >= most) continue;
        const why = [...kept.finding.why, `surer: at least ${dense} different ones in this part`];
        kept.finding = { ...kept.finding, confidence: above(kept.finding.confidence), why };
      }
    }
    // Customers' lists and documents are found at the end of a part.
    const sorted = this.#findings.slice(this.#firstOfPart).sort((a, b) => a.finding.start - b.finding.start);
    for (const [at, kept] of sorted.entries()) this.#findings[this.#firstOfPart + at] = kept;
    this.#kinds.clear();
    this.#firstOfPart = this.#findings.length;
  }

  classes(): ClassCount[] {
    return [...this.#classes].map(([name, { count, values, confidence }]) => ({
      class: name,
      count,
      distinct: values.size,
      confidence,
    }));
  }

  findings(): Finding[] {
    return this.#findings.map(({ finding }) => finding);
  }

  #count({ detector, confidence, isFirm }: Hit, hash: number): void {
    let known = this.#classes.get(detector.class);
    if (known === undefined) {
      known = { count: 0, values: new ValueSet(), confidence: 65 };
      this.#classes.set(detector.class, known);
    }
    known.count += 1;
    if (known.values.size < mostDistinct) known.values.add(hash);
    if (confidence > known.confidence) known.confidence = confidence;
    if (isFirm) this.#countFirm(detector, hash, confidence);
  }

  #countFirm(detector: Hit['detector'], hash: number, confidence: Band): void {
    let kind = this.#kinds.get(detector.id);
    if (kind === undefined) {
      const most = detector.isProven === true ? 85 : 75;
      kind = { class: detector.class, most, values: [], firm: 0, confidence };
      this.#kinds.set(detector.id, kind);
    }
    kind.firm += 1;
    if (kind.values.length < dense && !kind.values.includes(hash)) kind.values.push(hash);
    if (confidence > kind.confidence) kind.confidence = confidence;
  }

  /** What is beyond the first ones is counted and nothing else. */
  #keep(hit: Hit, part: string): void {
    if (this.#findings.length >= this.#maxFindings) return;
    const { detector, start, end, confidence, why, isValue, isFirm } = hit;
    const finding = {
      detector: detector.id,
      class: detector.class,
      start,
      end,
      confidence,
      why,
      part,
      ...(isValue ? { token: detector.token } : { isValue }),
    };
    this.#findings.push({ finding, isFirm });
  }
}

function lower(a: Band, b: Band): Band {
  return a < b ? a : b;
}
