/** How a session ends: as its agent does, with nothing left; and when a part of it is killed, closed and provably so. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { collect, few, situation, situations, sleep, until, World } from './world.ts';
import { gateOf, processesOf, stateOf } from './world-processes.ts';

const rounds = process.env['CHAPERONE_RACE_EVERYWHERE'] ? 10 : 2;

describe.each(situations)('when a part of the session is killed: $title', (where) => {
  for (const part of ['supervisor', 'gate'] as const) {
    test(
      `the ${part}: nothing runs on, nothing more is reached, the journal says so [req: enforce:live:killed]`,
      { timeout: 120_000 },
      async () => {
        for (let round = 0; round < rounds; round += 1) {
          using world = new World(where);
          world.file('file', 'content');
          const live = world.compile('live.c');
          const log = world.file('log', '');
          // 1. An agent of three generations that opens for ever.
          const child = world.start([live, 'busy', world.at('file'), log], ['ignore', 'pipe', 'pipe']);
          const ended = collect(child, 30_000);
          await until('the agent works', () => statSync(log).size > 100);
          await sleep(Math.random() * 400);
          // 2. At any moment of its work, a part dies.
          const victim = part === 'supervisor' ? (child.pid ?? 0) : gateOf(child.pid ?? 0);
          process.kill(victim, 'SIGKILL');
          const { code, signal } = await ended;
          if (part === 'supervisor') expect(signal).toBe('SIGKILL');
          else expect(code, 'chaperone says that the session failed').toBe(125);
          // 3. From then on nothing is reached.
          await sleep(200);
          const size = statSync(log).size;
          await sleep(300);
          expect(statSync(log).size, 'opened after the end').toBe(size);
          // 4. And nobody is left.
          await until('all of the session is gone', () => processesOf(world).length === 0, 3000).catch(
            (error: unknown) => {
              const left = processesOf(world);
              for (const { pid } of left) process.kill(pid, 'SIGKILL');
              throw new Error(
                `${String(error)}: ${JSON.stringify(left.map(({ argv, state }) => [argv[1], state]))}`,
              );
            },
          );
          // 5. The journal is whole: a crash, no tampering.
          const verified = await world.verify();
          expect(verified.code, verified.stdout + verified.stderr).toBe(0);
          if (part === 'supervisor') expect(verified.stdout).toContain('never closed');
        }
      },
    );
  }
});

describe.each(few)('ends as its agent does: $title', (where) => {
  test('exit codes [req: enforce:live:exit-code]', { timeout: 300_000 }, async () => {
    using world = new World(where);
    const all = Array.from({ length: 256 }, (_, code) => code);
    const codes = process.env['CHAPERONE_RACE_EVERYWHERE']
      ? all
      : [0, 1, 2, 77, 124, 125, 126, 127, 128, 143, 254, 255];
    for (let at = 0; at < codes.length; at += 4) {
      const some = codes.slice(at, at + 4);
      const got = await Promise.all(some.map((code) => world.run(['/bin/sh', '-c', `exit ${code}`])));
      expect(got.map(({ code }) => code)).toEqual(some);
    }
  });

  test('signals, with no core of ours [req: enforce:live:exit-signal]', { timeout: 120_000 }, async () => {
    using world = new World(where);
    const signals = [
      'HUP',
      'INT',
      'QUIT',
      'ILL',
      'ABRT',
      'FPE',
      'KILL',
      'SEGV',
      'USR1',
      'USR2',
      'PIPE',
      'ALRM',
      'TERM',
      'XFSZ',
      'SYS',
    ] as const;
    world.folder('cores');
    const line = world
      .line()
      .map((word) => `'${word}'`)
      .join(' ');
    const dies = async (name: string): Promise<void> => {
      const script = `cd cores; ulimit -c unlimited; exec ${line} /bin/sh -c 'ulimit -c 0; kill -${name} $$'`;
      const { signal, stderr } = await world.runBare(['/bin/sh', '-c', script]);
      expect(signal, `${name}: ${stderr}`).toBe(`SIG${name}`);
    };
    for (let at = 0; at < signals.length; at += 3) await Promise.all(signals.slice(at, at + 3).map(dies));
    expect(readdirSync(world.at('cores'))).toEqual([]);
  });

  test('what it left in the background ends with it [req: enforce:live:background]', async () => {
    using world = new World(where);
    const script =
      'sleep 300 & (setsid sleep 300 "$1" >/dev/null 2>&1 &) ; setsid sh -c "sleep 301; : $1" & sleep 0.3; exit 5';
    expect((await world.run(['/bin/sh', '-c', script, 'sh', world.at('x')], 20_000)).code).toBe(5);
    expect(processesOf(world)).toEqual([]);
  });

  test('stops and continues with it [req: enforce:live:stop]', async () => {
    using world = new World(where);
    const child = world.start(['/bin/sh', '-c', 'kill -STOP $$; echo resumed'], ['ignore', 'pipe', 'pipe']);
    const ended = collect(child, 20_000);
    await until('chaperone is stopped', () => stateOf(child.pid ?? 0) === 'T');
    await sleep(200);
    child.kill('SIGCONT');
    expect((await ended).stdout).toBe('resumed\n');
  });

  test('input and output pass byte for byte [req: enforce:live:bytes]', async () => {
    using world = new World(where);
    const bytes = randomBytes(10_000_000);
    const child = world.start(['/bin/cat'], ['pipe', 'pipe', 'pipe']);
    const ended = collect(child);
    child.stdin?.end(bytes);
    const { stdout, code } = await ended;
    expect(code).toBe(0);
    const digest = (data: Buffer): string => createHash('sha256').update(data).digest('hex');
    expect(digest(Buffer.from(stdout, 'latin1'))).toBe(digest(bytes));
  });
});

const python = '/usr/bin/python3';
test.skipIf(!existsSync(python))(
  'a terminal: its size, ^Z, fg, ^C and the exit code arrive [req: enforce:live:terminal]',
  { timeout: 60_000 },
  async () => {
    using world = new World(situation(0));
    const line = world
      .line()
      .map((word) => `'${word}'`)
      .join(' ');
    const script = world.file(
      'terminal.py',
      `
import os, pty, select, sys, time, fcntl, termios, struct
pid, fd = pty.fork()
if pid == 0:
    os.execv('/bin/bash', ['bash', '--norc', '--noprofile', '-i'])
fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', 43, 117, 0, 0))
seen = ''
def expect(text, seconds=15):
    global seen
    end = time.time() + seconds
    while text not in seen:
        if time.time() > end: sys.exit('waited in vain for %r in %r' % (text, seen))
        if select.select([fd], [], [], 0.2)[0]: seen += os.read(fd, 65536).decode('latin1')
    seen = seen.split(text, 1)[1]
def say(text): os.write(fd, text.encode())
say("PS1='@ '; echo re''ady\\n"); expect('ready')
say("""${line} /bin/sh -c 'stty size; test -t 0 && test -t 1 && echo is-a-ter""minal; echo at-work; sleep 0.1; sleep 1000; echo code-$?; exit 7'\\n""")
expect('43 117'); expect('is-a-terminal'); expect('at-work'); time.sleep(0.7)
say('\\x1a'); expect('Stopped')
say('fg\\n'); time.sleep(0.7)
say('\\x03'); expect('@ ')
say('echo sta""tus-$?\\n'); expect('status-'); expect('\\n')
print('ok', flush=True)
say('exit\\n')
`,
    );
    const { stdout, stderr } = await world.runBare([python, script], 50_000);
    expect(stdout, stderr).toBe('ok\n');
  },
);
if (!existsSync(python)) console.log('skipped: the terminal test, because there is no python3');
