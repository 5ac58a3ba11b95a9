/** What a person and an agent hear of denials, in real sessions: the agent's own file, notices, audit mode. */
import { readFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { collect, situation, situations, type World } from './world.ts';
import { bookWorld, records, rules } from './world-books.ts';

describe.each(situations)('an agent and its own denials ($title)', (where) => {
  test('[req: run:denials] it reads why it was refused, and can neither write nor replace the file', async () => {
    using world = bookWorld(where);
    const attempts = [
      'cat books/q4',
      'cat "$CHAPERONE_DENIALS"',
      'for how in "echo forged >>$CHAPERONE_DENIALS" "echo x >$CHAPERONE_DENIALS.new" "mv open/data $CHAPERONE_DENIALS" ' +
        '"rm $CHAPERONE_DENIALS" "mv $(dirname $CHAPERONE_DENIALS) open/taken" "ln $CHAPERONE_DENIALS open/linked" ' +
        '"chmod 666 $CHAPERONE_DENIALS" "cat $(dirname $(dirname $(dirname $CHAPERONE_DENIALS)))/device-key.pem"; ' +
        'do ( eval "$how" ) 2>/dev/null && echo "worked: $how"; done',
      'tail -n +1 "$CHAPERONE_DENIALS"',
      'true',
    ];
    const { code, stdout } = await world.run(['/bin/sh', '-c', attempts.join('\n')]);
    expect(code).toBe(0);
    expect(stdout).not.toContain('worked');
    expect(stdout).not.toContain('forged');
    const denials = stdout.split('\n').filter((line) => line.startsWith('{'));
    const first = JSON.parse(denials[0] ?? '') as Record<string, unknown>;
    expect(first).toMatchObject({
      action: 'read_file',
      path: world.at('books/q4'),
      reason: 'policy',
      message: 'the books are closed',
      rules: ['books'],
      hint: expect.stringContaining('owner of the policy') as unknown,
    });
    // The id is that of the record, and the attempts on the file are denials themselves.
    const found = (await records(world)).find(
      ({ session, seq }) => `${String(session)}:${String(seq)}` === first['id'],
    );
    expect(found).toMatchObject({ kind: 'decision', input: { path: world.at('books/q4') } });
    expect(denials.slice(2).some((line) => line.includes('"floor"'))).toBe(true);
  });

  test('[req: run:denials] it holds in a floor that grants little, and another session sees nothing of it', async () => {
    using world = bookWorld(where);
    world.policy(`${rules}
floor := {"read": ["/usr", "/lib", "/lib64", "/bin", "/etc", "/dev", "/proc", data.world], "write": [concat("", [data.world, "/open"])]}`);
    const inner =
      'cat books/q4 2>/dev/null; cat "$CHAPERONE_DENIALS"; echo "$CHAPERONE_DENIALS" >open/where; exec sleep 30';
    const first = world.start(['/bin/sh', '-c', inner], ['ignore', 'pipe', 'pipe']);
    let out = '';
    await new Promise<void>((resolve) => {
      first.stdout?.on('data', (chunk: Buffer) => {
        out += chunk.toString();
        if (out.includes('\n')) resolve();
      });
      first.on('close', () => resolve());
    });
    expect(out).toContain('the books are closed');
    const theirs = out && (await whenWritten(world.at('open/where')));
    expect(readFileSync(theirs, 'utf8')).toContain('the books are closed');
    const second = await world.run(['/bin/cat', theirs]);
    expect(second.code).not.toBe(0);
    expect(second.stdout).toBe('');
    first.kill('SIGTERM');
    await new Promise((resolve) => first.on('close', resolve));
    expect(() => readFileSync(theirs)).toThrow('ENOENT');
  });
});

async function whenWritten(file: string): Promise<string> {
  for (;;) {
    try {
      const text = readFileSync(file, 'utf8');
      if (text.endsWith('\n')) return text.trim();
    } catch {
      // Not yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Runs a command line of a shell on a terminal of its own; gives what the terminal showed. */
async function onTerminal(
  world: World,
  options: readonly string[],
  command: readonly string[],
): Promise<string> {
  const pty = [
    'import os, pty, sys',
    'pid, fd = pty.fork()',
    'if pid == 0: os.execv(sys.argv[1], sys.argv[1:])',
    'out = b""',
    'while True:',
    '    try: data = os.read(fd, 65536)',
    '    except OSError: break',
    '    if not data: break',
    '    out += data',
    'os.waitpid(pid, 0)',
    'sys.stdout.buffer.write(out)',
  ].join('\n');
  const line = [...world.line(options), ...command];
  const { stdout } = await collect(
    world.bare(['/usr/bin/python3', '-c', pty, ...line], ['ignore', 'pipe', 'pipe']),
  );
  return stdout.replaceAll('\r', '');
}

describe('a person hears of a denial', () => {
  const denied = (world: World): string[] => [
    '/bin/sh',
    '-c',
    `cat ${world.at('books/q4')} ${world.at('books/q4')}; true`,
  ];

  test('[req: run:notice] in one line on a terminal, and of the whole at the end', async () => {
    using world = bookWorld(situation(0));
    const shown = await onTerminal(world, [], denied(world));
    const lines = shown.split('\n').filter((line) => line.startsWith('chaperone:'));
    expect(lines[0]).toMatch(
      /^chaperone: denied read_file \S+\/books\/q4: the books are closed \(chaperone why s-\S+:\d+\)$/,
    );
    // The second, identical one is counted, not told anew.
    expect(lines).toHaveLength(3);
    expect(lines[1]).toMatch(/ again$/);
    expect(lines[2]).toContain('2 acts were denied; `chaperone why --last --journal');
  });

  test('[req: run:notice] not with --quiet, nor where standard error is no terminal', async () => {
    using world = bookWorld(situation(1));
    expect(await onTerminal(world, ['--quiet'], denied(world))).not.toContain('chaperone:');
    const plain = await world.run(denied(world));
    const refused = `cat: ${world.at('books/q4')}: Permission denied\n`;
    expect(plain).toMatchObject({ code: 0, stdout: '', stderr: refused + refused });
    const verbose = await collect(world.start(denied(world), ['ignore', 'pipe', 'pipe'], ['--verbose']));
    expect(verbose.stderr).toContain('chaperone: denied read_file');
  });

  test('[req: run:notice] not in the middle of a full-screen program', async () => {
    using world = bookWorld(situation(0));
    const screen = [
      'import os, sys, termios, time, tty',
      'before = termios.tcgetattr(0)',
      'tty.setraw(0)',
      'sys.stdout.write("<screen>"); sys.stdout.flush()',
      `try: open("${world.at('books/q4')}")`,
      'except OSError: pass',
      'time.sleep(2.5)',
      'sys.stdout.write("</screen>"); sys.stdout.flush()',
      'termios.tcsetattr(0, termios.TCSANOW, before)',
    ].join('\n');
    const shown = await onTerminal(world, [], ['/usr/bin/python3', '-c', screen]);
    expect(shown).toContain('<screen></screen>');
    expect(shown.slice(shown.indexOf('</screen>'))).toContain('chaperone: denied read_file');
  });

  test('[req: run:hostile-text] a name with control characters does not reach the terminal', async () => {
    using world = bookWorld(situation(0));
    const hostile = world.file('books/\x1b]0;x\x07', '');
    const shown = await onTerminal(world, [], ['/bin/sh', '-c', 'cat "$1" 2>/dev/null; true', 'sh', hostile]);
    const line = shown.split('\n').find((one) => one.startsWith('chaperone: denied')) ?? '';
    expect(line).toContain('\\x1b]0;x\\x07');
    expect(line).not.toContain('\x1b');
  });
});
describe.each(situations)('audit mode ($title)', (where) => {
  const servers: net.Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  test('[req: run:audit] nothing is held back, and each record says that it went on', async () => {
    using world = bookWorld(where);
    world.policy('default decision := {"allow": false, "obligations": [{"kind": "terminate"}]}');
    const listening = (place: string | number): Promise<net.Server> =>
      new Promise((resolve) => {
        const server = net.createServer((socket) => socket.end('hello'));
        servers.push(server);
        if (typeof place === 'string') server.listen(place, () => resolve(server));
        else server.listen(place, '127.0.0.1', () => resolve(server));
      });
    const { port } = (await listening(0)).address() as AddressInfo;
    await listening(world.at('socket'));
    world.own(world.at('socket'));
    const program = [
      'import os, socket, subprocess',
      'print(open("open/data").read())',
      'open("open/data", "a").write("!")',
      'open("open/new", "x").close()',
      'os.rename("open/new", "open/moved")',
      'os.unlink("open/moved")',
      'os.chmod("open/data", 0o600)',
      'subprocess.run(["/bin/true"], check=True)',
      `print(socket.create_connection(("127.0.0.1", ${port})).recv(9))`,
      'local = socket.socket(socket.AF_UNIX); local.connect("socket"); print(local.recv(9))',
    ].join('\n');
    const child = world.start(
      ['/usr/bin/python3', '-c', program],
      ['ignore', 'pipe', 'pipe'],
      ['--mode', 'audit'],
    );
    const { code, stdout, stderr } = await collect(child);
    expect(code, stderr).toBe(0);
    expect(stdout).toBe("public\nb'hello'\nb'hello'\n");
    const decisions = (await records(world)).filter(({ kind }) => kind === 'decision');
    const went = decisions.filter((line) => line['proceeded'] === true && line.decision?.effect === 'deny');
    expect(went.length).toBe(decisions.filter(({ decision }) => decision?.effect === 'deny').length);
    const acts = new Set(went.map(({ input }) => input?.action ?? ''));
    expect([...acts].toSorted()).toEqual(
      [
        'connect',
        'create_file',
        'delete_file',
        'execute',
        'ipc_connect',
        'read_file',
        'rename_file',
        'write_file',
      ].toSorted(),
    );
    expect((await world.verify()).code).toBe(0);
  });

  test('[req: run:audit] what the floor must hold back it holds back, and the record does not say otherwise', async () => {
    using world = bookWorld(where);
    const options = ['--mode', 'audit'];
    const command = ['/bin/sh', '-c', 'echo x >>policy/access.rego'];
    const { code } = await collect(world.start(command, ['ignore', 'pipe', 'pipe'], options));
    expect(code).not.toBe(0);
    const denied = (await records(world)).filter(({ decision }) => decision?.effect === 'deny');
    expect(denied).not.toHaveLength(0);
    for (const line of denied) expect(line).not.toHaveProperty('proceeded');
  });
});
