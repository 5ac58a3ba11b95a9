/** Wrong commands, a journal that cannot be written, hostile names: a clear refusal, and nothing happens unrecorded. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { chaperone, denials, main, user } from './programs/records.ts';
import { collect, type Ended, isolations, situation, World } from './world.ts';

describe('[req: run:bad-command] what cannot be started', () => {
  test.each([
    ['no-such-program', 127, /no-such-program: not found/],
    ['/no/such/program', 127, /not found/],
    ['./plain-file', 126, /plain-file: not permitted/],
    ['./no-interpreter', 127, /not found/],
    ['./folder', 126, /not permitted/],
    ['./garbage', 126, /cannot be started/],
    ['', 127, /not found/],
  ])('%j ends with %i', async (command, code, message) => {
    for (const isolation of isolations) {
      using world = new World({ ...situation(user), isolation });
      world.file('plain-file', 'text', 0o644);
      world.file('no-interpreter', '#!/no/such/interpreter\n', 0o755);
      world.file('garbage', '\u007fELF and nothing more', 0o755);
      world.folder('folder');
      // Folders that only root may search would turn "not found" into "not permitted", as everywhere.
      const line = ['env', 'PATH=/usr/bin:/bin', ...world.line(), command];
      const ended = await collect(world.bare(line, ['ignore', 'pipe', 'pipe']));
      expect(ended.stderr).toMatch(message);
      expect(ended).toMatchObject({ code, signal: null, stdout: '' });
      expect(ended.stderr.trimEnd().split('\n'), 'one line').toHaveLength(1);
    }
  });

  test('what the policy keeps from starting is said to be kept by it, and how to ask why', async () => {
    using world = new World(situation(user));
    world.policy('default decision := {"allow": false, "message": "Not this."}');
    const { code, stderr } = await world.run(['true']);
    expect(code).toBe(126);
    const [, id = ''] =
      /^chaperone: true: not permitted by the policy; `chaperone why (\S+) --journal /.exec(stderr) ?? [];
    const why = await chaperone(world, ['why', id, '--journal', world.journal]);
    expect(why.stdout).toContain('Not this.');
  });

  test('no policy, no command, no such working directory', async () => {
    using world = new World(situation(user));
    expect(await chaperone(world, ['run', '--', 'true'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/--policy/),
    });
    expect((await chaperone(world, ['run', '-p', world.at('policy')])).code).toBeGreaterThan(0);
    world.folder('gone');
    const gone = `cd gone && rmdir ../gone && exec ${process.execPath} ${main} run -p ${world.at('policy')} -j ${world.journal} -- true`;
    const ended = await collect(world.bare(['/bin/sh', '-c', gone], ['ignore', 'pipe', 'pipe']));
    expect(ended.code).toBeGreaterThan(1);
    expect(ended.stderr).toMatch(/working directory|cwd/i);
    expect(ended.stderr, 'no stack trace').not.toMatch(/\n\s+at /);
  });
});

describe('[req: run:host] a host that lacks something', () => {
  /** A search path without bubblewrap cannot be made where it is in /usr/bin: the file is hidden under a mount. */
  const hidden = process.getuid?.() === 0 && existsSync('/usr/bin/bwrap');
  if (!hidden) console.log('skipped: a host without bubblewrap, because only root can hide it');
  test.skipIf(!hidden)(
    'no bubblewrap: namespaces are refused, process isolation is chosen aloud',
    async () => {
      using world = new World(situation(user));
      const without = (args: readonly string[]): Promise<Ended> => {
        const inner = [
          'setpriv',
          `--reuid=${world.identity.uid}`,
          `--regid=${world.identity.uid}`,
          '--clear-groups',
          '--',
          process.execPath,
          main,
          'run',
          '-p',
          world.at('policy'),
          '-j',
          world.journal,
          ...args,
          '--',
          'echo',
          'ran',
        ];
        const script =
          'mount -t tmpfs none /usr/local/bin && mount --bind /dev/null /usr/bin/bwrap && exec "$@"';
        const { status, stdout, stderr, signal } = spawnSync(
          'unshare',
          ['-m', 'sh', '-c', script, 'sh', ...inner],
          { encoding: 'utf8', env: world.environment, cwd: world.dir },
        );
        return Promise.resolve({ code: status, signal, stdout, stderr });
      };
      expect(await without(['-i', 'namespace'])).toMatchObject({
        code: 125,
        stdout: '',
        stderr: expect.stringMatching(/bubblewrap/),
      });
      const chosen = await without([]);
      expect(chosen).toMatchObject({
        code: 0,
        stdout: 'ran\n',
        stderr: expect.stringMatching(/process isolation/),
      });
      world.policy('decision := {"allow": true}\n\nfloor := {"isolation": "namespace"}');
      expect(await without([])).toMatchObject({ code: 125, stdout: '' });
      expect(await without(['-i', 'process'])).toMatchObject({
        code: 125,
        stdout: '',
        stderr: expect.stringMatching(/demands/),
      });
    },
  );

  test.each([
    ['no HOME', 'unset HOME XDG_STATE_HOME XDG_CACHE_HOME'],
    ['standard input closed', 'exec <&-'],
    ['standard output closed', 'exec >&-'],
    ['standard error closed', 'exec 2>&-'],
    ['all of them closed', 'exec <&- >&- 2>&-'],
  ])('%s', async (_, before) => {
    for (const isolation of isolations) {
      using world = new World({ ...situation(user), isolation });
      const line = world
        .line()
        .map((word) => `'${word}'`)
        .join(' ');
      const ended = await collect(
        world.bare(
          ['/bin/sh', '-c', `${before}; exec ${line} sh -c 'echo did >made; exit 9'`],
          ['ignore', 'pipe', 'pipe'],
        ),
        60_000,
      );
      expect(ended).toMatchObject({ code: 9, signal: null });
      expect(readFileSync(world.at('made'), 'utf8')).toBe('did\n');
    }
  });
});

