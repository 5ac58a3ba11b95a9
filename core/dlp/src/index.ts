export { classify } from './classify.ts';
export type { Checked, Confidence, Detector, Find, TextDetector, TextMatch } from './detector.ts';
export type { DlpHost, Extracted, Inflated, Limits, Source } from './document.ts';
export { defaultLimits } from './documents/index.ts';
export type { Band, ClassCount, Classification, Finding, Label, Problem, ProblemCode } from './finding.ts';
export { isWithin, redact, type Redacted, type RedactOptions } from './redact.ts';
export { sourceOf } from './source.ts';
