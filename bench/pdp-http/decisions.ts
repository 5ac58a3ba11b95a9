/**
 * What the journal costs: one policy, asked at 64 connections as OPA would be (nothing is recorded), as decisions that allow, and as
 * decisions that deny, whose records are on disk before the answer. They take turns, in rounds.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { applyLoad } from './load.ts';
import { type Server, start } from './server.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '64' },
    /** Where the journal is: the disk is part of what is measured. */
    folder: { type: 'string', default: tmpdir() },
  },
});
const root = path.resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(path.join(values.folder, 'pdp-decisions-'));
const dataFile = path.join(folder, 'data.json');
writeFileSync(
  dataFile,
  JSON.stringify({
    roles: { dev: { grants: [{ action: 'read_file', under: '/home/user-7/' }] } },
    secrets: ['/home/*/.ssh/**', '/home/*/.aws/**', '/etc/shadow'],
    hosts: ['registry.npmjs.org'],
    owners: {},
  }),
);
const question = (file: string): string =>
  JSON.stringify({
    input: {
      action: 'read_file',
      path: file,
      agent: { id: 'cowork', role: 'dev', risk: 'high', trust: 'signed', session: 'a'.repeat(300) },
      process: {
        pid: 4711,
        exe: '/opt/cowork/cowork',
        ancestors: Array.from({ length: 10 }, (_, i) => `/usr/bin/p${i}`),
      },
      user: 'alice',
    },
  });

const allowed = question('/home/user-7/project-12/src/main.ts');
const denied = question('/home/user-7/.ssh/id_ed25519');
const servers: Server[] = [];
const serve = async (name: string, journal: readonly string[]): Promise<Server> => {
  const server = await start(name, (port) => [
    process.execPath,
    path.join(root, 'cli/src/main.js'),
    'pdp',
    ...['policy.rego', 'decisions.rego'].flatMap((file) => [
      '--policy',
      path.join(import.meta.dirname, file),
    ]),
    '--data',
    dataFile,
    '--addr',
    `127.0.0.1:${port}`,
    ...journal,
  ]);
  servers.push(server);
  return server;
};
try {
  const raw = await serve('as OPA', ['--no-journal']);
  const recorded = await serve('recorded', ['--journal', path.join(folder, 'journal')]);
  const turns = [
    ['not recorded', raw, allowed],
    ['recorded allows', recorded, allowed],
    ['recorded denials', recorded, denied],
  ] as const;
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const [name, { port }, body] of round % 2 === 0 ? turns : turns.toReversed()) {
      const { perSecond, p50, p99 } = await applyLoad({
        port,
        path: '/v1/data/chaperone/access/decision',
        body,
        connections: Number(values.connections),
        warmUpMs: 1000,
        measuredMs: Number(values.seconds) * 1000,
      });
      process.stdout.write(
        `${name.padEnd(18)} ${perSecond.toFixed(0).padStart(7)}/s   p50 ${p50.toFixed(2)} ms   p99 ${p99.toFixed(2)} ms\n`,
      );
    }
  }
} finally {
  for (const server of servers) server.process.kill('SIGKILL');
  rmSync(folder, { recursive: true });
}
