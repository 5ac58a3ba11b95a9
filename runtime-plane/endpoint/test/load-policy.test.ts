import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadPolicyFiles } from '../src/decide/load-policy.ts';
import { PolicyFileError } from '../src/decide/policy-file-error.ts';

function aFolder(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'policy-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), content);
  }
  return folder;
}

function failureOf(location: string): PolicyFileError {
  try {
    loadPolicyFiles(location);
  } catch (error) {
    if (error instanceof PolicyFileError) return error;
    throw error;
  }
  throw new Error('the policy was accepted');
}

const policy = `package chaperone.access
import rego.v1

default decision := {"allow": false}

decision := {"allow": true, "rules": ["folder"]} if startswith(input.path, data.roles.folder)
`;

describe('loadPolicyFiles', () => {
  test('reads a folder with data in OPA layout, and leaves tests and hidden folders out', () => {
    const loaded = loadPolicyFiles(
      aFolder({
        'access.rego': policy,
        'access_test.rego': 'this is no rego',
        '.git/old.rego': 'this is no rego',
        'roles/data.json': '{"folder": "/work/"}',
      }),
    );
    expect(loaded.decide({ action: 'read_file', path: '/work/a' })).toMatchObject({
      effect: 'allow',
      rules: ['folder'],
    });
    expect(loaded.decide({ action: 'read_file', path: '/etc/a' }).effect).toBe('deny');
    expect(loaded.revision).toMatch(/^[0-9a-f]{12}$/);
  });

  test('reads one file, and the revision follows the content', () => {
    const folder = aFolder({ 'a.rego': policy, 'b/a.rego': `${policy}\n` });
    const first = loadPolicyFiles(path.join(folder, 'a.rego'));
    expect(first.decide({ action: 'read_file', path: '/x' }).effect).toBe('deny');
    expect(loadPolicyFiles(path.join(folder, 'b/a.rego')).revision).not.toBe(first.revision);
  });

  test('[req: policy:files:refused] the caret stands below its place in a line with tabs', () => {
    const folder = aFolder({
      'bad.rego': 'package chaperone.access\n\nimport rego.v1\n\ndecision := 1 if {\n\t\tnowhere(1)\n}\n',
    });
    const [excerpt = '', caret = ''] = failureOf(folder).message.split('\n').slice(-2);
    expect(excerpt).toBe('  6 |         nowhere(1)');
    expect(caret).toBe('              ^');
  });

  test('[req: policy:files:refused] a mistake is shown with its line and a caret', () => {
    const folder = aFolder({
      'bad.rego': 'package chaperone.access\n\nimport rego.v1\n\ndecision := nowhere\n',
    });
    const { code, message } = failureOf(folder);
    expect(code).toBe('refused');
    expect(message).toContain(`${folder}/bad.rego:5:`);
    const [excerpt = '', caret = ''] = message.split('\n').slice(-2);
    expect(excerpt).toBe('  5 | decision := nowhere');
    expect(excerpt[caret.indexOf('^')]).toMatch(/[dn]/);
  });

  test.each([
    ['no_modules', { 'readme.md': 'x' }, 'holds no .rego file'],
    [
      'refused',
      { 'a.rego': 'package other\n' },
      'access/decision (in package chaperone.access the rule decision)',
    ],
    ['bad_data', { 'a.rego': policy, 'data.json': '{' }, 'is not JSON'],
    ['bad_data', { 'a.rego': policy, 'data.json': '[]' }, 'must hold a JSON object'],
    ['bad_data', { 'a.rego': policy, 'data.yaml': 'a: 1' }, 'convert it to data.json'],
    [
      'bad_data',
      { 'a.rego': policy, 'data.json': '{"x":{"y":1}}', 'x/data.json': '{"y":2}' },
      'another data.json sets',
    ],
    ['unreadable', { 'a.rego': Buffer.from([0xff, 0xfe]) }, 'not UTF-8'],
    ['too_large', { 'a.rego': '#'.repeat(4 * 1024 * 1024 + 1) }, 'at most 4194304'],
  ])('[req: policy:files:refused] %s: %s', (code, files, text) => {
    const failure = failureOf(aFolder(files as unknown as Record<string, string>));
    expect(failure.code).toBe(code);
    expect(failure.message).toContain(text);
  });

  test('[req: policy:files:refused] a missing folder', () => {
    expect(failureOf('/nowhere/at/all')).toMatchObject({
      code: 'unreadable',
      message: expect.stringContaining('ENOENT') as string,
    });
  });
});
