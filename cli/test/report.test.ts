import { deny, type Decision, type DecisionInput, type JournalRecord } from '@chaperone/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Collected } from '../src/commands/report/collect.ts';
import { Never } from '../src/commands/report/never.ts';
import { Previews, type TryRule } from '../src/commands/report/preview.ts';
import { printReport } from '../src/commands/report/print.ts';
import { riskOf, scoreOf } from '../src/commands/report/risk.ts';
import { type Suggestion, suggestFor } from '../src/commands/report/suggest.ts';

const entrypoint = 'chaperone/access/decision';
const never = new Never(['/home/u/.local/state/chaperone', '/srv/journal'], ['/srv/policy']);
const byDefault = deny('default_deny', 'r1');
const byRule: Decision = { ...deny('policy', 'r1'), rules: ['books'] };
const allowed: Decision = { ...byRule, effect: 'allow', reason: 'policy' };

function aRecord(input: DecisionInput, decision: Decision = byDefault): JournalRecord {
  const hash = '0'.repeat(64);
  return {
    v: 1,
    seq: 1,
    time: '2026-01-01T00:00:00.000Z',
    prev: hash,
    hash,
    kind: 'decision',
    input,
    decision,
  };
}

const reads = (...paths: string[]): DecisionInput[] => paths.map((path) => ({ action: 'read_file', path }));

function suggestionsFor(records: readonly JournalRecord[], tryRule: TryRule = () => undefined): Suggestion[] {
  const collected = new Collected(never);
  records.forEach((record, index) => collected.add(record, `s:${index}`));
  const candidates = collected.gaps
    .all()
    .flatMap((gap, index) => suggestFor(gap, index + 1, entrypoint, never) ?? []);
  const previews = new Previews(candidates, never, tryRule);
  for (const record of records) previews.add(record);
  return previews.done();
}

const matching = (suggestions: readonly Suggestion[], input: DecisionInput): number =>
  suggestions.filter((one) => 'matches' in one && (one.matches as (input: DecisionInput) => boolean)(input))
    .length;

