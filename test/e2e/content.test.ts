/** Opens that are decided by what is in the file: real programs, real sessions. */
import { execFileSync } from 'node:child_process';
import { linkSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { content } from './world-content.ts';
import { collect, situations, sleep, until, World } from './world.ts';

const iban = 'GB33BUKB20201555555555';
const other = 'DE89370400440532013000';
const rows = `name,iban\nBob,${iban}\nAnn,${other}\nBob,${iban}\n`;

function contentWorld(where: (typeof situations)[number], sensitive: 'deny' | 'redact'): World {
  const world = new World(where);
  world.folder('data');
  world.folder('out');
  world.policy(content({ under: world.at('data'), sensitive }));
  return world;
}

/** Not changed shortly before: what is changing is handed over as a copy. */
function old(file: string): string {
  const then = new Date(Date.now() - 60_000);
  utimesSync(file, then, then);
  return file;
}

async function python(
  world: World,
  program: string,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return collect(world.start(['python3', '-c', program], ['ignore', 'pipe', 'pipe']));
}

type Recorded = {
  kind: string;
  input?: { action: string; path?: string; resource?: Record<string, unknown> };
  decision?: { effect: string; reason: string; message: string };
  redacted?: Record<string, number>;
};

function records(world: World): Recorded[] {
  return readdirSync(world.journal, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.jsonl') && entry.name !== 'sessions.jsonl')
    .flatMap((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'utf8').trim().split('\n'))
    .map((line) => JSON.parse(line) as Recorded);
}

for (const where of situations) {
  test(`a script gets a redacted copy: ${where.title} [req: content:redact]`, async () => {
    using world = contentWorld(where, 'redact');
    world.file('data/people.csv', rows);
    const { code, stdout, stderr } = await python(
      world,
      `
import csv, fcntl, json, mmap, os
p = ${JSON.stringify(world.at('data/people.csv'))}
fd = os.open(p, os.O_RDONLY | os.O_CLOEXEC)
size = os.fstat(fd).st_size
at = os.lseek(fd, 0, os.SEEK_CUR)
text = os.read(fd, 1 << 20).decode()
mapped = mmap.mmap(fd, 0, prot=mmap.PROT_READ)[:].decode()
try: os.write(os.open(f"/proc/self/fd/{fd}", os.O_RDWR), b"x"); changed = True
except OSError: changed = False
flags = fcntl.fcntl(fd, fcntl.F_GETFD)
print(json.dumps({"size": size, "at": at, "text": text, "same": mapped == text, "read": len(text),
  "rows": list(csv.reader(open(p))), "changed": changed, "cloexec": flags & 1, "mode": fcntl.fcntl(fd, fcntl.F_GETFL) & 3}))
`,
    );
    expect(code, stderr).toBe(0);
    const seen = JSON.parse(stdout) as Record<string, unknown> & { text: string; rows: string[][] };
    expect(seen).toMatchObject({ at: 0, same: true, changed: false, cloexec: 1, mode: 0 });
    expect(seen['size']).toBe(seen['read']);
    expect(seen.text).not.toMatch(/GB33|DE89/);
    const [, bob, ann, again] = seen.rows.map(([, cell]) => cell);
    expect(bob).toMatch(/^\[IBAN:[0-9a-z]+\]$/);
    expect(again).toBe(bob);
    expect(ann).not.toBe(bob);
    const of = records(world).filter(({ redacted }) => redacted);
    expect(of.length).toBeGreaterThan(0);
    for (const one of of) {
      expect(one.redacted).toEqual({ 'pii.iban': 3 });
      expect(one.input?.resource).toMatchObject({ classification: ['pii.iban'] });
    }
    expect(JSON.stringify(records(world).filter(({ kind }) => kind === 'decision'))).not.toContain(iban);
    expect((await world.verify()).code).toBe(0);
  });

  test(`what is opened for writing, too, is not redacted: ${where.title} [req: content:redact]`, async () => {
    using world = contentWorld(where, 'redact');
    world.file('data/people.csv', rows);
    const { stdout } = await python(
      world,
      `
import os
try: os.open(${JSON.stringify(world.at('data/people.csv'))}, os.O_RDWR); print("opened")
except PermissionError: print("refused")
`,
    );
    expect(stdout.trim()).toBe('refused');
    const denied = records(world).find(({ decision }) => decision?.reason === 'content_unread');
    expect(denied?.decision?.message).toContain('opened for writing, too');
  });

  test(`a file itself is handed over when it is clean and at rest: ${where.title} [req: content:open]`, async () => {
    using world = contentWorld(where, 'deny');
    old(world.file('data/clean.txt', 'nothing to see\n'));
    old(world.file('data/people.csv', rows));
    await sleep(1_100); // the time of its last change cannot be set
    const { code, stdout, stderr } = await python(
      world,
      `
import json, os
d = ${JSON.stringify(world.at('data'))}
def of(name, flags=os.O_RDONLY):
    try: fd = os.open(f"{d}/{name}", flags)
    except OSError as e: return e.strerror
    text = os.read(fd, 100).decode()
    same = os.fstat(fd).st_ino == os.stat(f"{d}/{name}").st_ino
    if flags & os.O_RDWR: os.write(fd, b"more\\n")
    os.close(fd)
    return [text, same]
print(json.dumps([of("clean.txt"), of("clean.txt"), of("people.csv"), of("people.csv", os.O_RDWR), of("clean.txt", os.O_RDWR), of("clean.txt")]))
`,
    );
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toEqual([
      ['nothing to see\n', true],
      ['nothing to see\n', true],
      'Permission denied',
      'Permission denied',
      ['nothing to see\n', true],
      ['nothing to see\nmore\n', false],
    ]);
    expect(readFileSync(world.at('data/clean.txt'), 'utf8')).toBe('nothing to see\nmore\n');
  });
}

const [first, last] = [situations[0], situations.at(-1)];
if (!first || !last) throw new Error('no situation to test in');

test('what becomes secret after it was judged is judged again, under each of its names [req: content:open]', async () => {
  using world = contentWorld(last, 'deny');
  old(world.file('data/notes.txt', 'nothing to see here\n'));
  linkSync(world.at('data/notes.txt'), world.at('data/other-name.txt'));
  await sleep(2_100);
  const child = world.start(
    [
      'python3',
      '-uc',
      `
import sys
for line in sys.stdin:
    try: print(open(line.strip()).read().strip() or "empty")
    except PermissionError: print("refused")
`,
    ],
    [0, 1, 2].map(() => 'pipe' as const),
  );
  let out = '';
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
  const ask = async (name: string): Promise<string> => {
    const before = out;
    child.stdin?.write(`${world.at(name)}\n`);
    await until('an answer', () => out.length > before.length && out.endsWith('\n'), 60_000);
    return out.slice(before.length).trim();
  };
  expect(await ask('data/notes.txt')).toBe('nothing to see here');
  expect(await ask('data/other-name.txt')).toBe('nothing to see here');
  writeFileSync(world.at('data/notes.txt'), `pay to ${iban}\n`);
  expect(await ask('data/other-name.txt')).toBe('refused');
  expect(await ask('data/notes.txt')).toBe('refused');
  writeFileSync(world.at('data/notes.txt'), 'all gone');
  expect(await ask('data/notes.txt')).toBe('all gone');
  child.kill('SIGKILL');
});

test('labels come from attributes and from folders; what they ask for is refused with a reason [req: content:labels]', async () => {
  using world = contentWorld(last, 'deny');
  const labelled = world.file('data/plan.txt', 'a plan\n');
  world.folder('data/board');
  world.file('data/board/minutes.txt', 'minutes\n');
  world.file('data/free.txt', 'free\n');
  execFileSync('python3', [
    '-c',
    `import os, sys; os.setxattr(sys.argv[1], "user.chaperone.label", b"Confidential")`,
    labelled,
  ]);
  world.file(
    'policy/data.json',
    JSON.stringify({
      world: world.dir,
      chaperone: {
        dlp: {
          labels: {
            order: ['public', 'confidential'],
            paths: [{ under: world.at('data/board'), label: 'Confidential' }],
          },
        },
      },
    }),
  );
  const { stdout, stderr } = await collect(
    world.start(
      ['sh', '-c', `cat data/plan.txt; cat data/board/minutes.txt; cat data/free.txt`],
      ['ignore', 'pipe', 'pipe'],
      ['--verbose'],
    ),
  );
  expect(stdout).toBe('free\n');
  expect(stderr).toContain('a condition that cannot be met here: The person is asked for a reason');
  const of = records(world).filter(({ decision }) => decision?.reason === 'unknown_obligation');
  expect(of.map(({ input }) => input?.resource?.['labels'])).toEqual([['confidential'], ['confidential']]);
});

test('settings for labels that cannot be understood end the session before it starts [req: content:labels]', async () => {
  using world = contentWorld(last, 'deny');
  world.file(
    'policy/data.json',
    JSON.stringify({ chaperone: { dlp: { labels: { paths: [{ under: 'relative', label: 'x' }] } } } }),
  );
  const { code, stderr } = await world.run(['true']);
  expect(code).toBe(125);
  expect(stderr).toContain(
    'data.chaperone.dlp.labels.paths is not a list of {"under": absolute folder, "label": name}',
  );
});

test('a large file is looked at while other calls go on [req: content:held]', async () => {
  using world = contentWorld(first, 'deny');
  const line = 'nothing in this line is anything but words and more words\n';
  old(world.file('data/large.txt', line.repeat(200_000)));
  world.file('data/secret.txt', `${line.repeat(30_000)}${iban}\n`);
  const { code, stdout, stderr } = await python(
    world,
    `
import json, os, threading, time
d = ${JSON.stringify(world.dir)}
done = []
def large():
    a = time.monotonic()
    fd = os.open(d + "/data/large.txt", os.O_RDONLY)
    done.append(time.monotonic() - a)
t = threading.Thread(target=large); t.start()
longest, n = 0, 0
while not done:
    a = time.monotonic()
    open(d + "/policy/access.rego").read()
    longest = max(longest, time.monotonic() - a); n += 1
t.join()
try: open(d + "/data/secret.txt"); refused = False
except PermissionError: refused = True
print(json.dumps({"large": done[0], "longest": longest, "n": n, "refused": refused}))
`,
  );
  expect(code, stderr).toBe(0);
  const seen = JSON.parse(stdout) as { large: number; longest: number; n: number; refused: boolean };
  expect(seen.refused).toBe(true);
  expect(seen.n).toBeGreaterThan(10);
  expect(seen.longest).toBeLessThan(seen.large / 2);
});

test('a move out of what is governed is decided by the content [req: content:open]', async () => {
  using world = contentWorld(last, 'deny');
  world.file('data/people.csv', rows);
  world.file('data/clean.txt', 'nothing\n');
  const { stdout } = await python(
    world,
    `
import os
d = ${JSON.stringify(world.dir)}
def tried(f, *a):
    try: f(*a); return "done"
    except OSError as e: return e.strerror
print(tried(os.rename, d + "/data/people.csv", d + "/out/people.csv"))
print(tried(os.link, d + "/data/people.csv", d + "/out/people.csv"))
print(tried(os.rename, d + "/data/clean.txt", d + "/data/still-clean.txt"))
`,
  );
  expect(stdout.trim().split('\n')).toEqual(['Permission denied', 'Permission denied', 'done']);
});

test('a FIFO is never looked into [req: content:held]', async () => {
  using world = contentWorld(last, 'deny');
  execFileSync('mkfifo', [world.at('data/pipe')]);
  world.own(world.at('data/pipe'));
  const { stdout } = await collect(
    world.start(['sh', '-c', 'echo through > data/pipe & cat data/pipe; wait'], ['ignore', 'pipe', 'pipe']),
  );
  expect(stdout).toBe('through\n');
});
