/** What a bundle may say, and what is made of it. */
import { describe, expect, test } from 'vitest';
import { buildBundle, type BundleFile, mergeBundles, readBundle } from '../src/bundle/index.ts';
import { file, refusal } from './bundle-files.ts';

const v1 = 'package a.p\n\nallow if input.x == data.a.n\n';
const v0 = 'package a.q\n\nallow { input.x }\n';
const reading = (...files: BundleFile[]): Promise<string> => refusal(readBundle(files));
const manifest = (value: unknown): BundleFile => file('.manifest', JSON.stringify(value));

describe('manifest', () => {
  test('is read, and what it does not say has its default', async () => {
    const full = {
      revision: 'r1',
      roots: ['/a/', 'b'],
      rego_version: 1,
      metadata: { by: 'me' },
      future: 1,
      wasm: null,
    };
    expect((await readBundle([manifest(full)])).manifest).toEqual({
      revision: 'r1',
      roots: ['a', 'b'],
      regoVersion: 1,
      fileRegoVersions: {},
      metadata: { by: 'me' },
    });
    expect((await readBundle([file('a.rego', v1)])).manifest).toEqual({
      revision: '',
      roots: [''],
      fileRegoVersions: {},
      metadata: {},
    });
  });

  test.each([
    ['not JSON', '{'],
    ['a list', '[]'],
    ['a number as revision', '{"revision":1}'],
    ['roots that are no list', '{"roots":"a"}'],
    ['a root that is no text', '{"roots":[1]}'],
    ['an unknown version', '{"rego_version":2}'],
    ['a version as text', '{"rego_version":"1"}'],
    ['a file with an unknown version', '{"file_rego_versions":{"a":7}}'],
    ['a glob that is none', '{"file_rego_versions":{"[a":1}}'],
    ['a member in other letters', '{"Roots":["a"]}'],
  ])('[req: policy:bundle:manifest] %s is refused', async (_what, text) => {
    expect(await reading(file('.manifest', text), file('a.rego', v1))).toMatch(/^bad_manifest/);
  });

  test('[req: policy:bundle:manifest] rego_version says in which syntax modules are read, per file by globs', async () => {
    const both = [file('p.rego', v1), file('old/q.rego', v0)];
    const dialects = async (value: unknown): Promise<string[]> =>
      (await readBundle([manifest(value), ...both])).modules.map(({ dialect }) => dialect);
    expect(await dialects({})).toEqual(['v1', 'v0']);
    expect(await dialects({ rego_version: 1, file_rego_versions: { '/old/*': 0 } })).toEqual(['v1', 'v0']);
    expect(await dialects({ rego_version: 0, file_rego_versions: { 'p.rego': 1 } })).toEqual(['v1', 'v0']);
    expect(await reading(manifest({ rego_version: 1 }), ...both)).toMatch(/^refused: old\/q.rego:3/);
    expect(await reading(manifest({ file_rego_versions: { '/old/*': 0, '*q.rego': 1 } }), ...both)).toMatch(
      /^bad_manifest.*both/,
    );
  });
});

