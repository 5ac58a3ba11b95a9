/** What policies are told of content, and what is known of a file from before. */
import {
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sourceOf } from '@chaperone/dlp';
import { BoundedNames, pseudonymOf } from '@chaperone/dlp/node';
import { afterAll, expect, test } from 'vitest';
import { attributeLabels } from '../src/context/attribute-labels.ts';
import { csvRows } from '../src/context/csv.ts';
import { ContentCache } from '../src/context/content-cache.ts';
import { digestOf } from '../src/context/content-scan.ts';
import { noRules, withPathLabels } from '../src/context/content-facts.ts';
import { contentOf as contentOfFile, type ContentRules, labelChange } from '../src/context/content.ts';
import { looksAtContent, parseContentSettings } from '../src/decide/content-settings.ts';
import { openFiles } from '../src/intercept/files.ts';
import { contentPool } from '../src/session-content-pool.ts';
import { demandDetectors, openScanner } from '../src/session-content-scanner.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'chaperone-content-'));
afterAll(() => rmSync(folder, { recursive: true }));

const iban = 'GB33BUKB20201555555555';
const rules: ContentRules = {
  labels: {
    names: { '11111111-2222-3333-4444-555555555555': 'Secret' },
    order: ['public', 'internal', 'secret'],
    paths: [{ under: '/board', label: 'Internal' }],
  },
  off: [],
};

function contentOf(
  text: string,
  about: Parameters<typeof contentOfFile>[1],
): ReturnType<typeof contentOfFile> {
  return contentOfFile(sourceOf(Buffer.from(text)), about);
}

function file(name: string, content: string): string {
  const made = path.join(folder, name);
  writeFileSync(made, content);
  return made;
}

test('[req: content:open] classes and figures, never a value', () => {
  const found = contentOf(`a,${iban},b\n`, { path: '/x' });
  expect(found.classification).toEqual(['pii.iban']);
  expect(found.findings).toMatchObject([{ class: 'pii.iban', count: 1, distinct: 1 }]);
  expect(JSON.stringify(found)).not.toContain('BUKB');
  const off = contentOf(`a,${iban},b\n`, {
    path: '/x',
    rules: { ...noRules, off: ['pii'] },
  });
  expect(off.classification).toEqual([]);
});

test('[req: content:open] what could not be read is a class of its own', () => {
  expect(contentOf('-----BEGIN PGP MESSAGE-----\n', { path: '/x' })).toMatchObject({
    classification: ['unread.encrypted'],
    findings: [{ class: 'unread.encrypted', confidence: 85, count: 1, distinct: 1 }],
    complete: false,
  });
});

test('[req: content:labels] names of labels, from attributes and folders', () => {
  const attributes = attributeLabels(
    new Map([
      ['chaperone.label', 'Public, internal'],
      ['MSIP_Label_11111111-2222-3333-4444-555555555555_Enabled', 'True'],
      ['MSIP_Label_99999999-2222-3333-4444-555555555555_Enabled', 'false'],
      ['other', 'secret'],
    ]),
  );
  const found = contentOf('x', { path: '/board/a', rules, attributes });
  expect(found.labels).toEqual(['internal', 'public', 'secret']);
  const plain = contentOf('x', { path: '', rules });
  expect(withPathLabels(plain, '/board/a', rules).labels).toEqual(['internal']);
  expect(withPathLabels(plain, '/boards/a', rules).labels).toEqual([]);
});

test.each([
  [[], [], 'none'],
  [['public'], ['public'], 'none'],
  [[], ['secret'], 'added'],
  [['secret'], [], 'removed'],
  [['public'], ['secret'], 'raised'],
  [['secret'], ['internal'], 'lowered'],
  [['secret', 'public'], ['internal'], 'lowered'],
  [['secret'], ['secret', 'public'], 'changed'],
  [['secret'], ['unheard of'], 'changed'],
])('[req: content:labels] %j becomes %j: %s', (before, after, change) => {
  expect(labelChange(before, after, rules.labels.order)).toBe(change);
});

