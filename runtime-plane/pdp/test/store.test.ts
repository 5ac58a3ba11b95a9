import { writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDocument, writeDocument } from '../src/store/documents.ts';
import { ask, askJson } from './client.ts';
import { aFolder, aPdp } from './servers.ts';

describe('[req: pdp:atomic] a write that is refused', () => {
  test('leaves policies as they were', async () => {
    const { url } = await aPdp({ policies: [aFolder({ 'a.rego': 'package a\n\nx := 1\n' })] });
    const put = (body: string) => ask(url, '/v1/policies/a', { method: 'PUT', body });
    expect((await put('package a\n\nx contains 2\n')).status).toBe(400);
    expect(
      (await ask(url, '/v1/policies/b', { method: 'PUT', body: 'package b\n\ny := nope(1)\n' })).status,
    ).toBe(400);
    expect((await ask(url, '/v1/policies/b')).status).toBe(404);
    expect(await askJson(url, '/v1/data/a/x')).toEqual({ result: 1 });
  });

  test('leaves data as it was, however many operations went well', async () => {
    const { url } = await aPdp();
    await ask(url, '/v1/data/a', { method: 'PUT', body: '{"b":[1,2]}' });
    const operations = [
      { op: 'add', path: '/a/b/-', value: 3 },
      { op: 'remove', path: '/a/c' },
    ];
    expect((await ask(url, '/v1/data', { method: 'PATCH', body: JSON.stringify(operations) })).status).toBe(
      404,
    );
    expect(await askJson(url, '/v1/data/a')).toEqual({ result: { b: [1, 2] } });
  });
});

test('[req: pdp:atomic] every answer is by one version, whatever is written meanwhile', async () => {
  const policy =
    'package a\n\nsame := {"left": data.pair.left, "right": data.pair.right, "rule": rule}\n\nrule := 0\n';
  const { url } = await aPdp({ policies: [aFolder({ 'a.rego': policy })] });
  const write = (n: number) =>
    ask(url, '/v1/data/pair', { method: 'PUT', body: JSON.stringify({ left: n, right: n }) });
  await write(0);
  const answers: Promise<unknown>[] = [];
  for (let n = 1; n <= 100; n += 1) {
    answers.push(write(n), askJson(url, '/v1/data/a/same'), askJson(url, '/v1/data/a/same'));
  }
  const read = (await Promise.all(answers)).filter(
    (answer): answer is { result: { left: number; right: number } } => 'result' in (answer as object),
  );
  expect(read).toHaveLength(200);
  expect(new Set(read.map(({ result }) => result.left)).size).toBeGreaterThan(1);
  for (const { result } of read) expect(result.left).toBe(result.right);
});

test('[req: pdp:atomic] writing and reading back gives what was written, and changes nothing else', () => {
  const key = fc.constantFrom('a', 'b', '0', '__proto__', 'constructor', 'x/y', '');
  const tree = fc.dictionary(key, fc.dictionary(key, fc.jsonValue({ maxDepth: 1 })));
  fc.assert(
    fc.property(tree, key, key, fc.jsonValue({ maxDepth: 1 }), (root, outer, inner, value) => {
      const before = JSON.stringify(root);
      if (!Object.hasOwn(root, outer)) return;
      const data = root as Parameters<typeof writeDocument>[0];
      const written = writeDocument(data, { op: 'add', path: [outer, inner], value: value as never });
      expect(readDocument(written, [outer, inner])).toEqual(value);
      expect(JSON.stringify(root)).toBe(before);
      for (const other of Object.keys(root))
        if (other !== outer) expect(readDocument(written, [other])).toBe(readDocument(data, [other]));
    }),
  );
});

describe('[req: pdp:files] what is loaded', () => {
  test('are policies and data at their places, from folders and files', async () => {
    const folder = aFolder({
      'policy/main.rego': 'package main\n\nx := data.sub.deep.n + data.top\n',
      'policy/sub/deep/data.json': '{"n": 12345678901234567890}',
      'policy/data.yaml': 'top: 1\nlist: [a, b]\n',
      'policy/other.json': '{"ignored": 1}',
      'policy/.hidden/bad.rego': 'not rego',
      'extra.yaml': 'more: {y: 2024-01-02}\n',
    });
    const { url, policies } = await aPdp({
      policies: [path.join(folder, 'policy')],
      data: [path.join(folder, 'extra.yaml')],
    });
    expect(policies).toBe(1);
    const { text } = await ask(url, '/v1/data');
    expect(text).toContain('"main":{"x":12345678901234567891}');
    expect(text).toContain('"list":["a","b"]');
    expect(text).not.toContain('ignored');
  });

  test.each<[Record<string, string>, string, RegExp]>([
    [{}, 'nope.rego', /cannot read .*nope\.rego \(ENOENT\)/],
    [{ 'a.txt': '' }, 'a.txt', /a\.txt is no \.rego file, folder or bundle/],
    [{ 'a.json': '{' }, 'a.json', /a\.json is not JSON: unexpected EOF/],
    [{ 'a.json': '[]' }, 'a.json', /a\.json must hold an object/],
    [{ 'a.yaml': 'a: [' }, 'a.yaml', /a\.yaml is not YAML: yaml: line \d/],
    [{ 'a.rego': 'package a\nx := ' }, 'a.rego', /a\.rego:2:\d+: rego_parse_error/],
    [{ 'a.tar.gz': '' }, 'a.tar.gz', /is a bundle/],
    [
      { 'p/a.rego': 'package a\n\nx := 1\n', 'p/data.json': '{"a":{"x":2}}' },
      'p',
      /conflicting rule for data path a\/x/,
    ],
  ])('and is wrong is told by file: %j', async (files, name, message) => {
    const folder = aFolder(files);
    await expect(aPdp({ policies: [path.join(folder, name)] })).rejects.toThrow(message);
  });

  test('is loaded again when it changes, unless it is wrong', async () => {
    const folder = aFolder({ 'a.rego': 'package a\n\nx := 1\n', 'data.json': '{"d":1}' });
    const { url, notices } = await aPdp({ policies: [folder], watch: true });
    await ask(url, '/v1/data/mine', { method: 'PUT', body: '1' });
    await ask(url, '/v1/policies/mine', { method: 'PUT', body: 'package mine2\n\ny := 1\n' });
    writeFileSync(path.join(folder, 'a.rego'), 'package a\n\nx := 2\n');
    await expect.poll(() => askJson(url, '/v1/data/a/x'), { timeout: 10_000 }).toEqual({ result: 2 });
    writeFileSync(path.join(folder, 'a.rego'), 'package a\n\nx := \n');
    await expect
      .poll(() => notices.some((line) => line.includes('rego_parse_error')), { timeout: 10_000 })
      .toBe(true);
    expect(await askJson(url, '/v1/data/a/x')).toEqual({ result: 2 });
    writeFileSync(path.join(folder, 'a.rego'), 'package a\n\nx := 3\n');
    writeFileSync(path.join(folder, 'data.json'), '{"e":1}');
    await expect
      .poll(() => askJson(url, '/v1/data'), { timeout: 10_000 })
      .toEqual({ result: { a: { x: 3 }, e: 1, mine: 1, mine2: { y: 1 } } });
  });
});
