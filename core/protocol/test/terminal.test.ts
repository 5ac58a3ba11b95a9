import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeForTerminal } from '../src/index.ts';

describe('[req: protocol:terminal:hostile-text] escapeForTerminal', () => {
  test.each([
    ['plain text is itself', '/home/alice/Q4 report.xlsx', '/home/alice/Q4 report.xlsx'],
    ['letters of other scripts are themselves', 'größe 日本 Ω', 'größe 日本 Ω'],
    ['escape sequences', '\u001b[2J\u0007', '\\x1b[2J\\x07'],
    ['line breaks, which could fake a line', 'a\r\nb\tc', 'a\\x0d\\x0ab\\x09c'],
    ['C1 controls, which some terminals act on', '\u009b31m', '\\u{9b}31m'],
    ['bidirectional overrides', 'exe.\u202Egpj', 'exe.\\u{202e}gpj'],
    ['zero-width characters', 'a\u200Bb\uFEFF', 'a\\u{200b}b\\u{feff}'],
    ['tags, which hide text', 'a\u{E0041}', 'a\\u{e0041}'],
    ['spaces that are not the space', 'a\u00A0b\u3000', 'a\\u{a0}b\\u{3000}'],
    ['lone surrogates', 'a\ud800', 'a\\u{d800}'],
    ['the backslash, so that an escape is always ours', '\\x1b', '\\\\x1b'],
  ])('%s', (_, text, expected) => {
    expect(escapeForTerminal(text)).toBe(expected);
  });

  test('bytes that are not UTF-8 are shown one by one, valid ones as text', () => {
    expect(escapeForTerminal(Buffer.from([0x61, 0xff, 0xc3, 0xa9, 0xe2, 0x82]))).toBe('a\\xffé\\xe2\\x82');
    expect(escapeForTerminal(Buffer.from('ü\u202E', 'utf8'))).toBe('ü\\u{202e}');
    // Overlong forms and surrogates are not UTF-8 (RFC 3629, section 3).
    expect(escapeForTerminal(Buffer.from([0xc0, 0xaf]))).toBe('\\xc0\\xaf');
    expect(escapeForTerminal(Buffer.from([0xed, 0xa0, 0x80]))).toBe('\\xed\\xa0\\x80');
  });

  test('a long text ends in … and never inside an escape', () => {
    expect(escapeForTerminal('abcdef', 4)).toBe('abc…');
    expect(escapeForTerminal('abcd', 4)).toBe('abcd');
    expect(escapeForTerminal('\u001b\u001b\u001b', 10)).toBe('\\x1b\\x1b…');
    expect(escapeForTerminal('\u001b\u001b', 8)).toBe('\\x1b\\x1b');
    expect(escapeForTerminal('\u001b\u001b\u001b', 8)).toBe('\\x1b…');
  });

  test('whatever goes in, nothing that acts on a terminal comes out', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.uint8Array({ maxLength: 300 }),
    );
    fc.assert(
      fc.property(anything, fc.integer({ min: 1, max: 400 }), (text, maxLength) => {
        const result = escapeForTerminal(text, maxLength);
        expect(result).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
        expect(result.length).toBeLessThanOrEqual(maxLength);
      }),
    );
  });

  test('different texts never look the same', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', '\\', 'x', '1', 'b', '\u001b', '\u009b', '{', '}', 'u', '9'),
      maxLength: 6,
    });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(escapeForTerminal(a) === escapeForTerminal(b)).toBe(a === b);
      }),
      { numRuns: 2000 },
    );
  });
});
