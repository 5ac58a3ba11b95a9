import type { Detector, TextDetector } from '../../detector.ts';

export const peopleDetectors: readonly Detector[] = [];
export const textDetectors: readonly TextDetector[] = [];
