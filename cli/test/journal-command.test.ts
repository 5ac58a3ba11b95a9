import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadDeviceKey, openJournal } from '@chaperone/endpoint/record';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';

const main = path.resolve(import.meta.dirname, '../src/main.js');

let home: string;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'cli-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
});

type Result = { readonly code: number; readonly stdout: string; readonly stderr: string };

function environment(extra: Record<string, string> = {}): Record<string, string> {
  // The compile cache is shared between tests: only what it holds makes them quick.
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    XDG_STATE_HOME: path.join(home, 'state'),
    XDG_CACHE_HOME: tmpdir(),
    ...extra,
  };
}

function chaperone(args: readonly string[], env: Record<string, string> = {}): Promise<Result> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { env: environment(env) }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

const dir = (): string => path.join(home, 'state/chaperone/journal');

function aSession(session: string, options: { close?: boolean; maxSegmentBytes?: number } = {}) {
  const { close = true, ...rest } = options;
  const key = loadDeviceKey(path.join(home, 'state/chaperone'));
  const journal = openJournal({ dir: dir(), session, key, clock: () => Date.UTC(2026, 0, 1, 12), ...rest });
  journal.append(
    {
      kind: 'session_start',
      session,
      argv: ['agent', '--x'],
      revision: 'r1',
      mode: 'enforce',
      key: key.id,
      version: '0.1.0',
    },
    'now',
  );
  journal.append(
    {
      kind: 'decision',
      input: { action: 'read_file', path: '/secret/\u001b[2J\u202E日本.txt' },
      decision: {
        effect: 'deny',
        reason: 'policy',
        message: 'Not for agents.',
        obligations: [],
        rules: ['r'],
        revision: 'r1',
      },
    },
    'now',
  );
  journal.append({ kind: 'session_end', exit_code: 0, allowed: 0, denied: 1 }, 'now');
  if (close) journal.close();
  return journal;
}

describe('[req: cli:journal:show]', () => {
  test('a table that fits, with everything escaped', async () => {
    aSession('one');
    const { code, stdout } = await chaperone(['journal', 'show'], { COLUMNS: '70' });
    expect(code).toBe(0);
    expect(stdout).toContain('session one, 2026-01-01\n');
    expect(stdout).toMatch(/ 2 12:00:00\.000 deny {5}read_file {5}\/secret\/\\x1b\[2J/);
    expect(stdout).not.toMatch(/(?!\n)\p{Cc}|\p{Cf}/u);
    for (const line of stdout.split('\n')) expect(Array.from(line).length).toBeLessThanOrEqual(70);
    expect(stdout).toContain('…');
  });

  test('a pipe gets whole values', async () => {
    aSession('one');
    const { stdout } = await chaperone(['journal', 'show', dir()]);
    expect(stdout).toContain('/secret/\\x1b[2J\\u{202e}日本.txt policy: Not for agents.');
  });

  test('JSON is complete, and safe to print', async () => {
    aSession('one');
    aSession('two');
    const { stdout } = await chaperone(['journal', 'show', '--json', '--session', 'two', '--last', '3']);
    const records = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(records.map(({ session, seq, kind }) => [session, seq, kind])).toEqual([
      ['two', 2, 'decision'],
      ['two', 3, 'session_end'],
      ['two', 4, 'checkpoint'],
    ]);
    expect(records[0]?.['input']).toEqual({ action: 'read_file', path: '/secret/\u001b[2J\u202E日本.txt' });
    expect(stdout).not.toMatch(/(?!\n)\p{Cc}|\p{Cf}/u);
  });

  test('a line that is no record is said to be none', async () => {
    aSession('one');
    const file = path.join(dir(), 'one/000001.jsonl');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"kind":"decision"', '"kind":"decisiom"'));
    const { code, stdout, stderr } = await chaperone(['journal', 'show']);
    expect(code).toBe(1);
    expect(stdout).toContain('line 2 is no record');
    expect(stderr).toContain('chaperone journal verify');
  });
});

describe('[req: cli:journal:verify]', () => {
  test('0 when whole', async () => {
    aSession('one');
    const result = await chaperone(['journal', 'verify']);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toBe('OK: 1 session, 4 records; nothing was altered, removed, moved or added.\n');
  });

  test('1 when tampered, and the record is named', async () => {
    aSession('one');
    const file = path.join(dir(), 'one/000001.jsonl');
    writeFileSync(file, readFileSync(file, 'utf8').replace('Not for agents', 'Yes for agents'));
    const { code, stdout } = await chaperone(['journal', 'verify', dir()]);
    expect(code).toBe(1);
    expect(stdout).toContain('ALTERED (session one, one/000001.jsonl:2) record 2 was altered');
    const json = await chaperone(['journal', 'verify', '--json']);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      ok: false,
      faults: [{ code: 'altered', session: 'one', seq: 2 }],
    });
  });

  test('2 when it cannot be read', async () => {
    const { code, stdout, stderr } = await chaperone(['journal', 'verify', '/nowhere']);
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: '',
      stderr: 'chaperone: cannot read /nowhere (ENOENT)\n',
    });
  });

  test('a journal of another device is not trusted without its key', async () => {
    aSession('one');
    const elsewhere = { XDG_STATE_HOME: path.join(home, 'elsewhere') };
    const unknown = await chaperone(['journal', 'verify', dir()], elsewhere);
    expect(unknown.stdout).toContain('is named by the journal itself');
    const { id } = loadDeviceKey(path.join(home, 'state/chaperone'));
    expect((await chaperone(['journal', 'verify', '--key', id, dir()], elsewhere)).stdout).not.toContain(
      'named by',
    );
    expect((await chaperone(['journal', 'verify', '--key', '0'.repeat(32), dir()], elsewhere)).code).toBe(2);
  });
});

