/** Detectors that see the beginning of a part as a whole. */
import type { TextDetector } from '../detector.ts';
import type { Hit } from './hit.ts';

/** @param text the first bytes of a part as binary text, at least as many as any of the detectors asks for, or all */
export function* ofTexts(text: string, detectors: readonly TextDetector[]): Generator<Hit> {
  for (const detector of detectors)
    for (const { kind, why, ...match } of detector.scan(text.slice(0, detector.maxBytes)))
      yield {
        ...match,
        detector: kind === undefined ? detector : { ...detector, class: `${detector.class}.${kind}` },
        value: text.slice(match.start, match.end),
        why: [why],
        isFirm: true,
        rank: 0,
      };
}
