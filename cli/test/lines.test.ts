/** The lines of `chaperone quarantine diff`. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hunks } from '../src/commands/quarantine/lines.ts';

test('shows what differs with what stands around it', () => {
  const before = `${Array.from({ length: 20 }, (_, index) => `line ${index}`).join('\n')}\n`;
  const after = before.replace('line 10\n', 'other\nand more\n');
  expect(hunks(before, after)).toEqual([
    '@@ -8,7 +8,8 @@',
    ' line 7',
    ' line 8',
    ' line 9',
    '-line 10',
    '+other',
    '+and more',
    ' line 11',
    ' line 12',
    ' line 13',
  ]);
  expect(hunks('', 'new\n')).toEqual(['@@ -0,0 +1,1 @@', '+new']);
  expect(hunks('same', 'same')).toEqual([]);
  expect(hunks('end\n', 'end')).toEqual(['@@ -1,1 +1,2 @@', ' end', '+\\ no newline at the end']);
});

test('what it shows turns the one text into the other', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 40 })
    .map((lines) => lines.map((one) => `${one}\n`).join(''));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const shown = hunks(before, after);
      const lines = before.split('\n').slice(0, -1);
      let shift = 0;
      for (let index = 0; index < shown.length;) {
        const head = /^@@ -(\d+),(\d+) /.exec(shown[index] ?? '');
        const at = Number(head?.[1]) - (head?.[2] === '0' ? 0 : 1) + shift;
        let end = index + 1;
        while (end < shown.length && !shown[end]?.startsWith('@@')) end += 1;
        const part = shown.slice(index + 1, end);
        const old = part.filter((one) => !one.startsWith('+')).map((one) => one.slice(1));
        const now = part.filter((one) => !one.startsWith('-')).map((one) => one.slice(1));
        expect(lines.slice(at, at + old.length)).toEqual(old);
        lines.splice(at, old.length, ...now);
        shift += now.length - old.length;
        index = end;
      }
      expect(lines.map((one) => `${one}\n`).join('')).toBe(after);
    }),
  );
});

test('two large texts that share nothing are compared in bounded time', () => {
  const many = (word: string): string =>
    Array.from({ length: 20_000 }, (_, index) => `${word} ${index}\n`).join('');
  const began = performance.now();
  expect(hunks(many('a'), many('b'))).toHaveLength(40_001);
  expect(performance.now() - began).toBeLessThan(20_000);
});
