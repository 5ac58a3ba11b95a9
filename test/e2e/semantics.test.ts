/**
 * The programs in programs/ perform thousands of calls and print a line for each: result, flags, mode. Under a policy
 * that allows everything the lines are those of the same program without us, but for `differences`, each with its reason.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { collect, type Identity, type Isolation, situations, World } from './world.ts';

type Difference = {
  readonly program: string;
  readonly isolation?: Isolation;
  /** The whole line, or all lines that begin so. */
  readonly bare: string | RegExp;
  readonly supervised: string | RegExp;
  readonly reason: string;
};

const differences: readonly Difference[] = [
  {
    program: 'opens',
    bare: /^open\("\/dev\/tty", NOATIME\) -> EPERM$/,
    supervised: /-> ENXIO$/,
    reason: 'Without a terminal both refuse; we ask for the terminal first.',
  },
  {
    program: 'opens',
    bare: /NOFOLLOW.* fd flags=(5|7)0/,
    supervised: /NOFOLLOW.* fd flags=(1|3)0/,
    reason: 'F_GETFL does not show O_NOFOLLOW where the object was opened by its descriptor; it was obeyed.',
  },
  {
    program: 'places',
    bare: /NOFOLLOW\) -> fd flags=50/,
    supervised: /NOFOLLOW\) -> fd flags=10/,
    reason: 'As above.',
  },
  {
    program: 'opens',
    bare: /^H\(24\) -> (fd flags=10000000|EINVAL)/,
    supervised: 'H(24) -> ENOSYS',
    reason: 'An O_PATH descriptor cannot be injected; callers of openat2 fall back to openat.',
  },
  {
    program: 'places',
    bare: 'open("/dev/tty", O_RDWR) -> fd flags=100002 cloexec=0 mode=20666',
    supervised: 'open("/dev/tty", O_RDWR) -> fd flags=100002 cloexec=0 mode=20600',
    reason: 'The terminal itself is opened, and has its own mode.',
  },
  {
    program: 'places',
    bare: /^a session leader's open .*-> 1$/,
    supervised: /^a session leader's open .*-> 0$/,
    reason: 'A controlling terminal is only acquired by the process that opens; TIOCSCTTY works.',
  },
  {
    program: 'places',
    isolation: 'process',
    bare: /^(spell\(.*\/proc\/self\/(oom_score_adj|comm|coredump_filter|timerslack_ns|clear_refs)"|spell\(p, "third"|spell\("\/proc\/thread-self\/comm"|open\("\/proc\/self\/mem", O_RDWR)/,
    supervised: /-> EACCES$/,
    reason: 'Without its own /proc a session may write nothing there: it is the kernel, not files.',
  },
  {
    program: 'places',
    bare: 'spell(p, "kid") -> EINVAL',
    supervised: 'spell(p, "kid") -> EACCES',
    reason: 'The name of another process can be changed by neither.',
  },
  {
    program: 'places',
    isolation: 'process',
    bare: 'slurp("/proc/self/comm") > 0 && !strcmp(text, "renamed\\n") -> 1',
    supervised: 'slurp("/proc/self/comm") > 0 && !strcmp(text, "renamed\\n") -> 0',
    reason: 'As above.',
  },
  {
    program: 'opens',
    isolation: 'process',
    bare: /^open\("\/proc\/thread-self\/comm", /,
    supervised: /-> EACCES$/,
    reason: 'As above.',
  },
  {
    program: 'opens',
    bare: /^open\("(\/|\/\/|\/\.\.|\/proc\/self\/root)", TMPFILE/,
    supervised: /-> EACCES$/,
    reason: 'The root folder itself is no place to make files: /proc and /sys lie in it.',
  },
  {
    program: 'opens',
    bare: /^open\("\/proc\/self\/fd", TMPFILE.*-> EOPNOTSUPP$/,
    supervised: /-> EACCES$/,
    reason: 'Landlock refuses first.',
  },
  {
    program: 'changes',
    bare: 'rmdir("/proc") -> EBUSY',
    supervised: 'rmdir("/proc") -> EACCES',
    reason: 'Landlock refuses first.',
  },
  {
    program: 'changes',
    isolation: 'process',
    bare: 'unlink("/proc/self/stat") -> EPERM',
    supervised: 'unlink("/proc/self/stat") -> EACCES',
    reason: 'Landlock refuses first.',
  },
  {
    program: 'metadata',
    isolation: 'process',
    bare: 'truncate("/proc/self/comm", 0) -> 0',
    supervised: 'truncate("/proc/self/comm", 0) -> EACCES',
    reason: 'Without its own /proc a session may write nothing there.',
  },
  {
    program: 'metadata',
    isolation: 'namespace',
    bare: /^chown\("f", .*54321.*-> EPERM$/,
    supervised: /-> EINVAL$/,
    reason: 'The user namespace of a session knows one user and one group.',
  },
  {
    program: 'sockets',
    bare: /^ {2}the client is me: 1 1$/,
    supervised: /^ {2}the client is me: 0 1$/,
    reason: 'The gate connects for the caller: an accepting peer sees the process id of the gate.',
  },
  {
    program: 'sockets',
    bare: /^ {2}from (me|the child): 1/,
    supervised: /^ {2}from (me|the child): 0/,
    reason:
      'Where datagrams may be addressed every message is sent by the gate: credentials carry its process id.',
  },
  {
    program: 'sockets',
    bare: /SCM_CREDENTIALS, &other.*-> EPERM$/,
    supervised: /SCM_CREDENTIALS, &other.*-> 1$/,
    reason: 'As above: forged credentials are replaced by true ones.',
  },
  {
    program: 'sockets',
    bare: /^(sendmsg\(0, &m, 0\) -> ENOTSOCK|sendto\(c, repeat\('y'.*-> EMSGSIZE|bind\(open\("f", O_PATH\).*-> EBADF)$/,
    supervised: /-> (EMSGSIZE|ENOENT|EFAULT)$/,
    reason: 'Two errors at once; we find the other one first.',
  },
  {
    program: 'sockets',
    bare: /^socket\((AF_UNIX, 77|AF_PACKET|AF_INET, SOCK_STREAM, 77).*-> (EINVAL|EPERM|EPROTONOSUPPORT)$/,
    supervised: /-> (EAFNOSUPPORT|EPERM)$/,
    reason: 'Such sockets do not exist in a session.',
  },
  {
    program: 'starts',
    bare: 'execve(*p, a, e): exit 1',
    supervised: 'execve(*p, a, e) -> EACCES',
    reason: 'A script that may be started and not be read: what it would start cannot be decided.',
  },
  {
    program: 'starts',
    bare: /^a program without a name .*: exit 0$/,
    supervised: /^a program without a name .*-> EACCES$/,
    reason: 'Nothing names what would run.',
  },
];

function isKnown(program: string, isolation: Isolation, bare: string, supervised: string): boolean {
  const fits = (pattern: string | RegExp, line: string): boolean =>
    typeof pattern === 'string' ? pattern === line : pattern.test(line);
  return differences.some(
    (one) =>
      one.program === program &&
      (one.isolation ?? isolation) === isolation &&
      fits(one.bare, bare) &&
      fits(one.supervised, supervised),
  );
}

/** Root has lost its capabilities in a session, and nobody can gain any. */
function equalRights({ uid }: Identity): string[] {
  const never = ['setpriv', '--no-new-privs'];
  return uid === 0
    ? [...never, '--bounding-set=-all', '--inh-caps=-all', '--ambient-caps=-all', '--']
    : [...never, '--'];
}

/** A folder with one thing that belongs to somebody else. */
function fresh(world: World): void {
  rmSync(world.at('place'), { recursive: true, force: true });
  world.folder('place');
  world.folder('place/in');
  mkdirSync(world.at('place/in/sticky'), { mode: 0o755 });
  world.file('place/in/sticky/theirs', 'x');
}

const programs = [
  { name: 'opens', atLeast: 3000 },
  { name: 'changes', atLeast: 330 },
  { name: 'metadata', atLeast: 280 },
  { name: 'places', atLeast: 160 },
  { name: 'sockets', atLeast: 250 },
  { name: 'starts', atLeast: 250 },
];

describe.each(situations)(
  '[req: run:semantics] system calls answer as without chaperone ($title)',
  ({ identity, isolation }) => {
    test.each(programs)(
      '$name',
      async ({ name, atLeast }) => {
        using world = new World({ identity, isolation });
        world.policy('decision := {"allow": true}\n\nfloor := {"unix_datagram": true}');
        const program = world.compile(`${name}.c`, name, ['-pthread']);
        const command = ['/bin/sh', '-c', 'cd place/in && exec "$0"', program];

        fresh(world);
        const bare = await collect(
          world.bare([...equalRights(identity), ...command], ['ignore', 'pipe', 'pipe']),
          90_000,
        );
        fresh(world);
        const supervised = await world.run(command, 90_000);

        const expected = bare.stdout.split('\n');
        const got = supervised.stdout.split('\n');
        const other = expected.flatMap((line, index) => {
          const mine = got[index] ?? '(missing)';
          return line === mine || isKnown(name, isolation, line, mine)
            ? []
            : [`bare:       ${line}\nsupervised: ${mine}`];
        });
        expect(other, `${other.length} lines differ; ${supervised.stderr}`).toEqual([]);
        expect(got.length).toBe(expected.length);
        expect(got.length).toBeGreaterThan(atLeast);
        expect(supervised.stderr).toBe(bare.stderr);
        expect([supervised.code, supervised.signal]).toEqual([bare.code, bare.signal]);
      },
      180_000,
    );
  },
);
