import { describe, expect, test } from 'vitest';
import { bandOf, seen, valuesOf } from './people-scan.ts';

describe('a name is found by what stands before it', () => {
  test.each([
    ['Please ask Mrs. Okonjo-Vance about it.', 'Okonjo-Vance'],
    ['Wir erwarten Herrn Dr. Jürgen Möllenkamp um neun.', 'Jürgen Möllenkamp'],
    ['Mme Véronique Delacourt est arrivée.', 'Véronique Delacourt'],
    ['La Sra. Inés Quintanilla firmó ayer.', 'Inés Quintanilla'],
    ['Dear Tobiah,\n\nthank you', 'Tobiah'],
    ['Mein Name ist Rüdiger Abendroth.', 'Rüdiger Abendroth'],
    ['Je m’appelle Solène Garrigue', 'Solène Garrigue'],
    ['Patient: Ingrid Halvorsen\n', 'Ingrid Halvorsen'],
    ['Kind regards,\nWenzel Grabowiecki\n', 'Wenzel Grabowiecki'],
    ['From: "Jane Doolittle" <jane@doolittle.test>', 'Jane Doolittle'],
  ])('%j', (text, name) => {
    expect(valuesOf(text, 'pii.name')).toContain(name);
  });
});

test('a frequent given name with what follows it is a name; a name in other letters is cut at whole letters', () => {
  expect(valuesOf('We met Katarzyna Wiśniewska and Ólafur Ragnarsson there.', 'person.name')).toEqual([
    'Katarzyna Wiśniewska',
    'Ólafur Ragnarsson',
  ]);
});

test('someone who writes without capitals has a name as well', () => {
  expect(valuesOf('can you follow up with jessica about it?', 'person.name')).toEqual(['jessica']);
});

test('names alone are never of the highest confidence', () => {
  expect(
    bandOf('Mr. James Whitaker, Dear Emily Whitaker, written by Oliver Jensen', 'pii.name'),
  ).toBeLessThan(85);
});

test.each([
  'The Mark of Cain, a May Day in Paris, Summer Rain and Grace Period',
  'const Martin = require("martin"); Julia.run(); class Alexander extends Robert {}',
  'MS Windows and Mr. Robot; see RFC 2119, section 3. The Linux Kernel is here.',
  'name: Set up Node\nname: Upload artifact\n',
  'Dear Sir or Madam,\nDear All,\nDear Customer,',
  '2026-11-22 12:00:01 INFO Started Worker [main] in 3.2 s',
])('no name: %j', (text) => {
  expect(seen(text).filter((one) => one.class === 'pii.name')).toEqual([]);
});

describe('a table of people', () => {
  const table =
    'first_name,last_name,date_of_birth,phone\nJane,"O\'Neill, Jr",1970-02-03,+1 212 555 0132\nМаксим,Иванов,3.4.1981,030/1234567\n';
  test('is sure: the header says what its cells are', () => {
    const cells = seen(table).filter((one) => one.id === 'person.column');
    expect(cells.map((one) => [one.class, one.value])).toEqual([
      ['pii.name', 'Jane'],
      ['pii.name', "O'Neill, Jr"],
      ['pii.birth_date', '1970-02-03'],
      ['pii.phone', '+1 212 555 0132'],
      ['pii.name', 'Максим'],
      ['pii.name', 'Иванов'],
      ['pii.birth_date', '3.4.1981'],
      ['pii.phone', '030/1234567'],
    ]);
    expect(new Set(cells.map((one) => one.confidence))).toEqual(new Set([85]));
  });
  test('of packages is none', () => {
    expect(seen('name;version;size\nleft-pad;1.3.0;22\nzod;4.0.1;900\n')).toEqual([]);
  });
  test('ends where the rows no longer fit', () => {
    const text = `first name\tlast name\nAda\tQuist\n${'some other text\n'.repeat(30)}Eve\tQuist\n`;
    expect(valuesOf(text, 'person.column')).toEqual(['Ada', 'Quist']);
  });
});

test('names and postcodes are found wherever they lie, however much text without any lies before', () => {
  const filler = 'nothing of interest is said here.\n'.repeat(2_000);
  const text = `${filler}Yours sincerely, Margaret Thompson, 12 High Street, Reading RG1 4PS\n${filler}`;
  expect(valuesOf(text, 'pii.name')).toEqual(['Margaret Thompson']);
  expect(valuesOf(text, 'address.postcode.letters')).toEqual(['RG1 4PS']);
});
