/** What is done for each finding, against the plain way to do it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Hit } from '../../src/scan/hit.ts';
import { Columns } from '../../src/scan/columns.ts';
import { InOrder } from '../../src/scan/in-order.ts';
import { isPlaceholder } from '../../src/scan/placeholder.ts';
import { columnOf, tableIn } from '../../src/scan/table.ts';
import { hashOf, ValueSet } from '../../src/value-set.ts';

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (one) => one.charCodeAt(0));

test('the column of a place is the same whether its line was looked at before or not', () => {
  const cell = fc.constantFrom('a', '1234', '"x,y"', '"', '', 'z'.repeat(900), '5'.repeat(2_100));
  const line = fc.array(cell, { minLength: 1, maxLength: 5 }).map((cells) => cells.join(','));
  const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), places, fc.boolean(), (lines, shares, isSorted) => {
      const bytes = bytesOf(['name,card,mail', 'x,1,2', ...lines].join('\n'));
      const table = tableIn(bytes);
      if (table === undefined) throw new Error('no table');
      const at = shares.map((share) => Math.floor(share * (bytes.length - 1)));
      const columns = new Columns(table);
      for (const one of isSorted ? at.toSorted((a, b) => a - b) : at)
        expect(columns.at(bytes, bytes.length, one)).toBe(columnOf(bytes, one, table));
    }),
  );
});

test.each([
  ['0000', true],
  ['aaaa', true],
  ['A-a a.A', true],
  ['000', false],
  ['0001', false],
  ['123-45-67', true],
  ['7890123', true],
  ['01234567890123456789', true],
  ['12345678901234567890', false],
  ['0123456789012345678901', false],
  ['9876543', true],
  ['3210987', true],
  ['5432198', false],
  ['123456', false],
  ['1234568', false],
  ['abc1234567', true],
  ['abcdefg1234567', false],
  ['abcdef', true],
  ['ABC-DEF', true],
  ['abcdeg', false],
  ['some-EXAMPLE-key', true],
  ['axxxxb', true],
  ['axxxb', false],
  ['a***b', true],
  ['PlaceHolder9', true],
  ['change_me', true],
  ['replaceme', true],
  ['dummy', true],
  ['your-key', true],
  ['<key>', true],
  ['>key<', false],
  ['a${b', true],
  ['a{{b', true],
  ['a$b{c', false],
  ['Tr0ub4dor&3', false],
])('%s is made up: %s', (value, isMadeUp) => {
  expect(isPlaceholder(value)).toBe(isMadeUp);
});

test('a value of nothing but open brackets is looked at once', () => {
  const started = performance.now();
  expect(isPlaceholder('<'.repeat(500_000))).toBe(false);
  expect(performance.now() - started).toBeLessThan(1_000);
});

test('values are told apart by their hashes', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 3 }), { maxLength: 300 }), fc.string(), (values, other) => {
      const set = new ValueSet();
      for (const value of values) set.add(hashOf(value));
      expect(set.size).toBe(new Set(values).size);
      for (const value of [...values, other]) expect(set.has(hashOf(value))).toBe(values.includes(value));
    }),
  );
});

test('hits come in order of their start, the longer ones first', () => {
  const place = fc.record({ start: fc.nat(40), length: fc.nat(3), id: fc.constantFrom('a', 'b') });
  fc.assert(
    fc.property(fc.array(place, { maxLength: 200 }), fc.nat(200), (places, between) => {
      const hits = places.map(({ start, length, id }): Hit => {
        const detector = { id, class: 'x', name: '', token: '' };
        const end = start + length;
        const rest = { value: '', why: [], isValue: true, isFirm: true, rank: 0 };
        return { detector, start, end, confidence: 65, ...rest };
      });
      const inOrder = new InOrder();
      for (const [at, hit] of hits.entries()) {
        if (at === between) inOrder.put(inOrder.take());
        inOrder.add(hit);
      }
      const byPlace = (a: Hit, b: Hit): number =>
        a.start - b.start || b.end - a.end || a.detector.id.localeCompare(b.detector.id);
      const taken = inOrder.take();
      expect(taken).toEqual(hits.toSorted(byPlace));
      expect(taken.length).toBe(hits.length);
      expect(inOrder.take()).toEqual([]);
    }),
  );
});

test('long values are told apart by their beginning, their end and their length', () => {
  const middle = 'x'.repeat(40_000);
  const values = [
    `a${middle}c`,
    `b${middle}c`,
    `a${middle}d`,
    `a${middle}xc`,
    middle.slice(0, 512),
    middle.slice(0, 513),
  ];
  expect(new Set(values.map(hashOf)).size).toBe(values.length);
  // Up to twice as much as is looked at of either end, all of it counts.
  expect(hashOf(`${'x'.repeat(255)}y${'x'.repeat(256)}`)).not.toBe(hashOf('x'.repeat(512)));
});
