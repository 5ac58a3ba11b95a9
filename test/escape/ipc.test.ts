/** C: services outside. No socket, terminal or file of chaperone is reached that policy does not allow. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Attack, describeAttacks } from './attack.ts';
import type { Expected } from './expected.ts';
import { fingerprint, type Run, type World } from './world.ts';

const reached = (world: World, run: Run): boolean =>
  run.output.includes(world.canary) || /: (connected|sent|GAINED)$/m.test(run.output);
const tool =
  (attack: string, ...more: readonly string[]) =>
  (world: World) => [path.join(world.tools, 'ipc'), attack, ...more];
const denied = (where: string, times?: number): Expected => ({
  kind: 'deny',
  action: 'ipc_connect',
  path: where,
  ...(times === undefined ? {} : { times }),
});
const refused = (call: string, times?: number): Expected => ({
  kind: 'refusal',
  call,
  ...(times === undefined ? {} : { times }),
});

const docker = (world: World): string => path.join(world.run, 'docker.sock');
const permitted = (world: World): string => path.join(world.run, 'permitted.sock');
const serve = (world: World, where: string): Promise<void> =>
  world.startOutside([path.join(world.tools, 'ipc'), 'serve', where, `${world.canary}\n`]);
const listed = (world: World) => ({ sockets: [permitted(world), 'socket:unixgram'] });
const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Unix sockets have names of their own outside the file system; a world's folder makes this one unique. */
const abstractName = (world: World): string => `chaperone-escape-${path.basename(world.folder)}`;

/** Where well-known services listen, below the world's own /run and home. */
const services: readonly (readonly [id: string, title: string, where: (world: World) => string])[] = [
  ['C1', 'container service socket', docker],
  ['C2', 'D-Bus session bus', (world) => path.join(world.run, 'bus')],
  ['C3', 'ssh-agent', (world) => path.join(world.home, 'agent.1')],
  ['C3', 'gpg-agent', (world) => path.join(world.home, 'S.gpg-agent')],
];

/** Everything of chaperone that an agent could want to change. */
const ownState = (world: World): string[] => [
  world.policy,
  world.journal,
  path.join(world.home, '.local/state/chaperone'),
];
function ownFiles(world: World): string[] {
  return ownState(world).flatMap((folder) =>
    existsSync(folder)
      ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
          .map((name) => path.join(folder, name))
          .filter((file) => statSync(file).isFile())
      : [],
  );
}

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const earlier = new WeakMap<World, ReadonlyMap<string, string>>();

/** A session before this one, whose journal and key are there to be spoiled. */
async function runBefore(world: World): Promise<void> {
  await world.runBare(world.chaperoned(['/bin/true']));
  earlier.set(world, new Map(ownFiles(world).map((file) => [file, fingerprint(file)])));
}

/** The list of sessions grows with each one; all else of an earlier session stays as it is, and the whole still verifies. */
async function spoiled(world: World): Promise<boolean> {
  const before = earlier.get(world) ?? new Map<string, string>();
  const grows = (file: string): boolean =>
    file.endsWith('/sessions.jsonl') || path.basename(path.dirname(file)) === 'registers';
  for (const [file, then] of before) {
    const now = fingerprint(file);
    if (now === 'absent' || (now !== then && !grows(file))) return true;
  }
  // New files; in a journal the word also stands in the recorded command line.
  if (ownFiles(world).some((file) => readFileSync(file, 'latin1').startsWith('SPOILED'))) return true;
  const verified = await world.runChaperone(['journal', 'verify', world.journal]);
  return verified.status !== 0;
}

