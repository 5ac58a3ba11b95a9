/** What is measured: no proxy, ours, those of others; each says what it does, which is checked before it is measured. */
import { spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { root } from '../ground.ts';
import type { PhaseName } from './load.ts';
import { found, startMitmproxy, startSquid, versionOf } from './proxies.ts';
import type { Stage } from './stage.ts';

export type RowName =
  | 'direct'
  | 'passthrough'
  | 'interception'
  | 'content'
  | 'squid'
  | 'squid-bump'
  | 'mitmproxy';

export type Row = {
  readonly name: RowName;
  readonly title: string;
  readonly phases: readonly PhaseName[];
  /** Of the requests of all others: a slow one gets fewer. */
  readonly share: number;
  readonly opensTls: boolean;
  /** What it answers to a request that its policy denies, and to one with a card number in its body. */
  readonly expects: { readonly closed: 200 | 403; readonly personal: 200 | 403 };
  /** Rejects when it cannot run here. */
  readonly start: (stage: Stage) => Promise<Started>;
};

export type Started = {
  /** What the load is started with. */
  readonly prefix: readonly string[];
  /** Its processor time counts; absent: the process that the load was started with counts, or nothing. */
  readonly proxy?: { readonly process: ChildProcess; readonly port: number };
  readonly version?: string;
};

const everything: readonly PhaseName[] = ['alone', 'get', 'post', 'connections', 'down', 'up'];
const open = { closed: 200, personal: 200 } as const;

export const rows: readonly Row[] = [
  {
    name: 'direct',
    title: 'no proxy',
    phases: everything,
    share: 1,
    opensTls: false,
    expects: open,
    start: () => Promise.resolve({ prefix: [] }),
  },
  {
    name: 'passthrough',
    title: 'chaperone run; TLS is not opened',
    phases: everything,
    share: 1,
    opensTls: false,
    expects: open,
    start: (stage) => session(stage, 'passthrough'),
  },
  {
    name: 'interception',
    title: 'chaperone run; TLS is opened, the policy reads method and path of each request',
    phases: everything,
    share: 1,
    opensTls: true,
    expects: { closed: 403, personal: 200 },
    start: (stage) => session(stage, 'interception'),
  },
  {
    name: 'content',
    title: 'chaperone run; the same, and the policy reads what is in each body',
    // Bodies above `body.max_bytes` are not looked at.
    phases: everything.filter((phase) => phase !== 'up'),
    share: 1,
    opensTls: true,
    expects: { closed: 403, personal: 403 },
    start: (stage) => session(stage, 'content'),
  },
  {
    name: 'squid',
    title: 'plain CONNECT',
    phases: everything,
    share: 1,
    opensTls: false,
    expects: open,
    start: (stage) => squid(stage, false),
  },
  {
    name: 'squid-bump',
    title: 'TLS is opened (ssl-bump)',
    phases: everything,
    share: 1,
    opensTls: true,
    expects: open,
    start: (stage) => squid(stage, true),
  },
  {
    name: 'mitmproxy',
    title: 'TLS is opened, bodies are streamed',
    phases: everything,
    share: 0.2,
    opensTls: true,
    expects: open,
    start: mitmproxy,
  },
];

/** The clients of the other rows know of their proxy; that of a session knows of nothing. */
function session(stage: Stage, policy: 'passthrough' | 'interception' | 'content'): Promise<Started> {
  const chaperone = path.join(root, 'chaperone');
  // As whoever owns the tree: it may have to build something first.
  const { status, stderr } = spawnSync(chaperone, ['--version'], { encoding: 'utf8' });
  if (status !== 0) return Promise.reject(new Error(stderr.trim().split('\n').at(-1)));
  const folder = stage.folder(`policy-${policy}`);
  stage.copy(path.join(import.meta.dirname, 'policies', `${policy}.rego`), `policy-${policy}/access.rego`);
  const egress = { upstream_ca: [stage.at('target-ca.pem')] };
  stage.file(`policy-${policy}/data.json`, JSON.stringify({ chaperone: { egress } }));
  const journal = stage.at(`journal-${policy}`);
  return Promise.resolve({
    prefix: [chaperone, 'run', '--quiet', '--policy', folder, '--journal', journal, '--'],
  });
}

async function squid(stage: Stage, opens: boolean): Promise<Started> {
  const program = found('SQUID_BIN', 'squid');
  if (program === undefined)
    throw new Error('SQUID_BIN names none, nor is one in PATH (Debian: squid-openssl)');
  return { prefix: [], proxy: await startSquid(program, stage, opens), version: versionOf(program, stage) };
}

async function mitmproxy(stage: Stage): Promise<Started> {
  const program = found('MITMDUMP_BIN', 'mitmdump');
  if (program === undefined)
    throw new Error('MITMDUMP_BIN names none, nor is one in PATH (Debian or PyPI: mitmproxy)');
  return { prefix: [], proxy: await startMitmproxy(program, stage), version: versionOf(program, stage) };
}
