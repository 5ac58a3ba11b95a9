/**
 * B: programs and processes. What policy does not allow must not run, whoever starts it; nothing acts on chaperone or outlives it.
 * Long because it is a list, read by id.
 */
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { type Attack, describeAttacks, seen } from './attack.ts';
import type { Expected } from './expected.ts';
import type { Run, World } from './world.ts';

const sh = '/usr/bin/dash';
const payload = (world: World): string => path.join(world.open, 'payload');
const ran = (_: World, run: Run): boolean => /^PAYLOAD-RAN$/m.test(run.output);
const denied = (where: string, more: Partial<Extract<Expected, { kind: 'deny' }>> = {}): Expected => ({
  kind: 'deny',
  action: 'execute',
  path: where,
  ...more,
});
const refused = (call: string, times?: number): Expected => ({
  kind: 'refusal',
  call,
  ...(times === undefined ? {} : { times }),
});
const tool =
  (name: string, attack: string, ...more: readonly string[]) =>
  (world: World) => [path.join(world.tools, name), attack, ...more];
const sha256 = (content: Uint8Array | string): string => createHash('sha256').update(content).digest('hex');
const toolDigest = (world: World, name: string): string => sha256(readFileSync(path.join(world.tools, name)));
const putPayload = (world: World): void => void world.copyTool('payload', payload(world));
const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const listed = ['/bin/sh', '/usr/bin/dash', '/usr/bin/cp', '/usr/bin/mv', '/usr/bin/env', '/usr/bin/cat'];
const onlyListed = (...more: readonly string[]) => ({
  policy: 'programs' as const,
  data: (world: World) => ({
    programs: [...listed, path.join(world.tools, 'exec'), path.join(world.tools, 'harmless'), ...more],
  }),
});

/** Programs that are allowed and start another one that is not (GTFOBins, in short): how, and who then is the caller. */
type Wrapper = { readonly program: string; readonly by?: string; readonly args: (world: World) => string };

const interpreters: readonly Wrapper[] = [
  { program: '/bin/sh', by: sh, args: (world) => `-c 'exec ${payload(world)}'` },
  { program: '/usr/bin/mawk', by: sh, args: (world) => `'BEGIN { system("exec ${payload(world)}") }'` },
  { program: '/usr/bin/perl', args: (world) => `-e 'exec "${payload(world)}"'` },
  {
    program: '/usr/bin/python3',
    args: (world) => `-c 'import subprocess; subprocess.run(["${payload(world)}"])'`,
  },
  {
    program: '/usr/bin/tar',
    by: sh,
    args: (world) =>
      `cf /dev/null --checkpoint=1 --checkpoint-action='exec=exec ${payload(world)}' /etc/hostname`,
  },
  { program: '/usr/bin/git', by: sh, args: (world) => `-c 'alias.x=!exec ${payload(world)}' x` },
];

const launchers: readonly Wrapper[] = [
  { program: '/usr/bin/env', args: (world) => `-S '-u HOME ${payload(world)}'` },
  { program: '/usr/bin/nice', args: (world) => `-n 10 ${payload(world)}` },
  { program: '/usr/bin/timeout', args: (world) => `-k 1 5 ${payload(world)}` },
  { program: '/usr/bin/setsid', args: (world) => `-w ${payload(world)}` },
  { program: '/usr/bin/find', args: (world) => `${world.open} -name payload -exec {} ';'` },
  { program: '/usr/bin/xargs', args: (world) => `-a /dev/null ${payload(world)}` },
];

/** All of them in one session; each must leave a record with itself as the caller. */
function wrappers(id: string, list: readonly Wrapper[]): Attack {
  const here = list.filter(({ program }) => existsSync(program));
  return {
    id,
    title: `through ${here.map(({ program }) => path.basename(program)).join(', ')}`,
    ...onlyListed(...here.flatMap(({ program, by }) => [program, realpathSync(program), by ?? program])),
    prepare: putPayload,
    command: (world) => [
      '/bin/sh',
      '-c',
      here.map(({ program, args }) => `${program} ${args(world)}`).join('; '),
    ],
    won: ran,
    record: (world) =>
      here.map(({ program, by }) => denied(payload(world), { by: by ?? realpathSync(program) })),
  };
}

const script = '#!/bin/sh\necho harmless; exit 0\n####################\n';

/** What leaves a file behind after the session, if anything does. */
const survivor = async (world: World): Promise<boolean> => {
  await later(1_800);
  return existsSync(path.join(world.open, 'survivor'));
};

