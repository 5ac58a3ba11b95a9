/** The suite of ordinary work: its tasks fit the shipped profiles, and its counts and comparisons can be trusted. */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readAccount } from '../../bench/friction/records.ts';
import { isWrong } from '../../bench/friction/report.ts';
import type { Task } from '../../bench/friction/task.ts';
import { tasks } from '../../bench/friction/tasks/index.ts';
import { compareTrees, readTree } from '../../bench/friction/tree.ts';

const policies = new URL('../../policies/', import.meta.url);
const aTask: Task = {
  name: 'x',
  area: 'shell',
  title: '',
  profile: 'observe',
  needs: [],
  run: { sh: '' },
  leaves: [],
};

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'chaperone-friction-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('[req: profiles:friction] tasks', () => {
  test('are many, each under its own name, and most profiles have some', () => {
    expect(tasks.length).toBeGreaterThanOrEqual(40);
    expect(new Set(tasks.map(({ name }) => name)).size).toBe(tasks.length);
    const shipped = readdirSync(policies).filter((name) => name !== 'lib' && name !== 'demo');
    const without = shipped.filter((name) => !tasks.some(({ profile }) => profile === name));
    // What guarded-uploads is for takes servers outside of the session: test/e2e/profile-uploads.test.ts has them.
    expect(without).toEqual(['guarded-uploads', 'observe']);
  });

  test.each(tasks.map((task) => [task.name, task] as const))('%s: profile and settings exist', (_, task) => {
    const manifest = JSON.parse(readFileSync(new URL(`${task.profile}/profile.json`, policies), 'utf8')) as {
      settings: Record<string, unknown>;
    };
    for (const one of task.settings ?? [])
      expect(Object.keys(manifest.settings)).toContain(/^[a-z_]+/.exec(one)?.[0]);
    expect(task.leaves.length).toBeGreaterThan(0);
  });
});

describe('[req: profiles:friction] an account of a journal', () => {
  const deny = (seq: number, file: string, rules: readonly string[] = []): object => ({
    kind: 'decision',
    seq,
    input: { action: 'read_file', path: file },
    decision: { effect: 'deny', reason: 'policy', rules },
  });
  const account = (records: readonly object[], task: Partial<Task> = {}): ReturnType<typeof readAccount> => {
    mkdirSync(path.join(dir, 'journal/s1'), { recursive: true });
    const text = records.map((one) => `${JSON.stringify(one)}\n`).join('');
    writeFileSync(path.join(dir, 'journal/s1/000001.jsonl'), text);
    return readAccount(
      { journal: path.join(dir, 'journal'), home: '/home/u', uid: 1 },
      { ...aTask, ...task },
    );
  };

  test('counts what is only summed up, and each question once', () => {
    const { acts, allowed, asked } = account([
      { kind: 'session_start', seq: 1 },
      { kind: 'decision', seq: 2, input: { action: 'read_file', path: '/a' }, decision: { effect: 'allow' } },
      { kind: 'summary', seq: 3, count: 40 },
      deny(4, '/home/u/x'),
      deny(5, '/home/u/x'),
      deny(6, '/home/u/y'),
      { kind: 'refusal', seq: 7, call: 'bpf', reason: 'refused_call', input: { action: 'os_api' } },
      { kind: 'outcome', seq: 8 },
    ]);
    expect({ acts, allowed }).toEqual({ acts: 45, allowed: 41 });
    expect(asked.map(({ object, times, record }) => [object, times, record])).toEqual([
      ['~/x', 2, 's1:4'],
      ['~/y', 1, 's1:6'],
      ['bpf', 1, 's1:7'],
    ]);
    expect(asked.filter(isWrong)).toHaveLength(3);
  });

  test('an approval is a question, and not wrong', () => {
    const decision = { effect: 'allow', obligations: [{ type: 'require_approval' }] };
    const { asked } = account([
      { kind: 'decision', seq: 1, input: { action: 'execute', path: '/a' }, decision },
    ]);
    expect(asked.map(({ kind }) => kind)).toEqual(['approval']);
    expect(asked.filter(isWrong)).toEqual([]);
  });

  test('what a task names is promised, nothing beside it', () => {
    const { asked } = account(
      [
        deny(1, '/home/u/.npmrc', ['store']),
        deny(2, '/home/u/.netrc', ['store']),
        deny(3, '/home/u/.npmrc', ['x']),
      ],
      { closed: [{ rule: 'store', object: '.npmrc', why: 'token' }] },
    );
    expect(asked.map(isWrong)).toEqual([false, true, true]);
  });

  test('a change that this user could not make bare is not wrong', () => {
    writeFileSync(path.join(dir, 'closed'), '');
    chmodSync(path.join(dir, 'closed'), 0o644);
    writeFileSync(path.join(dir, 'open'), '');
    chmodSync(path.join(dir, 'open'), 0o666);
    const write = (seq: number, name: string): object => ({
      kind: 'decision',
      seq,
      input: { action: 'write_file', path: path.join(dir, name) },
      decision: { effect: 'deny', reason: 'floor' },
    });
    expect(account([write(1, 'closed'), write(2, 'open')]).asked.map(isWrong)).toEqual([false, true]);
  });
});

describe('[req: profiles:friction] what two runs left', () => {
  const lay = (name: string, files: Readonly<Record<string, string>>): string => {
    const home = path.join(dir, name);
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(home, file)), { recursive: true });
      writeFileSync(path.join(home, file), text);
    }
    return home;
  };
  const files = { 'work/a': 'one', 'work/.git/index': '1', 'work/log.1': 'x', '.cache/x': '1' };

  test('content, modes, links and what is missing tell', () => {
    const before = lay('a', { ...files, 'work/b': 'b' });
    const after = lay('b', { ...files, 'work/a': 'two', 'work/new': '' });
    chmodSync(path.join(after, 'work/.git/index'), 0o600);
    symlinkSync('a', path.join(before, 'work/l'));
    symlinkSync('b', path.join(after, 'work/l'));
    const found = compareTrees(readTree(before, aTask), readTree(after, aTask));
    expect(found.map((text) => text.split(/[ :]/)[0])).toEqual([
      'work/.git/index',
      'work/a',
      'work/b',
      'work/l',
      'work/new',
    ]);
  });

  test('only what a task says may vary may vary', () => {
    const before = lay('a', files);
    const after = lay('b', { ...files, 'work/.git/index': '2', 'work/log.2': '', '.cache/x': '2' });
    const compare = (task: Partial<Task>): string[] =>
      compareTrees(readTree(before, { ...aTask, ...task }), readTree(after, { ...aTask, ...task }));
    expect(compare({ varies: ['work/**/index'], ignores: ['work/log.*'] })).toEqual([]);
    expect(compare({ varies: ['work/*/indexes'], ignores: ['work/log.*'] })).toHaveLength(1);
    expect(compare({ varies: ['work/**/index'], ignores: ['work/logs'] })).toHaveLength(1);
  });
});
