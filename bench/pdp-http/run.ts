/**
 * Decisions per second over HTTP at 64 connections: `chaperone pdp` beside `opa run -s` (OPA_BIN), with one policy, one
 * question and one program that asks. They take turns, in rounds; the figure is the median of the rounds' ratios.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine } from '../machine.ts';
import { applyLoad, type Measured } from './load.ts';
import { type Server, start } from './server.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '4' },
    connections: { type: 'string', default: '64' },
    write: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const measuredMs = Number(values.seconds) * 1000;
const connections = Number(values.connections);

const machine = describeMachine(new Date());
const root = path.resolve(import.meta.dirname, '../..');
const policy = path.join(import.meta.dirname, 'policy.rego');

const data = {
  roles: Object.fromEntries(
    Array.from({ length: 20 }, (_, i) => [
      `role-${i}`,
      {
        grants: Array.from({ length: 20 }, (__, j) => ({
          action: j % 2 === 0 ? 'read_file' : 'write_file',
          under: `/home/user-${i}/project-${j}/`,
        })),
      },
    ]),
  ),
  secrets: ['/home/*/.ssh/**', '/home/*/.aws/**', '/etc/shadow'],
  hosts: ['registry.npmjs.org', 'api.example.com'],
  owners: { confidential: 'security', financial: 'finance' },
};
const input = {
  action: 'read_file',
  path: '/home/user-7/project-12/src/main.ts',
  agent: { id: 'cowork', role: 'role-7', risk: 'high', trust: 'signed', session: 'a'.repeat(300) },
  process: {
    pid: 4711,
    exe: '/opt/cowork/cowork',
    ancestors: Array.from({ length: 10 }, (_, i) => `/usr/bin/p${i}`),
  },
  resource: { labels: ['confidential', 'financial'], size: 18_233 },
  user: 'alice',
  groups: ['finance-analysts', 'staff'],
};

const folder = mkdtempSync(path.join(tmpdir(), 'pdp-http-'));
const dataFile = path.join(folder, 'data.json');
writeFileSync(dataFile, JSON.stringify(data));
const servers: Server[] = [];
try {
  servers.push(
    await start('chaperone pdp', (port) => [
      process.execPath,
      path.join(root, 'cli/src/main.js'),
      'pdp',
      '--policy',
      policy,
      '--data',
      dataFile,
      '--addr',
      `127.0.0.1:${port}`,
    ]),
  );
  const opa = process.env['OPA_BIN'];
  if (opa === undefined) process.stdout.write('OPA_BIN is not set: no peer\n');
  else
    servers.push(
      await start('opa run -s', (port) => [
        opa,
        'run',
        '-s',
        '--log-level',
        'error',
        '-a',
        `127.0.0.1:${port}`,
        policy,
        dataFile,
      ]),
    );
  await compare();
} finally {
  for (const server of servers) server.process.kill('SIGKILL');
  rmSync(folder, { recursive: true });
}

async function compare(): Promise<void> {
  const all = new Map<string, Measured[]>(servers.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, port } of round % 2 === 0 ? servers : servers.toReversed()) {
      const measured = await applyLoad({
        port,
        path: '/v1/data/agent/authz/decision',
        body: JSON.stringify({ input }),
        connections,
        warmUpMs: 1000,
        measuredMs,
      });
      all.get(name)?.push(measured);
      const { perSecond, p50, p99 } = measured;
      process.stdout.write(
        `${name.padEnd(14)} ${perSecond.toFixed(0).padStart(7)}/s   p50 ${p50.toFixed(2)} ms   p99 ${p99.toFixed(2)} ms\n`,
      );
    }
  }
  const [ours, theirs] = [...all.values()];
  if (ours === undefined || theirs === undefined) return;
  const ratio = (of: (measured: Measured) => number): number =>
    median(ours.map((one, i) => of(one) / of(theirs[i] ?? one)));
  const times = ratio((one) => one.perSecond);
  const isMet = times > 1;
  const goal = `${isMet ? 'met' : 'MISSED'}: ${times.toFixed(2)} × the decisions per second of opa run -s, more than 1; p99 ${ratio((one) => one.p99).toFixed(2)} ×`;
  process.stdout.write(`${goal}\n`);
  if (values.write) writeFileSync(path.join(import.meta.dirname, 'results.md'), markdown(all, goal));
  if (!isMet) process.exitCode = 1;
}

/** Medians of the rounds. */
function markdown(all: ReadonlyMap<string, readonly Measured[]>, goal: string): string {
  const { date, processor, processors, memoryGib, kernel, system, node, load } = machine;
  const rows = [...all].map(([name, found]) => {
    const of = (field: 'perSecond' | 'p50' | 'p99'): number => median(found.map((one) => one[field]));
    return `| ${name} | ${of('perSecond').toFixed(0)} | ${of('p50').toFixed(2)} | ${of('p99').toFixed(2)} |`;
  });
  return [
    '# Decisions over HTTP',
    '',
    `${date}, ${processor} (${processors}), ${memoryGib} GiB, ${kernel}, ${system}, Node ${node}, load ${load.toFixed(1)}`,
    '',
    `${connections} connections, ${rounds} rounds of ${measuredMs / 1000} s in turns; the program that asks runs on the same machine.`,
    '',
    '| server | decisions/s | p50 ms | p99 ms |',
    '|---|---:|---:|---:|',
    ...rows,
    '',
    `- ${goal}`,
    '',
  ].join('\n');
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
