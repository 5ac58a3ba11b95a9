import { binaryText } from '../src/scan/scanner.ts';
import { peopleDetectors, textDetectors } from '../src/detectors/people/index.ts';
import { referenceScan } from '../src/scan/reference.ts';

export type Seen = {
  readonly id: string;
  readonly class: string;
  readonly value: string;
  readonly confidence: number;
};

/** What the detectors of people say of `text`, values as they were written. */
export function seen(text: string): Seen[] {
  const binary = binaryText(new TextEncoder().encode(text));
  return referenceScan(binary, peopleDetectors, textDetectors).map(
    ({ detector, start, end, confidence }) => ({
      id: detector.id,
      class: detector.class,
      value: new TextDecoder().decode(Uint8Array.from(binary.slice(start, end), (one) => one.charCodeAt(0))),
      confidence,
    }),
  );
}

/** The values of one class, or of one detector. */
export function valuesOf(text: string, name: string): string[] {
  return seen(text)
    .filter((one) => one.class === name || one.id === name)
    .map((one) => one.value);
}

/** The highest confidence of one class; 0: nothing of it. */
export function bandOf(text: string, name: string): number {
  return Math.max(
    0,
    ...seen(text)
      .filter((one) => one.class === name || one.id === name)
      .map((one) => one.confidence),
  );
}
