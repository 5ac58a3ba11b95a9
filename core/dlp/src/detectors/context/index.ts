import type { Detector } from '../../detector.ts';

export const contextDetectors: readonly Detector[] = [];
