/** The packages for other people's programs, built, installed and used where there is no checkout around them. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from './world.ts';

const npm = spawnSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).stdout.trim();
if (npm === '') console.log('skipped: the libraries, because npm is not installed');

const olderNode = '/usr/bin/node';
const older = spawnSync(olderNode, ['--version'], { encoding: 'utf8' }).stdout ?? '';
const hasOlder = /^v2[0-3]\./.test(older);
if (!hasOlder)
  console.log('skipped: the SDK with an older Node, because /usr/bin/node is none of Node 20 to 23');

const engine = `import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { compile, RegoErrors } from '@chaperone/rego';
import { format } from '@chaperone/rego/format';
import { lint } from '@chaperone/rego/lint';
import { nodeHost } from '@chaperone/rego/node';

const source = \`package app
allow if {
input.user in data.admins }
digest := crypto.sha256("a")
second := yaml.unmarshal("[1, 2]")[1]
known := graphql.is_valid("{ a }", "type Query { a: Int }")
unknown := graphql.is_valid("{ b }", "type Query { a: Int }")
kept := json.filter({"a": 1, "b": 2}, ["a"])
\`;
const program = compile([{ file: 'app.rego', source }], { data: { admins: ['alice'] }, host: nodeHost() });
const value = (rule, input) => program.entrypoint('app/' + rule).evaluate(input);
assert.equal(value('allow', { user: 'alice' }), true);
assert.equal(value('allow', { user: 'eve' }), undefined);
assert.equal(value('digest'), 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb');
assert.equal(value('second'), 2);
assert.equal(value('known'), true);
assert.equal(value('unknown'), false);
assert.deepEqual(value('kept'), { a: 1 });
// The classes of errors are the same ones behind every export.
assert.throws(() => format('bad.rego', 'package'), RegoErrors);
assert.throws(() => compile([{ file: 'app.rego', source }]), /crypto\\.sha256/);
assert.ok(format('app.rego', source).includes('allow if {\\n\\tinput.user in data.admins\\n}\\n'));
const found = lint([{ file: 'app.rego', source: source + 'allow := true' }]).map(({ rule }) => rule);
assert.ok(found.includes('unconditional-allow'), found.join());

const server = createServer((request, response) => response.end('answer'));
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const place = '127.0.0.1:' + server.address().port;
const asks = 'package asks\\nbody := http.send({"method": "get", "url": input}).raw_body';
const asking = compile([{ file: 'asks.rego', source: asks }], { host: nodeHost({ http: { hosts: [place] } }) });
assert.equal(await asking.entrypoint('asks/body').evaluateAsync('http://' + place), 'answer');
server.close();
process.stdout.write('done');
`;

const client = `import assert from 'node:assert/strict';
import { createPep } from '@chaperone/pep';

const pep = createPep({ url: process.argv[2], deadlineMs: 5000 });
const read = (path) => pep.guard({ action: 'read_file', path, mode: 'enforce' }, async () => 'content');
const done = await read('/public.txt');
assert.equal(done.result, 'done');
assert.equal(done.value, 'content');
assert.equal((await read('/secret.txt')).result, 'denied');
await pep.close();
process.stdout.write('done');
`;

const typed = `import { compile, type Json, type Program } from '@chaperone/rego';
import { format } from '@chaperone/rego/format';
import { type Finding, lint } from '@chaperone/rego/lint';
import { nodeHost } from '@chaperone/rego/node';
import { createPep, type Pep, type PepReason } from '@chaperone/pep';

export const program: Program = compile([], { host: nodeHost({ now: () => 0 }) });
export const data: Json = { text: format('a.rego', 'package a') };
export const findings: readonly Finding[] = lint([{ file: 'a.rego', source: 'package a' }]);
export const pep: Pep = createPep({ url: 'http://127.0.0.1:1', deadlineMs: 1 });
// @ts-expect-error: it is an action
await pep.decide({ action: 'no such action' });
// @ts-expect-error: it is a function
nodeHost({ now: 1 });
// @ts-expect-error: it is none of the reasons
export const reason: PepReason = 'no such reason';
`;

describe.skipIf(npm === '')('[req: package:libraries]', () => {
  let place: string;
  let consumer: string;
  beforeAll(() => {
    place = mkdtempSync(path.join(tmpdir(), 'chaperone-libraries-'));
    consumer = path.join(place, 'consumer');
    mkdirSync(consumer);
    const script = path.join(root, 'scripts/package/main.ts');
    execFileSync(process.execPath, [script, '--libraries', '--out', place], { cwd: place });
    // Third-party packages come from the checkout, so that nothing is fetched.
    const require = createRequire(path.join(root, 'core/rego/package.json'));
    for (const name of ['graphql', 'yaml']) {
      const folder = path.dirname(require.resolve(`${name}/package.json`));
      const renamed = `s,^\\.,package,`;
      execFileSync('tar', ['-czf', `${name}.tgz`, `--transform=${renamed}`, '-C', folder, '.'], {
        cwd: place,
      });
    }
    const files = globSync('*.tgz', { cwd: place }).map((name) => path.join(place, name));
    writeFileSync(path.join(consumer, 'package.json'), '{ "type": "module", "private": true }');
    const options = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund', `--cache=${place}/cache`];
    execFileSync(npm, ['install', ...options, ...files], { cwd: consumer, stdio: 'pipe' });
    for (const [name, text] of Object.entries({
      'engine.mjs': engine,
      'client.mjs': client,
      'typed.ts': typed,
    }))
      writeFileSync(path.join(consumer, name), text);
  });
  afterAll(() => rmSync(place, { recursive: true, force: true }));

  const installed = (name: string): string => path.join(consumer, 'node_modules/@chaperone', name);

  test('the engine compiles, evaluates, formats and lints', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['engine.mjs'], {
      cwd: consumer,
      encoding: 'utf8',
    });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'done', stderr: '' });
  });

  test('the engine itself imports nothing of Node', () => {
    const waiting = ['index.js', 'format.js', 'lint.js'];
    const seen = new Set(waiting);
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      const text = readFileSync(path.join(installed('rego'), 'lib', file), 'utf8');
      for (const [, to = ''] of text.matchAll(/^(?:import|export)\b[^;]*?["']([^"'\n]+)["'];$/gm)) {
        expect(to, file).toMatch(/^\.\//);
        if (!seen.has(to.slice(2))) waiting.push(to.slice(2));
        seen.add(to.slice(2));
      }
    }
    expect(seen.size).toBeGreaterThan(3);
  });

  test.each([process.execPath, ...(hasOlder ? [olderNode] : [])])(
    'the SDK asks a server, with %s',
    async (node) => {
      const server = createServer((request, response) => {
        request.setEncoding('utf8');
        let body = '';
        request.on('data', (chunk: string) => (body += chunk));
        request.on('end', () => {
          const allow = !body.includes('/secret.txt');
          response.setHeader('Content-Type', 'application/json');
          response.end(JSON.stringify({ decision_id: 'd-1', result: { allow } }));
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      try {
        const { port } = server.address() as AddressInfo;
        const child = spawn(node, ['client.mjs', `http://127.0.0.1:${port}`], { cwd: consumer });
        let said = '';
        for (const stream of [child.stdout, child.stderr])
          stream.on('data', (chunk) => (said += String(chunk)));
        const status = await new Promise((resolve) => child.on('close', resolve));
        expect({ status, said }).toEqual({ status: 0, said: 'done' });
      } finally {
        server.close();
      }
    },
  );

  test('their types fit a strict program, and refuse what is wrong', () => {
    const compilerOptions = {
      strict: true,
      noEmit: true,
      module: 'NodeNext',
      target: 'ES2024',
      types: ['node'],
      typeRoots: [path.join(root, 'node_modules/@types')],
    };
    writeFileSync(
      path.join(consumer, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, files: ['typed.ts'] }),
    );
    const { status, stdout } = spawnSync(
      process.execPath,
      [path.join(root, 'node_modules/typescript/bin/tsc'), '-p', consumer],
      { encoding: 'utf8' },
    );
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    // This compiler also takes the ending of a source for that of its declaration; others do not.
    for (const file of globSync('*/types/**/*.d.ts', { cwd: installed('') }))
      expect(readFileSync(installed(file), 'utf8'), file).not.toMatch(/["']\.[^"'\n]*\.ts["']/);
  });

  test('what was built can be published, and what it was built from cannot', () => {
    for (const [name, source] of [
      ['rego', 'core/rego'],
      ['pep', 'runtime-plane/pep'],
    ] as const) {
      const read = (folder: string): Record<string, unknown> =>
        JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
      const { version } = read(root);
      const { dependencies } = read(path.join(root, source)) as { dependencies: Record<string, string> };
      const ofOthers = Object.entries(dependencies).filter(([one]) => !one.startsWith('@chaperone/'));
      expect(read(installed(name))['dependencies']).toEqual(Object.fromEntries(ofOthers));
      expect(read(installed(name))).toMatchObject({
        name: `@chaperone/${name}`,
        version,
        license: 'Apache-2.0',
      });
      expect(read(installed(name))).not.toHaveProperty('private');
      expect(read(path.join(root, source))).toMatchObject({ private: true, version, license: 'Apache-2.0' });
    }
  });
});
