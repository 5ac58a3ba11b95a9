/** Something that sees all bytes of one part beside the detectors, and says at its end what it found. */
import type { Hit } from './hit.ts';

export type PartScan = {
  readonly push: (bytes: Uint8Array) => void;
  readonly end: () => Hit[];
};
