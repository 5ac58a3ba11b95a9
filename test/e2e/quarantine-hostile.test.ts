/** An agent, or somebody beside it, tries to get something out of quarantine that nobody decided to let out. */
import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { main } from './programs/records.ts';
import { people, QuarantineWorld, reviewing, unread } from './world-quarantine.ts';
import { collect } from './world.ts';

const iban = 'NL91ABNA0417164300';

describe.each(people)('hostile outputs as $name', (identity) => {
  test('no whiteout or marker of the layer can be forged [req: quarantine:forgery]', async () => {
    using world = new QuarantineWorld(identity);
    world.folder('place/kept');
    for (const name of ['one', 'two', 'three']) world.file(`place/kept/${name}`, name);
    const { stdout, code } = await world.shell(`python3 - <<'END'
import os, stat, errno
def attempt(what, act):
    try: act(); print(what, "done")
    except OSError as e: print(what, errno.errorcode[e.errno])
attempt("whiteout", lambda: os.mknod("kept/four", stat.S_IFCHR | 0o666, 0))
attempt("disk", lambda: os.mknod("disk", stat.S_IFBLK | 0o666, os.makedev(8, 0)))
for name in ["opaque", "whiteout", "redirect", "metacopy", "origin", "upper", "impure"]:
    for prefix in ["user.overlay.", "trusted.overlay."]:
        attempt(prefix + name, lambda: (os.setxattr("kept", prefix + name, b"y"), os.setxattr("kept/one", prefix + name, b"y")))
print(sorted(os.listdir("kept")))
END`);
    expect(code).toBe(0);
    expect(stdout).toMatch(/whiteout E\w+\ndisk E\w+\n/);
    expect(stdout).toContain("['one', 'three', 'two']");
    expect(readdirSync(world.at('place/kept')).toSorted()).toEqual(['one', 'three', 'two']);
    expect(
      ['one', 'two', 'three'].map((name) => readFileSync(world.at(`place/kept/${name}`), 'utf8')),
    ).toEqual(['one', 'two', 'three']);
    expect(readdirSync(world.at('place'))).toEqual(['kept']);
  });

  test('pipes, sockets and what is named strangely [req: quarantine:names]', async () => {
    using world = new QuarantineWorld(identity, reviewing);
    const { code } = await world.shell(`python3 - <<'END'
import os, socket
os.mkfifo("pipe"); socket.socket(socket.AF_UNIX).bind("socket")
long = b"n" * 255
for name in [long, b"\\xff\\xfe", b"new\\nline", b"\\x1b[2Jescape", b".chaperone-0123456789ab-0", b"-rf"]:
    open(name, "w").write("fine"); open(name[:200] + b".iban", "w").write("${iban}")
d = b"d"
for i in range(30):
    os.mkdir(d); d += b"/" + b"d" * 100
open(d, "w").write("deep"); open("hidden", "w").write("${iban}"); os.chmod("hidden", 0)
END`);
    expect(code).toBe(0);
    const out = readdirSync(world.at('place'), 'latin1').toSorted();
    expect(out).toEqual(
      [
        '\u001b[2Jescape',
        '-rf',
        '.chaperone-0123456789ab-0',
        'd',
        'new\nline',
        'n'.repeat(255),
        '\u00ff\u00fe',
      ].toSorted(),
    );
    const { stdout } = await world.quarantine('list');
    // oxlint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    const held = await world.held();
    expect(held).toHaveLength(7);
    expect(await world.quarantine('release', '--all')).toMatchObject({ code: 0 });
    expect(readdirSync(world.at('place'))).toHaveLength(14);
    expect(lstatSync(world.at('place/hidden')).mode & 0o777).toBe(0);
  });

  test('nothing is released through a link that leads elsewhere [req: quarantine:links]', async () => {
    using world = new QuarantineWorld(identity, reviewing);
    world.folder('place/sub');
    world.folder('elsewhere');
    world.file('place/sub/table', 'before');
    world.file('elsewhere/table', 'untouched');
    await world.shell(`echo ${iban} >sub/table; echo ${iban} >sub/new`);
    renameSync(world.at('place/sub'), world.at('place/real'));
    symlinkSync(world.at('elsewhere'), world.at('place/sub'));
    const refused = await world.quarantine('release', '--all');
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('a symbolic link or a file now'),
    });
    expect(readdirSync(world.at('elsewhere'))).toEqual(['table']);
    expect(readFileSync(world.at('elsewhere/table'), 'utf8')).toBe('untouched');
    expect(await world.held()).toHaveLength(2);
    expect(await world.quarantine('release', '--all', '--force')).toMatchObject({ code: 1 });
    expect(readFileSync(world.at('elsewhere/table'), 'utf8')).toBe('untouched');
  });

  test('an agent reaches neither the store nor the command that releases [req: quarantine:closed]', async () => {
    using world = new QuarantineWorld(identity, reviewing);
    world.file('place/table', 'before');
    await world.shell(`echo ${iban} >table`);
    const [ticket] = await world.held();
    const attempts = [
      `ls ${world.store} ${path.join(world.store, 'held', ticket?.id ?? '')}`,
      `cat ${path.join(world.store, 'held', ticket?.id ?? '', 'data')}`,
      `rm -rf ${world.store}`,
      `${process.execPath} ${main} quarantine release --all`,
      `env -u CHAPERONE_SESSION ${process.execPath} ${main} quarantine release --all`,
      `mount -t tmpfs none ${world.at('place')}; umount ${world.at('place')}`,
      `cat ${world.at('place/table')}`,
    ];
    const { stdout, stderr } = await world.shell(attempts.map((one) => `(${one})`).join('; '));
    expect(stdout).toBe('before');
    expect(stderr).toContain('this is inside a session');
    expect(await world.held()).toEqual([ticket]);
    expect(readFileSync(world.at('place/table'), 'utf8')).toBe('before');
  });

  test('a held content that was tampered with is not released [req: quarantine:sealed]', async () => {
    using world = new QuarantineWorld(identity, reviewing);
    world.file('place/table', 'before');
    await world.shell(`echo ${iban} >table`);
    const [ticket] = await world.held();
    const id = ticket?.id ?? '';
    writeFileSync(path.join(world.store, 'held', id, 'data'), 'something else');
    expect(await world.quarantine('release', id)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is not what was scanned'),
    });
    expect(readFileSync(world.at('place/table'), 'utf8')).toBe('before');
    writeFileSync(path.join(world.store, 'held', id, 'ticket.json'), '{');
    expect(await world.quarantine('list')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`the ticket ${id} is damaged`),
    });
    expect((await world.quarantine('discard', id)).code).toBe(0);
    expect((await world.quarantine('list')).code).toBe(0);
  });

  test('a large file, and one that grows while it is looked at, come out whole [req: quarantine:sealed]', async () => {
    using world = new QuarantineWorld(identity, unread);
    const { code } = await world.shell(`python3 - <<'END'
import mmap, os, time
f = open("large", "wb"); f.write(b"abcdefg\\n" * (20 << 17)); f.close()
g = open("mapped", "w+b"); g.truncate(4096); m = mmap.mmap(g.fileno(), 4096); g.close()
end = time.time() + 3; n = 0
while time.time() < end:
    n += 1; h = open("grows", "wb"); h.write(b"%08d" % n * 1000); h.close(); m[0:8] = b"%08d" % n
END`);
    expect(code).toBe(0);
    expect(lstatSync(world.at('place/large')).size).toBe(20 << 20);
    const grown = readFileSync(world.at('place/grows'), 'latin1');
    expect(grown).toBe(grown.slice(0, 8).repeat(1000));
    expect(readFileSync(world.at('place/mapped'), 'latin1').slice(0, 8)).toBe(grown.slice(0, 8));
    expect(existsSync(world.at('place/.chaperone'))).toBe(false);
  });
});

