/** [req: policy:bundle:hostile] What an archive may do to its reader: nothing. */
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildBundle, readBundle, unpackBundle } from '../src/bundle/index.ts';
import { type Entry, file, refusal, tarOf } from './bundle-files.ts';

const pack = (entries: readonly Entry[], end?: number): Uint8Array => gzipSync(tarOf(entries, end));
const names = async (bytes: Uint8Array): Promise<string[]> =>
  (await unpackBundle(bytes)).map(({ name }) => name);
const unpacking = (entries: readonly Entry[]): Promise<string> => refusal(unpackBundle(pack(entries)));

describe('archives as they are written', () => {
  test('names with and without a leading slash or dot are the same', async () => {
    expect(await names(pack([{ name: '/a.rego' }, { name: './b/data.json' }, { name: 'c/d.rego' }]))).toEqual(
      ['a.rego', 'b/data.json', 'c/d.rego'],
    );
  });

  test('folders are passed over, old regular files are read', async () => {
    expect(
      await names(
        pack([
          { name: 'a/', type: '5' },
          { name: 'a/x.rego', type: '\0' },
        ]),
      ),
    ).toEqual(['a/x.rego']);
  });

  test('long names of pax, of GNU tar and of the ustar prefix', async () => {
    const long = `${'d'.repeat(60)}/${'e'.repeat(60)}/x.rego`;
    const record = ` path=${long}\n`;
    const pax = { name: 'pax', type: 'x', content: `${record.length + 3}${record}` };
    const gnu = { name: '././@LongLink', type: 'L', content: `${long}\0` };
    const prefix = (header: Uint8Array): void => header.set(new TextEncoder().encode('d/e'), 345);
    expect(await names(pack([pax, { name: 'short', content: 'x' }, { name: 'next' }]))).toEqual([
      long,
      'next',
    ]);
    expect(await names(pack([gnu, { name: 'short', content: 'x' }]))).toEqual([long]);
    expect(await names(pack([{ name: 'x.rego', change: prefix }]))).toEqual(['d/e/x.rego']);
  });

  test('an archive without its closing blocks is read', async () => {
    expect(await names(pack([{ name: 'a', content: 'x' }], 0))).toEqual(['a']);
  });
});

