import { closeSync, ftruncateSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Policy } from '@chaperone/policy';
import type { Decision, DecisionInput, Mode } from '@chaperone/protocol';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Mounts } from '../src/context/mounts.ts';
import { Names } from '../src/context/subject.ts';
import { DecisionClasses } from '../src/decide/decision-class.ts';
import type { Limits } from '../src/decide/limits.ts';
import { handle, type Outcome } from '../src/flow.ts';
import { type Action, actionsOf } from '../src/intercept/actions.ts';
import { op } from '../src/intercept/wire.ts';
import { SessionRecord } from '../src/record/session-record.ts';
import { anAsk, type Question } from './ask-fixture.ts';
import { aJournalDirectory } from './journal-fixture.ts';
import { anAllow, aPolicy, aTree, listFolder, noLimits } from './policy-fixture.ts';

type Line = {
  kind: string;
  session: string;
  seq: number;
  input: DecisionInput;
  decision: Decision;
  class?: string;
  proceeded?: true;
};

/** A session with a real policy and a real journal. */
function aSession(policy: Policy, options: { mode?: Mode; limits?: Limits; tellFails?: boolean } = {}) {
  const { mode = 'enforce', limits = noLimits } = options;
  const place = aJournalDirectory();
  const journal = place.open('s1');
  const counters = openSync(path.join(place.root, 'counters'), 'w+');
  ftruncateSync(counters, 4096);
  onTestFinished(() => closeSync(counters));
  const record = new SessionRecord(journal, place.key, counters);
  const told: string[] = [];
  const seen = { digests: 0, ended: 0, durabilities: '', denied: [] as unknown[] };
  const digest = (): string => {
    seen.digests += 1;
    return 'ab'.repeat(32);
  };
  const lookups = { exeDigest: digest, objectDigest: digest, ancestors: () => ['/bin/sh'] };
  const person = { user: 'u', groups: ['staff'] };
  const session = {
    person,
    agent: { id: 'test' },
    mode,
    owners: new Names('/nowhere'),
    mounts: new Mounts(),
    clock: () => 0,
  };
  const surroundings = {
    tell: (text: string) => {
      if (options.tellFails) throw new Error('the terminal is gone');
      told.push(text);
    },
    endSession: () => {
      seen.ended += 1;
    },
  };
  const classes = new DecisionClasses(policy, limits);
  const steps = { session, policy, classes, limits, listFolder, surroundings };
  const act = (acts: readonly Action[]): Outcome =>
    handle(acts, { pid: 7, exe: '/usr/bin/agent' }, lookups, {
      ...steps,
      denied: ({ id, proceeds }) => void seen.denied.push([id, proceeds]),
      record: (...body) => {
        seen.durabilities += `${body[2]} `;
        return record.decision(...body);
      },
    });
  return {
    journal,
    record,
    told,
    seen,
    act,
    ask: (question: Question): Outcome => act(actionsOf(anAsk(question))),
    lines: (): Line[] =>
      readFileSync(place.file('s1'), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Line),
  };
}

const read: Question = { op: op.read, path: '/work/a', kind: 0o100000, links: 1, size: 5n };
const mixed = `decision := {"allow": true, "rules": ["work"]} if startswith(input.path, "/work/")

decision := {"allow": true, "rules": ["away"]} if input.action == "connect"`;