describe('[req: cli:report] a suggested rule', () => {
  test('names single files while there are few, and then the folder that was used without what lies deeper', () => {
    const few = suggestionsFor(reads('/work/a', '/work/b').map((input) => aRecord(input)));
    expect(few).toHaveLength(1);
    expect([
      matching(few, { action: 'read_file', path: '/work/a' }),
      matching(few, { action: 'read_file', path: '/work/c' }),
    ]).toEqual([1, 0]);
    const many = suggestionsFor(
      reads('/work/a', '/work/b', '/work/c', '/work/c').map((input) => aRecord(input)),
    );
    expect(many[0]).toMatchObject({ acts: 4, title: 'read_file in /work (3 files, no subfolder)' });
    expect(many[0]?.preview).toMatchObject({ acts: 4, fell: 4 });
    for (const [path, count] of [
      ['/work/new', 1],
      ['/work/deep/a', 0],
      ['/worker/a', 0],
      ['/work', 0],
      ['/work/.env', 0],
      ['/work/server.key', 0],
    ] as const)
      expect(matching(many, { action: 'read_file', path }), path).toBe(count);
    for (const action of ['write_file', 'execute', 'delete_file'] as const)
      expect(matching(many, { action, path: '/work/a' })).toBe(0);
    expect(matching(many, { action: 'read_file', path: '/work/a', operation: 'link' })).toBe(0);
  });

  test('is not made for what a rule denies, and never contradicts one', () => {
    expect(suggestionsFor([aRecord({ action: 'read_file', path: '/work/a' }, byRule)])).toEqual([]);
    // The folder holds what a rule decides: only the single files are named.
    const mixed = suggestionsFor([
      ...reads('/work/a', '/work/b', '/work/c').map((input) => aRecord(input)),
      aRecord({ action: 'read_file', path: '/work/books' }, byRule),
      aRecord({ action: 'read_file', path: '/work/open' }, allowed),
    ]);
    for (const other of [
      aRecord({ action: 'read_file', path: '/work/books' }, byRule),
      aRecord({ action: 'read_file', path: '/work/open' }, allowed),
    ])
      expect(
        suggestionsFor([...reads('/work/a', '/work/b', '/work/c').map((input) => aRecord(input)), other])[0]
          ?.title,
      ).toBe('read_file of 3 single files');
    expect(mixed).toHaveLength(1);
    expect(mixed[0]?.title).toBe('read_file of 3 single files');
    expect(matching(mixed, { action: 'read_file', path: '/work/books' })).toBe(0);
  });

  test('names a destination, a name and a program exactly', () => {
    const destination = { host: 'example.org', ip: '192.0.2.1', port: 443, protocol: 'tcp' };
    const all = suggestionsFor([
      aRecord({ action: 'connect', destination }),
      aRecord({
        action: 'resolve_name',
        operation: 'A',
        destination: { host: 'example.org', protocol: 'dns' },
      }),
      aRecord({
        action: 'resolve_name',
        operation: 'AAAA',
        destination: { host: 'example.org', protocol: 'dns' },
      }),
      aRecord({ action: 'execute', path: '/opt/tool', command: { argv: ['tool'] } }),
    ]);
    expect(all).toHaveLength(3);
    expect(matching(all, { action: 'connect', destination: { ...destination, ip: '192.0.2.9' } })).toBe(1);
    for (const other of [{ port: 80 }, { host: 'example.com' }, { protocol: 'udp' }])
      expect(matching(all, { action: 'connect', destination: { ...destination, ...other } })).toBe(0);
    expect(
      matching(all, { action: 'resolve_name', operation: 'TXT', destination: { host: 'example.org' } }),
    ).toBe(0);
    expect(matching(all, { action: 'execute', path: '/opt/tool2' })).toBe(0);
  });

  test('quotes hostile names as text, or is not made at all', () => {
    const hostile = '/work/"}\n# x';
    expect(suggestionsFor([aRecord({ action: 'read_file', path: hostile })])).toEqual([]);
    const quoted = '/work/"} or true {\\u0041';
    const one = suggestionsFor([aRecord({ action: 'read_file', path: quoted })]);
    expect([
      matching(one, { action: 'read_file', path: quoted }),
      matching(one, { action: 'read_file', path: '/etc/x' }),
    ]).toEqual([1, 0]);
    expect(suggestionsFor([aRecord({ action: 'connect', destination: { host: 'a"b', port: 1 } })])).toEqual(
      [],
    );
  });

  test('is shown only if it works beside the rules that are there', () => {
    const records = [
      aRecord({ action: 'read_file', path: '/work/a' }, deny('policy', 'r1', 'only the project is open')),
    ];
    const asked: string[] = [];
    const answers = (decision: Decision): Suggestion[] =>
      suggestionsFor(records, (rego) => {
        asked.push(rego);
        return () => decision;
      });
    expect(answers(allowed)).toMatchObject([{ preview: { tried: true, samples: [{ path: '/work/a' }] } }]);
    expect(answers(deny('policy_error', 'r1'))).toEqual([]);
    expect(asked[0]).toContain('"/work/a"');
  });

  test('fits a policy that answers true or false', () => {
    const collected = new Collected(never);
    const record = aRecord({ action: 'read_file', path: '/work/a' }, deny('policy', 'r1'));
    collected.add(record, 's:1');
    expect(collected.fellToDefault).toBe(1);
    const made = suggestFor(
      collected.gaps.all()[0] ?? expect.fail('no gap'),
      1,
      'endpoint/access/allow',
      never,
    );
    expect(made).toMatchObject({
      package: 'endpoint.access',
      rego: expect.stringMatching(/^allow if \{/) as unknown,
    });
    expect(made?.matches({ action: 'read_file', path: '/work/a' })).toBe(true);
  });
});

const secrets = [
  '/home/u/.ssh/id_ed25519',
  '/home/u/.ssh/config',
  '/root/.aws/credentials',
  '/home/u/.gnupg/x',
  '/home/u/.netrc',
  '/work/.env',
  '/work/.env.local',
  '/work/tls/server.pem',
  '/etc/shadow',
  '/etc/sudoers.d/x',
  '/proc/1/environ',
  '/proc/self/mem',
  '/home/u/.config/gh/hosts.yml',
  '/home/u/.local/state/chaperone/device-key.pem',
  '/srv/journal/s-1/000001.jsonl',
  '/home/u/.mozilla/firefox/x/logins.json',
  '/home/u/.bash_history',
  '/home/u/.docker/config.json',
];

describe('[req: cli:report] the never list', () => {
  test('knows what may not be opened', () => {
    for (const path of secrets) expect(never.kindOf({ action: 'read_file', path }), path).toBeDefined();
    for (const path of [
      '/home/u/.bashrc',
      '/work/.git/hooks/pre-commit',
      '/etc/cron.d/x',
      '/srv/policy/access.rego',
      '/home/u/.config/autostart/a',
    ]) {
      expect(never.kindOf({ action: 'write_file', path }), path).toBeDefined();
    }
    expect(never.kindOf({ action: 'execute', path: '/usr/bin/sudo' })).toBe('more rights');
    for (const path of ['/run/docker.sock', '/run/user/1000/bus', '/tmp/ssh-x/agent.7'])
      expect(never.kindOf({ action: 'ipc_connect', path }), path).toBe('more rights');
    expect(
      never.kindOf({ action: 'rename_file', path: '/work/a', target: '/home/u/.ssh/authorized_keys' }),
    ).toBe('credentials');
    for (const path of ['/work/environment.ts', '/home/u/project/a', '/usr/bin/git']) {
      expect(never.kindOf({ action: 'read_file', path }), path).toBeUndefined();
    }
  });

  test('is counted, and never even kept for a suggestion', () => {
    const collected = new Collected(never);
    for (const path of secrets) collected.add(aRecord({ action: 'read_file', path }), 's:1');
    expect(collected.gaps.all()).toEqual([]);
    expect(collected.gaps.neverSuggested).toBe(secrets.length);
    expect(collected.fellToDefault).toBe(secrets.length);
  });

  test('is opened by no suggestion, though nobody reached for it yet', () => {
    const beside = [
      '/home/u',
      '/root',
      '/etc',
      '/home/u/.config',
      '/home/u/.ssh',
      '/work',
      '/home',
      '/',
      '/srv',
    ];
    const watched = [
      ...secrets,
      '/home/u/.ssh',
      '/home/u/.vault-token',
      '/home/u/.config/gh',
      '/srv/journal',
      '/etc/sudoers',
      '/root/.ssh',
    ];
    for (const folder of beside) {
      for (const action of ['read_file', 'delete_file'] as const) {
        const used = ['a', 'b', 'c', 'd'].map((name) =>
          aRecord({ action, path: `${folder === '/' ? '' : folder}/${name}` }),
        );
        const suggestions = suggestionsFor(used);
        for (const path of watched)
          expect(matching(suggestions, { action, path }), `${folder}: ${action} ${path}`).toBe(0);
      }
    }
  });

  test('is opened by no suggestion, whatever was used beside it', () => {
    const folders = [
      ...new Set(secrets.map((path) => path.slice(0, path.lastIndexOf('/')) || '/')),
      '/home/u',
      '/etc',
      '/work',
      '/',
    ];
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...folders), fc.stringMatching(/^[a-z.]{1,8}$/)), {
          minLength: 1,
          maxLength: 30,
        }),
        fc.constantFrom('read_file', 'write_file', 'delete_file' as const),
        (used, action) => {
          const records = [
            ...used.map(([folder, name]) =>
              aRecord({ action, path: `${folder === '/' ? '' : folder}/${name}` } as DecisionInput),
            ),
            ...secrets.map((path) => aRecord({ action, path } as DecisionInput)),
          ];
          const suggestions = suggestionsFor(records);
          for (const path of secrets)
            expect(matching(suggestions, { action, path } as DecisionInput), path).toBe(0);
          for (const path of folders.flatMap((folder) => [
            `${folder}/.env`,
            `${folder}/id_rsa`,
            `${folder}/deep/er`,
          ]))
            expect(matching(suggestions, { action, path } as DecisionInput), path).toBe(0);
        },
      ),
      { numRuns: 60, seed: 7 },
    );
  });
});

