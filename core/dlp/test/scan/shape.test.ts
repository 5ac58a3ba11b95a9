import { expect, test } from 'vitest';
import { coarse, digitsWithin, leadOf, reversed, tokenLengths } from '../../src/scan/filter/shape.ts';
import type { Outline } from '../../src/scan/filter/outline.ts';
import { outlineOf } from '../../src/scan/filter/outline.ts';
import { detectors } from '../../src/detectors/index.ts';
import { referenceScan } from '../../src/scan/reference.ts';
import { Scanner } from '../../src/scan/scanner.ts';

const outline = (pattern: RegExp): Outline => outlineOf(pattern) ?? { kind: 'all', parts: [] };

test.each([
  [/[0-9]{3}/, 0],
  [/[A-Z]{2}[ -]?[0-9]/, 3],
  [/(?:AB|CDE)?[0-9A-F]{4}[0-9]/, 7],
  [/[A-Z0-9]{4}/, Infinity],
])('how far into a match of %s its first digit may be', (pattern, lead) => {
  expect(leadOf(outline(pattern))).toBe(lead);
});

test('an outline that is read from its end has its last digit first', () => {
  expect(leadOf(reversed(outline(/[A-Z]{2}[0-9A-Z]{9}[0-9]/)))).toBe(0);
});

test('a token is known by its edges and by what it is made of', () => {
  const edges = (inside: string): RegExp => new RegExp(`(?<![A-Za-z0-9])${inside}(?![A-Za-z0-9])`);
  expect(tokenLengths(outline(edges('[13][a-z0-9]{25,34}')))).toEqual({ least: 26, most: 35 });
  expect(tokenLengths(outline(edges('[13][a-z0-9-]{25,34}')))).toBeUndefined();
  expect(tokenLengths(outline(/[13][a-z0-9]{25,34}/))).toBeUndefined();
});

test('digits are counted where a match is nothing but a number', () => {
  expect(digitsWithin(outline(/[0-9]{6,8}[ ./-]?[0-9]/))).toBe(7);
  expect(digitsWithin(outline(/[0-9]{6}[A-Z]/))).toBeUndefined();
});

test('a coarse outline tells no digits apart', () => {
  expect(coarse(outline(/[13]/))).toEqual(coarse(outline(/\d/)));
});

test('whatever way a number is looked for, it is found as the reference finds it', () => {
  const examples = [
    'DE89 3704 0044 0532 0130 00',
    'isin US0378331005 and US 037833100 5',
    'lei 5493001KJTIIGC8Y1R12',
    'send to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa 7 times',
    'codice fiscale RSSMRA85T10A562S',
    'call +31 (0)20 123 45 67 or (212) 555-0187',
    'bsn 111222333, bsn: 1112.22.333, sin 046 454 286',
    'Springfield, IL 62704 and 10.0.13.40 at 2026-11-22 13:00:01',
    'vin 1HGCM82633A004352, fin; sedol 0263494',
    'cpf 529.982.247-25 cnpj 12.ABC.345/01DE-35',
  ];
  const scanner = new Scanner({ detectors });
  let count = 0;
  for (const text of [...examples, examples.join('\n'), examples.join(' ')]) {
    const stream = scanner.open();
    const bytes = Uint8Array.from(text, (one) => one.charCodeAt(0));
    const found = [...stream.push(bytes), ...stream.end()].map(({ detector, start, end }) => [
      detector.id,
      start,
      end,
    ]);
    expect(found, text).toEqual(
      referenceScan(text, detectors).map(({ detector, start, end }) => [detector.id, start, end]),
    );
    count += found.length;
  }
  expect(count).toBeGreaterThan(20);
});