describe('hostile archives', () => {
  test.each([
    ['../x.rego'],
    ['a/../../x.rego'],
    ['//etc/passwd'],
    ['/../etc/passwd'],
    ['a//b'],
    ['a/./b'],
    ['..'],
    ['.'],
    [''],
    ['a\\..\\b'],
    ['a\nb'],
    ['a\u001b[2J'],
  ])('[req: policy:bundle:hostile] the name %j is refused', async (name) => {
    expect(await unpacking([{ name }])).toMatch(/^unsafe_entry/);
  });

  test.each(['1', '2', '3', '4', '6', 'S', 'K', 'Z'])(
    '[req: policy:bundle:hostile] an entry of type %s is refused',
    async (type) => {
      expect(await unpacking([{ name: 'a', type }])).toMatch(/^unsafe_entry/);
    },
  );

  test('[req: policy:bundle:hostile] a name twice is refused, however it is spelt', async () => {
    expect(await unpacking([{ name: 'a' }, { name: 'a' }])).toMatch(/^unsafe_entry.*twice/);
    expect(await unpacking([{ name: '/a' }, { name: './a' }])).toMatch(/^unsafe_entry.*twice/);
  });

  test('[req: policy:bundle:hostile] sizes that are not there, not numbers or gigantic are refused', async () => {
    expect(await unpacking([{ name: 'a', size: 5000 }])).toMatch(/^bad_archive/);
    expect(await unpacking([{ name: 'a', size: 'junk' }])).toMatch(/^bad_archive/);
    expect(await unpacking([{ name: 'a', size: 0o77777777777 }])).toMatch(/^too_large/);
    const binary = (header: Uint8Array): void =>
      header.set([0x80, 0, 0, 0, 0x7f, 255, 255, 255, 255, 255, 255, 255], 124);
    expect(await unpacking([{ name: 'a', change: binary }])).toMatch(/^(?:too_large|bad_archive)/);
    expect(await unpacking([{ name: 'x', type: 'x', content: '999 path=a\n' }])).toMatch(/^bad_archive/);
    expect(await unpacking([{ name: 'x', type: 'x', content: '0 a=b\n' }])).toMatch(/^bad_archive/);
    expect(
      await unpacking([
        { name: 'x', type: 'x', content: '18 size=9999999999\n'.replace('18', '19') },
        { name: 'a' },
      ]),
    ).toMatch(/^too_large/);
  });

  test('[req: policy:bundle:hostile] a gzip bomb is given up at the limit', async () => {
    const bomb = gzipSync(new Uint8Array(200 * 1024 * 1024), { level: 9 });
    expect(bomb.length).toBeLessThan(400_000);
    const before = process.memoryUsage.rss();
    expect(await refusal(unpackBundle(bomb, { limits: { unpackedBytes: 1024 * 1024 } }))).toMatch(
      /^too_large/,
    );
    expect(process.memoryUsage.rss() - before).toBeLessThan(150 * 1024 * 1024);
  });

  test('[req: policy:bundle:hostile] what is too many or too long is refused', async () => {
    const many = pack(Array.from({ length: 20 }, (_, i) => ({ name: `f${i}` })));
    expect(await refusal(unpackBundle(many, { limits: { files: 10 } }))).toMatch(/^too_large/);
    expect(await refusal(unpackBundle(many, { limits: { archiveBytes: 10 } }))).toMatch(/^too_large/);
    expect(await refusal(unpackBundle(many, { limits: { nameBytes: 2 } }))).toMatch(/^unsafe_entry/);
    const files = [file('a', 'xxxx'), file('b', 'xxxx')];
    expect(await refusal(unpackBundle(files, { limits: { unpackedBytes: 7 } }))).toMatch(/^too_large/);
    expect(await refusal(unpackBundle(files, { limits: { fileBytes: 3 } }))).toMatch(/^too_large/);
    expect(await refusal(unpackBundle([file('../a', '')]))).toMatch(/^unsafe_entry/);
    expect(await refusal(unpackBundle([file('a', ''), file('/a', '')]))).toMatch(/^unsafe_entry/);
  });

  test('[req: policy:bundle:hostile] whatever the bytes, there are files or a refusal', async () => {
    const good = pack([{ name: 'a.rego', content: 'package a' }]);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 1500 }), fc.boolean(), async (bytes, zipped) => {
        await refusal(readBundle(zipped ? gzipSync(bytes) : bytes));
      }),
      { numRuns: 200 },
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), async (length) => {
        expect(await refusal(unpackBundle(good.subarray(0, length)))).toMatch(/^bad_archive/);
      }),
    );
  });
});

describe('what is written', () => {
  test('[req: policy:bundle:round-trip] what was built is read again, byte for byte, and building is deterministic', async () => {
    const name = fc
      .array(fc.stringMatching(/^[a-zé_][a-z0-9_ -]{0,40}$/), { minLength: 1, maxLength: 6 })
      .map((parts) => `${parts.join('/')}/x`);
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.record({ name, bytes: fc.uint8Array({ maxLength: 2000 }) }), {
          minLength: 1,
          maxLength: 8,
          selector: (one) => one.name,
        }),
        async (files) => {
          const bundle = await buildBundle(files);
          expect(await buildBundle(files.toReversed())).toEqual(bundle);
          const read = await unpackBundle(bundle);
          expect(new Map(read.map((one) => [one.name, [...one.bytes]]))).toEqual(
            new Map(files.map((one) => [one.name, [...one.bytes]])),
          );
          expect(gunzipSync(bundle).length % 512).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });
});
