/** No program hides behind the refusals of another. */
import { afterEach, expect, test, vi } from 'vitest';
import { type NameRefusal, Reports } from '../../src/names/reports.ts';

afterEach(() => {
  vi.useRealTimers();
});

test('[req: egress:names] who else was refused in the same second is recorded, each with how often', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const told: string[] = [];
  const reports = new Reports(({ asker, message }) => told.push(`${asker} ${message}`));
  const refuse = (asker: string): void => {
    const refusal: NameRefusal = { asker, reason: 'name_limits', message: 'no', destination: {} };
    reports.add(refusal);
  };
  refuse('decoy');
  for (let index = 0; index < 50; index += 1) refuse('decoy');
  refuse('other');
  refuse('decoy');
  expect(told).toEqual(['decoy no']);
  vi.advanceTimersByTime(1_000);
  expect(told.slice(1)).toEqual(['decoy no (and 50 more like it)', 'other no']);
  for (let index = 0; index < 40; index += 1) refuse(`asker ${index}`);
  vi.advanceTimersByTime(1_000);
  expect(told.slice(3)).toHaveLength(16);
  expect(told.at(-1)).toBe('asker 39 no (and 24 more like it)');
});
