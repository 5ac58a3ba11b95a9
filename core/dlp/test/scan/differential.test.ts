import { expect, test } from 'vitest';
import type { Detector } from '../../src/detector.ts';
import { detectors as shipped } from '../../src/detectors/index.ts';
import type { Hit } from '../../src/scan/hit.ts';
import { referenceScan } from '../../src/scan/reference.ts';
import { Scanner } from '../../src/scan/scanner.ts';
import { dummies } from './dummies.ts';
import { randomOf } from '../random.ts';

/** Text that is made of what detectors look for, and of what parts it. */
function textOf(random: (below: number) => number, length: number, detectors: readonly Detector[]): string {
  const words = detectors.flatMap(({ find, context = [], against = [] }) => [
    ...(find.on === 'words' ? find.words : []),
    ...context,
    ...against,
  ]);
  const glue = [
    ' ',
    ' ',
    '\n',
    ',',
    ';',
    '\t',
    '=',
    ': ',
    '"',
    '_',
    '-',
    'x',
    'Ab',
    '\xc3\xa4',
    '@',
    '.com',
    'test ',
    ' sha ',
  ];
  const digits = (): string => Array.from({ length: 1 + random(17) }, () => random(10)).join('');
  const pieces: (() => string)[] = [
    () => words[random(words.length)] ?? '',
    () => (words[random(words.length)] ?? '').toUpperCase(),
    () => glue[random(glue.length)] ?? '',
    () => glue[random(glue.length)] ?? '',
    digits,
    () => `${digits()}${'- ./'[random(4)] ?? ''}${digits()}`,
    () => Array.from({ length: 3 + random(40) }, () => 'abcXYZ0189+/'[random(12)] ?? '').join(''),
    () => `-----BEGIN KEY-----${'QUJD'.repeat(random(40) * random(40))}-----END KEY-----`,
    () => '7 '.repeat(random(300)),
    () => 'name,nin,card\n',
    () => `${digits()},${digits()},${digits()}\n`,
    () => 'ab cd '.repeat(random(120)),
  ];
  let text = random(2) === 0 ? 'nin,card,mail\n' : '';
  while (text.length < length) text += pieces[random(pieces.length)]?.() ?? '';
  return text;
}

function scanned(scanner: Scanner, text: string, step: () => number): Hit[] {
  const bytes = Uint8Array.from(text, (one) => one.charCodeAt(0));
  const stream = scanner.open();
  const hits: Hit[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = step();
    hits.push(...stream.push(bytes.subarray(at, at + length)));
    at += length;
  }
  return [...hits, ...stream.end()];
}

const plain = (hits: readonly Hit[]): unknown[] =>
  hits.map(({ detector, why, ...rest }) => ({ id: detector.id, why, ...rest }));

test.each([
  ['made-up detectors', dummies, 24],
  ['shipped detectors', shipped, 12],
] as const)(
  'the pipeline finds what the reference finds, whatever pieces a text comes in: %s',
  (_, detectors, seeds) => {
    const scanner = new Scanner({ detectors });
    let found = 0;
    for (let seed = 1; seed <= seeds; seed++) {
      const random = randomOf(seed);
      const text = textOf(random, seed % 6 === 0 ? 260_000 : 200 + random(9_000), detectors);
      const expected = referenceScan(text, detectors);
      const steps = [() => 1_000_000, () => 1 + random(20_000)];
      for (const step of steps)
        expect(plain(scanned(scanner, text, step)), `seed ${seed}`).toEqual(plain(expected));
      found += expected.length;
    }
    if (detectors === dummies) expect(found).toBeGreaterThan(100);
  },
);