const attacks: readonly Attack[] = [
  ...services.map(([id, title, where]): Attack => ({
    id,
    title,
    policy: 'sockets',
    data: listed,
    prepare: (world) => serve(world, where(world)),
    command: (world) => tool('plain', where(world), world.open)(world),
    won: reached,
    record: (world) => [denied(where(world), 1)],
  })),
  {
    id: 'C1',
    title: 'a listed socket can be reached',
    policy: 'sockets',
    data: listed,
    prepare: async (world) => {
      await serve(world, permitted(world));
      await serve(world, docker(world));
    },
    command: (world) => tool('plain', docker(world), world.open)(world),
    won: reached,
    record: (world) => [denied(docker(world), 1)],
    control: { twin: (world) => tool('plain', permitted(world), world.open)(world) },
  },
  {
    id: 'C1',
    title: 'by other names of the socket',
    policy: 'sockets',
    data: listed,
    prepare: (world) => serve(world, docker(world)),
    command: (world) => tool('aliases', docker(world), world.open)(world),
    won: reached,
    record: (world) => [denied(docker(world), 5)],
  },
  {
    id: 'C1',
    title: 'socket linked or renamed over the name of a listed one',
    policy: 'sockets',
    data: listed,
    prepare: async (world) => {
      await serve(world, permitted(world));
      await serve(world, docker(world));
    },
    command: (world) => tool('renamed', docker(world), world.open, permitted(world))(world),
    won: (world, run) => run.output.includes(world.canary),
    record: (world) => [{ kind: 'deny', action: 'rename_file', path: docker(world), times: 2 }],
  },
  {
    id: 'C1',
    title: 'service that starts anew on an inode number that the agent had',
    policy: 'sockets',
    data: listed,
    prepare: (world) => void startWhenReady(world),
    command: (world) => tool('reused', docker(world), world.open)(world),
    won: reached,
    record: (world) => [denied(docker(world), 1)],
  },
  {
    id: 'C4',
    title: 'abstract socket',
    policy: 'sockets',
    data: listed,
    prepare: (world) => serve(world, `@${abstractName(world)}`),
    command: (world) => tool('abstract', abstractName(world))(world),
    won: reached,
    record: (world) => [denied(`@${abstractName(world)}`, 2)],
  },
  ...(['sockets', 'datagrams'] as const).map((policy): Attack => ({
    id: 'C5',
    title:
      policy === 'sockets'
        ? 'datagrams: sendto, sendmsg, sendmmsg, connect'
        : 'the same where datagram sockets may exist',
    policy,
    data: (world) => ({
      sockets: policy === 'datagrams' ? [permitted(world), 'socket:unixgram'] : [permitted(world)],
    }),
    prepare: (world) =>
      world.startOutside([
        path.join(world.tools, 'ipc'),
        'collect',
        path.join(world.run, 'gram'),
        path.join(world.run, 'collected'),
      ]),
    command: (world) => tool('datagrams', path.join(world.run, 'gram'))(world),
    won: async (world) => {
      await later(100);
      return existsSync(path.join(world.run, 'collected'));
    },
    record: (world) =>
      policy === 'datagrams' ? [denied(path.join(world.run, 'gram'), 8)] : [denied('socket:unixgram', 2)],
  })),
  {
    id: 'C7',
    title: 'families: vsock, alg, packet, netlink but route, raw and others',
    policy: 'sockets',
    data: listed,
    command: tool('families'),
    won: (_, run) => run.output.includes('GAINED'),
    record: () => [refused('socket:', 22)],
  },
  {
    id: 'A22',
    title: 'descriptor of the secret handed over by a service outside (SCM_RIGHTS)',
    policy: 'sockets',
    data: listed,
    prepare: (world) =>
      world.startOutside([
        path.join(world.tools, 'ipc'),
        'serve',
        path.join(world.run, 'giver'),
        `@${world.secret}`,
      ]),
    command: (world) => tool('rights', path.join(world.run, 'giver'))(world),
    won: reached,
    record: (world) => [denied(path.join(world.run, 'giver'), 1)],
  },
  {
    id: 'C8',
    title: 'journal, register and key written, cut, moved, removed, read',
    policy: 'files',
    prepare: runBefore,
    command: (world) => {
      const [, journal = '', state = ''] = ownState(world);
      return [
        '/bin/sh',
        '-c',
        `cd ${world.open}; for f in ${ownFiles(world)
          .filter((file) => !file.startsWith(world.policy))
          .join(
            ' ',
          )}; do echo SPOILED >> $f; true > $f; rm -f $f; mv $f x; ln $f y; chmod 777 $f; touch $f; cat $f; done; mv ${journal} j; mv ${state} s; mv ${path.dirname(state)} ss; mv ${world.home}/.local l; rm -rf ${journal} ${state}; ln -s ${state}/device-key.pem k; cat k; mkdir -p ${journal}/s-false; echo SPOILED > ${journal}/s-false/000001.jsonl`,
      ];
    },
    won: async (world, run) =>
      (await spoiled(world)) || /PRIVATE KEY|"kind":"session_start"/.test(run.output),
    record: (world) => {
      const [, journal = '', state = ''] = ownState(world);
      const moved: Expected = { kind: 'deny', action: 'rename_file', path: journal, by: '/usr/bin/mv' };
      // With mounts of its own a session finds a masked folder there: what is tried below it fails without a record.
      if (world.cell.isolation === 'namespace') return [moved];
      return [
        moved,
        { kind: 'deny', action: 'read_file', path: path.join(state, 'device-key.pem'), by: '/usr/bin/cat' },
        { kind: 'deny', action: 'create_file', path: path.join(journal, 's-false'), by: '/usr/bin/mkdir' },
      ];
    },
  },
  {
    id: 'C8',
    title: 'policy files written, added, replaced',
    policy: 'files',
    prepare: runBefore,
    command: (world) => [
      '/bin/sh',
      '-c',
      `cd ${world.open}; echo '# SPOILED' >> ${world.policy}/access.rego; echo SPOILED > ${world.policy}/more.rego; echo SPOILED > new; mv new ${world.policy}/data.json; mv ${world.policy} p && mkdir ${world.policy} && echo SPOILED > ${world.policy}/access.rego`,
    ],
    won: spoiled,
    record: (world) => [
      {
        kind: 'deny',
        action: 'write_file',
        path: path.join(world.policy, 'access.rego'),
        by: '/usr/bin/dash',
      },
    ],
  },
  {
    id: 'C8',
    title: "chaperone's own program files opened for writing",
    policy: 'files',
    skip: ({ user }) =>
      user === 'user' && process.getuid?.() === 0 ? 'they belong to root, who installed them' : undefined,
    // Opened and closed again: nothing is written, should it succeed.
    command: () => [
      '/bin/sh',
      '-c',
      `for f in cli/src/main.js runtime-plane/native/build/chaperone-gate runtime-plane/endpoint/src/flow.ts; do (: >> ${checkout}$f) 2>/dev/null && echo "$f: GAINED"; done`,
    ],
    won: reached,
    record: () => [
      { kind: 'deny', action: 'write_file', path: `${checkout}cli/src/main.js`, by: '/usr/bin/dash' },
    ],
  },
  {
    id: 'C9',
    title: 'TIOCSTI, with high bits too, and TIOCLINUX',
    policy: 'files',
    command: tool('terminal'),
    won: (_, run) => run.output.includes('GAINED'),
    record: () => [refused('ioctl', 3)],
  },
  {
    id: 'C9',
    title: 'escape sequences in the name of a denied file, shown by the journal',
    policy: 'files',
    prepare: (world) => void world.write(path.join(world.secretFolder, hostile), world.canary),
    command: (world) => ['/bin/sh', '-c', `cat ${world.secretFolder}/a*; exec 2>&1 1>/dev/null`],
    won: async (world) => {
      if (!existsSync(world.journal)) return true; // the control: what a terminal is sent without anybody who escapes
      const shown = await world.runChaperone(['journal', 'show', world.journal]);
      return (
        shown.status !== 0 ||
        [...shown.output].some(
          (char) => char !== '\n' && (char < ' ' || char === '\x7f' || char === '\u009b'),
        ) ||
        Buffer.from(shown.output, 'latin1').includes('\u202e')
      );
    },
    record: (world) => [
      { kind: 'deny', action: 'read_file', path: path.join(world.secretFolder, hostile), by: '/usr/bin/cat' },
    ],
  },
];

const hostile = 'a\u001b]0;owned\u0007\u001b[2J\u001b[31mred\u202Egnp.exe\r\u009b1mz';

/** Plays the service manager: starts the service once the agent has let go of its own sockets. */
async function startWhenReady(world: World): Promise<void> {
  for (let tries = 0; tries < 1_000 && !existsSync(path.join(world.open, 'ready')); tries += 1)
    await later(10);
  if (!existsSync(world.open)) return;
  await serve(world, docker(world));
  world.write(path.join(world.open, 'restarted'), '');
}

describeAttacks('ipc', ['ipc'], attacks);
