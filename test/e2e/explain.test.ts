/** Asking about decisions, in real sessions: why, check and report. */
import { symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { collect, type Ended, few, situation, type World } from './world.ts';
import { bookWorld, chaperone, records, rules } from './world-books.ts';

describe.each(few)('why ($title)', (where) => {
  test('[req: cli:why] names rule and condition, and says when the policy is not what it was', async () => {
    using world = bookWorld(where);
    await world.run(['/bin/cat', world.at('other/a')]);
    const why = (...args: string[]): Promise<Ended> => chaperone(world, 'why', '-j', world.journal, ...args);
    const last = await why('--last');
    expect(last.code, last.stderr).toBe(0);
    expect(last.stdout).toContain(`DENIED  read_file ${world.at('other/a')}`);
    expect(last.stdout).toContain('default_deny: nothing covers this');
    expect(last.stdout).toMatch(/access\.rego:\d+/);
    expect(last.stdout).toContain('does not hold: not covered_by_nothing');
    expect(last.stdout).not.toContain('Asked again');
    // By its id, as JSON.
    const id = /record +(\S+)/.exec(last.stdout)?.[1] ?? '';
    const json = JSON.parse((await why(id, '--json')).stdout) as { again: { kind: string } };
    expect(json.again.kind).toBe('same');
    // Another text, the same answer.
    world.policy(`${rules}\n# reviewed\n`);
    expect((await why(id)).stdout).toContain('the answer is the same, but the policy was revision');
    // Another answer: nothing is explained in its place.
    world.policy('default decision := {"allow": true}');
    const differs = await why(id);
    expect(differs.code).toBe(0);
    expect(differs.stdout).toContain('This cannot be explained: asked again, the answer is allow');
    expect(differs.stdout).toContain('Possible cause: the policy was revision');
    expect(differs.stdout).not.toContain('What the policy tried');
    // No policy there any more.
    writeFileSync(world.at('policy/access.rego'), 'package');
    expect((await why(id)).stdout).toContain('the policy cannot be asked again');
  });

  test('[req: cli:why] a refusal, an unknown id and an empty journal are said plainly', async () => {
    using world = bookWorld(where);
    const why = (...args: string[]): Promise<Ended> => chaperone(world, 'why', '-j', world.journal, ...args);
    await world.run(['/bin/true']);
    const none = await why('--last');
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('nothing was denied')]);
    for (const id of ['s-1:1', 'nonsense', '../x:1']) expect((await why(id)).code).toBe(2);
    expect((await why()).code).toBe(2);
    const python = 'import ctypes; print(ctypes.CDLL(None).ptrace(16, 1, 0, 0))';
    await world.run(['/usr/bin/python3', '-c', python]);
    const refused = await why('--last');
    expect(refused.stdout).toMatch(/^REFUSED {2}ptrace/);
    expect(refused.stdout).toContain('refused in every session');
  });
});

