import type { Extracted, Label, ProblemCode } from '../../src/index.ts';
import { defaultLimits, sourceOf } from '../../src/index.ts';
import { extract } from '../../src/documents/index.ts';
import { nodeDlpHost } from '../../src/node/index.ts';

/** Everything that is read out of `bytes`. */
export function readAll(bytes: Uint8Array): {
  type: string;
  text: string;
  parts: string[];
  labels: Label[];
  problems: ProblemCode[];
} {
  const items: Extracted[] = [...extract(sourceOf(bytes), nodeDlpHost(), defaultLimits)];
  const texts = items.filter((one) => one.kind === 'text');
  return {
    type: items.find((one) => one.kind === 'type')?.type ?? '',
    text: texts.map(({ text }) => new TextDecoder().decode(text)).join('\n'),
    parts: texts.map(({ part }) => part),
    labels: items.flatMap((one) => (one.kind === 'label' ? [one.label] : [])),
    problems: items.flatMap((one) => (one.kind === 'problem' ? [one.problem.code] : [])),
  };
}

export const latin = (text: string): Uint8Array =>
  Uint8Array.from(text, (character) => character.charCodeAt(0) & 255);
