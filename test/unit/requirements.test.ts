import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { requirements } from '../requirements.ts';

const root = path.resolve(import.meta.dirname, '../..');
const own = 'test/unit/requirements.test.ts';

function citations(): Map<string, string[]> {
  const cited = new Map<string, string[]>();
  const files = globSync('{core,runtime-plane,control-plane,cli,test}/**/*.{test.ts,test.py,test.sh}', {
    cwd: root,
    exclude: (name) => name === 'node_modules',
  });
  for (const file of files.filter((name) => name !== own)) {
    for (const [, id = ''] of readFileSync(path.join(root, file), 'utf8').matchAll(/\[req: ([\w:-]+)\]/g)) {
      cited.set(id, [...(cited.get(id) ?? []), file]);
    }
  }
  return cited;
}

test('every requirement is cited by a test', () => {
  const cited = citations();
  expect(Object.keys(requirements).filter((id) => !cited.has(id))).toEqual([]);
});

test('every cited requirement exists', () => {
  const unknown = [...citations()].filter(([id]) => !Object.hasOwn(requirements, id));
  expect(unknown).toEqual([]);
});

test('every requirement says what can be observed and where it comes from', () => {
  for (const [id, { behaviour, source }] of Object.entries(requirements)) {
    expect(id).toMatch(/^[a-z-]+(:[a-z0-9-]+)+$/);
    expect(behaviour.length).toBeGreaterThan(20);
    expect(source).not.toBe('');
  }
});
