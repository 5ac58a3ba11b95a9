/** Customers' definitions in the form that a scanner takes. */
import type { Detector } from '../detector.ts';
import type { DlpHost } from '../document.ts';
import { above } from '../scan/judge.ts';
import type { PartScan } from '../scan/part-scan.ts';
import { variantsOf } from '../scan/vocabulary.ts';
import { DictionaryScan } from './dictionary.ts';
import { CustomError } from './errors.ts';
import { ExactScan } from './exact.ts';
import { FingerprintScan, fingerprintIndexOf } from './fingerprint.ts';
import type { Custom, CustomPattern } from './schema.ts';

export type CompiledCustom = {
  readonly detectors: readonly Detector[];
  /** Words of dictionaries, as binary text. */
  readonly lists: readonly (readonly string[])[];
  readonly openLists: () => DictionaryScan[];
  readonly openScans: () => PartScan[];
};

/** @throws CustomError when exact data is asked for and the host has no keyed hash */
export function compiledCustom(custom: Custom, { keyedHash }: Pick<DlpHost, 'keyedHash'>): CompiledCustom {
  const { patterns, dictionaries, exact, fingerprints } = custom;
  if (exact.length > 0 && keyedHash === undefined)
    throw new CustomError('custom_malformed', 'dlp.exact cannot be used here: the host has no keyed hash');
  const index = fingerprintIndexOf(fingerprints);
  const weights = dictionaries.map(
    ({ words }) =>
      new Map(
        [...words].flatMap(([word, weight]) => variantsOf(binary(word)).map((one) => [one, weight] as const)),
      ),
  );
  return {
    detectors: patterns.map(detectorOf),
    lists: weights.map((words) => [...words.keys()]),
    openLists: () =>
      dictionaries.map((one, at) => new DictionaryScan(one, weights[at] ?? new Map<string, number>())),
    openScans: () => [
      ...exact.flatMap((data) => (keyedHash ? [new ExactScan(data, keyedHash)] : [])),
      ...(fingerprints.length > 0 ? [new FingerprintScan(index)] : []),
    ],
  };
}

function detectorOf({ id, class: name, name: title, pattern, ignoreCase, ...more }: CustomPattern): Detector {
  const { anchors, within, confidence, context } = more;
  return {
    id,
    class: name,
    name: title,
    token: 'CUSTOM',
    find: { on: 'words', words: anchors.map(binary), at: { before: within, after: within } },
    pattern: new RegExp(inBytes(pattern), ignoreCase ? 'i' : ''),
    confidence: { alone: confidence, supported: context.length > 0 ? above(confidence) : confidence },
    context: context.map(binary),
    neverAlone: true,
    source: 'defined by the customer',
  };
}

/** UTF-8, one character per byte. */
function binary(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}

/** The pattern over bytes; letters outside of ASCII stand alone there, which `lintPattern` saw to. */
function inBytes(pattern: string): string {
  return pattern.replace(/[^\x00-\x7f]/gu, (letter) => `(?:${binary(letter)})`);
}
