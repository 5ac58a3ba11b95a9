import { expect, test } from 'vitest';
import { progressLine } from '../src/progress.ts';

function terminal(extra: { isTTY?: boolean; columns?: number } = {}) {
  let written = '';
  return {
    isTTY: true,
    columns: 20,
    ...extra,
    write: (text: string) => (written += text),
    all: () => written,
  };
}

test('[req: cli:progress] a terminal hears of it after a second, not too often, and gets its line back', () => {
  const stream = terminal();
  let now = 0;
  const line = progressLine(stream, {}, () => now);
  now = 999;
  line.say('early');
  expect(stream.all()).toBe('');
  now = 1000;
  line.say('a first text that is too long');
  now = 1050;
  line.say('too soon');
  now = 1100;
  line.say('third');
  line.clear();
  line.clear();
  expect(stream.all()).toBe('\r\x1b[Ka first text that i\r\x1b[Kthird\r\x1b[K');
});

test('[req: cli:progress] the line goes away when what it is about fails', () => {
  const stream = terminal();
  let now = 0;
  expect(() => {
    using line = progressLine(stream, {}, () => now);
    now = 2000;
    line.say('half');
    throw new Error('broken');
  }).toThrow('broken');
  expect(stream.all()).toBe('\r\x1b[Khalf\r\x1b[K');
});

test.each([
  ['a pipe', { isTTY: false }, {}],
  ['a terminal that cannot take a line back', {}, { TERM: 'dumb' }],
])('[req: cli:progress] %s hears nothing', (_name, kind, env) => {
  const stream = terminal(kind);
  let now = 0;
  const line = progressLine(stream, env, () => now);
  now = 5000;
  line.say('text');
  line.clear();
  expect(stream.all()).toBe('');
});