describe('the record', () => {
  test('is on disk before the gate is answered', () => {
    const session = aSession(aPolicy(mixed));
    const denied = session.ask({ ...read, path: '/etc/shadow' });
    const [line] = session.lines();
    expect(denied).toMatchObject({ proceeds: false, decision: { effect: 'deny' } });
    expect(line?.decision).toEqual(denied.decision);
    expect(line).toMatchObject({ kind: 'decision', input: { action: 'read_file', path: '/etc/shadow' } });
    expect(denied.id).toBe(`s1:${line?.seq}`);
    const started = session.ask({ op: op.execute, sub: 1, path: '/work/run', extra: 'run\0' });
    expect(started.proceeds).toBe(true);
    expect(session.lines().map(({ decision }) => decision.effect)).toEqual(['deny', 'allow']);
    session.ask(read);
    const away = { op: op.connect, sub: 1, extra: '\x02\0\x01\xbb\x01\x01\x01\x01\0\0\0\0\0\0\0\0' };
    expect(session.ask({ ...away, path: '' }).proceeds).toBe(true);
    // Only what stays on the machine may wait for a common flush.
    expect(session.seen.durabilities).toBe('now grouped grouped now ');
  });

  test('of a repeated allow names the class that the gate answers from then on', () => {
    const session = aSession(aPolicy(mixed));
    const { remembered, proceeds } = session.ask(read);
    expect(proceeds).toBe(true);
    expect(remembered).toEqual({ under: '/work/', exact: false, perExe: false, key: 'read_file /work/**' });
    session.ask({ ...read, path: '/etc/a' });
    expect(session.lines().map((line) => line.class)).toEqual(['read_file /work/**', undefined]);
  });

  test('holds every act of a call up to the first that is denied', () => {
    const session = aSession(anAllow('input.action == "rename_file"'));
    const outcome = session.ask({ op: op.rename, path: '/a', secondPath: '/b' });
    expect(outcome).toMatchObject({ proceeds: false, input: { action: 'create_file', path: '/b' } });
    const found = session.lines().map(({ input, decision }) => [input.action, decision.effect]);
    expect(found).toEqual([
      ['rename_file', 'allow'],
      ['create_file', 'deny'],
    ]);
  });

  test('has no dear facts, and nobody finds them unless the policy asks', () => {
    const session = aSession(anAllow('input.action == "read_file"', 'input.process.sha256 != ""'));
    session.ask(read);
    expect(session.seen.digests).toBe(0);
    session.ask({ op: op.execute, sub: 1, path: '/work/run', extra: 'run\0' });
    expect(session.seen.digests).toBeGreaterThan(0);
    session.record.end(0, undefined);
    expect(JSON.stringify(session.lines())).not.toContain('abab');
  });

  test.each(['enforce', 'audit'] as const)(
    'that cannot be written denies in %s mode [req: run:journal-fails-closed]',
    (mode) => {
      for (const path of ['/work/a', '/etc/shadow']) {
        const session = aSession(aPolicy(mixed), { mode });
        session.journal.close();
        expect(session.ask({ ...read, path })).toMatchObject({
          proceeds: false,
          id: undefined,
          decision: { effect: 'deny', reason: 'journal_failed', revision: 'r1' },
        });
        expect(session.ask({ ...read, path }).remembered).toBeUndefined();
      }
    },
  );
});

describe('obligations', () => {
  const obliging = (kind: string): Policy =>
    aPolicy(`decision := {"allow": true, "obligations": [{"kind": "${kind}"}]}`);

  test.each(['redact', 'quarantine'])('%s has nothing to act on here, so it denies', (kind) => {
    const session = aSession(obliging(kind));
    expect(session.ask(read)).toMatchObject({ proceeds: false, decision: { reason: 'obligation_failed' } });
    expect(session.lines()[0]?.decision.reason).toBe('obligation_failed');
  });

  test.each(['justify', 'require_approval', 'made_up'])(
    '%s cannot be carried out, so it denies [req: protocol:decision:unknown-obligation-denies]',
    (kind) => {
      const session = aSession(obliging(kind));
      expect(session.ask(read)).toMatchObject({
        proceeds: false,
        decision: { reason: 'unknown_obligation' },
      });
      expect(session.lines()[0]?.decision.reason).toBe('unknown_obligation');
    },
  );

  test('[req: content:redact] what nobody can look into is not redacted, so that is a deny', () => {
    const session = aSession(obliging('redact'));
    expect(session.ask(read)).toMatchObject({ proceeds: false, decision: { reason: 'obligation_failed' } });
  });

  test('are carried out each time, so such an allow is not remembered', () => {
    const session = aSession(obliging('notify'));
    for (const _ of [1, 2]) expect(session.ask(read)).not.toHaveProperty('remembered');
    expect(session.told).toHaveLength(2);
    const ending = aSession(obliging('terminate'));
    ending.ask(read);
    expect(ending.seen.ended).toBe(1);
  });

  test('that fail turn the allow into a recorded deny', () => {
    const session = aSession(obliging('notify'), { tellFails: true });
    expect(session.ask(read)).toMatchObject({ proceeds: false, decision: { reason: 'obligation_failed' } });
    expect(session.lines()[0]?.decision).toMatchObject({ effect: 'deny', reason: 'obligation_failed' });
  });

  test('audit_only lets one denied act pass, recorded as denied', () => {
    const policy = aPolicy('decision := {"allow": false, "obligations": [{"kind": "audit_only"}]}');
    const session = aSession(policy);
    expect(session.ask(read)).toMatchObject({ proceeds: true, decision: { effect: 'deny' } });
    expect(session.lines()[0]?.decision.effect).toBe('deny');
  });
});

