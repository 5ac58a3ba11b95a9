import type { SessionNews } from '@chaperone/endpoint';
import { deny } from '@chaperone/protocol';
import { describe, expect, test } from 'vitest';
import { Notices, summaryLine } from '../src/notices.ts';

function aScreen() {
  const lines: string[] = [];
  const screen = { raw: false };
  const notices = new Notices({
    write: (text) => void lines.push(...text.trimEnd().split('\n')),
    takesLines: () => !screen.raw,
  });
  return { lines, screen, notices };
}

function aDenial(path: string, proceeded = false): Extract<SessionNews, { kind: 'denied' }> {
  const input = { action: 'read_file', path } as const;
  return { kind: 'denied', input, decision: deny('policy', 'r1', 'closed'), id: 's-1:7', proceeded };
}

describe('[req: run:notice] denials on a terminal', () => {
  test('are one line each, at most five a second, and none is lost', () => {
    const { lines, notices } = aScreen();
    for (let index = 0; index < 12; index += 1) notices.denied(aDenial(`/a/${index}`));
    expect(lines).toHaveLength(5);
    expect(lines[0]).toBe('chaperone: denied read_file /a/0: closed (chaperone why s-1:7)');
    notices.tick();
    expect(lines).toHaveLength(10);
    notices.tick();
    expect(lines.map((line) => /\/a\/(\d+)/.exec(line)?.[1])).toEqual([...Array(12).keys()].map(String));
  });

  test('that are identical are counted, and told less and less often', () => {
    const { lines, notices } = aScreen();
    for (let second = 0; second < 30; second += 1) {
      for (let index = 0; index < 100; index += 1) notices.denied(aDenial('/a'));
      notices.tick();
    }
    notices.end();
    expect(lines.length).toBeLessThan(7);
    const told = lines
      .map((line) => Number(/× (\d+)$/.exec(line)?.[1] ?? 1))
      .reduce((sum, count) => sum + count, 0);
    expect(told).toBe(3_000);
  });

  test('wait while a program has the screen, and for a moment afterwards', () => {
    const { lines, screen, notices } = aScreen();
    screen.raw = true;
    notices.denied(aDenial('/a'));
    notices.note('about the session');
    notices.tick();
    expect(lines).toEqual([]);
    screen.raw = false;
    notices.tick();
    expect(lines).toEqual([]);
    notices.tick();
    expect(lines).toHaveLength(2);
    screen.raw = true;
    notices.denied(aDenial('/b'));
    notices.end();
    expect(lines).toHaveLength(3);
  });

  test('are bounded however many there are, and the rest is counted', () => {
    const { lines, screen, notices } = aScreen();
    screen.raw = true;
    for (let index = 0; index < 10_000; index += 1) notices.denied(aDenial(`/a/${index}`));
    notices.end();
    expect(lines).toHaveLength(6);
    expect(lines.at(-1)).toBe('chaperone: and 9995 more');
  });

  test('of acts that went on are left to the summary, and so are calls that every runtime tries', () => {
    const { lines, notices } = aScreen();
    notices.denied(aDenial('/a', true));
    notices.refused({ kind: 'refused', call: 'io_uring_setup', exe: '/usr/bin/node', id: 's-1:1' });
    expect(lines).toEqual([]);
    notices.refused({ kind: 'refused', call: 'ptrace', exe: '/usr/bin/gdb', id: 's-1:2' });
    expect(lines).toEqual([
      'chaperone: refused the system call ptrace of /usr/bin/gdb (chaperone why s-1:2)',
    ]);
  });
});

test('[req: run:notice] the last line says how many there were and how to ask', () => {
  expect(summaryLine({ denied: 0, wouldBeDenied: 0 }, undefined)).toBeUndefined();
  expect(summaryLine({ denied: 1, wouldBeDenied: 0 }, undefined)).toBe(
    'chaperone: 1 act was denied; `chaperone why --last` explains the last one',
  );
  expect(summaryLine({ denied: 0, wouldBeDenied: 3 }, '/j\x1b')).toContain('`chaperone report /j\\x1b`');
});
