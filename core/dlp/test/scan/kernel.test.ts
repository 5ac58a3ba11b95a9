import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { kernels, moduleOf } from '../../../../scripts/dlp-kernel.ts';

test.each(kernels)('$target is what $source says', async (one) => {
  const shipped = readFileSync(new URL(`../../${one.target}`, import.meta.url), 'utf8');
  expect(shipped, 'run: sh scripts/node scripts/dlp-kernel.ts').toBe(await moduleOf(one));
});