describe('audit mode', () => {
  test('lets a denied act proceed, recorded as denied, and does not remember it', () => {
    const session = aSession(aPolicy(mixed), { mode: 'audit' });
    const outcome = session.ask({ ...read, path: '/etc/shadow' });
    expect(outcome).toMatchObject({ proceeds: true, decision: { effect: 'deny' } });
    expect(outcome).not.toHaveProperty('remembered');
    expect(session.lines()[0]).toMatchObject({ input: { mode: 'audit' }, decision: { effect: 'deny' } });
  });

  test.each(['audit', 'enforce'] as const)('is not wider than the floor (%s)', (mode) => {
    const limits: Limits = {
      closed: ['/home/u/.keys'],
      sealed: ['/opt/policy'],
      granted: { read: ['/'], write: ['/home', '/opt', '/tmp'], execute: ['/usr'] },
    };
    const session = aSession(anAllow('true'), { mode, limits });
    const beyond: Question[] = [
      { op: op.read, path: '/home/u/.keys/id' },
      { op: op.write, path: '/opt/policy/access.rego' },
      { op: op.write, path: '/etc/passwd' },
      { op: op.execute, sub: 1, path: '/tmp/x', extra: 'x\0' },
      { op: op.execute, sub: 1, path: '/usr/bin/x.sh', secondPath: '/tmp/sh', extra: 'x\0' },
      { op: op.rename, path: '/tmp/a', secondPath: '/home/u/.keys/id' },
      { op: op.rename, path: '/tmp/a', secondPath: '/etc/cron.d/a' },
      { op: op.link, path: '/home/u/.keys/id', secondPath: '/tmp/a', links: 1 },
    ];
    for (const question of beyond)
      expect(session.ask(question)).toMatchObject({ proceeds: false, decision: { reason: 'floor' } });
    expect(session.lines().filter(({ decision }) => decision.reason === 'floor')).toHaveLength(beyond.length);
    expect(session.ask({ op: op.read, path: '/opt/policy/access.rego' }).proceeds).toBe(true);
  });

  test('names what was reached for where the policy knows it, and stays the floor', () => {
    const limits = { ...noLimits, closed: ['/home/u/.keys'] };
    const rules = `decision := {"allow": true} if not keys
decision := {"allow": false, "reason": "store", "message": "Keys.", "rules": ["keys"]} if keys
keys if startswith(input.path, "/home/u/.keys/i")`;
    const session = aSession(aPolicy(rules), { mode: 'audit', limits });
    expect(session.ask({ op: op.read, path: '/home/u/.keys/id' })).toMatchObject({
      proceeds: false,
      decision: { effect: 'deny', reason: 'floor', policy_reason: 'store', rules: ['keys'] },
    });
    const other = session.ask({ op: op.read, path: '/home/u/.keys/other' });
    expect(other.decision).toMatchObject({ effect: 'deny', reason: 'floor', rules: [] });
    expect(other.decision).not.toHaveProperty('policy_reason');
  });

  test.each(['audit', 'enforce'] as const)('never moves a folder that holds what is closed (%s)', (mode) => {
    const root = aTree('home/.state/journal/1', 'home/work/a', 'tmp/');
    const limits = { ...noLimits, closed: [`${root}/home/.state/journal`], sealed: [`${root}/home/policy`] };
    const session = aSession(anAllow('true'), { mode, limits });
    const folder = { op: op.rename, kind: 0o040000, links: 2 };
    for (const [from, to] of [
      ['home/.state', 'tmp/x'],
      ['home', 'tmp/x'],
      ['tmp', 'home'],
    ]) {
      const outcome = session.ask({ ...folder, path: `${root}/${from}`, secondPath: `${root}/${to}` });
      expect(outcome).toMatchObject({ proceeds: false, decision: { effect: 'deny', reason: 'floor' } });
    }
    const outcome = session.ask({ ...folder, path: `${root}/home/work`, secondPath: `${root}/home/w` });
    expect(outcome.proceeds).toBe(true);
  });
});

