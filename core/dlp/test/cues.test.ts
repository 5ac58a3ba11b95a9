import { expect, test } from 'vitest';
import { Cues } from '../src/detectors/people/cues.ts';
import { givenNames } from '../src/detectors/people/given-names.ts';
import { binary, capitalised } from '../src/detectors/people/letters.ts';
import { lineFormOf, markOf } from '../src/detectors/people/line-forms.ts';
import { Lines } from '../src/detectors/people/lines.ts';
import { lowerCase } from '../src/detectors/people/person-names.ts';
import { languages, languageWords } from '../src/detectors/people/source-languages.ts';
import { isClearSurname } from '../src/detectors/people/surnames.ts';
import { randomOf } from './random.ts';

const cues = new Cues(languageWords, markOf, ['net income'], ['date of birth']);
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (one) => one.charCodeAt(0));

const names = binary(givenNames).trim().split(/\s+/);
const pieces = binary(
  "A|B|z|É|é|Ð|д|ß|日|-|'|’|“| | |\u00A0|\n|.|,|;|{|}|=|(|)|1|23|4.56|7,89|SW1A 1AA|K1A 0B1|E1 6AN|Kowalska|Novák|O'Neill|IVANOV|Petrović|Hayashi|#|@|/|_|\"|def |import|#include|const x = 1;",
).split('|');

function textOf(seed: number): string {
  const random = randomOf(seed);
  let text = '';
  for (let count = 20 + random(200); count > 0; count--) {
    const name = names[random(names.length)] ?? '';
    const shown = random(3) === 0 ? name.toUpperCase() : name.charAt(0).toUpperCase() + name.slice(1);
    text += random(5) === 0 ? shown : (pieces[random(pieces.length)] ?? '');
  }
  return text;
}

test.each(Array.from({ length: 60 }, (_, seed) => seed))('cues are counted as they are there: %i', (seed) => {
  const text = textOf(seed);
  const bytes = bytesOf(text);
  const marks = text.match(/[{};=_<>$()[\]]/g)?.length ?? 0;
  expect(cues.codeShare(bytes, 16_384)).toBe(marks / Math.max(text.length, 256));
  expect(cues.hasCapital(bytes)).toBe(/[A-Z]/.test(text));
  expect(cues.amounts(bytes, 32_768)).toBe(text.match(/(?<=\d)[.,](?=\d\d)/g)?.length ?? 0);
  const words = new Set(text.match(/#?[A-Za-z]{2,16}/g));
  const longer = new Set(text.match(/(?<![A-Za-z])#?[A-Za-z]{2,16}/g));
  const known = cues.keywords(bytes);
  for (const [number, word] of languageWords.entries())
    if (words.has(word) === longer.has(word)) expect(known[number] === 1, word).toBe(longer.has(word));
});

test('the middle of each postcode is found, and hardly anything else', () => {
  const text = 'at SW1A 1AA, K1A 0B1 and E1 6AN; not 5 6, a 1B nor B 12';
  const places = [...cues.postcodes(bytesOf(text), 3, text.length)];
  expect(places).toEqual([text.indexOf(' 1AA'), text.indexOf(' 0B1'), text.indexOf(' 6AN')]);
  expect([...cues.postcodes(bytesOf(text), 8, text.length)]).toEqual(places.slice(1));
});

test('no word that may be a name is passed over', () => {
  const given = new Set(names);
  const word = new RegExp(`(?<![\\w.@/\\\\#$-]|[\\x80-\\xff](?<!\\xc2.|\\xe2\\x80.))(?:${capitalised})`, 'g');
  let count = 0;
  for (let seed = 1; seed < 300; seed++) {
    const text = textOf(seed);
    const { places } = cues.names(bytesOf(text), 0, text.length, false);
    const found = new Set(places.filter((_, at) => at % 2 === 0));
    for (const { 0: first, index } of text.matchAll(word)) {
      const key = lowerCase(first);
      if (/^(?:[\w@$(]|[.:/\\-][A-Za-z0-9_:/\\])/.test(text.slice(index + first.length))) continue;
      if (!given.has(key) && !given.has(key.replace(/-.*/, '')) && !isClearSurname(key)) continue;
      count += 1;
      expect(found.has(index), `${String(seed)}: ${JSON.stringify(text.slice(index - 20, index + 20))}`).toBe(
        true,
      );
    }
  }
  expect(count).toBeGreaterThan(800);
});

test('words that are no names are hardly ever taken for some', () => {
  const text = Array.from({ length: 2000 }, (_, at) => `Qx${at.toString(36).replace(/\d/g, 'q')}`).join(' ');
  expect(cues.names(bytesOf(text), 0, text.length, false).places.length / 2).toBeLessThan(100);
});

test('a cell that begins with the first word of a label is found', () => {
  const text = 'x,"Net Income",3\nthe net\n  NET INCOME: 4\nnetto: net';
  expect([...cues.labels(bytesOf(text), 100)]).toEqual([3, text.indexOf('NET'), text.lastIndexOf('net')]);
});

const beginnings: readonly string[] = [
  ...languageWords,
  'public ',
  'static ',
  'x',
  'Foo',
  '(',
  ')',
  '{',
  '}',
  ';',
  ' = ',
  ':',
  '->',
  '::',
  ':=',
  '"a"',
  '.b',
  '#',
  '@',
  '$x',
  '\\',
  ' do',
  'end',
  '%',
  '<-',
  '[',
  ']',
  ' ',
  ',',
  '!',
  "'",
];

test('what is asked of a line first never says no to a line that is of the language', () => {
  const random = randomOf(7);
  let matched = 0;
  for (let count = 0; count < 3_000; count++) {
    let line = '';
    for (let length = 1 + random(7); length > 0; length--)
      line += beginnings[random(beginnings.length)] ?? '';
    const shown = line.trimStart();
    for (const { beginnings: patterns } of languages)
      for (const pattern of patterns) {
        if (!new RegExp(`^(?:${pattern.source})`, 'm').test(shown)) continue;
        matched += 1;
        const { first, last, marks } = lineFormOf(pattern);
        const has = [...shown].reduce((all, one) => all | (markOf[one.charCodeAt(0)] ?? 0), 0);
        expect(first[shown.charCodeAt(0)], `${pattern.source} ${shown}`).toBe(1);
        expect(marks & ~has, `${pattern.source} ${shown}`).toBe(0);
        if (last) expect(last[shown.charCodeAt(shown.length - 1)], `${pattern.source} ${shown}`).toBe(1);
      }
  }
  expect(matched).toBeGreaterThan(100);
});

test('lines are counted with and without comments, whatever ends them', () => {
  const text = '  a = 1;\r\n\n\t# no\n#define X\n-- x\n- y\n/ z\n/* q */\n*\n;\n%\n#endif\n// r';
  const lines = new Lines(bytesOf(text), text);
  expect(lines.count).toBe(5);
});

test('a header of people is looked for where one may be, and nowhere else', () => {
  const has = (text: string): boolean => cues.mayHaveHeader(bytesOf(text), 5);
  expect(has('id,"Date of Birth",x')).toBe(true);
  expect(has('a\nb\n\nid;  DATE of birth')).toBe(true);
  expect(has('a\nb\nc\nd\ne\nid,date of birth')).toBe(false);
  expect(has('const date = 1;\nupdate, xdate\n')).toBe(false);
});
