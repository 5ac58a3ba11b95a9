/** What agents write into a quarantined folder: seen by them at once, and let out, held or thrown away as the policy says. */
import { existsSync, linkSync, lstatSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readRecords } from './programs/records.ts';
import { people, QuarantineWorld, reviewing } from './world-quarantine.ts';
import { tree } from './world-tree.ts';
import { collect, until } from './world.ts';

const iban = 'NL91ABNA0417164300';

describe.each(people)('quarantine as $name', (identity) => {
  test('outputs are released, held or thrown away as the policy says [req: quarantine:settle]', async () => {
    using world = new QuarantineWorld(identity, reviewing);
    world.file('place/kept', 'old');
    world.file('place/changed', 'old', 0o640);
    world.file('place/gone', 'old');
    const { code, stdout, stderr } = await world.shell(
      `printf new >changed; printf "pay ${iban}" >bank.txt; printf MZ >tool.exe; rm gone; mkdir -p a/b; printf deep >a/b/c; ln -s c a/b/link
       cat changed bank.txt tool.exe a/b/link; test -e gone || echo; ls -A ${world.at('place')}`,
    );
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: `newpay ${iban}MZdeep\na\nbank.txt\nchanged\nkept\ntool.exe\n`,
      stderr: expect.stringContaining('1 output is held for review'),
    });
    const found = tree(world.at('place')).map((line) =>
      line.slice(world.at('place').length + 1).replace(/ \S*$/, ''),
    );
    expect(found).toEqual([
      'a 40755 ',
      'a/b 40755 ',
      'a/b/c 100644 1',
      'a/b/link 120777  ->',
      'changed 100640 1',
      'kept 100644 1',
    ]);
    expect(readFileSync(world.at('place/changed'), 'utf8')).toBe('new');
    const held = await world.held();
    expect(held).toMatchObject([
      { path: world.at('place/bank.txt'), reason: 'policy', content: { classification: ['pii.iban'] } },
    ]);
    expect(world.leftovers()).toEqual([]);
    const releases = readRecords(world).filter(({ input }) => input?.['operation'] === 'release');
    expect(
      releases
        .map(({ input, decision }) => `${decision?.effect} ${path.basename(String(input?.['path']))}`)
        .toSorted(),
    ).toEqual(['allow bank.txt', 'allow c', 'allow changed', 'allow gone', 'allow link', 'deny tool.exe']);
    expect((await world.verify()).code).toBe(0);
  });

  test('a script rewrites a file, its output is held, and a person releases it [req: quarantine:by-hand]', async () => {
    using world = new QuarantineWorld(identity, reviewing);
    world.file('place/table.csv', 'name,account\nanna,-\n', 0o600);
    const script = `p = "table.csv"; t = open(p).read(); open(p, "w").write(t.replace("-", "${iban}")); print(open(p).read())`;
    const { stdout } = await world.shell(`python3 -c '${script}'`);
    expect(stdout).toContain(iban);
    expect(readFileSync(world.at('place/table.csv'), 'utf8')).toBe('name,account\nanna,-\n');
    const [ticket] = await world.held();
    const id = ticket?.id ?? '';
    expect((await world.quarantine('list')).stdout).toContain(`${id}  `);
    expect((await world.quarantine('show', id)).stdout).toMatch(/found +pii\.iban/);
    const diff = await world.quarantine('diff', id);
    expect(diff.stdout).toContain(`-anna,-\n+anna,${iban}\n`);
    const released = await world.quarantine('release', id);
    expect(released).toMatchObject({
      code: 0,
      stdout: `released ${id} ${world.at('place/table.csv')}\n`,
      stderr: '',
    });
    expect(readFileSync(world.at('place/table.csv'), 'utf8')).toBe(`name,account\nanna,${iban}\n`);
    expect(statSync(world.at('place/table.csv')).mode & 0o7777).toBe(0o600);
    expect(statSync(world.at('place/table.csv')).uid).toBe(identity.uid);
    expect(await world.held()).toEqual([]);
    const byHand = readRecords(world).filter(({ decision }) =>
      JSON.stringify(decision ?? '').includes('released_by_hand'),
    );
    expect(byHand).toHaveLength(1);
    expect((await world.verify()).code).toBe(0);
    expect(await world.quarantine('release', id)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('nothing is held under'),
    });
  });

  test('a person throws a held output away; the real file stays [req: quarantine:by-hand]', async () => {
    using world = new QuarantineWorld(identity, reviewing);
    world.file('place/table.csv', 'before');
    await world.shell(`echo ${iban} >table.csv`);
    expect(await world.quarantine('discard', '--all')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('discarded q'),
    });
    expect(readFileSync(world.at('place/table.csv'), 'utf8')).toBe('before');
    expect(await world.held()).toEqual([]);
  });

  test('editors that write a temporary file and rename it leave one output [req: quarantine:atomic-save]', async () => {
    using world = new QuarantineWorld(identity, reviewing);
    world.file('place/note', 'one\n', 0o664);
    const { code } = await world.shell(
      `printf 'two\\n' >.note.swp && chmod 664 .note.swp && mv .note.swp note && cat note && sleep 1.2 && printf '${iban}\\n' >.note.tmp && mv .note.tmp note`,
    );
    expect(code).toBe(0);
    expect(tree(world.at('place'))).toHaveLength(1);
    expect(readFileSync(world.at('place/note'), 'utf8')).toBe('two\n');
    expect((await world.held()).map((one) => one.path)).toEqual([world.at('place/note')]);
    const names = readRecords(world)
      .filter(({ input }) => input?.['operation'] === 'release')
      .map(({ input }) => path.basename(String(input?.['path'])));
    expect(new Set(names)).toEqual(new Set(['note']));
  });

  test('what is closed is settled while the session goes on; what is open is not [req: quarantine:close]', async () => {
    using world = new QuarantineWorld(identity);
    const child = world.start(
      [
        'python3',
        '-c',
        `import time, os
os.chdir("place")
o = open("open", "w"); o.write("half"); o.flush()
c = open("closed", "w"); c.write("whole"); c.close()
while not os.path.exists("../go"): time.sleep(0.02)
o.write(" and half"); o.close()
time.sleep(60)`,
      ],
      ['ignore', 'ignore', 'ignore'],
    );
    await until('the closed one is released', () => existsSync(world.at('place/closed')));
    expect(readFileSync(world.at('place/closed'), 'utf8')).toBe('whole');
    expect(existsSync(world.at('place/open'))).toBe(false);
    world.file('go', '');
    await until('the other is released, too', () => existsSync(world.at('place/open')));
    expect(readFileSync(world.at('place/open'), 'utf8')).toBe('half and half');
    child.kill('SIGTERM');
    await until('it is over', () => child.exitCode !== null || child.signalCode !== null);
  });

  test('what was released and is then removed, renamed or made again stays so [req: quarantine:close]', async () => {
    using world = new QuarantineWorld(identity);
    const child = world.start(
      [
        '/bin/sh',
        '-c',
        `cd place; mkdir -p d/e; echo 1 >d/e/f; echo 2 >g; echo 3 >d/h; while [ ! -e ../go ]; do sleep 0.02; done
         rm d/e/f; mv g g2; ls -A d/e; ls; rm -r d; mkdir d; ls -A d; echo 4 >d/new; ls -A d`,
      ],
      ['ignore', 'pipe', 'pipe'],
    );
    const ended = collect(child);
    await until('all of it is released', () =>
      ['d/e/f', 'd/h', 'g'].every((name) => existsSync(world.at(`place/${name}`))),
    );
    world.file('go', '');
    expect(await ended).toMatchObject({ code: 0, stdout: 'd\ng2\nnew\n', stderr: '' });
    expect(tree(world.at('place')).map((line) => path.basename(line.split(' ')[0] ?? ''))).toEqual([
      'd',
      'new',
      'g2',
    ]);
    expect(await world.held()).toEqual([]);
  });

  test('an output that loses its label is held; one that keeps it is not [req: quarantine:labels]', async () => {
    using world = new QuarantineWorld(identity);
    for (const name of ['kept', 'lost']) world.file(`place/${name}`, 'before');
    const label = `import os\nfor n in ["kept", "lost"]: os.setxattr("place/" + n, "user.chaperone.label", b"confidential")`;
    expect((await world.runBare(['python3', '-c', label])).code).toBe(0);
    await world.shell('echo after >kept; echo after >new && mv new lost');
    expect(readFileSync(world.at('place/kept'), 'utf8')).toBe('after\n');
    expect(readFileSync(world.at('place/lost'), 'utf8')).toBe('before');
    expect(await world.held()).toMatchObject([{ path: world.at('place/lost'), reason: 'label' }]);
    const [record] = readRecords(world).filter(
      ({ input }) => input?.['path'] === world.at('place/lost') && input['operation'] === 'release',
    );
    expect(record?.input).toMatchObject({
      resource: { label_change: 'removed', previous: { labels: ['confidential'] } },
    });
  });

  test('what is to be redacted is released without it [req: quarantine:settle]', async () => {
    using world = new QuarantineWorld(
      identity,
      `default decision := {"allow": true}
decision := {"allow": true, "obligations": [{"kind": "redact", "classes": ["pii"]}]} if input.operation == "release"`,
    );
    const { stdout } = await world.shell(`printf 'anna,${iban}\\nbob,${iban}\\n' >table.csv; cat table.csv`);
    expect(stdout).toContain(iban);
    const released = readFileSync(world.at('place/table.csv'), 'utf8');
    expect(released).toMatch(/^anna,(\[IBAN:\w+\])\nbob,\1\n$/);
    expect(await world.held()).toEqual([]);
  });

  test('modes, attributes, hard links and links come out as they were made [req: quarantine:attributes]', async () => {
    using world = new QuarantineWorld(identity);
    world.file('place/script', '#!/bin/sh\n', 0o644);
    world.file('place/one', 'shared');
    linkSync(world.at('place/one'), world.at('place/two'));
    const { code, stderr } = await world.shell(
      `chmod 755 script && umask 077 && echo private >private && chmod u+s private && python3 -c 'import os; os.setxattr("private", "user.note", b"kept")' &&
       touch -d @1000000000 private && mkdir -m 750 room && ln -s ../outside out && echo more >>one`,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const mode = (name: string): string => lstatSync(world.at(`place/${name}`)).mode.toString(8);
    expect(['script', 'private', 'room', 'out'].map(mode)).toEqual(['100755', '100600', '40750', '120777']);
    expect(statSync(world.at('place/private')).mtimeMs).toBe(1_000_000_000_000);
    const read = await world.runBare([
      'python3',
      '-c',
      `import os; print(os.getxattr("place/private", "user.note"))`,
    ]);
    expect(read.stdout).toBe("b'kept'\n");
    expect(readFileSync(world.at('place/one'), 'utf8')).toBe('sharedmore\n');
    expect(await world.held()).toEqual([]);
  });

  test('a real file that somebody else changed meanwhile is not overwritten [req: quarantine:conflict]', async () => {
    using world = new QuarantineWorld(identity);
    world.file('place/shared', 'before');
    world.file('place/doomed', 'before');
    const child = world.start(
      [
        '/bin/sh',
        '-c',
        `cd place; echo agent >shared; rm doomed; while [ ! -e ../go ]; do sleep 0.02; done; echo again >>shared`,
      ],
      ['ignore', 'ignore', 'ignore'],
    );
    await until('the layer is there', () => world.leftovers().length > 0);
    await until('the agent wrote', () =>
      readRecords(world).some(({ input }) => input?.['path'] === world.at('place/doomed')),
    );
    writeFileSync(world.at('place/shared'), 'person');
    writeFileSync(world.at('place/doomed'), 'person');
    world.file('go', '');
    await until('it is over', () => child.exitCode !== null, 30_000);
    const held = await world.held();
    const [shared] = held.filter((one) => one.path === world.at('place/shared'));
    expect(held.map(({ reason }) => reason)).toContain('conflict');
    expect(readFileSync(world.at('place/shared'), 'utf8')).toBe('person');
    expect(readFileSync(world.at('place/doomed'), 'utf8')).toBe('person');
    writeFileSync(world.at('place/shared'), 'person again');
    const refused = await world.quarantine('release', shared?.id ?? '');
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('the real file changed since it was held'),
    });
    expect(readFileSync(world.at('place/shared'), 'utf8')).toBe('person again');
    expect((await world.quarantine('release', shared?.id ?? '', '--force')).code).toBe(0);
    expect(readFileSync(world.at('place/shared'), 'utf8')).toBe('agent\nagain\n');
  });
});