const attacks: readonly Attack[] = [
  {
    id: 'B1',
    title: 'copied, renamed, linked program of unwanted content',
    policy: 'unwanted',
    data: (world) => ({ unwanted: [toolDigest(world, 'payload')] }),
    prepare: putPayload,
    command: (world) => [
      '/bin/sh',
      '-c',
      `cd ${world.open}; cp payload p1 && ./p1; mv p1 p2 && ./p2; ln p2 p3 && ./p3; ln -s p2 p4 && ./p4; cat payload > p5; chmod +x p5; ./p5; ./payload`,
    ],
    won: ran,
    record: (world) =>
      ['p1', 'p2', 'p3', 'p5', 'payload'].map((name) => denied(path.join(world.open, name), { by: sh })),
  },
  {
    id: 'B1',
    title: 'program takes the name of a listed one',
    policy: 'programs',
    data: (world) => ({ programs: [path.join(world.tools, 'exec'), path.join(world.open, 'listed')] }),
    prepare: putPayload,
    command: (world) =>
      tool('exec', 'takes_name', payload(world), world.open, path.join(world.open, 'listed'))(world),
    won: ran,
    record: (world) => [{ kind: 'deny', action: 'rename_file', path: payload(world), times: 2 }],
  },
  {
    id: 'B2',
    title: 'the dynamic loader as a program, and a copy of it',
    ...onlyListed(),
    prepare: (world) => void world.copyTool('dynamic', payload(world)),
    command: (world) => [
      '/bin/sh',
      '-c',
      `cd ${world.open}; for l in /lib64/ld-linux-x86-64.so.2 /lib/ld-linux-aarch64.so.1; do test -e $l || continue; $l ./payload; cp -L $l own; ./own ./payload; done`,
    ],
    won: ran,
    record: (world) => [denied(path.join(world.open, 'own'), { by: sh })],
  },
  {
    id: 'B3',
    title: 'memfd, O_TMPFILE, deleted file',
    policy: 'files',
    prepare: putPayload,
    command: (world) => tool('exec', 'unnamed', payload(world), world.open)(world),
    won: ran,
    record: () => [refused('execute_unnamed_file', 7)],
  },
  {
    id: 'B4',
    title: 'by every name, with false argv (B15)',
    ...onlyListed(),
    prepare: putPayload,
    command: (world) => tool('exec', 'names', payload(world), world.open)(world),
    won: ran,
    record: (world) => [denied(payload(world), { times: 8 })],
  },
  wrappers('B4', interpreters),
  wrappers('B8', launchers),
  {
    id: 'B4',
    title: 'script with the program as its interpreter, direct and nested',
    ...onlyListed(),
    prepare: putPayload,
    data: (world) => ({ programs: [...listed, path.join(world.open, 's1'), path.join(world.open, 's2')] }),
    command: (world) => [
      '/bin/sh',
      '-c',
      `cd ${world.open}; printf '#!%s\\n' ${payload(world)} > s1; printf '#!%s\\n' ${world.open}/s1 > s2; chmod +x s1 s2; ./s1; ./s2`,
    ],
    won: ran,
    record: (world) => [denied(payload(world), { by: sh, times: 2 })],
  },
  {
    id: 'B5',
    title: 'environment poisoned for an allowed program',
    ...onlyListed('/usr/bin/git'),
    needs: ['/usr/bin/git'],
    prepare: putPayload,
    command: (world) => [
      '/bin/sh',
      '-c',
      `cd ${world.open}; git init -q . 2>/dev/null; export PAGER=${payload(world)} GIT_PAGER=${payload(world)} GIT_SSH=${payload(world)} GIT_EXTERNAL_DIFF=${payload(world)}; git ls-remote ssh://nowhere/x; echo a > f; git add f; echo b > f; git diff --ext-diff`,
    ],
    won: ran,
    record: (world) => [denied(payload(world))].map((one) => ({ ...one, by: '/usr/bin/git' })),
  },
  {
    id: 'B9',
    title: 'LD_PRELOAD into an allowed program gains no file',
    policy: 'files',
    needs: ['/usr/bin/cat'],
    command: (world) => [
      '/usr/bin/env',
      `LD_PRELOAD=${world.tools}/preload.so`,
      `ESCAPE_SECRET=${world.secret}`,
      '/usr/bin/cat',
      '/dev/null',
    ],
    record: (world) => [{ kind: 'deny', action: 'read_file', path: world.secret, by: '/usr/bin/cat' }],
  },
  {
    id: 'B10',
    title: 'set-user-ID root program',
    policy: 'files',
    skip: ({ user }) =>
      process.getuid?.() !== 0
        ? 'only root can make one'
        : user === 'root'
          ? 'root has nothing to gain'
          : undefined,
    prepare: (world) => {
      const file = world.copyTool('exec', path.join(world.open, 'suid'));
      chownSync(file, 0, 0);
      chmodSync(file, 0o4755);
    },
    command: (world) => [path.join(world.open, 'suid'), 'whoami'],
    won: (_, run) => / euid=0$/m.test(run.output),
    record: { none: 'it runs, as policy allows, and gains nothing' },
  },
  {
    id: 'B12',
    title: 'chaperone started inside with a weaker policy',
    policy: 'files',
    prepare: (world) =>
      void world.write(
        path.join(world.open, 'weak.rego'),
        'package chaperone.access\n\ndecision := {"allow": true}\n',
      ),
    command: (world) => {
      const nested = world.chaperoned(['/usr/bin/cat', world.secret]);
      return nested.map((word) =>
        word === world.policy
          ? path.join(world.open, 'weak.rego')
          : word === world.journal
            ? path.join(world.open, 'own-journal')
            : word,
      );
    },
    record: (world) => [{ kind: 'deny', action: 'read_file', path: world.secret, by: '/usr/bin/cat' }],
  },
  {
    id: 'B13',
    title: 'a service outside that starts programs',
    policy: 'sockets',
    data: () => ({ sockets: [] }),
    prepare: (world) =>
      world.startOutside([
        path.join(world.tools, 'ipc'),
        'serve',
        path.join(world.run, 'spawner'),
        'PAYLOAD-RAN\n',
      ]),
    command: (world) => tool('ipc', 'plain', path.join(world.run, 'spawner'), world.open)(world),
    won: ran,
    record: (world) => [
      { kind: 'deny', action: 'ipc_connect', path: path.join(world.run, 'spawner'), times: 1 },
    ],
  },
  ...['at', 'crontab', 'systemd-run'].map((name): Attack => ({
    id: 'B13',
    title: name,
    policy: 'sockets',
    data: () => ({ sockets: [] }),
    needs: [`/usr/bin/${name}`, ...(name === 'systemd-run' ? ['/run/systemd/private'] : ['/run/crond.pid'])],
    command: (world) => [
      '/bin/sh',
      '-c',
      name === 'at'
        ? `echo ${payload(world)} | at now`
        : name === 'crontab'
          ? `echo '* * * * * ${payload(world)}' | crontab -`
          : `systemd-run --user ${payload(world)}`,
    ],
    won: (_, run) => run.status === 0,
    record: { none: 'depends on the service' },
    control: { none: 'would change this machine' },
  })),
  {
    id: 'B14',
    title: 'setsid, double forks, a reaper in between: nothing outlives the session',
    policy: 'files',
    command: (world) => tool('process', 'survive', world.open)(world),
    won: survivor,
    record: { none: 'nothing is refused' },
  },
  {
    id: 'B14',
    title: 'fork storm while the session ends',
    policy: 'files',
    command: (world) => tool('process', 'storm', world.open)(world),
    won: survivor,
    record: { none: 'nothing is refused' },
  },
  {
    id: 'B15',
    title: 'argv[0], process name, PR_SET_MM_EXE_FILE, link and copy of the one reader',
    policy: 'reader',
    data: () => ({ reader: '/usr/bin/cat' }),
    command: (world) => [
      '/bin/sh',
      '-c',
      `cd ${world.open}; ${world.tools}/process pretend ${world.secret} /usr/bin/cat; cp /usr/bin/cat cat; ./cat ${world.secret}; ln -s ${world.tools}/paths l; PATH=. l openers ${world.secret} ${world.secretFolder} ${world.open}`,
    ],
    record: (world) =>
      [`${world.tools}/process`, `${world.open}/cat`, `${world.tools}/paths`].map((by) => ({
        kind: 'deny',
        action: 'read_file',
        path: world.secret,
        by,
      })),
    control: { twin: (world) => ['/usr/bin/cat', world.secret] },
  },
  {
    id: 'B16',
    title: 'replaced in place and by rename after it was trusted, times put back',
    policy: 'contents',
    data: (world) => ({ contents: ['exec', 'harmless'].map((name) => toolDigest(world, name)) }),
    command: (world) =>
      tool('exec', 'replaced', `${world.tools}/harmless`, world.open, `${world.tools}/payload`)(world),
    won: ran,
    record: (world) => [denied(path.join(world.open, 'tool'), { times: 2 })],
  },
  {
    id: 'B16',
    title: 'changed through a mapping after its digest was taken',
    policy: 'contents',
    data: (world) => ({ contents: ['exec', 'harmless'].map((name) => toolDigest(world, name)) }),
    command: (world) =>
      tool('exec', 'remapped', `${world.tools}/harmless`, world.open, `${world.tools}/payload`)(world),
    won: ran,
    record: (world) => [denied(path.join(world.open, 'tool'))],
  },
  {
    id: 'B16',
    title: 'script changed through a mapping after its digest was taken',
    policy: 'contents',
    data: (world) => ({
      contents: [toolDigest(world, 'exec'), sha256(script), sha256(readFileSync('/bin/sh'))],
    }),
    command: (world) => tool('exec', 'remapped_script', 'unused', world.open)(world),
    won: ran,
    record: (world) => [denied(path.join(world.open, 'script'))],
  },
  {
    id: 'B16',
    title: 'path changed in memory while the exec is held (A16)',
    ...onlyListed(),
    prepare: putPayload,
    command: (world) => tool('exec', 'race', payload(world), world.open, `${world.tools}/harmless`)(world),
    won: ran,
    // Whether the race is met at the decision or at the exec stop is chance.
    record: () => [],
  },
  {
    id: 'B17',
    title: 'caller whose memory nobody may read starts a program',
    ...onlyListed(),
    prepare: putPayload,
    command: (world) => tool('exec', 'undumpable', payload(world), world.open)(world),
    won: ran,
    record: (world) => [
      world.cell.isolation === 'namespace'
        ? denied(payload(world))
        : { kind: 'refusal', call: 'unreadable_caller' },
    ],
  },
  ...(
    [
      [
        'memory',
        'ptrace, process_vm_readv and _writev, pidfd_getfd',
        ['ptrace', 'process_vm_readv', 'process_vm_writev', 'pidfd_getfd'],
      ],
      ['killing', 'SIGKILL and SIGSTOP at the gate and at chaperone', []],
      ['limits', 'resource limits of the gate and of chaperone', []],
      ['pace', 'priority, scheduler, processors of the gate and of chaperone', []],
    ] as const
  ).map(([name, title, calls]): Attack => ({
    id: 'B17',
    title,
    policy: 'files',
    // The control has a parent and a group leader of its own to hurt.
    // Under chaperone the group's leader is chaperone itself; the control gets a shell of its own to hurt.
    outer: (_, argv) =>
      argv[0] === process.execPath ? argv : ['/bin/sh', '-c', '"$@"; s=$?; exit $s', 'sh', ...argv],
    command: (world) => tool('process', name, world.open)(world),
    won: (_, run) => run.output.includes('GAINED') || run.signal !== null,
    record:
      calls.length > 0
        ? () => calls.map((call) => refused(call))
        : { none: 'signals are refused by Landlock where it scopes them (6.12), without a record' },
  })),
  {
    id: 'B17',
    title: 'kill(-1): signals to everybody',
    policy: 'files',
    skip: ({ user }) => (user === 'root' ? 'a failure would signal the whole machine' : undefined),
    prepare: async (world) => {
      const mark = path.join(world.open, 'signalled');
      void world
        .startOutside([path.join(world.tools, 'process'), 'bystander', mark, path.join(world.open, 'up')])
        .catch(() => {});
      for (let tries = 0; tries < 200 && !existsSync(path.join(world.open, 'up')); tries += 1)
        await later(10);
    },
    command: (world) => tool('process', 'everybody', world.open)(world),
    won: async (world) => {
      await later(100);
      return existsSync(path.join(world.open, 'signalled'));
    },
    record: { none: 'Landlock scopes signals without a record' },
  },
  {
    id: 'B18',
    title: 'signals that interrupt every call',
    policy: 'files',
    command: (world) => tool('process', 'signals', world.open, world.secret)(world),
    won: (world, run) => seen(world, run) || run.output.includes('few'),
    record: (world) => [{ kind: 'deny', action: 'read_file', path: world.secret }],
    control: { none: 'bare, it opens the secret some thousand times; A2 has shown as much' },
  },
  {
    id: 'B18',
    title: '60 parallel shells with pipelines of three, all of them right',
    policy: 'files',
    command: (world) => [
      '/bin/sh',
      '-c',
      `cd ${world.open}; i=0; while [ $i -lt 60 ]; do (echo $i | cat | cat > out$i; cat ${world.secret} 2>/dev/null > s$i) & i=$((i+1)); done; wait; cat out* | sort -n | uniq | wc -l`,
    ],
    won: (world, run) => seen(world, run) || run.output.trim() !== '60',
    record: (world) => [
      { kind: 'deny', action: 'read_file', path: world.secret, by: '/usr/bin/cat', times: 60 },
    ],
    control: { none: 'shows that nothing is lost under load' },
  },
];

describeAttacks(
  'exec',
  [
    'exec',
    'payload',
    'harmless',
    'process',
    'paths',
    'ipc',
    ['payload', 'dynamic', '-O1'],
    ['preload', 'preload.so', '-shared', '-fPIC'],
  ],
  attacks,
);