describe('[req: cli:report] the summary', () => {
  test('counts what the gate allowed by itself under the rules of the first of it', () => {
    const collected = new Collected(never);
    const first = {
      ...aRecord({ action: 'read_file', path: '/a' }, { ...allowed, rules: ['work'] }),
      class: 'read_file /**',
    };
    collected.add(first, 's:1');
    const { v, seq, time, prev, hash } = first;
    const span = { first_at: time, last_at: time };
    collected.add(
      { v, seq, time, prev, hash, kind: 'summary', class: 'read_file /**', count: 41, ...span },
      's:2',
    );
    expect(collected.acts.allowed).toBe(42);
    expect(collected.rules.get('work')).toEqual({ allowed: 42, denied: 0 });
    expect(collected.actions.get('read_file')).toBe(42);
  });

  test('puts credentials before a shell, a shell before a host, a host before the rest, and repetition counts', () => {
    const points = (input: DecisionInput): number => riskOf(input, true, false, '/work', never)?.points ?? 0;
    const order = [
      points({ action: 'read_file', path: '/home/u/.ssh/id_rsa' }),
      points({ action: 'write_file', path: '/home/u/.bashrc' }),
      points({ action: 'execute', path: '/usr/bin/bash' }),
      points({ action: 'connect', destination: { ip: '192.0.2.1' } }),
      points({ action: 'read_file', path: '/srv/x' }),
      points({ action: 'read_file', path: '/work/x' }),
    ];
    expect(order).toEqual([10, 8, 6, 5, 3, 1]);
    expect([scoreOf(3, 1), scoreOf(3, 8), scoreOf(3, 1e9)]).toEqual([3, 6, 8]);
    expect(
      riskOf({ action: 'read_file', path: '/home/u/.ssh/id_rsa' }, false, false, undefined, never)?.points,
    ).toBe(12);
    expect(riskOf({ action: 'read_file', path: '/work/x' }, false, false, undefined, never)).toBeUndefined();
  });

  test('fits the terminal, and nothing in it can control the terminal', () => {
    const collected = new Collected(never);
    collected.startSession();
    for (let index = 0; index < 30; index += 1)
      collected.add(
        aRecord(
          { action: 'read_file', path: `/\x1b[2J/${'ü'.repeat(90)}${index}` },
          { ...byRule, rules: ['\x1b]0;'] },
        ),
        `s:${index}`,
      );
    for (const input of reads('/work/a', '/work/b', '/work/c')) collected.add(aRecord(input), 's:9');
    const gap = collected.gaps.all().find(({ folder }) => folder === '/work') ?? expect.fail('no gap');
    const suggestion = suggestFor(gap, 1, entrypoint, never) ?? expect.fail('no suggestion');
    const lines = printReport(collected, [suggestion], 20, { width: 80, colour: false });
    for (const line of lines) {
      expect(line).not.toMatch(/[\x00-\x08\x0b-\x1f]/);
      if (!line.startsWith('\t')) expect([...line].length, line).toBeLessThanOrEqual(80);
    }
    // The rule is never cut: it is to be copied.
    expect(
      lines.some((line) => line.startsWith('\t') && line.includes('startswith(input.path, "/work/")')),
    ).toBe(true);
    const whole = printReport(collected, [], 50, { width: undefined, colour: false });
    const heads = whole.find((line) => line.startsWith('SCORE')) ?? '';
    const row = whole.find((line) => /^\d.* \/work\/a /.test(line)) ?? '';
    expect(row.slice(heads.indexOf('WHY') - 1), 'columns stand below their heads').toBe(' outside home');
    expect(printReport(collected, [], 50, { width: 80, colour: false }, '/work').join('\n')).toContain('~/a');
    const coloured = printReport(collected, [], 20, { width: 80, colour: true }).join('\n');
    expect(coloured).toContain('\x1b[1m');
  });
});
