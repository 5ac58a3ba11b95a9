/** Sandboxes that the agent builds inside a session: they start, they hold, and no mount opens what policy denies. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { denials, type Line, refusals } from './programs/records.ts';
import type { World } from './world.ts';
import { floorOnly, nestingWorld, places, sandboxRuntime } from './world-nesting.ts';

const runtime = sandboxRuntime();
if ('missing' in runtime) console.log(`skipped: sandbox-runtime in a session, because ${runtime.missing}`);

/** Runs one attack of nested.c. @returns its lines */
async function attack(world: World, ...args: string[]): Promise<string[]> {
  const shell = ['/bin/sh', '-c', '"$@"; exit $?', 'sh']; // a process outside of what the attack makes
  const { code, stdout, stderr } = await world.run([...shell, world.at('nested'), world.dir, ...args]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).not.toContain('LEAK');
  return stdout.trim().split('\n');
}

const pathOf = ({ input }: Line): unknown => input?.['path'];
const all = (lines: readonly string[], answer: string): string[] => lines.map((line) => `${line}: ${answer}`);

describe.each(places)('nested sandboxes: $title', (where) => {
  test('bubblewrap runs a command with file systems of its own [req: enforce:nesting:sandboxes]', async () => {
    using world = nestingWorld(where);
    const script = `
cd "$1"
bwrap --ro-bind / / --tmpfs /tmp --proc /proc --dev /dev --unshare-all true && echo plain
bwrap --ro-bind / / --tmpfs /tmp --bind "$1/allowed" /tmp --unshare-all sh -c 'echo x > /tmp/made; cat /tmp/data'; echo
cat allowed/made
bwrap --ro-bind / / --unshare-all sh -c 'echo x > allowed/data' 2>/dev/null || echo read-only
bwrap --ro-bind /usr /usr --symlink usr/bin /bin --symlink usr/lib /lib --symlink usr/lib64 /lib64 --dev /dev \
  --tmpfs /tmp --unshare-all sh -c 'printf "#!/bin/sh\\necho script" >/tmp/s; chmod +x /tmp/s; /tmp/s; test -e /etc || echo no etc'
for i in $(seq 60); do bwrap --ro-bind / / --tmpfs /tmp --dev /dev --unshare-all true || echo failed; done
bwrap --ro-bind / / --tmpfs /tmp --unshare-all sh -c 'ls -A /tmp; echo empty'`;
    const { code, stdout, stderr } = await world.run(['/bin/sh', '-c', script, 'sh', world.dir]);
    expect({ code, lines: stdout.trim().split('\n'), stderr }).toEqual({
      code: 0,
      lines: ['plain', 'public', 'x', 'read-only', 'script', 'no etc', 'empty'],
      stderr: '',
    });
  });

  test.skipIf('missing' in runtime)(
    'sandbox-runtime runs a command under its own rules [req: enforce:nesting:sandboxes]',
    async () => {
      if ('missing' in runtime) return;
      using world = nestingWorld(where);
      world.folder('hidden');
      world.file('hidden/data', 'hidden');
      const settings = world.file(
        'settings.json',
        JSON.stringify({
          network: { allowedDomains: ['example.com'], deniedDomains: [] },
          filesystem: {
            denyRead: [world.at('hidden')],
            allowWrite: [world.at('allowed/dir')],
            denyWrite: [],
          },
        }),
      );
      const fetch = world.file(
        'fetch.js',
        `const { hostname, port, username, password } = new URL(process.env.HTTP_PROXY);
require('http').get({ host: hostname, port, path: 'http://elsewhere.example/', headers: {
  'Proxy-Authorization': 'Basic ' + Buffer.from(decodeURIComponent(username) + ':' + decodeURIComponent(password)).toString('base64'),
} }, (answer) => answer.on('data', (text) => process.stdout.write(String(text))));`,
      );
      const inside = [
        `cat ${world.at('hidden/data')} 2>/dev/null || echo hidden is hidden`,
        `cat ${world.at('allowed/data')}; echo`,
        `cat ${world.at('denied/data')} 2>/dev/null || echo denied is denied`,
        `echo x 2>/dev/null > ${world.at('allowed/new')} || echo not written`,
        `echo made > ${world.at('allowed/dir/new')}`,
        `${process.execPath} ${fetch}`,
      ].join('\n');
      const temporary = `TMPDIR=${world.folder('tmp')}`; // its socket is named by a process number
      const command = ['env', temporary, process.execPath, runtime.program, '-s', settings, '-c', inside];
      const { code, stdout } = await world.run(command);
      expect({ code, lines: stdout.trim().split('\n') }).toEqual({
        code: 0,
        lines: [
          'hidden is hidden',
          'public',
          'denied is denied',
          'not written',
          'Connection blocked by network allowlist',
        ],
      });
      expect(readFileSync(world.at('allowed/dir/new'), 'utf8')).toBe('made\n');
      expect(denials(world).map(pathOf)).toContain(world.at('denied/data'));
    },
  );

  test('a bind mount opens nothing that is denied by its own name [req: enforce:nesting:names]', async () => {
    using world = nestingWorld(where);
    const lines = await attack(world, 'binds');
    expect(lines).toEqual([
      ...all(['file on a file', 'for writing', 'truncate', 'folder on a folder', 'creation'], 'EACCES'),
      ...all(['by a descriptor', 'by the working folder', 'by /proc/self/cwd'], 'EACCES'),
      ...all(['by /proc/self/root', 'by /proc/self/fd'], 'EACCES'),
      'allowed on denied: public',
      ...all(['unlink of a mount', 'rmdir of a mount', 'rename of a mount'], 'EBUSY'),
    ]);
    expect(readFileSync(world.at('denied/data'), 'utf8')).toBe('secret');
    expect(existsSync(world.at('denied/fresh'))).toBe(false);
    const recorded = denials(world).map(pathOf);
    expect(recorded).toContain(world.at('denied/data'));
    expect(recorded).toContain(world.at('denied/fresh'));
    expect(recorded).not.toContain(world.at('allowed/data'));
  });

  test('nor one that only the floor denies [req: enforce:nesting:floor]', async () => {
    using world = nestingWorld(where);
    world.policy(floorOnly);
    const lines = await attack(world, 'binds');
    expect(lines.filter((line) => /: (?:EACCES|EROFS)$/.test(line))).toHaveLength(11); // its mounts are read-only, and what was allowed is not granted at that place
    expect(await attack(world, 'starts')).toContain('allowed: ran');
    expect(existsSync(world.at('allowed/marker'))).toBe(false);
    expect(existsSync(world.at('denied/fresh'))).toBe(false);
    expect(readFileSync(world.at('denied/data'), 'utf8')).toBe('secret');
  });

  test('nor do renames, links, pivot_root and chroot [req: enforce:nesting:names]', async () => {
    using world = nestingWorld(where);
    expect(await attack(world, 'names')).toEqual([
      ...all(['deeper', 'rename'], 'EACCES'),
      'across: EXDEV',
      'link: EACCES',
      'symlink: made',
      ...all(['through a link', 'chmod', 'on a private file system', 'after pivot_root'], 'EACCES'),
      'in the old root: EACCES',
      'private file: opened',
      'after chroot: EACCES',
    ]);
    expect(existsSync(world.at('allowed/stolen'))).toBe(false);
    expect(readFileSync(world.at('denied/data'), 'utf8')).toBe('secret');
  });

  test('a denied program does not start under the name of another [req: enforce:nesting:names]', async () => {
    using world = nestingWorld(where);
    expect(await attack(world, 'starts')).toEqual([
      'allowed: ran',
      ...all(['denied on allowed', 'denied on /usr/bin/true'], 'EACCES'),
      'execveat: refused',
      'denied as the loader: EACCES',
    ]);
    expect(existsSync(world.at('allowed/marker'))).toBe(false);
    expect(denials(world).map(pathOf)).toContain(world.at('denied/prog'));
  });

  test('masks stay, other file systems and calls are refused with a record [req: enforce:nesting:floor]', async () => {
    using world = nestingWorld(where);
    expect(await attack(world, 'masks')).toEqual([
      'umount: EINVAL',
      'bind without it: EINVAL',
      'with it: EACCES',
      'writable: same',
      'proc_sys: 0',
    ]);
    const kinds = ['sysfs', 'overlay', 'fuse', 'ext4', 'cgroup2', 'bpf', 'debugfs', 'ramfs'];
    const calls = ['move', 'shared', 'remount', 'open_tree', 'fsopen', 'mount_setattr'];
    expect(await attack(world, 'types')).toEqual([
      ...all([...kinds, ...calls], 'EPERM'),
      ...all(['environment of the gate', 'its memory', 'environment outside'], 'EACCES'),
      'through the root of a process outside: EACCES',
    ]);
    const calls2 = refusals(world).map(({ call }) => call);
    expect(calls2.filter((call) => call === 'mount')).toHaveLength(kinds.length + 3);
    expect(calls2).toEqual(expect.arrayContaining(['open_tree', 'fsopen', 'mount_setattr']));
  });

  test('only who may administer a namespace mounts in it, and never in the session [req: enforce:nesting:floor]', async () => {
    using world = nestingWorld(where);
    expect(await attack(world, 'outside')).toEqual(
      all(["in the session's own namespace", 'of a user namespace only', 'umount'], 'EPERM'),
    );
    expect(await attack(world, 'unprivileged')).toEqual([
      ...all(['umount', 'bind'], 'EPERM'),
      'umount deeper: EINVAL',
    ]);
    expect(refusals(world).filter(({ call }) => call === 'umount2')).toHaveLength(2);
  });

  test('what makes the mounts is out of reach [req: enforce:nesting:floor]', async () => {
    using world = nestingWorld(where);
    const once = [
      ...all(['kill', 'ptrace', 'prlimit'], 'EPERM'),
      ...all(['mem', 'environ', 'maps', 'root', 'fd/3', 'cwd', 'task', 'its root'], 'refused'),
      ...all(['pidfd_getfd', 'pidfd_send_signal'], 'refused'),
    ];
    expect(await attack(world, 'mounter')).toEqual(['there is one: 1', ...once, ...once]);
    expect(await attack(world, 'pool')).toEqual(['then: ENOSPC', 'several: 1']);
  });

  test('mounts raced against opens and starts reach nothing [req: enforce:nesting:names]', async () => {
    using world = nestingWorld(where);
    for (const [what, tries] of [
      ['race', 20_000],
      ['loaders', 2000],
    ] as const) {
      const [line = ''] = await attack(world, what, String(tries));
      console.log(`${what} (${where.title}): ${line}`);
      const seen = JSON.parse(line) as Record<'leaks' | 'allowed' | 'refused', number>;
      expect(seen.leaks).toBe(0);
      expect(seen.allowed, 'both states must be met').toBeGreaterThan(tries / 100);
      expect(seen.refused, 'both states must be met').toBeGreaterThan(tries / 100);
    }
  }, 240_000);

  test("without the floor's leave nothing mounts [req: enforce:nesting:floor]", async () => {
    using world = nestingWorld(where);
    for (const nesting of ['none', 'userns']) {
      world.policy(`default decision := {"allow": true}\n\nfloor := {"nesting": "${nesting}"}`);
      const { code } = await world.run(['bwrap', '--ro-bind', '/', '/', '--unshare-all', 'true']);
      expect(code).toBe(1);
    }
  });
});
