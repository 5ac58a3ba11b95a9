/** What a remembered decision costs beside one that is asked of the policy: `sh scripts/node bench/decision-cache.ts`. */
import path from 'node:path';
import { loadPolicyFiles } from '@chaperone/endpoint/profiles';
import { DecisionCache } from '@chaperone/policy';
import type { DecisionInput } from '@chaperone/protocol';

const policies = path.resolve(import.meta.dirname, '../policies');
const home = '/home/someone';
const policy = loadPolicyFiles([path.join(policies, 'developer-agent'), path.join(policies, 'lib')], {
  data: {
    session: {
      home,
      workspace: `${home}/projects`,
      user: 'someone',
      tmp: '/tmp',
      git: [],
      program: '/usr/bin/agent',
    },
    settings: { hosts: [], ports: [], allow_stores: [], read: [], write: [] },
  },
});

const inputOf = (i: number): DecisionInput => ({
  action: i % 3 === 0 ? 'write_file' : 'read_file',
  path: `${home}/projects/src/module-${i}/file.ts`,
  user: 'someone',
  process: { pid: 1_000 + i, exe: '/usr/bin/node' },
  agent: { id: 'developer-agent', type: 'developer_tool' },
  resource: { kind: 'file', size: i, mount: 'local' },
});

const kinds = 500;
const inputs = Array.from({ length: kinds }, (_, i) => inputOf(i));
const cache = new DecisionCache(policy);
const never = new DecisionCache(policy, { entries: 1 });

/** Nanoseconds for one question: the median of rounds over all inputs. */
function nanoseconds(ask: (input: DecisionInput) => unknown, rounds = 60): number {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const start = process.hrtime.bigint();
    for (const input of inputs) ask(input);
    times.push(Number(process.hrtime.bigint() - start) / inputs.length);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN;
}

const rows: readonly [string, number][] = [
  ['the policy', nanoseconds((input) => policy.decide(input))],
  ['the policy, noting what it read', nanoseconds((input) => policy.decideTracked(input))],
  ['the cache, always a hit', nanoseconds((input) => cache.decide(input))],
  ['the cache, never a hit', nanoseconds((input) => never.decide(input))],
];
for (const [what, time] of rows) console.log(`${what.padEnd(36)}${(time / 1_000).toFixed(2).padStart(8)} µs`);
console.log(JSON.stringify({ hits: cache.counts, misses: never.counts }));