test('a policy that quarantines gets no session without a layer [req: quarantine:refused]', async () => {
  for (const identity of people.slice(0, 1)) {
    using world = new QuarantineWorld(identity);
    const refused = async (floor: string): Promise<string> => {
      world.policy(`default decision := {"allow": true}\nfloor := ${floor}`);
      const { code, stderr } = await world.run(['/bin/true']);
      expect(code, stderr).toBe(125);
      return stderr;
    };
    expect(await refused(`{"quarantine": ["${world.at('missing')}"]}`)).toContain(
      'there is no such folder; make it first',
    );
    expect(await refused(`{"quarantine": ["/"]}`)).toContain('the whole tree cannot be quarantined');
    expect(await refused(`{"quarantine": ["${world.at('place')}"], "write": ["/tmp/other"]}`)).toContain(
      "floor's write does not grant it",
    );
    expect(await refused(`{"quarantine": ["/dev"], "write": ["/"]}`)).toContain(
      'is a file system of its own within /dev',
    );
    world.policy(`default decision := {"allow": true}\nfloor := {"quarantine": ["${world.at('place')}"]}`);
    const line = world.line().map((one) => (one === 'namespace' ? 'process' : one));
    expect(await collect(world.bare([...line, '/bin/true'], ['ignore', 'pipe', 'pipe']))).toMatchObject({
      code: 125,
      stderr: expect.stringContaining('demands --isolation namespace'),
    });
  }
});