test('what is denied is not carried to where it is allowed, and the message says so', () => {
  const root = aTree('secret/a', 'work/');
  const policy = anAllow(
    'input.action in {"rename_file", "create_file", "write_file"}',
    `startswith(input.path, "${root}/work/")`,
  );
  const session = aSession(policy);
  for (const question of [op.rename, op.link]) {
    const outcome = session.ask({
      op: question,
      path: `${root}/secret/a`,
      secondPath: `${root}/work/a`,
      links: 1,
    });
    expect(outcome).toMatchObject({ proceeds: false, decision: { reason: 'policy' } });
    expect(outcome.decision.message).toContain(`${root}/secret/a`);
  }
  const folder = { kind: 0o040000, links: 2, path: `${root}/secret`, secondPath: `${root}/work/s` };
  expect(session.ask({ op: op.rename, ...folder }).proceeds).toBe(false);
});

test('a call without an act is a mistake of ours, not an allow', () => {
  expect(() => aSession(anAllow('true')).act([])).toThrow('a call without an act');
});

describe('audit mode', () => {
  test('[req: run:audit] holds nothing back, not even by an obligation, and every deny is told and recorded as such', () => {
    const rule =
      'decision := {"allow": false, "rules": ["end"], "obligations": [{"kind": "terminate"}]} if input.path';
    const session = aSession(aPolicy(rule), { mode: 'audit' });
    const outcome = session.ask({ op: op.rename, path: '/a', secondPath: '/b' });
    expect(outcome.proceeds).toBe(true);
    expect(session.seen.ended).toBe(0);
    expect(session.lines().map((line) => [line.input.action, line.proceeded])).toEqual([
      ['rename_file', true],
      ['create_file', true],
    ]);
    expect(session.seen.denied).toEqual([
      ['s1:1', true],
      ['s1:2', true],
    ]);
  });

  test('[req: run:audit] does not say of what it held back that it went on', () => {
    const limits = { ...noLimits, closed: ['/state'] };
    const session = aSession(anAllow('true'), { mode: 'audit', limits });
    expect(session.ask({ ...read, path: '/state/key' }).proceeds).toBe(false);
    session.ask(read);
    expect(session.lines().map(({ proceeded }) => proceeded)).toEqual([undefined, undefined]);
    expect(session.seen.denied).toEqual([['s1:1', false]]);
  });
});

describe("the session's own denials", () => {
  const limits = { ...noLimits, closed: ['/state'], denials: '/state/denials/s/denials.jsonl' };

  test('[req: run:denials] may be read under any policy, and nothing else about them is allowed', () => {
    const nothing = aSession(anAllow('false'), { limits });
    expect(nothing.ask({ ...read, path: limits.denials })).toMatchObject({
      proceeds: true,
      decision: { effect: 'allow', reason: 'floor' },
      remembered: { exact: true, under: limits.denials },
    });
    const all = aSession(anAllow('true'), { limits });
    const beside = [
      '/state/denials/s',
      '/state/denials/s/denials.jsonl.new',
      '/state/denials/t/denials.jsonl',
      '/state/key',
    ];
    for (const path of beside)
      expect(all.ask({ ...read, path })).toMatchObject({ proceeds: false, decision: { reason: 'floor' } });
    for (const one of [op.write, op.meta, op.create, op.delete, op.execute])
      expect(all.ask({ op: one, path: limits.denials })).toMatchObject({ decision: { reason: 'floor' } });
    for (const question of [
      { op: op.rename, path: limits.denials, secondPath: '/b' },
      { op: op.rename, path: '/b', secondPath: limits.denials },
      { op: op.rename, path: '/state', secondPath: '/b' },
      { op: op.link, path: limits.denials, secondPath: '/b' },
    ])
      expect(all.ask(question)).toMatchObject({ proceeds: false, decision: { reason: 'floor' } });
  });
});
