import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';

const main = path.resolve(import.meta.dirname, '../src/main.js');

let home: string;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'cli-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
});

type Result = { readonly code: number; readonly stdout: string; readonly stderr: string };

const chaperone = (...args: readonly string[]): Promise<Result> => chaperoneIn({}, ...args);

function chaperoneIn(extra: Record<string, string>, ...args: readonly string[]): Promise<Result> {
  const env = {
    ...extra,
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    XDG_STATE_HOME: path.join(home, 'state'),
    XDG_CACHE_HOME: tmpdir(),
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

function own(name: string, manifest: string): void {
  const folder = path.join(home, '.config/chaperone/policies', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'profile.json'), manifest);
}

describe('[req: profiles:selection] the command line', () => {
  test.each([
    [['run', '--', 'true'], 2, 'which policy? Name a profile with --profile'],
    [
      ['run', '--profile', 'nobody', '--', 'true'],
      2,
      'there is no profile "nobody"; there are browser-automation',
    ],
    [['run', '--profile', './nobody', '--', 'true'], 2, 'holds no profile.json'],
    [['run', '--profile', 'observe', '--policy', '.', '--', 'true'], 2, 'cannot be used with'],
    [['run', '--policy', '.', '--set', 'a=b', '--', 'true'], 2, '--set is for the settings of a profile'],
    [
      ['run', '--profile', 'observe', '--set', 'x=1', '--', 'true'],
      2,
      'there is no setting x in this profile; known are allow_stores',
    ],
    [['run', '--profile', 'developer-agent', '--set', 'hosts', '--', 'true'], 2, 'write it as NAME=VALUE'],
    [
      ['run', '--profile', 'developer-agent', '--set', 'ports=ssh', '--', 'true'],
      2,
      'ports: "ssh" is not a port number',
    ],
    [['run'], 2, "chaperone: missing required argument 'command'\nRun `chaperone run --help` to see"],
    [['profile', 'list', '--x'], 2, "chaperone: unknown option '--x'\nRun `chaperone profile list --help`"],
    [['profile', 'show', 'nobody'], 2, 'there is no profile "nobody"'],
    [['profile', 'show', '\u001b[2J'], 2, 'there is no profile'],
  ])('%j', async (args, code, text) => {
    const result = await chaperone(...args);
    expect(result.code).toBe(code);
    expect(result.stderr).toContain(text);
    expect(result.stderr).not.toContain('\u001b');
    expect(result.stderr).not.toMatch(/\n\s+at /);
  });

  test('list shows all, one line each; a broken one is told and hides no other', async () => {
    own('broken', '{');
    const { code, stdout, stderr } = await chaperone('profile', 'list');
    expect(code).toBe(1);
    expect(stderr).toContain('broken/profile.json cannot be read');
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^PROFILE +AGENT +RISK +MODE +FROM +WHAT IT IS FOR$/);
    expect(lines.length).toBeGreaterThanOrEqual(9);
    expect(stdout).toMatch(/^observe +any +high +audit +shipped/m);
  });

  test('list and show fit the terminal [req: cli:fits]', async () => {
    for (const args of [['list'], ['show', 'developer-agent']]) {
      const { stdout } = await chaperone('profile', ...args);
      expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeGreaterThan(80);
      const narrow = await chaperoneIn({ COLUMNS: '80' }, 'profile', ...args);
      const [first, ...more] = narrow.stdout.split('\n').filter((line) => line.length > 80);
      // A path is to be copied.
      if (first !== undefined) expect(first).toMatch(/^ +\S+$/);
      expect(more).toEqual([]);
      expect(narrow.stdout.replace(/\s+/g, ' ')).toContain('Writes and runs code in one workspace');
    }
  });

  test('list --json and show --json are data', async () => {
    const { stdout } = await chaperone('profile', 'list', '--json');
    const ids = stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { id: string }).id);
    expect(ids).toContain('developer-agent');
    const shown = JSON.parse(
      (await chaperone('profile', 'show', 'developer-agent', '--json')).stdout,
    ) as unknown;
    expect(shown).toMatchObject({ id: 'developer-agent', settings: { hosts: { type: 'hosts' } } });
  });

  test('show names every setting with its default', async () => {
    const { code, stdout } = await chaperone('profile', 'show', 'documents-assistant');
    expect(code).toBe(0);
    for (const text of [
      'agent         ui_assistant, risk medium',
      'output (path)',
      'default: ~/Documents/Assistant',
      'allow_stores',
    ])
      expect(stdout).toContain(text);
  });
});
