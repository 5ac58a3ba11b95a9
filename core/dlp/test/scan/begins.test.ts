import { expect, test } from 'vitest';
import { detectors } from '../../src/detectors/index.ts';
import { phone } from '../../src/detectors/people/phone.ts';
import { beginsOf } from '../../src/scan/filter/begins.ts';
import { outlineOf } from '../../src/scan/filter/outline.ts';
import { randomOf } from '../random.ts';

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (one) => one.charCodeAt(0));

test.each([
  [/(?<![a-z])ab?[0-9]{3}/, 'a', 1],
  [/(?<![a-z])ab?[0-9]{3}/, 'b', 2],
  [/(?<![a-z])ab?[0-9]{3}/, '7', 128 + 2 + 4 + 8],
  [/x(?:y|12){2,3}/, '1', 128 + 2 + 4 + 8],
  [/x(?:y|12){2,3}/, '2', 128 + 4 + 8],
  // What a short match is followed by may be anything.
  [/ab/, 'c', 128 + 4 + 8],
])('%s has %s at the places %i', (pattern, text, expected) => {
  const outline = outlineOf(pattern);
  // A match of `xyy` is short, too.
  const behind = pattern.source.startsWith('x') ? 8 : 0;
  expect(outline && beginsOf(outline)[text.charCodeAt(0)]).toBe(expected | behind);
});

test('no match of a shipped detector of digits begins where its first bytes say that none does', () => {
  const signs = ['-', ' ', '.', '/', '', '', ': ', 'Tel. ', 'A', 'DE', 'NL', '+', '(0', ')', ',', 'x'];
  const random = randomOf(5);
  const patterns = detectors.flatMap(({ find, pattern }) => {
    const outline = find.on === 'digits' ? outlineOf(pattern) : undefined;
    return outline
      ? [{ pattern: new RegExp(pattern.source, `${pattern.flags}g`), begins: beginsOf(outline) }]
      : [];
  });
  let matches = 0;
  for (let round = 0; round < 60; round++) {
    let text = '';
    while (text.length < 400)
      text += `${signs[random(signs.length)]}${String(random(10 ** (1 + random(9))))}`;
    const bytes = bytesOf(text);
    for (const { pattern, begins } of patterns)
      for (const { index } of text.matchAll(pattern)) {
        if (index === 0 || index + 4 > text.length) continue;
        const has = (at: number, bit: number): boolean => ((begins[bytes[at] ?? 0] ?? 0) & bit) !== 0;
        const isSeen = has(index - 1, 128) && [0, 1, 2, 3].every((place) => has(index + place, 1 << place));
        expect(isSeen, `${pattern.source} at ${index} of ${text}`).toBe(true);
        matches += 1;
      }
  }
  expect(matches).toBeGreaterThan(1_000);
});

test('a telephone number begins nowhere where a few bytes say that none does', () => {
  const pieces = [
    '1',
    '0',
    '23',
    '456',
    '+',
    '(',
    ')',
    ' ',
    ' ',
    '-',
    '.',
    '/',
    'A',
    'Tel',
    'nr',
    ':',
    '=',
    '\n',
    ',',
    '\xa0',
    '\xb0',
  ];
  const random = randomOf(9);
  const pattern = new RegExp(phone.pattern.source, 'y');
  let matches = 0;
  for (let round = 0; round < 12_000; round++) {
    const text = Array.from({ length: 30 }, () => pieces[random(pieces.length)]).join('');
    const bytes = bytesOf(text);
    for (let at = 0; at < text.length; at++) {
      pattern.lastIndex = at;
      if (!pattern.test(text)) continue;
      expect(phone.mayBegin?.(bytes, at, at + 1, bytes.length), `at ${at} of ${text}`).toBe(true);
      matches += 1;
    }
  }
  expect(matches).toBeGreaterThan(300);
  const log = bytesOf('GET /v1/brackets/50272 404 282ms 10.0.13.40 2026-11-22T13:15:28.693Z');
  expect(phone.mayBegin?.(log, 0, log.length, log.length)).toBe(false);
});
