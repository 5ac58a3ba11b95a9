import { expect, test } from 'vitest';
import { variantsOf } from '../../src/scan/vocabulary.ts';

const binary = (text: string): string => String.fromCharCode(...new TextEncoder().encode(text));

test.each([
  ['plain', ['plain']],
  ['número', ['número', 'nÚmero']],
  ['паспорт', ['паспорт', 'ПАСПОРТ', 'Паспорт']],
  ['straße', ['straße', 'strasse']],
  ['口座', ['口座']],
])('capitals outside of ASCII are words, too: %s', (word, variants) => {
  expect(variantsOf(binary(word))).toEqual(variants.map(binary));
});

test('what is no UTF-8 has no capitals', () => {
  expect(variantsOf('cart\xe3\xa3o')).toEqual(['cart\xe3\xa3o']);
});
