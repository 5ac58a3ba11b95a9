/** The guide's commands, run in an empty folder. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runGuide, stable } from './guide-runner.ts';
import { root } from './world.ts';

test.each(['policy.md', 'data.md'])('[req: policy:guide] every command of %s gives what it shows', (name) => {
  const guide = readFileSync(path.join(root, 'docs/guides', name), 'utf8');
  expect(stable(runGuide(guide))).toBe(stable(guide));
});
