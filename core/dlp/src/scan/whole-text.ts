/** Detectors that see a part as a whole. */
import type { TextDetector, TextMatch, TextPiece, TextScan } from '../detector.ts';
import type { Hit } from './hit.ts';

/** The detectors of texts on their way through one part. */
export class WholeText {
  readonly #detectors: readonly TextDetector[];
  /** Of each detector, while it wants more of the part; made when the part is first seen. */
  #scans: (TextScan | undefined)[] | undefined;
  #isDone: boolean;

  constructor(detectors: readonly TextDetector[]) {
    this.#detectors = detectors;
    this.#isDone = detectors.length === 0;
  }

  /** Whether no detector wants more of the part. */
  get isDone(): boolean {
    return this.#isDone;
  }

  see(piece: TextPiece, found: (hit: Hit) => void): void {
    const detectors = this.#detectors;
    const scans = (this.#scans ??= detectors.map((detector) => detector.open()));
    this.#isDone = true;
    for (let at = 0; at < detectors.length; at++) {
      const [detector, scan] = [detectors[at], scans[at]];
      if (detector === undefined || scan === undefined) continue;
      const wantsMore = scan(piece, (match) => {
        found(hitOf(detector, match, piece));
      });
      if (wantsMore) this.#isDone = false;
      else scans[at] = undefined;
    }
  }
}

function hitOf(detector: TextDetector, match: TextMatch, { text, base }: TextPiece): Hit {
  const { start, end, confidence, why, kind, isValue } = match;
  return {
    detector: kind === undefined ? detector : { ...detector, class: `${detector.class}.${kind}` },
    start,
    end,
    value: text().slice(start - base, end - base),
    confidence,
    why: [why],
    isValue,
    isFirm: true,
    rank: 0,
  };
}
