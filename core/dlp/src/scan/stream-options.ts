/** What one part is scanned with. */
import type { DictionaryScan } from '../custom/dictionary.ts';
import type { TextDetector } from '../detector.ts';
import type { Candidates } from './candidates.ts';
import type { Kernel } from './kernel.ts';
import type { PartScan } from './part-scan.ts';
import type { Plan } from './plan.ts';
import type { Support } from './support.ts';

export type StreamOptions = {
  readonly plan: Plan;
  readonly kernel: Kernel;
  readonly candidates: Candidates;
  readonly support: Support;
  readonly textDetectors: readonly TextDetector[];
  readonly textOf: (bytes: Uint8Array) => string;
  /** Classes that hits are given of, with all below them; undefined: all. */
  readonly only?: readonly string[] | undefined;
  /** By number, as the plan's words name them. */
  readonly lists?: readonly DictionaryScan[];
  readonly scans?: readonly PartScan[];
};
