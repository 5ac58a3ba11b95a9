/**
 * A: files and paths. The secret's content must not be seen, and the secret must stay as it is, by whatever name or call.
 * Long because it is a list, read by id.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Attack, describeAttacks } from './attack.ts';
import type { Expected } from './expected.ts';
import type { World } from './world.ts';

const cat = '/usr/bin/cat';
const read = (world: World, more: Partial<Extract<Expected, { kind: 'deny' }>> = {}): Expected => ({
  kind: 'deny',
  action: 'read_file',
  path: world.secret,
  ...more,
});
const denied = (
  action: Extract<Expected, { kind: 'deny' }>['action'],
  where: string,
  times?: number,
): Expected => ({ kind: 'deny', action, path: where, ...(times === undefined ? {} : { times }) });
const refused = (call: string, times?: number): Expected => ({
  kind: 'refusal',
  call,
  ...(times === undefined ? {} : { times }),
});

const tool = (name: string, attack: string) => (world: World) => [
  path.join(world.tools, name),
  attack,
  world.secret,
  world.secretFolder,
  world.open,
];
const shell = (script: (world: World) => string) => (world: World) => ['/bin/sh', '-c', script(world)];

/** Names that something on the way may read as something else. */
const odd: readonly Buffer[] = [
  'a[b]c',
  '[!a]*',
  'back\\slash',
  'trailing ',
  ' leading',
  'new\nline',
  'tab\there',
  'CaSe',
  '*',
  '$(id)',
  '-rf',
  '~',
  '#',
  '%2e%2e',
  '..hidden',
  '...',
  'x'.repeat(255),
  'Q4.csv (deleted)',
  'é',
  'e\u0301',
  '\u202Ecsv.4Q',
  '\uFFFD',
]
  .map((name) => Buffer.from(name))
  .concat([
    Buffer.from([0xff, 0xfe, 0x2e]),
    Buffer.from([0xc0, 0xaf]),
    Buffer.from([0x1b, 0x5b, 0x32, 0x4a]),
  ]);

const at = (folder: string, name: Uint8Array): Buffer => Buffer.concat([Buffer.from(`${folder}/`), name]);

/** Longer than PATH_MAX in all, so that the kernel cannot tell the name. */
const deepName = 'd'.repeat(250);
const deepLevels = 18;

const never = (world: World): string => path.join(world.open, '.agent/settings.json');
const later = (world: World): string => path.join(world.open, '.agent');

