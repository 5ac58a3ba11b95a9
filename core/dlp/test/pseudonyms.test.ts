import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normalised, sessionPseudonyms } from '../src/tokens.ts';

test('a value has one name, and two values never share one', () => {
  // Few bits, so that names collide, but never whole hashes.
  const hash = (value: string): string =>
    `${(value.length % 3).toString(16)}00${Buffer.from(value).toString('hex').padEnd(16, '0')}`;
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1, maxLength: 4 })), (values) => {
      const nameOf = sessionPseudonyms(hash);
      const names = new Map(values.map((value) => [value, nameOf(value)]));
      expect(new Set(names.values()).size).toBe(names.size);
      for (const value of values) expect(nameOf(value)).toBe(names.get(value));
    }),
  );
});

test('spacing and case do not tell values apart, but for secrets', () => {
  expect(normalised('DE89 3704-0044', 'pii.iban')).toBe('de8937040044');
  expect(normalised('Max  MUSTER', 'pii.name')).toBe('max muster');
  expect(normalised('A.b@Mail.example', 'pii.email')).toBe('a.b@mail.example');
  expect(normalised('aB-1 ', 'credential.generic')).toBe('aB-1');
});
