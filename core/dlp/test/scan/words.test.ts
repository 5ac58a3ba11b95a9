import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Gates } from '../../src/scan/gates.ts';
import { kernelOf } from '../../src/scan/kernel.ts';
import { asciiLower } from '../../src/scan/vocabulary.ts';
import { automatonOf } from '../../src/scan/words.ts';

const windowBytes = 4_096;

/** Few different bytes, so that words lie in each other and in the text; `\xc3` and a capital are among them. */
const text = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc
    .array(fc.constantFrom('a', 'a', 'b', 'B', 'c', '\xc3', '@', 'z'), { minLength, maxLength })
    .map((characters) => characters.join(''));

const words = fc.uniqueArray(
  text(1, 9).map((word) => asciiLower(word)),
  { maxLength: 30 },
);

/** [end, word] of each word in a text, by end, the longer first. */
function plainly(all: readonly string[], within: string): [number, string][] {
  const lower = asciiLower(within);
  const found: [number, string][] = [];
  for (let end = 1; end <= lower.length; end++)
    for (const word of all.toSorted((one, other) => other.length - one.length))
      if (lower.endsWith(word, end) && word.length <= end) found.push([end, word]);
  return found;
}

test('the automaton finds each word where it ends, however the text arrives', () => {
  fc.assert(
    fc.property(words, fc.array(text(1, 400), { minLength: 1, maxLength: 9 }), (all, pieces) => {
      const automaton = automatonOf(all);
      const finders = automaton.ends.map(() => []);
      const gates = new Gates({ detectors: [], finders, areas: [], isGated: () => false });
      const kernel = kernelOf(automaton, windowBytes, 1, gates);
      // A second time the whole way is known.
      for (let time = 0; time < 2; time++) {
        let [length, hits] = [0, 0];
        for (const piece of pieces) {
          kernel.window.set(
            Uint8Array.from(piece, (one) => one.charCodeAt(0)),
            length,
          );
          hits = kernel.findWords(length, length + piece.length, hits);
          length += piece.length;
        }
        const found = Array.from({ length: hits }, (_, hit) => {
          const ends = automaton.ends[(kernel.hits[hit * 2] ?? 0) - automaton.accept] ?? [];
          const end = (kernel.hits[hit * 2 + 1] ?? 0) - kernel.windowAt;
          return ends.map((index): [number, string] => [end, all[index] ?? '']);
        });
        expect(found.flat()).toEqual(plainly(all, pieces.join('')));
      }
    }),
    { numRuns: 300 },
  );
});

test('words that need too many states are refused', () => {
  const many = Array.from({ length: 300 }, (_, index) =>
    String.fromCharCode(33 + (index % 60)).repeat(index),
  );
  expect(() =>
    automatonOf(Array.from({ length: 3_000 }, (_, index) => `${index}${many[index % 300] ?? ''}`)),
  ).toThrow(RangeError);
});
