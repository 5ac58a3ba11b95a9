/** The compiled looks at bytes say what the same looks say when they are written down plainly. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { headerIn, isRunByte, lastDirectoryEnd, mark, marksOf, placesIn } from '../src/survey.ts';

const latin = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

/** Text out of pieces that matter, long enough to cross from one chunk into the next now and then. */
const textOf = (pieces: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary-ascii', maxLength: 3 })), {
        maxLength: 60,
      }),
      fc.constantFrom(0, 0, 0, 3, 65_430, 65_500, 65_533, 65_535),
    )
    .map(([parts, ahead]) => 'x '.repeat(ahead).slice(0, ahead) + parts.join(''));

const utf8 = (text: string): string => Buffer.from(text).toString('latin1');
const filler = 'words of a text '.repeat(12);
const run = 'Zm9vYmFyL2Jh+_-9'.repeat(3);

const percent = /%(?:3[0-9]|4[0-9a-f]|5[0-9a]|6[1-9a-f]|7[0-9a])/i;
const reference = /&(?:#|nbs|shy|zwn|zwj)/;
const escape = new RegExp(
  `\\\\(?:x${percent.source.slice(1)}|u00${percent.source.slice(1)}|u00[aA][dD]|u(?:20|[fF]{2}|06|[fF][eE]))`,
);
const foreign = new RegExp(
  [
    '\xc2\xad|(?<=[0-9])\xc2\xa0|\xc2\xa0(?=[0-9])|\xcd\x8f',
    '(?<=[0-9A-Za-z])[\xd0\xd1]|[\xd0\xd1][^](?=[0-9A-Za-z])',
    '\xd9[\xa0-\xa9]|\xdb[\xb0-\xb9]|\xe0[\xa5\xa7][\xa6-\xaf]|\xe1\x85[\x9f\xa0]',
    '(?<=[0-9])\xe2\x80[\x90-\x95]|\xe2\x80[\x90-\x95](?=[0-9])|\xe2\x80[\x8b-\x8f\xaa-\xaf]',
    '(?<=[0-9])\xe2\x88\x92|\xe2\x88\x92(?=[0-9])|\xe2\x81|\xe2\x82[\0-\x89]|\xe2\x91',
    '\xef\xbc[\x90-\x99\xa1-\xba]|\xef\xbd[\x81-\x9a]|(?<=[^])\xef\xbb\xbf|\xef\xb8[\x80-\x8f]',
    '\xf0\x9d[\x90-\xff]',
  ].join('|'),
);

/** Where each kind stands, none within 160 bytes behind another of its kind. */
function plainPlaces(text: string): number[] {
  const found: number[] = [];
  for (const kind of [percent, reference, escape, foreign]) {
    const pattern = new RegExp(kind.source, `${kind.flags}g`);
    for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
      found.push(match.index);
      pattern.lastIndex = match.index + 161;
    }
  }
  return found.sort((a, b) => a - b);
}

const ways = ['%41', '%2', '%C3%A4', '%40', '&#65;', '&shy', '&zwnj;', '&amp;', '\\x41', '\\x0a', '\\u0041'];
const escapes = [
  '\\u00ad',
  '\\u200b',
  '\\uFF21',
  '\\u0661',
  '\\ufeff',
  '\\n',
  '\\',
  '%',
  '&',
  '7',
  'a',
  ' ',
  '0',
];
const strange = [
  '\u200b',
  '\u00ad',
  '\u00a0',
  'Ж',
  'п',
  '٣',
  '۳',
  '३',
  'ੜ',
  'ᅟ',
  '–',
  '−',
  '\u2061',
  '①',
  'Ａ',
  'ａ',
];
const wide = ['１', '\ufeff', '\ufe0f', '𝐀', 'ä', '漢', '₀', '\u034f'];

test('[req: dlp:documents] places that say something else are those that patterns find', () => {
  const pieces = [...ways, ...escapes, ...[...strange, ...wide].map(utf8), filler];
  fc.assert(
    fc.property(textOf(pieces), (text) => {
      expect(placesIn(bytesOf(text)).places).toEqual(plainPlaces(text));
    }),
    { numRuns: 1500 },
  );
});

test('[req: dlp:documents] every run of base64 is told by its beginning', () => {
  const pieces = [run, run.slice(0, 39), run.slice(0, 40), run.slice(0, 7), ' ', '\n', '=', '\x80'];
  fc.assert(
    fc.property(textOf(pieces), (text) => {
      const expected = [...text.matchAll(/[A-Za-z0-9+/_-]{40,}/g)];
      const { runs } = placesIn(bytesOf(text));
      expect(expected.map(({ index }) => index).filter((at) => !runs.includes(at))).toEqual([]);
      // What is told besides lies within one that began before.
      for (const at of runs)
        expect(expected.some((one) => one.index <= at && at < one.index + one[0].length)).toBe(true);
    }),
    { numRuns: 1500 },
  );
  expect(isRunByte.reduce((sum, one) => sum + one, 0)).toBe(66);
});

