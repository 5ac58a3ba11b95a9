/** The guide's commands, run in an empty folder. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runGuide, stable } from './guide-runner.ts';
import { root } from './world.ts';

test('[req: policy:guide] every command of the guide gives what the guide shows', () => {
  const guide = readFileSync(path.join(root, 'docs/guides/policy.md'), 'utf8');
  expect(stable(runGuide(guide))).toBe(stable(guide));
});
