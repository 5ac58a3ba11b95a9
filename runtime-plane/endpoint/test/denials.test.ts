import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createDenials, DenialsFile, removeDenials } from '../src/record/denials.ts';
import { aTree } from './policy-fixture.ts';

const salt = new Uint8Array(32);
const clock = (): number => 0;
const decision = { reason: 'policy', message: 'no', rules: ['r'] } as const;

const linesOf = (file: string): Record<string, unknown>[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('[req: run:denials] the file keeps the last ones, in whole lines, within its bound', () => {
  const file = createDenials(aTree('state/'), 's-1');
  const denials = new DenialsFile(file, salt, clock);
  for (let index = 0; index < 5_000; index += 1)
    denials.add({ action: 'read_file', path: `/a/${index}` }, `s-1:${index}`, decision);
  const size = statSync(file).size;
  expect(size).toBeLessThanOrEqual(256 * 1024);
  expect(size).toBeGreaterThan(128 * 1024);
  const lines = linesOf(file);
  expect(lines.at(-1)).toMatchObject({ id: 's-1:4999', path: '/a/4999', reason: 'policy', rules: ['r'] });
  // None is missing in between.
  const first = Number(String(lines[0]?.['id']).split(':')[1]);
  expect(lines.map(({ id }) => id)).toEqual(lines.map((_, index) => `s-1:${first + index}`));
});

test('[req: run:denials] a line is about what was asked, without secrets of the message and without more of the input', () => {
  const file = createDenials(aTree('state/'), 's-1');
  const denials = new DenialsFile(file, salt, clock);
  const destination = { host: 'example.org', ip: '192.0.2.1', port: 443, protocol: 'tcp' };
  const message = 'the call had --password hunter2';
  denials.add({ action: 'connect', destination, process: { pid: 1, exe: '/bin/x' } }, undefined, {
    ...decision,
    reason: 'default_deny',
    message,
  });
  const [line] = linesOf(file);
  expect(line).toEqual({
    time: '1970-01-01T00:00:00.000Z',
    action: 'connect',
    host: 'example.org',
    ip: '192.0.2.1',
    port: 443,
    reason: 'default_deny',
    message: expect.stringMatching(/^the call had --password ‹secret:sha256:[0-9a-f]{8}›$/) as unknown,
    rules: ['r'],
    hint: expect.stringContaining('No rule covers this') as unknown,
  });
});

test('[req: run:denials] what a killed supervisor left is removed, what a running one has stays', () => {
  const state = aTree('state/');
  const mine = createDenials(state, 's-1');
  const left = path.join(state, 'denials', 's-0.999999999.1');
  mkdirSync(left);
  writeFileSync(path.join(left, 'denials.jsonl'), '');
  const other = createDenials(state, 's-2');
  expect([existsSync(mine), existsSync(other), existsSync(left)]).toEqual([true, true, false]);
  removeDenials(mine);
  expect(existsSync(path.dirname(mine))).toBe(false);
});

test('[req: run:denials] a file that cannot be written makes nobody fail', () => {
  const file = createDenials(aTree('state/'), 's-1');
  const denials = new DenialsFile(file, salt, clock);
  removeDenials(file);
  expect(() => denials.add({ action: 'read_file', path: '/a' }, undefined, decision)).not.toThrow();
});