describe('[req: run:journal-fails-closed] a journal that cannot be written', () => {
  test('not at all: nothing starts', async () => {
    using world = new World(situation(user));
    world.file('taken', 'a file');
    mkdirSync(path.dirname(world.journal), { recursive: true });
    const ended = await chaperone(world, [
      'run',
      '-p',
      world.at('policy'),
      '-j',
      world.at('taken'),
      '--',
      'touch',
      'made',
    ]);
    expect(ended).toMatchObject({ code: 125, stderr: expect.stringMatching(/taken/) });
    if (world.identity.uid !== 0) {
      const closed = await chaperone(world, [
        'run',
        '-p',
        world.at('policy'),
        '-j',
        '/usr/journal',
        '--',
        'touch',
        'made',
      ]);
      expect(closed).toMatchObject({
        code: 125,
        stderr: expect.stringMatching(/\/usr\/journal.*--journal/s),
      });
    }
    expect(existsSync(world.at('made'))).toBe(false);
  });

  const full = process.getuid?.() === 0;
  if (!full) console.log('skipped: a full disk, because only root can make a small one');
  test.skipIf(!full)('full in the middle: acts are denied, and what was done is in it', async () => {
    for (const isolation of isolations) {
      using world = new World({ ...situation(user), isolation });
      // Decided one by one: the answer reads the path.
      world.policy(
        'import rego.v1\n\ndecision := {"allow": true, "rules": [input.path]} if input.path\n\ndecision := {"allow": true} if not input.path',
      );
      world.folder('disk');
      world.folder('out');
      expect(
        spawnSync('mount', ['-t', 'tmpfs', '-o', `size=256k,mode=777`, 'none', world.at('disk')]).status,
      ).toBe(0);
      try {
        const script =
          'i=0; while [ $i -lt 2000 ]; do i=$((i+1)); : 2>/dev/null >out/$i || { echo stopped at $i; exit 5; }; done';
        const line = world.line().map((word) => (word === world.journal ? world.at('disk/journal') : word));
        const ended = await collect(
          world.bare([...line, 'sh', '-c', script], ['ignore', 'pipe', 'pipe']),
          120_000,
        );
        expect(ended.code).not.toBe(0);
        const made = readdirSync(world.at('out'));
        expect(made.length).toBeGreaterThan(0);
        expect(made.length).toBeLessThan(2000);
        const journal = spawnSync('find', [world.at('disk'), '-name', '*.jsonl', '-exec', 'cat', '{}', '+'], {
          encoding: 'utf8',
          maxBuffer: 1 << 26,
        }).stdout;
        const unrecorded = made.filter(
          (name) =>
            !journal.includes(`${world.at('out')}/${name}"`) &&
            !journal.includes(`create_file ${world.at('out')}`),
        );
        expect(unrecorded).toEqual([]);
      } finally {
        spawnSync('umount', [world.at('disk')]);
      }
    }
  });
});

describe('[req: run:hostile-text] hostile names', () => {
  const name = 'a\u001b[2J\u001b]0;owned\u0007b\u202e';
  test('never reach a terminal as they are', async () => {
    using world = new World(situation(user));
    world.policy(
      'import rego.v1\n\ndefault decision := {"allow": true}\n\ndecision := {"allow": false, "message": concat("", ["no ", input.path])} if contains(input.path, "owned")',
    );
    writeFileSync(world.at(name), 'x');
    const raw = (text: string): boolean =>
      [...text].some((one) => /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/.test(one));
    for (const options of [[], ['--json']]) {
      const ended = await collect(
        world.start(
          ['sh', '-c', 'cat < "$1" 2>/dev/null; exit 3', 'sh', name],
          ['ignore', 'pipe', 'pipe'],
          options,
        ),
      );
      expect(ended.stderr.split('\n').filter((line) => /chaperone|event/.test(line) && raw(line))).toEqual(
        [],
      );
    }
    const unknown = await world.run([name]);
    expect(unknown.code).toBe(126);
    expect(raw(unknown.stderr)).toBe(false);
    for (const args of [
      ['show', world.journal],
      ['show', '--json', world.journal],
      ['verify', world.journal],
    ]) {
      const shown = await chaperone(world, ['journal', ...args]);
      expect(shown.code).toBe(0);
      expect(raw(shown.stdout + shown.stderr), args.join(' ')).toBe(false);
    }
    expect(JSON.stringify(denials(world))).toContain('owned');
  });

  test('that are no text are decided and recorded as their bytes', async () => {
    using world = new World(situation(user));
    const bytes = Buffer.concat([Buffer.from(`${world.dir}/n-`), Buffer.from([0xff, 0xfe, 0x2d])]);
    world.policy(
      'import rego.v1\n\ndefault decision := {"allow": true}\n\ndecision := {"allow": false} if contains(input.path, "/n-")',
    );
    writeFileSync(bytes, 'secret');
    const ended = await world.run(['sh', '-c', 'cat n-* && exit 1; rm -f n-*; mkdir n-new; exit 4']);
    expect(ended).toMatchObject({ code: 4, stdout: '' });
    expect(readFileSync(bytes, 'utf8')).toBe('secret');
    const recorded = denials(world).map(({ input }) => input?.['path_bytes']);
    expect(recorded).toContain(bytes.toString('base64'));
  });
});
