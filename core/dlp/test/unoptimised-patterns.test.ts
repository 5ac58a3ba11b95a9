import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { detectors } from '../src/detectors/index.ts';

test('no pattern has a flag for a part of it: the engine gets alternatives in there wrong when it does not optimise', () => {
  const flagged = detectors.filter(({ pattern }) => /\(\?[a-z-]+:/.test(pattern.source));
  expect(flagged.map(({ id }) => id)).toEqual([]);
});

test('services are found by their names when the engine no longer optimises patterns', () => {
  const index = new URL('../src/index.ts', import.meta.url).href;
  const script = `
    const { detectors } = await import(${JSON.stringify(index)});
    const { pattern } = detectors.find(({ id }) => id === 'nimble.key');
    const texts = ['nimble KEY Y5tJ4mL2K9pHN7vM3J2rN8qK6z3X5s', 'NIMBLE Token: Y5tJ4mL2K9pHN7vM3J2rN8qK6z3X5s'];
    console.log(texts.filter((text) => pattern.test(text)).length);`;
  const args = ['--no-regexp-optimization', '--input-type=module', '-e', script];
  expect(execFileSync(process.execPath, args, { encoding: 'utf8' }).trim()).toBe('2');
});
