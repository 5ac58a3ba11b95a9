import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';

const main = path.resolve(import.meta.dirname, '../src/main.js');
const secret = 'sk-live-0123456789abcdef';

let home: string;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'cli-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
});

function credential(args: readonly string[], input = ''): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'credential', ...args], {
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: home,
      XDG_STATE_HOME: path.join(home, 'state'),
      XDG_CACHE_HOME: tmpdir(),
    },
    input,
    encoding: 'utf8',
  });
  return { code: status, out: stdout, err: stderr };
}

describe('[req: egress:credentials] chaperone credential', () => {
  test('adds from standard input, shows everything but the secret, and removes', () => {
    const added = credential(
      ['add', 'model', '--host', 'API.example.com', '--host', '*.eu.example.com', '--env', 'MODEL_KEY'],
      `${secret}\n`,
    );
    expect(added).toMatchObject({ code: 0, err: '' });
    expect(added.out).toMatch(/^chaperone-placeholder-[0-9a-f]{24}\n$/);
    const known = credential(['add', 'payroll', '--known-only', '--kind', 'token'], 'another-secret');
    expect(known).toEqual({ code: 0, out: '', err: '' });
    const { out } = credential(['list']);
    expect(out.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['ID', 'KIND', 'HEADER', 'VARIABLE', 'HOSTS'],
      ['model', 'api_key', 'authorization', 'MODEL_KEY', 'api.example.com, *.eu.example.com'],
      ['payroll', 'token', '-', '-', 'denied wherever it goes'],
      [''],
    ]);
    const json = credential(['list', '--json']).out;
    const [first] = json.split('\n').map((line) => (line === '' ? {} : (JSON.parse(line) as object)));
    expect(first).toMatchObject({
      id: 'model',
      use: { placeholder: added.out.trim(), hosts: ['api.example.com', '*.eu.example.com'] },
    });
    expect(out + json + added.out).not.toContain('sk-live');
    expect(credential(['remove', 'model']).code).toBe(0);
    expect(credential(['list']).out).not.toContain('model');
    expect(credential(['remove', 'model'])).toEqual({
      code: 2,
      out: '',
      err: 'chaperone: there is no credential model\n',
    });
  });

  test.each([
    [['add', 'model'], secret, 'say to which host it belongs'],
    [['add', 'model', '--known-only', '--host', 'a.example'], secret, '--known-only keeps no secret'],
    [['add', 'model', '--host', 'a.example'], '', 'a secret has from 8 to 8192 characters'],
    [['add', 'model', '--host', 'a.example'], 'x'.repeat(20_000), 'too long'],
    [['add', 'model', '--host', 'a.example'], `${secret}\n\n`, 'no spaces, line breaks'],
    [['add', 'model', '--host', 'a.example', secret], '', 'the secret is read from standard input'],
    [['add', 'Model', '--host', 'a.example'], secret, 'lower-case letters'],
  ])('%j says what is wrong', (args, input, line) => {
    const { code, out, err } = credential(args, input);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(line);
    expect(err).not.toContain('sk-live');
  });

  test('an empty list says so', () => {
    expect(credential(['list'])).toEqual({ code: 0, out: 'No credentials are kept.\n', err: '' });
  });
});
