/** Starts the gate: inside namespaces of its own through bubblewrap, or as a plain child. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Environment, findProgram } from './doctor/try.ts';
import { SessionError } from './errors.ts';
import { type Floor, type Isolation, privateFolders, type Rule } from './floor.ts';
import { layerArguments, type LayeredFolder } from './layer.ts';

const item = {
  filter: 1,
  rule: 2,
  argument: 3,
  environment: 4,
  cwd: 5,
  flags: 6,
  nofile: 7,
  sigign: 8,
  staticRead: 9,
  staticWrite: 10,
  supervisor: 11,
  end: 12,
  private: 13,
  layer: 14,
} as const;
const flag = { firstProcess: 1, ownNetwork: 2, nestedUsers: 4, nestedMounts: 8 } as const;

export type LaunchPlan = {
  readonly isolation: Isolation;
  readonly floor: Floor;
  readonly rules: readonly Rule[];
  readonly mounts: readonly string[];
  readonly layers: readonly LayeredFolder[];
  readonly filter: Buffer;
  /** Raw bytes: neither arguments nor environment need be UTF-8. */
  readonly argv: readonly Buffer[];
  readonly environment: readonly Buffer[];
  readonly cwd: string;
  readonly session: string;
  readonly denials: string | undefined;
  /** The gate's ends of its two sockets and the counters file. */
  readonly channel: number;
  readonly counters: number;
  readonly bubblewrap: string | undefined;
  readonly gate: string;
};

export function defaultGate(): string {
  return fileURLToPath(new URL('../../../native/build/chaperone-gate', import.meta.url));
}

export function findBubblewrap(environment: Environment): string | undefined {
  return findProgram('bwrap', { PATH: `${environment['PATH'] ?? ''}:/usr/bin:/usr/local/bin` });
}

/** @returns the child, whose fifth and seventh stdio entries carry the plan and the events. */
export function launch(plan: LaunchPlan): ChildProcess {
  const gateFile = openSync(plan.gate, 'r');
  try {
    const [file, args] = command(plan);
    const child = spawn(file, args, {
      stdio: ['inherit', 'inherit', 'inherit', plan.channel, 'pipe', gateFile, 'pipe', plan.counters],
      env: {},
      cwd: '/',
    });
    const line = child.stdio[4];
    if (line && 'write' in line) {
      line.on('error', () => {}); // a gate that died says so by ending
      line.end(planBytes(plan));
    }
    return child;
  } finally {
    closeSync(gateFile);
  }
}

function command(plan: LaunchPlan): [string, string[]] {
  if (plan.isolation === 'process') return [plan.gate, []];
  if (plan.bubblewrap === undefined) throw new SessionError('no_bubblewrap', 'bubblewrap is missing');
  const args = [...namespaceArguments(plan.floor.nesting === 'mounts'), ...plan.mounts, '--', gateInside];
  if (plan.layers.length === 0) return [plan.bubblewrap, args];
  // The layers are mounted first, in namespaces of their own, where bubblewrap then starts.
  return [plan.gate, [...layerArguments(plan.layers), '--', plan.bubblewrap, ...args]];
}

/** The gate inside of the namespaces, where mounts may hide its file: what it was started with at descriptor 5. */
export const gateInside = '/proc/self/fd/5';

/** What bubblewrap is told in every session, apart from its mounts. `mounts`: nested sandboxes may make some. */
export function namespaceArguments(mounts = false): string[] {
  const root = process.getuid?.() === 0;
  const capabilities = [
    'CAP_SYS_PTRACE',
    'CAP_NET_BIND_SERVICE',
    'CAP_NET_ADMIN',
    ...(mounts ? ['CAP_SYS_ADMIN', 'CAP_SETFCAP'] : []),
  ].flatMap((name) => ['--cap-add', name]);
  return [
    '--as-pid-1',
    '--unshare-pid',
    '--unshare-ipc',
    '--unshare-uts',
    '--unshare-net',
    '--unshare-cgroup-try',
    // Who makes mounts may do so in a user namespace of the session only, also as root.
    ...(root && !mounts ? [] : ['--unshare-user']),
    ...capabilities,
  ];
}

function planBytes(plan: LaunchPlan): Buffer {
  const parts: Buffer[] = [];
  const put = (type: number, bytes: Buffer): void => {
    const head = Buffer.alloc(8);
    head.writeUInt32LE(type, 0);
    head.writeUInt32LE(bytes.length, 4);
    parts.push(head, bytes);
  };
  const number = (value: bigint): Buffer => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(value);
    return bytes;
  };
  put(item.filter, plan.filter);
  for (const { level, rights, path: where } of plan.rules) {
    const head = Buffer.alloc(8);
    head.writeUInt32LE(level, 0);
    head.writeUInt32LE(rights, 4);
    put(item.rule, Buffer.concat([head, Buffer.from(where), Buffer.alloc(1)]));
  }
  for (const argument of plan.argv) put(item.argument, argument);
  for (const variable of plan.environment) put(item.environment, variable);
  put(item.environment, Buffer.from(`CHAPERONE_SESSION=${plan.session}`));
  if (plan.denials !== undefined) put(item.environment, Buffer.from(`CHAPERONE_DENIALS=${plan.denials}`));
  put(item.cwd, Buffer.from(plan.cwd));
  put(item.flags, number(BigInt(flagsOf(plan))));
  put(item.nofile, number(BigInt(Number.parseInt(process.env['CHAPERONE_ENTRY_NOFILE'] ?? '0', 10) || 0)));
  put(
    item.sigign,
    number(BigInt(`0x${/^[0-9a-f]{1,16}$/.exec(process.env['CHAPERONE_ENTRY_SIGIGN'] ?? '')?.[0] ?? '0'}`)),
  );
  for (const one of plan.floor.static_read) put(item.staticRead, Buffer.from(one));
  for (const one of plan.floor.static_write) put(item.staticWrite, Buffer.from(one));
  if (plan.isolation === 'process') put(item.supervisor, number(BigInt(process.pid)));
  if (plan.floor.nesting === 'mounts') for (const one of privateFolders) put(item.private, Buffer.from(one));
  for (const { folder } of plan.layers) put(item.layer, Buffer.from(folder));
  put(item.end, Buffer.alloc(0));
  return Buffer.concat(parts);
}

function flagsOf({ isolation, floor }: LaunchPlan): number {
  return (
    (isolation === 'namespace' ? flag.firstProcess | flag.ownNetwork : 0) |
    (floor.nesting === 'none' ? 0 : flag.nestedUsers) |
    (floor.nesting === 'mounts' ? flag.nestedMounts : 0)
  );
}

/** The last `count` arguments of this very process, and its environment, as the bytes that the kernel holds. */
export function ownBytes(count: number): { argv: Buffer[]; environment: Buffer[] } {
  const split = (file: string): Buffer[] => {
    const bytes = readFileSync(file);
    const parts: Buffer[] = [];
    for (let start = 0; start < bytes.length;) {
      const end = bytes.indexOf(0, start);
      parts.push(bytes.subarray(start, end < 0 ? bytes.length : end));
      start = end < 0 ? bytes.length : end + 1;
    }
    return parts;
  };
  return {
    argv: count === 0 ? [] : split('/proc/self/cmdline').slice(-count),
    environment: split('/proc/self/environ').filter(
      (one) => !one.toString('latin1').startsWith('CHAPERONE_'),
    ),
  };
}
