import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hang } from '../src/wrap.ts';

describe('[req: cli:fits] a line that is too long', () => {
  test('goes on below its text', () => {
    expect(hang('  reason    one two three four five', 12, 26)).toEqual([
      '  reason    one two three',
      '            four five',
    ]);
  });

  test('stays whole in a pipe, and a path in it everywhere', () => {
    const line = '  policy    /a/very/long/path/that/is/to/be/copied';
    expect(hang(line, 12, undefined)).toEqual([line]);
    expect(hang(line, 12, 30)).toContain('            /a/very/long/path/that/is/to/be/copied');
  });

  test('keeps every word, and none but a single word is too wide', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(words, fc.integer({ min: 20, max: 100 }), (given, width) => {
        const lines = hang(`  ${given.join(' ')}`, 6, width);
        expect(lines.join(' ').trim().split(/ +/)).toEqual(given);
        for (const line of lines)
          if (line.trim().includes(' ')) expect(line.length).toBeLessThanOrEqual(width);
      }),
    );
  });
});
