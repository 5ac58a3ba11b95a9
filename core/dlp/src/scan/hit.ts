/** What a scan says of one place. */
import type { Detector } from '../detector.ts';
import type { Band } from '../finding.ts';

export type Hit = {
  readonly detector: Pick<Detector, 'id' | 'class' | 'name' | 'token' | 'isProven'>;
  /** Byte offsets in the part. */
  readonly start: number;
  readonly end: number;
  readonly value: string;
  readonly confidence: Band;
  readonly why: readonly string[];
  /** Whether a redaction may replace it. */
  readonly isValue: boolean;
  /** Whether something speaks against it, or it stands without support: density does not make such a hit surer. */
  readonly isFirm: boolean;
  /** How specific the detector is, and how near its supporting word: the greater one wins where two hits overlap. */
  readonly rank: number;
};
