import type { Detector } from '../../detector.ts';

export const tokenDetectors: readonly Detector[] = [];
