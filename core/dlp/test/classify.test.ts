import { expect, test } from 'vitest';
import { classify, redact, sourceOf } from '../src/index.ts';
import { nodeDlpHost } from '../src/node/index.ts';

const host = nodeDlpHost();
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('an IBAN is found, with the reason, and replaced by the same token each time', () => {
  const text =
    'name,iban\nä,DE89 3704 0044 0532 0130 00\nb,GB82WEST12345698765432\nc,DE89370400440532013000\n';
  const found = classify(sourceOf(bytes(text)), host);
  expect(found.classes).toEqual([{ class: 'pii.iban', count: 3, distinct: 3, confidence: 85 }]);
  expect(found.findings[0]?.why.join(' ')).toContain('in a column headed "iban"');
  const redacted = redact(sourceOf(bytes(text)), host, { pseudonym: (value) => value.slice(-2) });
  expect(redacted.ok && new TextDecoder().decode(redacted.bytes)).toBe(
    'name,iban\nä,[IBAN:00]\nb,[IBAN:32]\nc,[IBAN:00]\n',
  );
});

test('a wrong check digit is no IBAN', () => {
  expect(classify(sourceOf(bytes('iban DE88370400440532013000')), host).classes).toEqual([]);
});
