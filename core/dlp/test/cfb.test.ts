import { expect, test } from 'vitest';
import { seenIn } from './extracted.ts';
import { cfbOf } from './cfb-writer.ts';
import { docxOf, paragraph } from './zip-writer.ts';

const bytes = (text: string, encoding: 'latin1' | 'utf16le' = 'latin1'): Uint8Array =>
  Buffer.from(text, encoding);

test('an encrypted document is a problem, and keeps its label', () => {
  const id = '11111111-2222-3333-4444-555555555555';
  const info = `<labelList><label id="{${id}}" enabled="1" siteId="{${id}}"/></labelList>`;
  const seen = seenIn(
    cfbOf({ EncryptionInfo: bytes('x'), EncryptedPackage: bytes('y'), LabelInfo: bytes(info) }),
  );
  expect(seen.problems).toEqual(['encrypted']);
  expect(seen.labels).toMatchObject([{ name: id, source: 'label_info' }]);
});

test('an older document is never clean, but what is found in it counts', () => {
  const document = Buffer.concat([bytes('eight bits '), bytes('odd'), bytes('sixteen Ä bits', 'utf16le')]);
  const seen = seenIn(cfbOf({ WordDocument: document }));
  expect(seen.type).toBe('application/msword');
  expect(seen.problems).toEqual(['unsupported']);
  expect(seen.all).toContain('eight bits');
  expect(seen.all).toContain('sixteen Ä bits');
  const encrypted = Buffer.alloc(64);
  encrypted.set([0xec, 0xa5]);
  encrypted[11] = 1;
  expect(seenIn(cfbOf({ WordDocument: encrypted })).problems).toContain('encrypted WordDocument');
});

test('files within and source code of macros are read', () => {
  const inner = docxOf(paragraph('from within'));
  const native = Buffer.concat([
    Buffer.alloc(6),
    bytes('a\0b\0'),
    Buffer.alloc(8),
    bytes('c\0'),
    Buffer.alloc(4),
    inner,
  ]);
  expect(seenIn(cfbOf({ Package: inner, WordDocument: bytes('x') })).all).toContain('from within');
  expect(seenIn(cfbOf({ '\x01Ole10Native': native })).all).toContain('from within');
  // Nine letters, then three from three back: [MS-OVBA] 2.4.1.
  const packed = Buffer.from([1, 0x0c, 0xb0, 0x00, ...bytes('Attribut'), 0x02, 0x65, 0x00, 0x20]);
  const macros = seenIn(cfbOf({ _VBA_PROJECT: bytes('x'), Module1: packed }));
  expect(macros.type).toBe('application/vnd.ms-office.vbaProject');
  expect(macros.problems).toEqual([]);
  expect(macros.texts['Module1 (macro)']).toBe('Attributeute');
});

test('chains that run in circles, and any cut, end', () => {
  expect(seenIn(cfbOf({ WordDocument: bytes('text in a circle') }, true)).all).toContain('text in a circle');
  const whole = cfbOf({ EncryptedPackage: bytes('x'), WordDocument: bytes('y') });
  for (let length = 8; length < whole.length; length += 7)
    expect(seenIn(whole.subarray(0, length)).problems, `cut at ${length}`).not.toEqual([]);
});
