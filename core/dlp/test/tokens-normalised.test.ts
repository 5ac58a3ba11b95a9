import { expect, test } from 'vitest';
import { normalised } from '../src/tokens.ts';

test('spacing and case do not tell values apart, but for secrets', () => {
  expect(normalised('DE89 3704-0044', 'pii.iban')).toBe('de8937040044');
  expect(normalised('Max  MUSTER', 'pii.name')).toBe('max muster');
  expect(normalised('A.b@Mail.example', 'pii.email')).toBe('a.b@mail.example');
  expect(normalised('aB-1 ', 'credential.generic')).toBe('aB-1');
});
