/** Detectors that see a part as a whole. */
import type { TextDetector, TextMatch, TextPiece, TextScan } from '../detector.ts';
import type { Hit } from './hit.ts';

type Open = { readonly detector: TextDetector; readonly scan: TextScan };

/** The detectors of texts on their way through one part. */
export class WholeText {
  #open: readonly Open[];

  constructor(detectors: readonly TextDetector[]) {
    this.#open = detectors.map((detector) => ({ detector, scan: detector.open() }));
  }

  /** Whether no detector wants more of the part. */
  get isDone(): boolean {
    return this.#open.length === 0;
  }

  see(piece: TextPiece, found: (hit: Hit) => void): void {
    this.#open = this.#open.filter(({ detector, scan }) =>
      scan(piece, (match) => {
        found(hitOf(detector, match, piece));
      }),
    );
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
