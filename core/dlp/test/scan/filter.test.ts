import { expect, test } from 'vitest';
import { detectors } from '../../src/detectors/index.ts';
import { Filter } from '../../src/scan/filter/filter.ts';

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (one) => one.charCodeAt(0));
const filterOf = (...patterns: RegExp[]): Filter | undefined => Filter.of(patterns, { states: 50_000 });

test.each([
  [/ab{2,3}c/, 'xabbc', 1, true],
  [/ab{2,3}c/, 'xabc', 1, false],
  [/(?<![A-Z])k\d+(?!\w)/, 'k12 ', 0, true],
  [/(?<![A-Z])k\d+(?!\w)/, 'Ak12 ', 1, false],
  [/(?<![A-Z])k\d+(?!\w)/, 'k12', 0, true],
  [/(?<![A-Z])k\d+(?!\w)/, 'k12_', 0, false],
  [/\bkey\b/i, 'a KEY.', 2, true],
  [/\bkey\b/i, 'a KEYS', 2, false],
  [/(["'])x\1/, '"x"', 0, true],
  [/(?i:ab)c/, 'ABc', 0, true],
  [/(?i:ab)c/, 'ABC', 0, false],
  [/[^\d\s]{3}$/, 'abc', 0, true],
  [/[^\d\s]{3}$/, 'abcd', 0, false],
  [/a(?=[xy])x/, 'ax', 0, true],
])('%s at a place of %j: %s %s', (pattern, text, at, expected) => {
  expect(filterOf(pattern)?.mayMatchAt(bytesOf(text), at, text.length)).toBe(expected);
});

test('a search says yes where a match begins within its bounds, and no elsewhere', () => {
  const filter = filterOf(/\d{3}-\d{2}/);
  const text = bytesOf('no 12-345 but 123-45 here');
  expect(filter?.mayMatchIn(text, 0, 14, text.length)).toBe(false);
  expect(filter?.mayMatchIn(text, 0, 15, text.length)).toBe(true);
  expect(filter?.mayMatchIn(text, 15, 20, text.length)).toBe(false);
});

test('without a budget it always has to be tried', () => {
  expect(Filter.of([/abc/], { states: 0 })?.mayMatchAt(bytesOf('xyz'), 0, 3)).toBe(true);
});

test('what an expression allows beyond it is not understood', () => {
  expect(filterOf(/a/u)).toBeUndefined();
  expect(filterOf(/^a/m)).toBeUndefined();
});

test('no filter of a shipped pattern says no where the pattern matches', () => {
  let state = 5;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
  const glue = [' ', '=', '"', ': ', '\n', '-', '.', '_', 'key', 'token', '\xc3\xa9', '@', '/'];
  let matches = 0;
  for (const [index, { find, pattern }] of detectors.entries()) {
    // Most are built alike.
    if (index % 8 !== 0) continue;
    const words = find.on === 'words' ? find.words : ['DE', '12', '2026-11-22', '+49 30'];
    let text = '';
    while (text.length < 300) {
      text += words[random(words.length)] ?? '';
      text += glue[random(glue.length)] ?? '';
      for (let left = random(44); left > 0; left--) text += '0123456789abcdefABCDEF'[random(22)] ?? '';
      text += glue[random(glue.length)] ?? '';
    }
    const filter = Filter.of([pattern], { states: 5_000 });
    if (filter === undefined) continue;
    const bytes = bytesOf(text);
    const sticky = new RegExp(pattern.source, `${pattern.flags}y`);
    for (let at = 0; at < text.length; at += 1) {
      sticky.lastIndex = at;
      if (!sticky.test(text)) continue;
      matches += 1;
      expect(filter.mayMatchAt(bytes, at, bytes.length), `${pattern.source} at ${at} of ${text}`).toBe(true);
      expect(filter.mayMatchIn(bytes, Math.max(0, at - 9), at + 1, bytes.length)).toBe(true);
    }
  }
  expect(matches).toBeGreaterThan(100);
});
