/** The library of shipped policies, put to its own tests as its users would. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';

const main = path.resolve(import.meta.dirname, '../src/main.js');
const library = path.resolve(import.meta.dirname, '../../policies/lib');

test('[req: egress:policies] the tests of the library hold', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'policy', 'test', library], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const [, passed = '0', all = ''] = /^PASS (\d+)\s+of (\d+) /.exec(stdout) ?? [];
  expect(passed).toBe(all);
  expect(Number(passed)).toBeGreaterThanOrEqual(20);
});
