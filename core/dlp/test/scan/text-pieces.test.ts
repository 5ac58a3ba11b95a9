import { expect, test } from 'vitest';
import { textDetectors } from '../../src/detectors/people/index.ts';
import type { Hit } from '../../src/scan/hit.ts';
import { referenceScan } from '../../src/scan/reference.ts';
import { Scanner } from '../../src/scan/scanner.ts';

const scanner = new Scanner({ detectors: [], textDetectors });

function scanned(text: string, step: number): Hit[] {
  const bytes = Uint8Array.from(text, (one) => one.charCodeAt(0));
  const stream = scanner.open();
  const hits: Hit[] = [];
  for (let at = 0; at < bytes.length; at += step) hits.push(...stream.push(bytes.subarray(at, at + step)));
  return [...hits, ...stream.end()];
}

const plain = (hits: readonly Hit[]): unknown[] =>
  hits.map(({ detector, ...rest }) => ({ id: detector.id, class: detector.class, ...rest }));

const first = ['Joris', 'Anna-Maria', 'J\xc3\xbcrgen', 'Mary', 'Olga'];
const last = ['Byrne', 'M\xc3\xbcller', "O'Neill", 'van der Berg', 'Ivanova'];
const person = (at: number): string => `${first[at % 5] ?? ''} ${last[(at * 7 + (at >> 3)) % 5] ?? ''}`;
const rows = (count: number, row: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => row(at)).join('\n');

const texts: readonly (readonly [string, string, number])[] = [
  ['a list of names', rows(20_000, (at) => `${String(at)} ${person(at)}, ${'x'.repeat(at % 13)}`), 15_000],
  [
    'a table of people',
    `name,dob,phone\n${rows(9_000, (at) => `"${person(at)}",19${String(10 + (at % 80))}-01-02,+31 6 ${String(18_000_000 + at)}`)}`,
    25_000,
  ],
  [
    'postcodes',
    rows(12_000, (at) => `${'lorem ipsum '.repeat(at % 4)}SW${String(at % 20)} ${String(at % 10)}AA;`),
    10_000,
  ],
  [
    'rows that are longer than a row may be',
    `name,dob\n${rows(12, (at) => (at % 3 === 1 ? 'a,'.repeat(20_000 + at) : `${person(at)},1970-01-02`))}`,
    4,
  ],
  [
    'a program',
    rows(
      9_000,
      (at) =>
        `const v${String(at)} = f('./${String(at)}');\nimport a from '${String(at)}';\nreturn a;\nlet b = c;`,
    ),
    1,
  ],
  ['names behind 40 KB of other text', `${'lorem ipsum dolor, '.repeat(2_200)}${rows(5_000, person)}`, 0],
];

test.each(texts)('the pieces that a text comes in do not change what is found: %s', (_, text, least) => {
  const expected = plain(referenceScan(text, [], textDetectors));
  expect(expected.length).toBeGreaterThanOrEqual(least);
  for (const step of [1 << 16, 50_021]) expect(plain(scanned(text, step))).toEqual(expected);
});
