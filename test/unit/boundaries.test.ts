import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { isBuiltin, readImports, violations, workspaces } from './import-rules.ts';

const root = path.resolve(import.meta.dirname, '../..');
const planted: string[] = [];

afterEach(() => {
  for (const folder of planted.splice(0)) rmSync(folder, { recursive: true });
});

/** A tree with two packages and the given files, so that a rule can be seen to bite. */
function plant(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'boundaries-'));
  planted.push(folder);
  const all = {
    'core/protocol/package.json': '{"name":"@chaperone/protocol"}',
    'core/rego/package.json': '{"name":"@chaperone/rego"}',
    'runtime-plane/endpoint/package.json': '{"name":"@chaperone/endpoint"}',
    'control-plane/server/package.json': '{"name":"@chaperone/server"}',
    'cli/package.json': '{"name":"@chaperone/cli"}',
    ...files,
  };
  for (const [file, content] of Object.entries(all)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), content);
  }
  return folder;
}

test('[req: house:boundaries] no source file breaks an import rule', () => {
  const imports = readImports(root);
  // A walk that finds nothing would pass everything.
  expect(imports.length).toBeGreaterThan(50);
  expect(imports.some(({ target }) => target === 'core/protocol/src/index.ts')).toBe(true);
  expect(violations(imports)).toEqual([]);
});

const endpoint = 'runtime-plane/endpoint/src';

test.each([
  ['core does no I/O', 'core/protocol/src/a.ts', `import { readFileSync } from 'node:fs';`],
  ['core does no I/O', 'core/protocol/src/a.ts', `const fs = await import('fs');`],
  ['core does no I/O', 'core/rego/src/builtins/a.ts', `import type { Hash } from 'node:crypto';`],
  ['core does no I/O', 'core/rego/src/node.ts', `import 'node:crypto';`],
  ['core does no I/O', 'core/protocol/src/node/a.ts', `import 'node:crypto';`],
  ['core never reaches the Node host', 'core/rego/src/a.ts', `import { n } from './node/index.ts';`],
  ['core never reaches the Node host', 'core/policy/src/a.ts', `import { n } from '@chaperone/rego/node';`],
  ['core knows neither plane', 'core/protocol/src/a.ts', `export { x } from '@chaperone/endpoint';`],
  ['core knows neither plane', 'core/protocol/src/a.ts', `import '../../../cli/src/main.ts';`],
  [
    'planes never import',
    'control-plane/server/src/a.ts',
    `import type { X } from '@chaperone/endpoint/record';`,
  ],
  ['planes never import', `${endpoint}/flow.ts`, `import {\n  a,\n  b,\n} from '@chaperone/server';`],
  ['never imports the step record', `${endpoint}/decide/a.ts`, `import { j } from '../record/journal.ts';`],
  [
    'never imports the step enforce',
    `${endpoint}/intercept/deep/a.ts`,
    `import type { E } from '../../enforce/e.ts';`,
  ],
  ['only flow, main and session', `${endpoint}/other.ts`, `import { j } from './record/journal.ts';`],
  ['nothing imports cli', `${endpoint}/main.ts`, `import { run } from '@chaperone/cli';`],
  ['http never imports store', 'control-plane/server/src/http/a.ts', `import { q } from '../store/q.ts';`],
])('[req: house:boundaries] a planted violation is found: %s (%s)', (rule, file, source) => {
  const found = violations(readImports(plant({ [file]: `${source}\n` })));
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(rule);
});

test('[req: house:boundaries] what the rules permit is not found', () => {
  const tree = plant({
    [`${endpoint}/flow.ts`]: `import { a } from './decide/a.ts';\nimport { j } from './record/journal.ts';\n`,
    [`${endpoint}/session-start.ts`]: `import { j } from './record/journal.ts';\n`,
    [`${endpoint}/decide/a.ts`]: `// import { j } from '../record/journal.ts';\nimport { b } from './b.ts';\nimport 'node:fs';\n`,
    'cli/src/main.ts': `import { j } from '@chaperone/endpoint/record';\n`,
    'core/rego/src/node/index.ts': `import { h } from '../host.ts';\nimport { c } from './crypto.ts';\n`,
    'core/rego/src/node/crypto.ts': `import type * as C from 'node:crypto';\n`,
    [`${endpoint}/decide/host.ts`]: `import { n } from '@chaperone/rego/node';\n`,
  });
  expect(violations(readImports(tree))).toEqual([]);
});

/** Why each package may have each third-party dependency; adding one is a decision, so it is written here. */
const allowed: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'core/protocol': { zod: 'schemas of the outer edges; a separate entry, never loaded at launch' },
  'core/policy': { yaml: 'reads data.yaml of bundles as OPA does; no dependencies' },
  'core/rego': {
    graphql: 'checks queries for graphql.*; loaded when a policy uses them',
    yaml: 'reads annotations and YAML documents; handed in by the host, never loaded by a program without them',
  },
  'runtime-plane/endpoint': {
    koffi: 'calls the kernel without a compiled add-on',
  },
  'runtime-plane/egress': {
    'dns-packet': 'reads and writes DNS messages for the session resolver; no dependencies but one',
    '@types/dns-packet': 'its types',
  },
  'runtime-plane/pdp': {
    yaml: 'reads YAML bodies and data files; no dependencies, loaded when the first one comes',
    '@open-policy-agent/opa': "OPA's own client, in tests",
  },
  'core/dlp': {},
  // A library for other people's programs brings nobody else's code along.
  'runtime-plane/pep': {},
  cli: { commander: 'parses the command line; no dependencies' },
};

test('[req: house:dependencies] every package declares only dependencies that have a reason', () => {
  for (const folder of workspaces(root).values()) {
    const manifest = JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8')) as {
      dependencies?: Record<string, string>;
      devDependencies?: Record<string, string>;
      optionalDependencies?: Record<string, string>;
    };
    const { dependencies, devDependencies, optionalDependencies } = manifest;
    const declared = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
    const thirdParty = declared.filter(([name]) => !name.startsWith('@chaperone/'));
    expect(Object.keys(allowed), `${folder} is not in the list`).toContain(folder);
    for (const [name, version] of thirdParty) {
      expect(Object.keys(allowed[folder] ?? {}), `${folder} declares ${name}`).toContain(name);
      expect(version, `${name} is not pinned`).toMatch(/^\d+\.\d+\.\d+$/);
    }
  }
});

test('[req: house:dependencies] every package imports only what it declares', () => {
  const undeclared: string[] = [];
  for (const [, folder] of workspaces(root)) {
    const manifest = JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8')) as {
      name: string;
      dependencies?: Record<string, string>;
    };
    const declared = new Set([manifest.name, ...Object.keys(manifest.dependencies ?? {})]);
    for (const { file, specifier } of readImports(root)) {
      if (!file.startsWith(`${folder}/`) || specifier.startsWith('.') || isBuiltin(specifier)) continue;
      const name = specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/');
      if (!declared.has(name)) undeclared.push(`${file} imports ${specifier}`);
    }
  }
  expect(undeclared).toEqual([]);
});

test('[req: house:boundaries] no package may be entered except by its exports', () => {
  const files = globSync('{core,runtime-plane,cli}/**/*.ts', {
    cwd: root,
    exclude: (name) => name === 'node_modules',
  });
  const deep = files.filter((file) =>
    /from '(?:\.\.\/)+(?:core|runtime-plane|control-plane|cli)\//.test(
      readFileSync(path.join(root, file), 'utf8'),
    ),
  );
  // Tests of one package may not reach into another by path, either.
  expect(deep.filter((file) => !file.startsWith('test/'))).toEqual([]);
});