test('[req: content:labels] settings are checked', () => {
  expect(parseContentSettings({})).toEqual({
    labels: { names: {}, order: [], paths: [] },
    off: [],
    hand_over: 'file',
  });
  const of = (dlp: unknown): unknown => parseContentSettings({ chaperone: { dlp } } as never);
  expect(
    of({ labels: { names: { AB: 'C' }, order: ['C'], paths: [{ under: '/a/', label: 'C' }] } }),
  ).toMatchObject({
    labels: { names: { ab: 'C' }, order: ['c'], paths: [{ under: '/a', label: 'C' }] },
  });
  for (const wrong of [
    [],
    { label: {} },
    { off: 'pii' },
    { hand_over: 'yes' },
    { labels: [] },
    { labels: { name: {} } },
    { labels: { names: { a: 1 } } },
    { labels: { order: ['a', 'A'] } },
    { labels: { paths: [{ under: 'a', label: 'b' }] } },
    { labels: { paths: [{ under: '/a', label: 'b', more: 1 }] } },
  ])
    expect(of(wrong), JSON.stringify(wrong)).toMatch(/^data\.chaperone\.dlp/);
  expect(looksAtContent('x if input.resource.labels')).toBe(true);
  expect(looksAtContent('x if input.resource.kind')).toBe(false);
});

test('[req: content:open] a file that changed shortly before its scan is not known by its identity', () => {
  const cache = new ContentCache();
  const content = contentOf('x', { path: '' });
  const stat = statSync(file('fresh', 'x'), { bigint: true });
  cache.keep(stat, content, Number(stat.ctimeMs) + 1_000);
  expect(cache.of(stat)).toBeUndefined();
  cache.keep(stat, content, Number(stat.ctimeMs) + 3_000);
  expect(cache.of(stat)).toBe(content);
  expect(cache.of({ ...stat, ctimeNs: stat.ctimeNs + 1n } as typeof stat)).toBeUndefined();
});

test('[req: content:redact] a sealed copy has permissions, time and content, and cannot be changed', () => {
  const files = openFiles();
  const made = file('sealed', 'as it was');
  utimesSync(made, 1_000, 2_000);
  const fd = openSync(made, 'r');
  const copy = files.sealed(fd, 100) ?? -1;
  truncateSync(made, 0);
  expect(readFileSync(copy, 'utf8')).toBe('as it was');
  const { mode, mtimeMs } = statSync(`/proc/self/fd/${copy}`);
  expect([mode & 0o777, mtimeMs]).toEqual([0o644, 2_000_000]);
  expect(() => writeFileSync(`/proc/self/fd/${copy}`, 'other', { flag: 'r+' })).toThrow(/EPERM/);
  writeFileSync(made, 'x'.repeat(101));
  expect(files.sealed(fd, 100)).toBeUndefined();
});

test('[req: content:redact] one value has one name in a session, and another in the next', () => {
  const fd = openSync(file('rows', `iban\n${iban}\n${iban}\n`), 'r');
  const texts = [1, 2].map((key) => {
    const made = openScanner(noRules, Buffer.alloc(32, key)).redacted(fd, undefined, 1_000);
    if (!made.ok) throw new Error(made.why);
    expect(made.removed).toEqual({ 'pii.iban': 2 });
    const text = readFileSync(made.copy, 'utf8');
    expect(text).toContain(pseudonymOf(Buffer.alloc(32, key), iban.toLowerCase()));
    return text.split('\n');
  });
  const [one, two] = texts;
  expect(one?.[1]).toMatch(/^\[IBAN:\w+\]$/);
  expect(one?.[2]).toBe(one?.[1]);
  expect(two?.[1]).not.toBe(one?.[1]);
});

