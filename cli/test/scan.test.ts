/** chaperone scan: what it prints, and that no value is in it. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const main = fileURLToPath(new URL('../src/main.js', import.meta.url));
const dir = mkdtempSync(path.join(tmpdir(), 'chaperone-scan-'));
afterAll(() => rmSync(dir, { recursive: true }));

const iban = 'GB33BUKB20201555555555';
mkdirSync(path.join(dir, 'tree/skipped'), { recursive: true });
writeFileSync(path.join(dir, 'tree/people\u001b[2J.csv'), `name,iban\nBob,${iban}\n`);
writeFileSync(path.join(dir, 'tree/notes.txt'), 'nothing\n');
writeFileSync(path.join(dir, 'tree/skipped/more.csv'), `${iban}\n`);
writeFileSync(path.join(dir, 'outside.csv'), `${iban}\n`);
symlinkSync(path.join(dir, 'outside.csv'), path.join(dir, 'tree/link.csv'));

function scan(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'scan', ...args], {
    cwd: dir,
    encoding: 'utf8',
  });
  expect(stdout + stderr).not.toContain('BUKB');
  return { status, stdout, stderr };
}

test('[req: scan:report] a table without values, names escaped, links not followed', () => {
  const { status, stdout } = scan('tree', '--exclude', 'skipped');
  expect(status).toBe(0);
  expect(stdout).toContain('people\\x1b[2J.csv\n  pii.iban: 1, confidence ');
  expect(stdout).not.toContain('link.csv');
  expect(stdout).toContain('2 files, 0.0 MB: something found in 1\n');
});

test('[req: scan:report] JSON lines with places', () => {
  const { stdout } = scan('--json', 'tree');
  const all = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { path: string; places: { line: number }[]; labels: unknown[] });
  expect(all).toHaveLength(3);
  const people = all.find((one) => one.path.includes('people'));
  expect(people).toMatchObject({ complete: true, labels: [], places: [{ class: 'pii.iban', line: 2 }] });
});

test('[req: scan:report] SARIF with lines, for CI', () => {
  const { status, stdout } = scan('--sarif', '--fail-on', 'pii', 'tree');
  expect(status).toBe(1);
  const { version, runs } = JSON.parse(stdout) as {
    version: string;
    runs: { results: Record<string, unknown>[]; tool: { driver: { rules: { id: string }[] } } }[];
  };
  expect(version).toBe('2.1.0');
  expect(runs[0]?.tool.driver.rules.map(({ id }) => id)).toEqual(['iban']);
  expect(runs[0]?.results).toHaveLength(2);
  const uris = JSON.stringify(runs[0]?.results);
  expect(uris).toContain('tree/people%1B%5B2J.csv');
  expect(uris).toContain('"startLine":2');
});

test('[req: scan:report] exit codes', () => {
  expect(scan('--fail-on', 'credential', 'tree').status).toBe(0);
  expect(scan('--fail-on', 'pii', '--class', 'credential', 'tree').status).toBe(0);
  expect(scan('missing').status).toBe(2);
  expect(scan('--json', '--sarif', 'tree').status).toBe(2);
  expect(scan('--min-confidence', '70', 'tree').status).toBe(2);
});

const contract = Array.from({ length: 60 }, (_, n) => `Clause ${n}: party ${n * 7919} owes ${n * 104_729}.`);
const table = 'number,surname\n4711-aa,Winterbottom\n4712-bb,"Sommer, feld"\n';

function policyWith(custom: unknown, more: object = {}): string {
  const folder = mkdtempSync(path.join(dir, 'policy-'));
  writeFileSync(path.join(folder, 'a.rego'), 'package chaperone.access\n\ndecision := {"allow": true}\n');
  writeFileSync(path.join(folder, 'data.json'), JSON.stringify({ chaperone: { dlp: { custom, ...more } } }));
  return folder;
}

test("[req: scan:custom] a policy's own patterns, documents and tables are found, and what it switches off is not", () => {
  writeFileSync(path.join(dir, 'contract.txt'), contract.join('\n'));
  writeFileSync(path.join(dir, 'table.csv'), table);
  mkdirSync(path.join(dir, 'own'));
  writeFileSync(path.join(dir, 'own/excerpt.txt'), `They wrote:\n${contract.slice(10, 40).join('\n')}\n`);
  writeFileSync(path.join(dir, 'own/mail.txt'), 'Winterbottom has 4711-AA with us\n');
  writeFileSync(path.join(dir, 'own/mixed.txt'), 'Winterbottom has 4712-BB with us\n');
  writeFileSync(path.join(dir, 'own/project.txt'), `the project BLUE-4711 of ${iban}\n`);
  const made = [
    '--fingerprint --class custom.contract contract.txt',
    '--exact-data --class custom.customer table.csv',
  ].map((line) => {
    const { status, stdout, stderr } = scan(...line.split(' '));
    expect(status, stderr).toBe(0);
    expect(stdout).not.toMatch(/Clause|Winterbottom|4711/);
    return (JSON.parse(stdout) as { chaperone: { dlp: { custom: object } } }).chaperone.dlp.custom;
  });
  const patterns = [{ id: 'blue', class: 'custom.project', pattern: 'BLUE-\\d{4}', anchors: ['project'] }];
  const policy = policyWith({ ...made[0], ...made[1], patterns }, { off: ['iban'] });
  const { status, stdout, stderr } = scan('--json', '--policy', policy, 'own');
  expect(status, stderr).toBe(0);
  const found = new Map(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { path: string; findings: { class: string }[] })
      .map((one) => [path.basename(one.path), one.findings.map((finding) => finding.class)]),
  );
  expect(found.get('excerpt.txt')).toContain('custom.contract');
  expect(found.get('mail.txt')).toContain('custom.customer');
  expect(found.get('mixed.txt')).not.toContain('custom.customer');
  expect(found.get('project.txt')).toEqual(['custom.project']);
});

test("[req: scan:custom] a policy's own detectors that cannot be used are refused, with place and reason", () => {
  const pattern = { id: 'a', class: 'custom.a', pattern: '(a+)+', anchors: ['word'] };
  for (const [custom, why] of [
    [{ patterns: [pattern] }, 'data.chaperone.dlp.custom.patterns[0].pattern '],
    [{ pattern: [] }, 'data.chaperone.dlp.custom has the unknown field "pattern"'],
    [
      { patterns: [{ ...pattern, pattern: 'a', anchors: [] }] },
      'data.chaperone.dlp.custom.patterns[0].anchors ',
    ],
  ] as const) {
    const { status, stderr } = scan('--policy', policyWith(custom), 'tree');
    expect([status, stderr]).toEqual([expect.any(Number), expect.stringContaining(why)]);
    expect(status).not.toBe(0);
  }
  expect(scan('--fingerprint', 'tree/notes.txt')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('too short'),
  });
  expect(scan('--exact-data', 'tree/notes.txt').status).toBe(2);
  expect(scan('--exact-data', '--json', 'tree/notes.txt').status).toBe(2);
});
