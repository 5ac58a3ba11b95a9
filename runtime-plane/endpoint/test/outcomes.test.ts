import { expect, test } from 'vitest';
import { ending } from '../src/intercept/wire.ts';
import { PendingOutcomes } from '../src/session-outcomes.ts';

function someOutcomes() {
  const told: string[] = [];
  const pending = new PendingOutcomes({
    outcome: (decision, result, errno) => void told.push([decision, result, errno ?? ''].join(' ')),
  });
  return { pending, told };
}

test('each decision of a call gets the end of the call, once', () => {
  const { pending, told } = someOutcomes();
  pending.add(1n, 's:2');
  pending.add(1n, 's:3');
  pending.add(2n, 's:4');
  pending.add(3n, undefined);
  for (const [id, code] of [
    [2n, 17n],
    [1n, 0n],
    [1n, 0n],
    [3n, 0n],
    [9n, 0n],
  ] as const)
    pending.ended({ id, code });
  expect(told).toEqual(['s:4 failed EEXIST', 's:2 done ', 's:3 done ']);
});

test.each([
  [ending.abandoned, 'abandoned '],
  [ending.failed, 'failed '],
  [512n, 'failed '],
  [4n, 'failed EINTR'],
])('the code %d is told as "%s"', (code, expected) => {
  const { pending, told } = someOutcomes();
  pending.add(1n, 's:2');
  pending.ended({ id: 1n, code });
  expect(told).toEqual([`s:2 ${expected}`]);
});

test('a gate that never says how acts end costs no memory without bound', () => {
  const { pending, told } = someOutcomes();
  for (let call = 0n; call < 10_003n; call++) pending.add(call, `s:${call}`);
  expect(told).toEqual(['s:0 abandoned ', 's:1 abandoned ', 's:2 abandoned ']);
});
