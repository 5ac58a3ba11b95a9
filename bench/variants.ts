/** What each load is run under: nothing, chaperone, the least that a gate can cost, and what others built. */
import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { type Ground, root } from './ground.ts';

export type Variant = {
  readonly name: string;
  /** As the first cell of a row in Markdown. */
  readonly head: string;
  readonly title: string;
  readonly kind: 'bare' | 'chaperone' | 'least' | 'peer';
  /** What stands before the command; undefined when the program is not there. */
  readonly prefix: readonly string[] | undefined;
  readonly version: string | undefined;
};

const words = (text: string): string[] => text.split(' ');

type PolicyName = 'static' | 'cached' | 'uncached';

export function variants(ground: Ground): Variant[] {
  return [
    { name: 'bare', head: 'bare', title: 'no sandbox', kind: 'bare', prefix: [], version: undefined },
    ...chaperones(ground),
    {
      name: 'notify',
      head: 'notify round trip',
      title: 'every openat waits for a C program that says "continue" without looking',
      kind: 'least',
      prefix: [ground.program('notify')],
      version: undefined,
    },
    {
      name: 'inject',
      head: 'inject round trip',
      title: 'the same program opens what an absolute path names and hands the descriptor over',
      kind: 'least',
      prefix: [ground.program('notify'), '-o'],
      version: undefined,
    },
    ...peers(ground),
  ];
}

function chaperones(ground: Ground): Variant[] {
  const one = (
    name: string,
    head: string,
    title: string,
    policy: PolicyName,
    isolation: 'namespace' | 'process',
  ): Variant => ({
    name,
    head,
    title,
    kind: 'chaperone',
    prefix: [
      path.join(root, 'chaperone'),
      'run',
      '--policy',
      ground.at(`policies/${policy}`),
      '--isolation',
      isolation,
      '--journal',
      ground.at(`state/${name}`),
      '--',
    ],
    version: undefined,
  });
  return [
    one(
      'static',
      'chaperone static',
      'reads are granted in the floor, the kernel opens the file itself; else as "cached"',
      'static',
      'namespace',
    ),
    one(
      'cached',
      'chaperone cached',
      'a prefix decides: the gate opens the file and remembers the answer',
      'cached',
      'namespace',
    ),
    one(
      'uncached',
      'chaperone uncached',
      'the size of the file decides, too: the policy is asked for every open',
      'uncached',
      'namespace',
    ),
    one(
      'process',
      'chaperone process',
      'as "cached", with process isolation: no namespaces',
      'cached',
      'process',
    ),
  ];
}

function peers(ground: Ground): Variant[] {
  const peer = (name: string, title: string, program: string, args: readonly string[]): Variant => {
    const installed = ground.has(program);
    return {
      name,
      head: name,
      title,
      kind: 'peer',
      prefix: installed ? [program, ...args] : undefined,
      version: installed ? versionOf([program]) : undefined,
    };
  };
  const runscState = ground.at('state/runsc');
  return [
    peer(
      'bubblewrap',
      'namespaces; nothing is decided per act',
      'bwrap',
      words('--dev-bind / / --proc /proc --unshare-pid --unshare-net --'),
    ),
    peer('firejail', '--noprofile', 'firejail', words('--quiet --noprofile --')),
    srt(ground),
    peer(
      'strace',
      'ptrace of open, openat, execve, connect; nothing is decided',
      'strace',
      words('-f --seccomp-bpf -e trace=open,openat,execve,connect -o /dev/null --'),
    ),
    peer('gvisor', 'runsc do, rootless: a kernel of its own in user space', 'runsc', [
      ...words('--rootless --network=none --ignore-cgroups --root'),
      runscState,
      'do',
      '--',
    ]),
  ];
}

/** From PATH, or as bench/peers.sh installs it; run by this Node, for the machine's own may be too old. */
function srt(ground: Ground): Variant {
  const folders = [
    ...(process.env['PATH'] ?? '').split(':'),
    path.join(root, 'bench/.peers/node_modules/.bin'),
  ];
  const found = folders
    .filter((folder) => path.isAbsolute(folder))
    .map((folder) => path.join(folder, 'srt'))
    .find((file) => existsSync(file));
  const start = found === undefined ? undefined : [process.execPath, realpathSync(found)];
  return {
    name: 'srt',
    head: 'srt',
    title: '@anthropic-ai/sandbox-runtime: bubblewrap and proxies; nothing is decided per act',
    kind: 'peer',
    prefix: start && [...start, '--settings', ground.at('policies/srt.json'), '--'],
    version: start && versionOf(start),
  };
}

function versionOf([file = '', ...args]: readonly string[]): string | undefined {
  const { stdout } = spawnSync(file, [...args, '--version'], { encoding: 'utf8', timeout: 20_000 });
  return /\d+(\.\d+)[^\s]*/.exec(stdout ?? '')?.[0];
}
