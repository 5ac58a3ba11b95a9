/** What all hits of a file come to: counts by class, the first findings, and what many of a kind in one part say of each. */
import type { Band, ClassCount, Finding } from './finding.ts';
import type { Hit } from './scan/hit.ts';
import { above } from './scan/judge.ts';

/** So many different values of one kind in a part are no coincidence, unless checks refuse many others there. */
const dense = 10;
const mostRefusedPerHit = 0.25;

/** Values of a class that are told apart; more count as that many. */
const mostDistinct = 100_000;

type ClassTally = { count: number; readonly values: Set<number>; confidence: Band };
type Kept = { finding: Finding; readonly isFirm: boolean };
type KindInPart = {
  readonly class: string;
  /** Many of what no check proves are a sure sign of a list, and not that each is what it seems. */
  readonly most: Band;
  readonly values: Set<number>;
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

  add({ detector, start, end, value, confidence, why, isFirm, isValue }: Hit, part: string): void {
    const hash = hashOf(value);
    const known = this.#classes.get(detector.class) ?? { count: 0, values: new Set(), confidence: 65 };
    known.count += 1;
    if (known.values.size < mostDistinct) known.values.add(hash);
    if (confidence > known.confidence) known.confidence = confidence;
    this.#classes.set(detector.class, known);
    if (isFirm) this.#addFirm(detector, hash, confidence);
    if (this.#findings.length >= this.#maxFindings) return;
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

  /** A hit in another view of what was looked at before: the same value is not counted twice. */
  addView(hit: Hit, part: string): void {
    if (this.#classes.get(hit.detector.class)?.values.has(hashOf(hit.value)) !== true) this.add(hit, part);
  }

  /** The part ends. @param refusedBy how many matches of a detector its check refused in it */
  endPart(refusedBy: (detector: string) => number): void {
    for (const [id, { class: name, values, firm, confidence, most }] of this.#kinds) {
      if (values.size < dense || refusedBy(id) > firm * mostRefusedPerHit) continue;
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

  #addFirm(detector: Hit['detector'], hash: number, confidence: Band): void {
    const kind = this.#kinds.get(detector.id) ?? {
      class: detector.class,
      most: detector.isProven === true ? 85 : 75,
      values: new Set(),
      firm: 0,
      confidence,
    };
    kind.firm += 1;
    if (kind.values.size < dense) kind.values.add(hash);
    if (confidence > kind.confidence) kind.confidence = confidence;
    this.#kinds.set(detector.id, kind);
  }
}

function lower(a: Band, b: Band): Band {
  return a < b ? a : b;
}

/** 53 bits of two multiplicative hashes: enough to tell a hundred thousand values apart, and no value is kept. */
function hashOf(value: string): number {
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    high = Math.imul(high ^ code, 2_654_435_761);
    low = Math.imul(low ^ code, 1_597_334_677);
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  return 4_294_967_296 * (2_097_151 & low) + (high >>> 0);
}
