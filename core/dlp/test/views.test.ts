/** Values that are written in another way, and content that begins as something else does. */
import { expect, test } from 'vitest';
import { classify, redact, sourceOf } from '../src/index.ts';
import { nodeDlpHost } from '../src/node/index.ts';

const iban = 'GB33BUKB20201555555555';
const host = nodeDlpHost();

function classesOf(content: string | Uint8Array): Record<string, number> {
  const { classes } = classify(sourceOf(Buffer.from(content as string)), host);
  return Object.fromEntries(classes.map(({ class: name, count }) => [name, count]));
}

const wide = (text: string): string =>
  text.replace(/[!-~]/g, (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0));
const each = (write: (code: number) => string): string =>
  Array.from(iban, (letter) => write(letter.charCodeAt(0))).join('');
const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0');
const line = `account ${iban} of Bob, who has no other`;

test.each([
  ['zero-width space', `pay ${Array.from(iban).join('\u200b')} now`],
  ['soft hyphens', `pay ${Array.from(iban).join('\u00ad')} now`],
  ['full width', `pay ${wide(iban)} now`],
  ['no-break spaces', `pay ${(iban.match(/.{1,4}/g) ?? []).join('\u00a0')} now`],
  ['Cyrillic twins', `pay ${iban.replaceAll('B', 'В')} now`],
  [
    'Arabic digits',
    `pay ${iban.replaceAll(/\d/g, (digit) => String.fromCharCode(0x660 + Number(digit)))} now`,
  ],
  ['character references', `<p>${each((code) => `&#${code};`)}</p>`],
  ['hexadecimal references', `<p>${each((code) => `&#x${hex(code, 2)};`)}</p>`],
  ['escapes of JSON', `{"iban": "${each((code) => `\\u${hex(code, 4)}`)}"}`],
  ['escapes of C', `"${each((code) => `\\x${hex(code, 2)}`)}"`],
  ['percent-encoding', `https://h.example/?q=${each((code) => `%${hex(code, 2)}`)}`],
  ['base64', `data: ${Buffer.from(line).toString('base64')}`],
  [
    'lines of base64',
    Buffer.from(`${'x '.repeat(30)}${line}`)
      .toString('base64')
      .replaceAll(/.{76}/g, '$&\n'),
  ],
  ['base64 of UTF-16', Buffer.from(line, 'utf16le').toString('base64')],
  ['hexadecimal digits', Buffer.from(line).toString('hex')],
])('[req: dlp:documents] a value in %s is found, once', (_, text) => {
  expect(classesOf(text)).toMatchObject({ 'pii.iban': 1 });
  expect(classesOf(`${text}\n${'words in a row and no more of it\n'.repeat(4_000)}`)).toMatchObject({
    'pii.iban': 1,
  });
});

test.each([
  '7z\xbc\xaf\x27\x1c',
  '\xfd7zXZ\0',
  'GIF89a',
  '\x89PNG\r\n\x1a\n',
  'ABCDEFGHWEBP',
  'PK\x03\x04',
  '%PDF-',
  '\x1f\x8b',
  '{\\rt',
  'Salted__',
  'II*\0',
  '\xff\xd8\xff',
  '\xff\xfe',
  '\xfe\xff',
  '\xff\xfe\0\0',
  '+/v8-',
  '\x28\xb5\x2f\xfd',
  'MSCF\0\0\0\0',
  'From: a@example.org\nTo: b@example.org\nSubject: x\nContent-Transfer-Encoding: base64\n\n',
])('[req: dlp:documents] what begins with %j is looked at as it is, too', (head) => {
  const content = Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(`\nname,iban\nBob,${iban}\n`)]);
  expect(classesOf(content)).toHaveProperty(['pii.iban']);
});

test('[req: dlp:documents] text behind the end of a picture is found', () => {
  const gif = Buffer.from('R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==', 'base64');
  expect(classesOf(Buffer.concat([gif, Buffer.from(`\n${line}\n`)]))).toHaveProperty(['pii.iban']);
});

test('[req: content:redact] what cannot be replaced where it is written is refused', () => {
  const made = redact(sourceOf(Buffer.from(`a ${iban}\nb ${Array.from(iban).join('\u200b')}\n`)), host, {
    pseudonym: () => 'x',
  });
  expect(made.ok).toBe(false);
});

test('ordinary text says nothing else', () => {
  expect(classesOf('Übermäßig große Straße – “so” 100 % &amp; a\\n b%20c\n'.repeat(50))).toEqual({});
});
