import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Machine } from '../src/regex/machine.ts';
import { nativeRegex } from '../src/regex/native.ts';
import { parseRegex } from '../src/regex/parse.ts';
import { ask } from './harness.ts';

const matches = (pattern: string, s: string): unknown =>
  ask('p := regex.match(input.p, input.s)', 'p', { p: pattern, s });

describe('regular expressions are those of Go (RE2)', () => {
  test.each([
    ['(?i)SECRET', 'my secret', true],
    ['(?i:a)B', 'AB', true],
    ['(?i:a)B', 'Ab', false],
    ['(?P<x>a)(?<y>b)', 'ab', true],
    ['^[[:alpha:]]+$', 'abc', true],
    ['^[[:^alpha:]]+$', 'abc', false],
    ['\\pL\\p{Greek}', 'aα', true],
    ['^\\x41\\x{1F600}$', 'A😀', true],
    ['\\Aab\\z', 'ab', true],
    ['\\Qa.b\\E', 'a.b', true],
    ['\\Qa.b\\E', 'axb', false],
    ['^.$', '\n', false],
    ['(?s)^.$', '\n', true],
    ['^.$', '\r', true],
    ['^.$', '😀', true],
    ['(?m)^b$', 'a\nb', true],
    ['^b$', 'a\nb', false],
    ['\\s', '\v', false],
    ['\\w', 'é', false],
    ['\\bfoo\\b', 'a foo b', true],
    ['a{2}', 'aa', true],
    ['a{,2}', 'a{,2}', true],
    ['[]a]', ']', true],
    ['[a-]', '-', true],
    ['x*', '', true],
    ['', 'anything', true],
  ])('%s on %j', (pattern, s, expected) => {
    expect(matches(pattern, s)).toBe(expected);
  });

  test.each([
    '(?=a)',
    '(?!a)',
    '(?<=a)',
    '\\1',
    'a**',
    '[z-a]',
    '(',
    ')',
    '[',
    'a{1001}',
    '\\8',
    '\\y',
    '*',
    '\\pX',
    '((a{100}){100}){100}',
  ])('%s is not one', (pattern) => {
    expect(matches(pattern, 'a')).toBeUndefined();
    expect(ask('p := regex.is_valid(input.p)', 'p', { p: pattern })).toBe(false);
  });

  test('find, split, replace prefer leftmost and first', () => {
    expect(ask('p := regex.find_n(`a|ab`, "xabab", -1)')).toEqual(['a', 'a']);
    expect(ask('p := regex.find_n(`(a+?)(a*)`, "aaa", 1)')).toEqual(['aaa']);
    expect(ask('p := regex.find_all_string_submatch_n(`(\\w)(\\d)?`, "a1b", -1)')).toEqual([
      ['a1', 'a', '1'],
      ['b', 'b', ''],
    ]);
    expect(ask('p := regex.replace("a-b", `(\\w)-(?P<n>\\w)`, "${n}-$1-$$")')).toBe('b-a-$');
    expect(ask('p := regex.split(`,\\s*`, "a, b,c")')).toEqual(['a', 'b', 'c']);
  });
});

/** Random patterns of the syntax that both matchers know. */
const { pattern } = fc.letrec<{ pattern: string; atom: string }>((tie) => ({
  atom: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\w', '(?:^)', '(?:$)'),
    tie('pattern').map((inner) => `(${inner})`),
  ),
  pattern: fc
    .array(fc.tuple(tie('atom'), fc.constantFrom('', '', '', '*', '+', '?', '*?', '{1,3}', '{2,}')), {
      minLength: 1,
      maxLength: 4,
    })
    .chain((parts) =>
      fc.constantFrom(
        parts.map(([atom, q]) => atom + q).join(''),
        parts.map(([atom, q]) => atom + q).join('|'),
      ),
    ),
}));

test('both matchers agree with each other and with JavaScript', () => {
  let native = 0;
  fc.assert(
    fc.property(
      pattern,
      fc.string({ unit: fc.constantFrom('a', 'b', 'c', '\n'), maxLength: 8 }),
      (source, text) => {
        const parsed = parseRegex(source);
        const machine = new Machine(parsed);
        const found = machine.exec(text, 0);
        const peer = nativeRegex(parsed);
        // Only these are safe to give to a backtracking matcher.
        if (peer === null) return;
        native += 1;
        expect(peer.regex.test(text)).toBe(found !== null);
        const expected = new RegExp(source.replaceAll('.', '[^\\n]'), 'u').exec(text);
        expect(found === null ? null : text.slice(found[0], found[1])).toBe(expected?.[0] ?? null);
      },
    ),
    { numRuns: 5000 },
  );
  expect(native).toBeGreaterThan(200);
});

test('globs', () => {
  const glob = (p: string, s: string, d: unknown = ['/']): unknown =>
    ask('p := glob.match(input.p, input.d, input.s)', 'p', { p, s, d });
  expect(glob('/a/*', '/a/b')).toBe(true);
  expect(glob('/a/*', '/a/b/c')).toBe(false);
  expect(glob('/a/**', '/a/b/c')).toBe(true);
  expect(glob('**/.ssh/**', '/home/u/.ssh/id')).toBe(true);
  expect(glob('*.{xlsx,docx}', 'a.docx', null)).toBe(true);
  expect(glob('[!a-c]?', 'dx')).toBe(true);
  expect(glob('a\\*', 'a*')).toBe(true);
  expect(glob('a\\*', 'ab')).toBe(false);
  expect(glob('*.example.com', 'x.y.example.com', [])).toBe(false);
  expect(glob('{a,b', 'a')).toBeUndefined();
});