test('marks are those of any byte', () => {
  const pieces = [
    '\x80',
    '\xff',
    '\0',
    '\x06',
    '\x07',
    '\x0d',
    '\x0e',
    '\x1a',
    '\x1b',
    '\x1c',
    '\x1f',
    filler,
  ];
  fc.assert(
    fc.property(textOf(pieces), (text) => {
      const expected =
        (/[\x80-\xff]/.test(text) ? mark.high : 0) +
        // oxlint-disable-next-line no-control-regex -- they are what is looked for
        (/[\0-\x06\x0e-\x1a\x1c-\x1f]/.test(text) ? mark.control : 0) +
        (text.includes('\0') ? mark.zero : 0);
      expect(marksOf(bytesOf(text))).toBe(expected);
    }),
    { numRuns: 1000 },
  );
});

test('[req: dlp:documents] the last end of a directory is found wherever it stands', () => {
  const pieces = ['PK\x05\x06', 'PK', 'P', 'K\x05\x06', 'PK\x05', filler.slice(0, 31)];
  fc.assert(
    fc.property(textOf(pieces), fc.integer({ min: 3, max: 40 }), (text, less) => {
      const before = text.length - less;
      const expected = before <= 0 ? -1 : text.lastIndexOf('PK\x05\x06', before - 1);
      expect(lastDirectoryEnd(bytesOf(text), before)).toBe(expected);
    }),
    { numRuns: 1500 },
  );
});

const longest = 64;

function cellsOf(line: string, delimiter: string): string[] {
  const cells = [''];
  let isQuoted = false;
  for (const character of line) {
    if (character === '"') isQuoted = !isQuoted;
    if (character === delimiter && !isQuoted) cells.push('');
    else cells.push(`${cells.pop() ?? ''}${character}`);
  }
  return cells;
}

const counted = (text: string, kind: RegExp): number => text.match(kind)?.length ?? 0;

function isHeader(cells: readonly string[]): boolean {
  const kinds = cells.map((cell) => ({
    letters: counted(cell, /[A-Za-z\x80-\xff]/g),
    digits: counted(cell, /[0-9]/g),
    others: counted(cell, /[!#-/:-@[-^`{-\x7f]/g),
    length: cell.length,
  }));
  const filled = kinds.filter(({ letters, digits }) => letters + digits > 0);
  if (filled.some(({ digits, length }) => digits > 4 || length > longest)) return false;
  const named = filled.filter(({ letters, digits, others }) => letters > digits && letters >= others);
  return named.length >= 2 && named.length * 2 > filled.length;
}

function plainHeader(text: string, most: number): [number, string] | undefined {
  const lines = [...text.matchAll(/[^\n]{2,}/g)].slice(0, most);
  for (const [index, header] of lines.entries()) {
    const next = lines[index + 1]?.[0];
    if (next === undefined) return undefined;
    for (const delimiter of ['\t', ';', '|', ',']) {
      const cells = cellsOf(header[0], delimiter);
      if (cells.length < 2 || cellsOf(next, delimiter).length !== cells.length) continue;
      if (isHeader(cells)) return [header.index, delimiter];
    }
    const [name] = header;
    if (index > 0 || name.length > longest || next.length > longest) continue;
    if (counted(name, /[A-Za-z\x80-\xff]/g) > 1 && !/\d/.test(name) && counted(next, /\d/g) > 4)
      return [header.index, '\n'];
  }
  return undefined;
}

test('the header of a table is the line that a plain reading of it gives', () => {
  const names = [
    'name',
    'iban',
    'a b',
    '"a;b"',
    '"ab',
    '"',
    'x'.repeat(63),
    'x'.repeat(65),
    '\xc3\xa4',
    'n--',
    'n-',
  ];
  const values = ['', '12345', '1234', '7', 'n7', 'nn7', '--', '_', '\r', '"a,b"'];
  const cell = fc.constantFrom(...names, ...names, ...values);
  const delimiter = fc.constantFrom('\t', ';', '|', ',');
  const line = fc
    .tuple(fc.array(cell, { maxLength: 5 }), delimiter)
    .map(([cells, between]) => cells.join(between));
  const texts = fc.array(line, { maxLength: 6 }).map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(texts, fc.constantFrom(2, 3, 20), (text, most) => {
      const found = headerIn(bytesOf(text), most, longest);
      expect(found && [found.start, String.fromCharCode(found.delimiter)]).toEqual(plainHeader(text, most));
      if (found) expect(latin(bytesOf(text)).slice(found.start, found.end)).not.toContain('\n');
    }),
    { numRuns: 4000 },
  );
});