const attacks: readonly Attack[] = [
  {
    id: 'A1',
    title: '/proc/self/root and its like',
    policy: 'files',
    command: shell(
      ({ secret: s, open }) =>
        `cd ${open}; for p in ${s} /proc/self/root${s} /proc/thread-self/root${s} /proc/$$/root${s} /proc/self/task/$$/root${s} /proc/self/cwd/../books/financials/Q4.csv /proc/../${s} /./${s} ${path.dirname(s)}/../financials/./Q4.csv ../books//financials/Q4.csv /dev/../${s} /proc/self/root/proc/self/root${s}; do cat "$p"; done`,
    ),
    // The path with the shell's number below cat's own /proc entry does not exist.
    record: (world) => [read(world, { by: cat, times: 11 })],
  },
  {
    id: 'A2',
    title: 'descriptor aliases, folder descriptors, fchdir, openat2',
    policy: 'files',
    command: tool('paths', 'fd_aliases'),
    record: (world) => [read(world, { times: 15 })],
  },
  {
    id: 'A2',
    title: 'O_PATH descriptor of a file that is then replaced outside',
    policy: 'files',
    prepare: (world) => void replaceWhenReady(world),
    command: tool('paths', 'replaced_outside'),
    won: (world, run) => run.output.includes(world.canary),
    record: (world) => [{ kind: 'deny', action: 'read_file', path: world.secret }],
  },
  {
    id: 'A3',
    title: '/proc of the gate and of chaperone: environ, mem, fd, root',
    policy: 'files',
    command: tool('paths', 'proc_above'),
    won: (world, run) => run.output.includes('GAINED') || run.output.includes(world.canary),
    record: () => [refused('proc_of_supervisor')],
  },
  {
    id: 'A4',
    title: 'symbolic links to the file and its folder, read and written',
    policy: 'files',
    command: shell(
      ({ secret: s, secretFolder: f, open }) =>
        `cd ${open}; ln -s ${s} l; ln -s ../books/financials d; ln -s d dd; ln -s /proc/self/cwd/d/Q4.csv m; for p in l d/Q4.csv dd/Q4.csv m; do cat "$p"; done; echo spoiled >> l; echo spoiled > dd/Q4.csv; cp /etc/hostname l; mv l d/Q4.csv; ls ${f} >/dev/null`,
    ),
    record: (world) => [
      read(world, { by: cat, times: 4 }),
      { kind: 'deny', action: 'write_file', path: world.secret, by: shPath },
      { kind: 'deny', action: 'write_file', path: world.secret, by: '/usr/bin/cp' },
    ],
  },
  {
    id: 'A5',
    title: 'dangling links into the folder, made before their target',
    policy: 'files',
    command: shell(
      ({ secretFolder: f, open }) =>
        `cd ${open}; ln -s ${f}/planted l; echo x > l; ln -s ${f} d; mkdir d/sub; ln -s ${f}/deeper/er e; mkdir -p e/x; touch d/t; ln -s nowhere d/n`,
    ),
    record: (world) => [
      denied('create_file', path.join(world.secretFolder, 'planted'), 1),
      {
        kind: 'deny',
        action: 'create_file',
        path: path.join(world.secretFolder, 'sub'),
        by: '/usr/bin/mkdir',
      },
      { kind: 'deny', action: 'create_file', path: path.join(world.secretFolder, 'n'), by: '/usr/bin/ln' },
    ],
  },
  {
    id: 'A6',
    title: 'folder exchanged for a link while it is opened and linked',
    policy: 'files',
    command: tool('paths', 'race_tree'),
    won: (world, run) => run.output.includes(world.canary),
    record: (world) => [read(world)],
  },
  {
    id: 'A7',
    title: 'the folder and its ancestors renamed, exchanged, removed',
    policy: 'files',
    command: (world) => [...tool('changes', 'ancestors')(world), world.books],
    record: (world) => [
      denied('rename_file', world.secretFolder),
      denied('rename_file', world.books),
      read(world),
    ],
  },
  {
    id: 'A8',
    title: 'hard links',
    policy: 'files',
    command: shell(
      ({ secret: s, open }) => `cd ${open}; ln ${s} h; ln -P ${s} h2; cp -l ${s} h3; cat h h2 h3`,
    ),
    record: (world) => [
      { kind: 'deny', action: 'rename_file', path: world.secret, by: '/usr/bin/ln', times: 2 },
      { kind: 'deny', action: 'rename_file', path: world.secret, by: '/usr/bin/cp', times: 1 },
    ],
  },
  ...(['never', 'later'] as const).flatMap((policy): Attack[] =>
    (['direct', 'moved', 'linked'] as const).map((how) => ({
      id: 'A9',
      title: `${policy === 'never' ? 'a path that may never exist' : 'below a denied folder that does not exist'}: ${{ direct: 'made', moved: 'moved there with its folder', linked: 'its folder made a link' }[how]}`,
      policy: policy === 'later' && how === 'linked' ? 'laterFolder' : policy,
      data: (world) => ({ never: never(world), later: later(world) }),
      command: (world) => [
        path.join(world.tools, 'changes'),
        `later_${how}`,
        never(world),
        later(world),
        world.open,
      ],
      won: (world) => existsSync(never(world)),
      record: (world) => (how === 'direct' ? [denied('create_file', never(world))] : []),
    })),
  ),
  {
    id: 'A10',
    title: 'working directory inside the folder',
    policy: 'files',
    command: shell(
      ({ secretFolder: f }) =>
        `cd ${f} && cat Q4.csv; cat ./Q4.csv; echo x > new; cd / && env -C ${f} cat Q4.csv`,
    ),
    record: (world) => [read(world, { by: cat, times: 3 })],
  },
  {
    id: 'A11',
    title: 'names with brackets, backslashes, line ends, control characters, invalid UTF-8',
    policy: 'files',
    prepare: (world) => {
      for (const name of odd) {
        const file = at(world.secretFolder, name);
        writeFileSync(file, `${world.canary}\n`);
        chmodSync(file, 0o644);
      }
    },
    command: shell(
      ({ secretFolder: f, open }) =>
        `cd ${f}; for n in * .[!.]* ..?*; do cat -- "$n" "${f}/$n"; ln -- "$n" ${open}/h; echo x >> "$n"; done 2>/dev/null; cat ${open}/h`,
    ),
    won: (world, run) =>
      run.output.includes(world.canary) ||
      odd.some((name) => readFileSync(at(world.secretFolder, name), 'utf8') !== `${world.canary}\n`),
    record: (world) =>
      odd
        .filter((name) => Buffer.from(name.toString('utf8')).equals(name))
        .map((name) => ({
          kind: 'deny',
          action: 'read_file',
          path: `${world.secretFolder}/${name.toString('utf8')}`,
          by: cat,
          times: 2,
        })),
  },
  {
    id: 'A11',
    title: 'deeper than PATH_MAX',
    policy: 'files',
    prepare: (world) => {
      const home = process.cwd();
      try {
        process.chdir(world.secretFolder);
        for (let level = 0; level < deepLevels; level += 1) {
          mkdirSync(deepName);
          world.own(deepName);
          process.chdir(deepName);
        }
        world.write('Q4.csv', world.canary);
      } finally {
        process.chdir(home);
      }
    },
    command: (world) => [...tool('paths', 'deep')(world), deepName, String(deepLevels)],
    won: (world, run) => run.output.includes(world.canary) || run.output.includes('GAINED'),
    record: {
      none: 'the kernel cannot name the file either; the call fails with ENAMETOOLONG before there is anything to record',
    },
  },
  {
    id: 'A12',
    title: 'file handles',
    policy: 'files',
    command: tool('paths', 'handles'),
    record: () => [refused('name_to_handle_at', 1), refused('open_by_handle_at', 1)],
    control: ({ user }) => (user === 'user' ? { none: 'the kernel wants CAP_DAC_READ_SEARCH' } : undefined),
  },
  {
    id: 'A13',
    title: 'io_uring',
    policy: 'files',
    command: tool('paths', 'ring'),
    won: (_, run) => run.output.includes('GAINED'),
    record: () => [refused('io_uring_setup', 1)],
  },
  {
    id: 'A14',
    title: 'every opener, sendfile, copy_file_range, mmap',
    policy: 'files',
    command: tool('paths', 'openers'),
    record: (world) => [read(world), denied('write_file', world.secret)],
  },
  {
    id: 'A15',
    title: '32-bit and x32 calls',
    policy: 'files',
    skip: () => (process.arch === 'x64' ? undefined : 'x86-64 only'),
    command: tool('paths', 'foreign'),
    record: () => [refused('foreign_abi', 4)],
  },
  {
    id: 'A16',
    title: 'path changed in memory while the call is held',
    policy: 'files',
    command: tool('paths', 'race_memory'),
    won: (world, run) => run.output.includes(world.canary),
    record: (world) => [read(world)],
  },
  {
    id: 'A16',
    title: 'the same beside a folder that the floor grants',
    policy: 'granted',
    command: tool('paths', 'race_memory'),
    won: (world, run) => run.output.includes(world.canary),
    record: (world) => [read(world)],
  },
  {
    id: 'A17',
    title: 'caller whose memory nobody may read',
    policy: 'files',
    command: tool('paths', 'undumpable'),
    // With its own namespaces the gate may read it, and the decision is recorded; else the caller is refused.
    record: ({ cell, secret }) => [
      cell.isolation === 'namespace'
        ? denied('read_file', secret)
        : { kind: 'refusal', call: 'unreadable_caller' },
    ],
  },
  {
    id: 'A17',
    title: 'path in a page that vanishes',
    policy: 'files',
    command: tool('paths', 'unreadable'),
    record: (world) => [read(world)],
  },
  {
    id: 'A18',
    title: 'truncate, unlink, rename, link, mknod, bind',
    policy: 'files',
    command: tool('changes', 'names'),
    record: (world) => [
      denied('write_file', world.secret, 5),
      denied('delete_file', world.secret, 2),
      denied('rename_file', world.secret),
      ...['new1', 'new2', 'new3', 'new4', 'new5', 'new6', 'new7', 'new8', 'new9'].map((name) =>
        denied('create_file', path.join(world.secretFolder, name), 1),
      ),
    ],
  },
  {
    id: 'A18',
    title: 'mode, owner, times, extended attributes',
    policy: 'files',
    command: tool('changes', 'metadata'),
    // Of 23 attempts the *at forms for attributes are ENOSYS, as before Linux 6.13, and two are EBADF on an O_PATH descriptor.
    record: (world) => [denied('write_file', world.secret, 18)],
  },
  {
    id: 'A18',
    title: 'inode flags by path (Linux 6.17)',
    policy: 'files',
    command: tool('changes', 'file_setattr'),
    record: { none: 'refused as unknown to an older kernel' },
    control: { none: 'needs Linux 6.17 and a file system with inode flags' },
  },
  {
    id: 'A19',
    title: 'listing and looking into the folder',
    policy: 'folder',
    command: shell(
      ({ secretFolder: f }) =>
        `ls ${f}; ls -R ${f}/..; find ${f}; cd ${f} && ls . && echo *; cat ${f}/Q4.csv`,
    ),
    won: (world, run) => run.output.includes(world.canary) || /^Q4\.csv$/m.test(run.output),
    // stat(2) of a known name is not mediated: size and times of what cannot be opened can be seen, as docs/limits.md has to say.
    record: (world) => [
      { kind: 'deny', action: 'read_file', path: world.secretFolder, by: '/usr/bin/ls' },
      { kind: 'deny', action: 'read_file', path: world.secretFolder, by: '/usr/bin/find' },
    ],
  },
  {
    id: 'A20',
    title: 'new namespaces: unshare, clone, clone3, setns',
    policy: 'files',
    command: tool('changes', 'namespaces'),
    won: (_, run) => run.output.includes('GAINED'),
    // clone3 is ENOSYS without a record: its flags are in memory.
    record: () => [refused('unshare', 6), refused('clone_namespace', 5), refused('setns', 1)],
  },
  {
    id: 'A20',
    title: 'mounts, old and new, chroot, pivot_root',
    policy: 'files',
    command: tool('changes', 'mounts'),
    won: (world, run) => run.output.includes('GAINED') || run.output.includes(world.canary),
    record: () =>
      ['mount', 'open_tree', 'fsopen', 'umount2', 'pivot_root', 'chroot'].map((call) => refused(call)),
  },
  {
    id: 'A22',
    title: 'descriptors that are open when chaperone is started; standard input reopened for writing',
    policy: 'files',
    outer: (world, argv) => [
      '/bin/sh',
      '-c',
      `exec 0<${world.secret} 9<${world.secret}; exec "$@"`,
      'sh',
      ...argv,
    ],
    command: tool('paths', 'inherited'),
    record: (world) => [denied('write_file', world.secret, 1)],
  },
];

const shPath = '/usr/bin/dash';

/** Plays the editor: saves the secret anew once the agent has named it. */
async function replaceWhenReady(world: World): Promise<void> {
  for (let tries = 0; tries < 1_000 && !existsSync(path.join(world.open, 'ready')); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  if (!existsSync(world.secretFolder)) return;
  const draft = world.write(path.join(world.folder, 'draft'), 'new content');
  renameSync(draft, world.secret);
  world.write(path.join(world.open, 'replaced'), '');
}

describeAttacks('paths', ['paths', 'changes'], attacks);
