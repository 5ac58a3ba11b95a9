import { readFileSync } from 'node:fs';
import path from 'node:path';
import { detectors, textDetectors } from '@chaperone/dlp';
import { expect, test } from 'vitest';
import { detectorsReference } from '../../scripts/detectors-reference.ts';

const page = path.resolve(import.meta.dirname, '../../docs/reference/detectors.md');

test('[req: dlp:reference] docs/reference/detectors.md is made from the code', () => {
  expect(readFileSync(page, 'utf8')).toBe(detectorsReference());
});

test('[req: dlp:reference] detectors have unique ids, words for people, and the source of their format', () => {
  const all = [...detectors, ...textDetectors];
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  for (const { id, name, source, token, class: classPath } of all) {
    expect(name.length, id).toBeGreaterThan(2);
    expect(source.length, id).toBeGreaterThan(5);
    expect(token, id).toMatch(/^[A-Z][A-Z0-9_]{1,30}$/);
    expect(classPath, id).toMatch(/^[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*$/);
  }
});
