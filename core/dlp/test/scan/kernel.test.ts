import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { kernelModule } from '../../../../scripts/dlp-kernel.ts';

test('the compiled kernel is what its source says', async () => {
  const shipped = readFileSync(new URL('../../src/scan/kernel-module.ts', import.meta.url), 'utf8');
  expect(shipped, 'run: sh scripts/node scripts/dlp-kernel.ts').toBe(await kernelModule());
});
