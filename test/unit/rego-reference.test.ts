/** docs/reference/rego.md says what the code has. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { builtins } from '@chaperone/rego';
import { nodeHost } from '@chaperone/rego/node';
import { expect, test } from 'vitest';
import { regoReference } from '../../scripts/rego-reference.ts';

const root = path.resolve(import.meta.dirname, '../..');
const read = (name: string): string => readFileSync(path.join(root, name), 'utf8');

test('[req: rego:reference] the table of built-ins is made from the code', () => {
  const page = read('docs/reference/rego.md');
  expect(page).toBe(regoReference(page));
  expect(page).toContain(
    '| `http.send` | `(request: object[string: any]) => response: object[any: any]` | needs the network |',
  );
});

test('[req: rego:reference] no built-in is missing', () => {
  const all = builtins(nodeHost({ http: { hosts: [] }, lookup: true }));
  expect(all.length).toBeGreaterThan(200);
  expect(all.filter(({ supported }) => !supported)).toEqual([]);
  expect(builtins({}).filter(({ supported }) => !supported).length).toBeGreaterThan(40);
});
