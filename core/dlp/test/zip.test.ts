import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seenIn } from './extracted.ts';
import { docxOf, paragraph, zipOf } from './zip-writer.ts';

const text = { name: 'a.txt', data: 'the first text' };
const other = { name: 'b.txt', data: 'the second text' };

test('[req: dlp:containers] an archive is read whatever is around it: prefix, comment, descriptors, zip64', () => {
  const stored = { ...other, isStored: true };
  const described = { ...text, hasDescriptor: true };
  for (const bytes of [
    zipOf([text, stored]),
    zipOf([described, stored]),
    zipOf([text, stored], { isZip64: true }),
    zipOf([text, stored], { comment: 'PK\x05\x06 not the end' }),
    zipOf([text, stored], { prefix: '#!/bin/sh\nexit 0\n' }),
  ]) {
    const { texts, problems } = seenIn(bytes);
    expect(problems).toEqual([]);
    expect(texts).toMatchObject({ 'a.txt': text.data, 'b.txt': other.data });
  }
  expect(seenIn(zipOf([text], { prefix: 'before it' })).all).toContain('before it');
  expect(seenIn(zipOf([text], { comment: 'said in a comment' })).all).toContain('said in a comment');
});

test('what an archive says wrongly is a problem, and the content is read all the same', () => {
  const lies = {
    'smaller than it is': zipOf([{ ...text, statedSize: 3 }, other]),
    'stored, with another size': zipOf([{ ...text, isStored: true, statedSize: 3 }, other]),
    'two names': zipOf([{ ...text, statedName: 'z.txt' }, other]),
    'an entry that the directory does not list': zipOf([
      other,
      { ...text, isHidden: true },
      { name: 'c', data: 'c' },
    ]),
    'hidden in front': zipOf([{ ...text, isHidden: true }, other]),
    'out of the archive': zipOf([{ ...text, name: '../../etc/cron.d/x' }, other]),
    twice: zipOf([text, { ...other, name: 'a.txt' }]),
  };
  for (const [lie, bytes] of Object.entries(lies)) {
    const { all, problems } = seenIn(bytes);
    expect(problems.join('\n'), lie).toMatch(/^mismatch/m);
    expect(all, lie).toContain(text.data);
    expect(all, lie).toContain(other.data);
  }
});

test('what cannot be read is a problem: encryption, unknown methods, trailing archives', () => {
  expect(seenIn(zipOf([{ ...text, flags: 1 }, other])).problems).toEqual(['encrypted a.txt']);
  expect(seenIn(zipOf([{ ...text, method: 14 }, other])).problems).toEqual(['unsupported a.txt']);
  const behind = seenIn(Buffer.concat([zipOf([other]), Buffer.from('said behind the end')]));
  expect(behind.all).toContain('said behind the end');
});

test('[req: dlp:bombs] a bomb ends at the limits, and is never clean', () => {
  const zeros = new Uint8Array(8 << 20);
  const bomb = zipOf([{ name: 'zeros', data: zeros, statedSize: 1000 }]);
  expect(seenIn(bomb, { maxEntryBytes: 1 << 20 }).problems).toContain('too_large zeros');
  expect(seenIn(bomb, { maxEntryBytes: 4 << 20 }).problems).toContain('suspicious_ratio zeros');
  expect(seenIn(bomb).problems).toContain('suspicious_ratio zeros');
  expect(seenIn(zipOf([{ name: 'n', data: 'x'.repeat(3000) }]), { maxEntryBytes: 2999 }).problems).toEqual([
    'too_large n',
  ]);
  const many = zipOf(Array.from({ length: 20 }, (_, index) => ({ name: `${index}`, data: 'x' })));
  expect(seenIn(many, { maxEntries: 10 }).problems).toContain('too_many_entries');
  let nested: Uint8Array = Buffer.from('at the bottom');
  for (let depth = 0; depth < 6; depth += 1) nested = zipOf([{ name: 'n', data: nested }]);
  expect(seenIn(nested).problems).toEqual(['too_deep n/n/n/n']);
  expect(seenIn(nested, { maxDepth: 6 }).all).toContain('at the bottom');
  const total = zipOf(
    Array.from({ length: 8 }, (_, index) => ({ name: `${index}`, data: 'x'.repeat(1000) })),
  );
  expect(seenIn(total, { maxTotalBytes: 3500 }).problems.join()).toContain('too_large');
  expect(seenIn(gzipSync(zeros), { maxEntryBytes: 4 << 20 }).problems).toEqual(['suspicious_ratio']);
  expect(seenIn(total, { maxMs: -1 }).problems).toContain('timeout');
});

test('[req: dlp:truncated] a document that ends at any byte is never clean and never throws', () => {
  const whole = docxOf(paragraph('the one paragraph'));
  expect(seenIn(whole).problems).toEqual([]);
  for (let length = 4; length < whole.length; length += 1)
    expect(seenIn(whole.subarray(0, length)).problems, `cut at ${length}`).not.toEqual([]);
});

test('a document with any byte changed is read without an exception, within its limits', () => {
  const whole = docxOf(paragraph('the one paragraph'), {
    name: 'word/media/a.bin',
    data: new Uint8Array(300),
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 8 }), (changes) => {
      const bytes = Uint8Array.from(whole);
      for (const [at, value] of changes) bytes[at] = value;
      const { problems } = seenIn(bytes);
      expect(problems.filter((problem) => problem.startsWith('unreadable'))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});
