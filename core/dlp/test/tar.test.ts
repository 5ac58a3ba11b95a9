import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { seenIn } from './extracted.ts';
import { zipOf } from './zip-writer.ts';

const block = 512;

function entry(name: string, content: string, type = '0', size = content.length): Buffer {
  const header = Buffer.alloc(block);
  header.write(name);
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  header.write(type, 156);
  header.write('ustar\x0000', 257, 'latin1');
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([
    header,
    Buffer.from(content),
    Buffer.alloc((block - (content.length % block)) % block),
  ]);
}

const pax = (fields: Record<string, string>): string =>
  Object.entries(fields)
    .map(([key, value]) => {
      const rest = ` ${key}=${value}\n`;
      return `${rest.length + 2}${rest}`;
    })
    .join('');

const end = Buffer.alloc(2 * block);

test('a tape archive is read with the names of pax and GNU, within compression', () => {
  const long = `${'d/'.repeat(80)}long.txt`;
  const archive = Buffer.concat([
    entry('plain.txt', 'one'),
    entry('././@LongLink', `${long}\0`, 'L'),
    entry('cut', 'two'),
    entry('x', pax({ path: 'named.txt' }), 'x'),
    entry('cut', 'three'),
    entry('in.zip', 'four'),
    end,
  ]);
  const { type, texts, problems } = seenIn(archive);
  expect(type).toBe('application/x-tar');
  expect(problems).toEqual([]);
  expect(texts).toMatchObject({ 'plain.txt': 'one', [long]: 'two', 'named.txt': 'three' });
  for (const packed of [gzipSync(archive), zstdCompressSync(archive)]) {
    const inner = seenIn(packed);
    expect(inner.problems).toEqual([]);
    expect(inner.texts['(content)/named.txt']).toBe('three');
  }
});

test('what is wrong with a tape archive is a problem', () => {
  const sparse = entry('x', pax({ 'GNU.sparse.size': '9' }), 'x');
  expect(seenIn(Buffer.concat([sparse, entry('a', 'holes'), end])).problems).toEqual(['unsupported a']);
  expect(seenIn(Buffer.concat([entry('../a', 'x'), end])).problems).toEqual(['mismatch ../a']);
  const behind = seenIn(Buffer.concat([entry('a', 'x'), end, Buffer.from('behind the end')]));
  expect(behind.problems).toEqual(['mismatch']);
  expect(behind.all).toContain('behind the end');
  const cut = seenIn(entry('a', 'what is left', '0', 5000));
  expect(cut.problems).toContain('corrupt a');
  expect(cut.all).toContain('what is left');
  const broken = seenIn(Buffer.concat([entry('a', 'x'), Buffer.alloc(block, 'no header here ')]));
  expect(broken.problems[0]).toBe('corrupt');
  expect(broken.all).toContain('no header here');
});

test('all members of a compressed file are read; damage and what follows are problems', () => {
  const two = Buffer.concat([gzipSync('first '), gzipSync('second')]);
  expect(seenIn(two)).toMatchObject({ all: 'first second', problems: [] });
  const noise = Array.from({ length: 3000 }, (_, index) => `line ${index * 7919}\n`).join('');
  const packed = gzipSync(noise);
  const cut = seenIn(packed.subarray(0, packed.length / 2));
  expect(cut.problems).toEqual(['corrupt']);
  expect(cut.all).toContain('line 7919');
});

test('formats that are not read are recognised', () => {
  for (const start of ['BZh91AY&SY', '\xfd7zXZ\0', "7z\xbc\xaf'\x1c", 'Rar!\x1a\x07\x01\0', '\x04"M\x18'])
    expect(seenIn(Buffer.from(`${start}more`, 'latin1')).problems, start).toEqual(['unsupported']);
  const inner = seenIn(zipOf([{ name: 'a.7z', data: Buffer.from("7z\xbc\xaf'\x1c", 'latin1') }]));
  expect(inner.problems).toEqual(['unsupported a.7z']);
});
