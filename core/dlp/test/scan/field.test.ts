import fc from 'fast-check';
import { expect, test } from 'vitest';
import { identifierDetectors } from '../../src/detectors/identifiers/index.ts';
import { classify, sourceOf } from '../../src/index.ts';
import { nodeDlpHost } from '../../src/node/index.ts';

const host = nodeDlpHost();
const found = (text: string): string[] =>
  classify(sourceOf(Buffer.from(text)), host).findings.map(
    ({ start, end, confidence }) => `${Buffer.from(text).subarray(start, end).toString()} ${confidence}`,
  );

test('a number with a check digit that is all of a text is found with low confidence', () => {
  expect(found('44051401458\n')).toEqual(['44051401458 65']);
  expect(found('  17291716060')).toEqual(['17291716060 65']);
});

test.each(['20240131', '2024-01-31T10:00', '12345', '000000000', 'a short text', '1.2.3.4.5.6.7', ''])(
  'what proves nothing alone is not found: "%s"',
  (text) => {
    expect(found(text)).toEqual([]);
  },
);

test('beside anything else such a number needs a word for it', () => {
  expect(found('x 44051401458 y')).toEqual([]);
});

/** Around a layout: what may not stand beside it. */
const edges = /^\(\?<!\[A-Za-z0-9\]\|\[0-9\]\[\.-\]\)|\(\?!\[A-Za-z0-9\]\|\[\.-\]\[0-9\]\)$/g;

test('what is said to prove a value refuses most numbers of that layout', () => {
  let looked = 0;
  const loose: string[] = [];
  for (const { id, isProven, pattern, check } of identifierDetectors) {
    const source = pattern.source.replaceAll(edges, '').replaceAll('[ ./-]?', '');
    if (isProven !== true || /\(\?<?[!=]|\\\d/.test(source)) continue;
    const form = new RegExp(`^(?:${source})$`);
    const values = fc.sample(fc.stringMatching(form), { numRuns: 400, seed: 5 });
    const passing = values.filter((value) => {
      const match = form.exec(value);
      return match !== null && check?.(value, match) !== false;
    });
    looked += 1;
    if (passing.length / values.length >= 0.3) loose.push(id);
  }
  expect(loose).toEqual([]);
  expect(looked).toBeGreaterThan(150);
});
