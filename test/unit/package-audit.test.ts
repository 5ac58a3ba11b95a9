import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { audit } from '../../scripts/package/audit.ts';
import { sourceDate } from '../../scripts/package/bytes.ts';

/** A package with one good file and the given one. */
function packageWith(name: string, content: string): string {
  const stage = mkdtempSync(path.join(tmpdir(), 'audit-'));
  onTestFinished(() => rmSync(stage, { recursive: true }));
  const folder = path.join(stage, 'package');
  for (const [file, text] of [
    ['lib/main.js', 'ours\n'],
    ['package.json', '{}'],
    [name, content.replaceAll('STAGE', stage)],
  ] as const) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  return folder;
}

const check = (name: string, content: string) => () =>
  audit(packageWith(name, content), ['lib', 'policies'], '/the/checkout');

test('[req: package:contents] what the list names passes', () => {
  expect(check('lib/other.js', 'see /usr/lib')).not.toThrow();
});

test.each([
  ['extra.js', '', 'extra.js is not in the list'],
  ['library/x.js', '', 'library/x.js is not in the list'],
  ['lib/a.ts', '', 'lib/a.ts is not for users'],
  ['lib/test/a.js', '', 'lib/test/a.js is not for users'],
  ['policies/access_test.rego', '', 'policies/access_test.rego is not for users'],
  ['lib/a.js.map', '', 'lib/a.js.map is not for users'],
  ['lib/a.js', 'from /the/checkout/cli', 'lib/a.js names /the/checkout'],
  ['lib/a.js', 'from STAGE/x', 'lib/a.js names'],
  ['lib/a.js', `${homedir()}/.cache`, `lib/a.js names ${homedir()}/`],
])('[req: package:contents] %s with %j does not', (name, content, message) => {
  expect(check(name, content)).toThrow(message);
});

test('[req: package:reproducible] the time of the files is given, or that of the last commit, or refused', () => {
  expect(sourceDate('/', { SOURCE_DATE_EPOCH: '12' })).toBe(12);
  expect(() => sourceDate('/', { SOURCE_DATE_EPOCH: 'now' })).toThrow('set SOURCE_DATE_EPOCH');
  expect(() => sourceDate('/', {})).toThrow('set SOURCE_DATE_EPOCH');
});