test("[req: scan:custom] a policy's own detectors count in a session, in copies, too, and what it switches off does not", () => {
  const patterns = [{ id: 'blue', class: 'custom.project', pattern: 'BLUE-\\d{4}', anchors: ['project'] }];
  const own: ContentRules = { ...noRules, off: ['pii.iban'], custom: { patterns } };
  const fd = openSync(file('own', `the project BLUE-4711 of ${iban}\n`), 'r');
  const scanner = openScanner(own, Buffer.alloc(32));
  const { content } = scanner.scan({ fd, leased: true, copy: false, maxMs: 1_000 });
  expect(content.classification).toEqual(['custom.project']);
  const made = scanner.redacted(fd, undefined, 1_000);
  if (!made.ok) throw new Error(made.why);
  expect(made.removed).toEqual({ 'custom.project': 1 });
  expect(readFileSync(made.copy, 'utf8')).toMatch(
    new RegExp(`^the project \\[CUSTOM:\\w+\\] of ${iban}\\n$`),
  );
  const wrong = { ...own, custom: { patterns: [{ ...patterns[0], pattern: '(a+)+' }] } };
  expect(() => demandDetectors(wrong)).toThrow('data.chaperone.dlp.custom.patterns[0].pattern ');
  expect(() => demandDetectors(own)).not.toThrow();
});

test('[req: content:open] what others may write to is scanned as a copy', () => {
  const made = file('written', `${iban}\n`);
  const fd = openSync(made, 'r');
  const scanned = openScanner(noRules, Buffer.alloc(32)).scan({
    fd,
    leased: false,
    copy: true,
    maxMs: 1_000,
  });
  writeFileSync(made, 'harmless');
  expect(scanned.content.classification).toEqual(['pii.iban']);
  expect(readFileSync(scanned.copy, 'utf8')).toBe(`${iban}\n`);
  expect(digestOf(scanned.copy)).toBe(scanned.digest);
  expect(digestOf(fd)).not.toBe(scanned.digest);
});

test('[req: content:held] a look that takes too long ends, and the next one is served', async () => {
  const large = openSync(file('large', 'words and more words\n'.repeat(1_000_000)), 'r');
  const small = openSync(file('small', `${iban}\n`), 'r');
  const pool = contentPool({ rules: noRules, key: Buffer.alloc(32), deadlineMs: 60_000 });
  const hasty = contentPool({ rules: noRules, key: Buffer.alloc(32), deadlineMs: 1 });
  const task = { task: 'scan', leased: true, copy: false } as const;
  try {
    const late = await hasty.run({ call: '1', number: 1, fd: large, ...task });
    expect(late).toEqual({ task: 'failed', why: 'it took too long' });
    const [found, missing] = await Promise.all([
      pool.run({ call: '2', number: 1, fd: small, ...task }),
      pool.run({ call: '3', number: 1, fd: 99_999, ...task }),
    ]);
    expect(found).toMatchObject({ task: 'scan', scanned: { content: { classification: ['pii.iban'] } } });
    expect(missing).toEqual({ task: 'failed', why: 'EBADF' });
  } finally {
    pool.close();
    hasty.close();
  }
  expect(await pool.run({ call: '4', number: 1, fd: small, ...task })).toMatchObject({ task: 'failed' });
});

test('[req: scan:custom] rows of a table, whatever parts its cells', () => {
  expect(csvRows('a,b\r\n"1, ""x""",2\n\n3,"4\n5"')).toEqual([
    ['a', 'b'],
    ['1, "x"', '2'],
    ['3', '4\n5'],
  ]);
  expect(csvRows('a;b,c\n')).toEqual([['a;b', 'c']]);
  expect(csvRows('\ufeffa;b;c\n1;2;3')).toEqual([
    ['a', 'b', 'c'],
    ['1', '2', '3'],
  ]);
  expect(csvRows('a\tb\n"open')).toEqual([['a', 'b'], ['open']]);
  expect(csvRows('')).toEqual([]);
});

test('[req: content:redact] only so many values keep their name from one copy to the next', () => {
  const names = new BoundedNames(Buffer.alloc(32, 1), 2);
  const [one, two] = [names.forCopy(), names.forCopy()];
  expect([one('a'), one('b')]).toEqual([two('a'), two('b')]);
  expect(one('c')).not.toBe(two('c'));
  expect(one('c')).toBe(one('c'));
  expect(two('a')).toBe(one('a'));
});