test('[req: cli:journal:follow] shows records while they are written, in new sessions and segments', async () => {
  aSession('one');
  const child: ChildProcess = spawn(process.execPath, [main, 'journal', 'follow', '--json'], {
    env: environment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill());
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await expect.poll(() => output.split('\n').length - 1, { timeout: 10_000 }).toBe(4);
  aSession('two', { maxSegmentBytes: 600 });
  await expect.poll(() => output.split('\n').length - 1, { timeout: 10_000 }).toBe(8);
  expect(JSON.parse(output.trim().split('\n').at(-1) ?? '')).toMatchObject({
    session: 'two',
    kind: 'checkpoint',
  });
});

describe('[req: cli:errors]', () => {
  test.each([
    [['journal', 'show', '/nowhere'], 2, 'chaperone: cannot read /nowhere (ENOENT)'],
    [['journal', 'show', '--session', '../x'], 2, 'It is not a session id'],
    [['journal', 'show', '--frobnicate'], 2, "unknown option '--frobnicate'"],
    [['journl'], 2, '(Did you mean journal?)'],
  ])('%j', async (args, code, text) => {
    const result = await chaperone(args);
    expect(result.code).toBe(code);
    expect(result.stdout).toBe('');
    expect(result.stderr).toContain(text);
    expect(result.stderr).not.toMatch(/\n\s+at /);
  });

  test('a session that is not there lists those that are', async () => {
    aSession('one');
    const { code, stderr } = await chaperone(['journal', 'show', '--session', 'two']);
    expect(code).toBe(2);
    expect(stderr).toBe(`chaperone: ${dir()} has no session two; the last ones are: one\n`);
  });

  test('help and version', async () => {
    expect(await chaperone(['--version'])).toMatchObject({ code: 0, stdout: '0.1.0\n' });
    const help = await chaperone(['--help']);
    expect(help.code).toBe(0);
    for (const word of ['run', 'journal', 'demo', 'Examples']) expect(help.stdout).toContain(word);
  });
});