describe('data', () => {
  test('each folder gives the data at its path; integers stay exact', async () => {
    const { data } = await readBundle([
      file('data.json', '{"n":12345678901234567890,"a":{"x":1}}'),
      file('a/b/data.yaml', 'list: [1, yes, 0777]\nnone: ~\n'),
      file('a/c/data.yml', '- 1\n'),
      file('a/other.json', 'not read'),
    ]);
    expect(data).toEqual({
      n: 12345678901234567890n,
      a: { x: 1, b: { list: [1, 'yes', 511], none: null }, c: [1] },
    });
  });

  test.each([
    ['JSON that is none', [file('data.json', '{')]],
    ['a list as root', [file('data.json', '[]')]],
    ['bytes that are no text', [file('data.json', new Uint8Array([0x22, 0xff, 0x22]))]],
    ['the same key in two files', [file('data.json', '{"a":{"n":1}}'), file('a/data.json', '{"n":1}')]],
    ['a value where another has an object', [file('data.json', '{"a":1}'), file('a/data.json', '{"n":1}')]],
    ['10,000 levels', [file('data.json', `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`)]],
    ['600 levels', [file('data.json', `{"a":${'['.repeat(600)}${']'.repeat(600)}}`)]],
    ['YAML that is none', [file('data.yaml', 'a: [')]],
    ['two YAML documents', [file('data.yaml', 'a: 1\n---\nb: 2\n')]],
    ['a YAML key twice', [file('data.yaml', 'a: 1\na: 2\n')]],
    ['a YAML object of another program', [file('data.yaml', 'a: !!python/object:os.system {}\n')]],
    ['YAML inside itself', [file('data.yaml', 'a: &a [*a]\n')]],
    ['a billion laughs', [file('data.yaml', laughs())]],
  ])('[req: policy:bundle:data] %s is refused', async (_what, files) => {
    expect(await reading(...files)).toMatch(/^bad_data/);
  });

  test('[req: policy:bundle:data] keys of the language are keys', async () => {
    const { data } = await readBundle([
      file('data.json', '{"__proto__":{"polluted":1},"constructor":1}'),
      file('toString/data.yaml', '__proto__: {polluted: 1}\n'),
    ]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(Object.keys(data)).toEqual(['__proto__', 'constructor', 'toString']);
    expect(Object.getPrototypeOf(data)).toBe(Object.prototype);
  });

  test('YAML as OPA reads it', async () => {
    const source = `a: on\nb: 0o17\nc: 1_000\nd: 12:30:45\ne: 2001-12-14\nf: .5\ng: +1\nh: 0x1F\ni: 0b11\nj: "1"\nk: 1e400\n1: x\ntrue: y\nl: &l {p: 1, q: 1}\nm: {<<: *l, q: 2}\nn: !!str 5\no: 1e3\n`;
    expect((await readBundle([file('data.yaml', source)])).data).toEqual({
      a: 'on',
      b: 15,
      c: 1000,
      d: '12:30:45',
      e: '2001-12-14',
      f: 0.5,
      g: 1,
      h: 31,
      i: 3,
      j: '1',
      k: '1e400',
      1: 'x',
      true: 'y',
      l: { p: 1, q: 1 },
      m: { p: 1, q: 2 },
      n: '5',
      o: 1000,
    });
  });
});

function laughs(): string {
  const lines = ['a0: &a0 [x,x,x,x,x,x,x,x,x,x]'];
  for (let i = 1; i < 10; i += 1)
    lines.push(`a${i}: &a${i} [${Array.from({ length: 10 }, () => `*a${i - 1}`).join()}]`);
  return `${lines.join('\n')}\n`;
}

describe('what is not supported', () => {
  test.each([
    ['policy.wasm', /WebAssembly/],
    ['deep/policy.wasm', /WebAssembly/],
    ['plan.json', /plans/],
    ['patch.json', /delta/],
    ['a/.manifest', /top/],
    ['a/.signatures.json', /top/],
    ['signatures.json', /top/],
  ])('[req: policy:bundle:unsupported] %s is refused with a clear word', async (name, word) => {
    const said = await reading(file(name, '{}'), file('p.rego', v1));
    expect(said).toMatch(/^unsupported/);
    expect(said).toMatch(word);
  });

  test('[req: policy:bundle:unsupported] so is WebAssembly that the manifest asks for', async () => {
    expect(await reading(manifest({ wasm: [{ entrypoint: 'a', module: '/x.wasm' }] }))).toMatch(
      /^unsupported/,
    );
  });
});

describe('roots', () => {
  test.each([
    ['roots that overlap', { roots: ['a', 'a/p'] }, v1],
    ['the same root twice', { roots: ['a', '/a'] }, v1],
    ['a package outside', { roots: ['b'] }, v1],
    ['a package whose name begins like a root', { roots: ['a'] }, 'package ab\nx := 1\n'],
    ['a package with a slash in its name', { roots: ['a/p'] }, 'package a["p/q"]\nx := 1\n'],
    ['a package above', { roots: ['a/p/q'] }, v1],
    ['no roots at all', { roots: [] }, v1],
  ])('[req: policy:bundle:roots] %s is refused', async (_what, value, source) => {
    expect(await reading(manifest(value), file('p.rego', source))).toMatch(/^bad_roots/);
  });

  test('[req: policy:bundle:roots] data outside is refused, data above only when it leads to a root', async () => {
    const roots = manifest({ roots: ['a/b'] });
    expect(await reading(roots, file('a/b/data.json', '{"n":1}'))).toBe('accepted');
    expect(await reading(roots, file('data.json', '{"a":{"b":[]}}'))).toBe('accepted');
    expect(await reading(roots, file('a/data.json', '{"b":1,"c":1}'))).toMatch(/^bad_roots/);
    expect(await reading(roots, file('data.json', '{"a":1}'))).toMatch(/^bad_roots/);
    expect(await reading(roots, file('data.json', '{"a/b":1}'))).toMatch(/^bad_roots/);
  });

  test('[req: policy:bundle:roots] bundles together must not claim the same part', async () => {
    const one = await readBundle([manifest({ roots: ['a'], revision: '1' }), file('p.rego', v1)]);
    const two = await readBundle([manifest({ roots: ['b'], revision: '2' }), file('b/data.json', '{"n":1}')]);
    const all = await readBundle([file('data.json', '{}')]);
    const below = await readBundle([manifest({ roots: ['a/p/q'] })]);
    expect(mergeBundles({ two, one })).toMatchObject({
      data: { b: { n: 1 } },
      revision: 'one@1 two@2',
      modules: [{ file: 'one/p.rego' }],
    });
    expect(() => mergeBundles({ one, all })).toThrow(/overlap/);
    expect(() => mergeBundles({ one, below })).toThrow(/overlap/);
  });

  test('[req: policy:bundle:roots] data in the place of a rule is refused', async () => {
    const conflict = async (data: string, source = v1): Promise<string> => {
      const bundle = await readBundle([file('p.rego', source), file('data.json', data)]);
      return refusal(Promise.resolve().then(() => mergeBundles({ bundle })));
    };
    expect(await conflict('{"a":{"p":{"allow":true}}}')).toMatch(
      /conflicting rule for data path a\/p\/allow/,
    );
    expect(await conflict('{"a":{"p":1}}')).toMatch(/conflicting rule/);
    expect(await conflict('{"a":{"p":{"other":true}}}')).toBe('accepted');
    expect(await conflict('{"a":{"p":{"r":{"x":1}}}}', 'package a.p\n\nr.x := 2\n')).toMatch(
      /conflicting rule/,
    );
  });
});

describe('modules', () => {
  test('[req: policy:bundle:manifest] one that cannot be parsed, or is no text, is refused with its place', async () => {
    expect(await reading(file('p.rego', 'package a\n\nallow if {'))).toMatch(/^refused: p.rego:3/);
    expect(await reading(file('p.rego', new Uint8Array([0xff])))).toMatch(/^bad_module/);
    const deep = `package a\n\nx := ${'['.repeat(20_000)}${']'.repeat(20_000)}\n`;
    expect(await reading(file('p.rego', deep))).toMatch(/^(?:refused|bad_module)/);
  });

  test('nothing that could not be read again is built', async () => {
    expect(await refusal(buildBundle([file('p.rego', v1)], { roots: ['b'] }))).toMatch(/^bad_roots/);
    expect(await refusal(buildBundle([file('p.rego', 'package')]))).toMatch(/^refused/);
    expect(await refusal(buildBundle([]))).toMatch(/^bad_archive/);
    const built = await buildBundle([manifest({ revision: 'own', roots: ['a'] }), file('p.rego', v1)], {
      revision: 'given',
    });
    expect((await readBundle(built)).manifest).toMatchObject({ revision: 'given', roots: ['a'] });
  });
});
