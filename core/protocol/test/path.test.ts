import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSessionId, pathBytes, wirePath } from '../src/index.ts';

test('[req: record:round-trip] every path survives, whatever its bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (bytes) => {
      const wire: unknown = JSON.parse(JSON.stringify(wirePath(bytes)));
      expect(pathBytes(wire as ReturnType<typeof wirePath>)).toEqual(new Uint8Array(bytes));
    }),
  );
});

test('a path that is UTF-8 is only text', () => {
  expect(wirePath(Buffer.from('/größe'))).toEqual({ path: '/größe' });
  expect(wirePath(Buffer.from('\uFEFFa'))).toEqual({ path: '\uFEFFa' });
});

test('a path that is not UTF-8 keeps a readable form beside its bytes', () => {
  expect(wirePath(Buffer.from([0x2f, 0x61, 0xff]))).toEqual({ path: '/a\uFFFD', path_bytes: 'L2H/' });
});

test('a session id cannot lead out of the folder it names', () => {
  for (const id of ['..', '.', '', 'a/b', '-rf', 'a'.repeat(65), 'a\0', 'é'])
    expect(isSessionId(id)).toBe(false);
  expect(isSessionId('s-2026_11')).toBe(true);
});