describe('check', () => {
  test('[req: cli:check] answers what the session answers', async () => {
    using world = bookWorld(situation(1));
    symlinkSync(world.at('books/q4'), world.at('open/link'));
    world.file('open/script', '#!/bin/sh\ntrue\n', 0o755);
    const cases: readonly (readonly [words: string[], program: string])[] = [
      [['read_file', world.at('books/q4')], 'open(sys.argv[1])'],
      [['read_file', world.at('open/data')], 'open(sys.argv[1])'],
      [['read_file', world.at('open/link')], 'open(sys.argv[1])'],
      [['read_file', world.at('other/a')], 'open(sys.argv[1])'],
      [['write_file', world.at('open/data')], 'open(sys.argv[1], "a")'],
      [['write_file', world.at('policy/access.rego')], 'open(sys.argv[1], "a")'],
      [['write_file', world.at('books/new')], 'open(sys.argv[1], "w")'],
      [['create_file', world.at('open/new')], 'open(sys.argv[1], "x")'],
      [['delete_file', world.at('books/q4')], 'os.unlink(sys.argv[1])'],
      [['rename_file', world.at('open/new'), world.at('books/new')], 'os.rename(sys.argv[1], sys.argv[2])'],
      [['execute', world.at('open/script')], 'subprocess.run([sys.argv[1]], check=True)'],
      [['execute', '/bin/true'], 'subprocess.run([sys.argv[1]], check=True)'],
    ];
    for (const [words, program] of cases) {
      const asked = await chaperone(
        world,
        'check',
        '-p',
        world.at('policy'),
        '-j',
        world.journal,
        '--json',
        '--',
        ...words,
      );
      const answer = JSON.parse(asked.stdout) as { effect: string; reason: string; message: string };
      const python = `import os, subprocess, sys\n${program}`;
      const before = new Set((await journalled(world)).map(({ id }) => id));
      const { code } = await world.run(['/usr/bin/python3', '-c', python, ...words.slice(1)]);
      const denials = (await journalled(world)).filter(
        ({ id, effect }) => !before.has(id) && effect === 'deny',
      );
      const what = words.join(' ');
      expect(asked.code, what).toBe(answer.effect === 'allow' ? 0 : 1);
      expect(code === 0 ? 'allow' : 'deny', what).toBe(answer.effect);
      if (answer.effect === 'deny')
        expect(denials, what).toContainEqual(
          expect.objectContaining({ reason: answer.reason, message: answer.message }),
        );
      else expect(denials, what).toEqual([]);
    }
  });

  test('[req: cli:check] says where a link leads, takes whole documents, and tells wrong questions from a no', async () => {
    using world = bookWorld(situation(0));
    symlinkSync(world.at('books/q4'), world.at('open/link'));
    const check = (...args: string[]): Promise<Ended> =>
      chaperone(world, 'check', '-p', world.at('policy'), ...args);
    const linked = await check('--', 'read_file', 'open/link');
    expect(linked.code).toBe(1);
    expect(linked.stdout).toContain(
      `A link leads elsewhere: ${world.at('open/link')} is ${world.at('books/q4')}.`,
    );
    expect(linked.stdout).toContain('data.chaperone.access.touches_books');
    world.file('input.json', JSON.stringify({ action: 'read_file', path: world.at('books/x') }));
    expect((await check('--input', world.at('input.json'))).code).toBe(1);
    for (const args of [
      ['--'],
      ['--', 'fly', 'away'],
      ['--', 'connect', 'nowhere'],
      ['--input', '/missing'],
      ['--', 'rename_file', 'a'],
    ])
      expect((await check(...args)).code, args.join(' ')).toBe(2);
    expect((await chaperone(world, 'check', '--', 'read_file', '/')).code).toBe(2);
    const beyond = await check(
      '-j',
      world.journal,
      '--',
      'read_file',
      path.join(world.journal, 'sessions.jsonl'),
    );
    expect(beyond.stdout).toContain("chaperone's own state");
    const audited = await check('--mode', 'audit', '--', 'read_file', world.at('books/q4'));
    expect(audited.code).toBe(1);
    expect(audited.stdout).toContain('goes on all the same');
  });
});

async function journalled(
  world: World,
): Promise<{ id: string; effect: string; reason: string; message: string }[]> {
  const lines = await records(world).catch(() => []);
  return lines.flatMap(({ session, seq, decision }) => {
    if (!decision) return [];
    const { effect, reason, message } = decision as { effect: string; reason: string; message: string };
    return [{ id: `${String(session)}:${String(seq)}`, effect, reason, message }];
  });
}

describe('report', () => {
  test('[req: cli:report] sums up, and a suggested rule opens what was used and nothing else', async () => {
    using world = bookWorld(situation(1));
    const options = ['--mode', 'audit'];
    world.file('other/.env', 'TOKEN=1');
    const command = ['/bin/sh', '-c', 'cat other/a other/b other/c other/.env books/q4 >/dev/null'];
    expect((await collect(world.start(command, ['ignore', 'pipe', 'pipe'], options))).code).toBe(0);
    const { code, stdout, stderr } = await chaperone(world, 'report', world.journal, '--json');
    expect(code, stderr).toBe(0);
    const report = JSON.parse(stdout) as {
      acts: { wouldBeDenied: number; denied: number };
      sessions: { count: number; audit: number };
      fell_to_default: number;
      never_suggested: number;
      rules: Record<string, { denied: number }>;
      risky: { object: string; why: string; outcome: string }[];
      suggestions: { title: string; rego: string; distinct: number; preview: { objects: string[] } }[];
    };
    expect(report.sessions).toMatchObject({ count: 1, audit: 1 });
    expect(report.acts).toMatchObject({ wouldBeDenied: 5, denied: 0 });
    expect(report).toMatchObject({ fell_to_default: 4, never_suggested: 1, rules: { books: { denied: 1 } } });
    expect(report.risky[0]).toMatchObject({
      object: world.at('other/.env'),
      why: 'credentials',
      outcome: 'went on',
    });
    expect(report.suggestions).toHaveLength(1);
    const [{ rego, distinct, preview } = { rego: '', distinct: 0, preview: { objects: [''] } }] =
      report.suggestions;
    expect(distinct).toBe(3);
    expect(preview.objects).toEqual(['a', 'b', 'c'].map((name) => world.at(`other/${name}`)));
    // Pasted, it does what it says.
    world.policy(`${rules}\n${rego}`);
    world.folder('other/deep');
    world.file('other/deep/x', 'x');
    expect((await world.run(['/bin/cat', world.at('other/a')])).stdout).toBe('a');
    for (const name of ['other/.env', 'other/deep/x', 'books/q4'])
      expect((await world.run(['/bin/cat', world.at(name)])).code, name).not.toBe(0);
    const text = await chaperone(world, 'report', world.journal);
    expect(text.stdout).not.toContain('\x1b');
    expect(text.stdout).toContain('What deserves a look');
    expect(text.stdout).toContain('nothing is changed');
  });
});
