/** The golden cases of the shipped profiles (cases.json of each), each put to the policy as a session loads it. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Policy } from '@chaperone/policy';
import { describe, expect, test } from 'vitest';
import { DecisionClasses } from '../src/decide/decision-class.ts';
import { loadPolicyFiles } from '../src/decide/load-policy.ts';
import { findProfile, type Profile } from '../src/decide/profile.ts';
import { applySettings } from '../src/decide/settings.ts';
import { casesOf, policies, profilesWith, session } from './golden-cases.ts';
import { aTree, noLimits } from './policy-fixture.ts';

const ids = profilesWith('profile.json');

function loaded(profile: Profile): (set: readonly string[]) => Policy {
  const known = new Map<string, Policy>();
  return (set) => {
    const key = set.join('\n');
    const settings = applySettings(profile.settings, set, session);
    const data = JSON.parse(JSON.stringify({ session, settings })) as { [name: string]: string };
    const policy = known.get(key) ?? loadPolicyFiles([profile.folder, path.join(policies, 'lib')], { data });
    known.set(key, policy);
    return policy;
  };
}

/** What lies below an allowed folder and must not be allowed with it. */
const hostile = [
  'x',
  '.env',
  'id_rsa',
  '.ssh/config',
  '.git/hooks/pre-commit',
  'a/b.kdbx',
  'Finance/x',
  '../x',
];

describe.each(ids)('[req: profiles:cases] %s', (id) => {
  const profile = findProfile(id, { shipped: policies, own: '/nowhere' });
  const policyFor = loaded(profile);
  const { type, risk, capabilities, mode } = profile;
  const facts = { user: 'u', groups: ['u'], mode, agent: { id, type, risk, capabilities, session: 's' } };
  const cases = casesOf(id).map((one) => ({
    ...one,
    input: { process: { pid: 1, exe: '/usr/bin/agent' }, ...facts, ...one.input },
  }));

  test.each(cases.map((one) => [one.name, one] as const))('%s', (_, { input, expect: wanted, set = [] }) => {
    const policy = policyFor(set);
    const { decision, reads } = policy.decideTracked(input);
    expect(decision).toMatchObject({
      effect: wanted.allow ? 'allow' : 'deny',
      obligations: wanted.obligations ?? [],
      ...(wanted.reason === undefined ? {} : { policy_reason: wanted.reason }),
      ...(wanted.rules === undefined ? {} : { rules: wanted.rules }),
    });
    if (wanted.stores !== undefined) expect(decision.rules).toContain(`store:${wanted.stores}`);
    expect(policy.decide(input)).toEqual(decision);
    if (!wanted.allow) return;
    // What is remembered for a whole folder is what each path in it would be told.
    const remembered = new DecisionClasses(policy, noLimits).of(input, reads);
    if (!remembered || remembered.exact) return;
    for (const one of hostile)
      expect(policy.decide({ ...input, path: remembered.under + one }), remembered.under + one).toEqual(
        decision,
      );
    for (const other of cases) {
      const same = other.input.action === input.action && (other.set ?? []).join() === set.join();
      if (same && other.input.path?.startsWith(remembered.under) === true && !other.input.target)
        expect(other.expect.allow, `${other.name} lies in ${remembered.under}`).toBe(true);
    }
  });

  test('its floor can be used, and its static part is allowed as a whole', () => {
    const policy = policyFor([]);
    const floor = policy.floor({}) as { static_read?: string[] };
    for (const one of floor.static_read ?? [])
      if (one !== '/etc/ld.so.cache' && one !== session.program)
        expect(
          policy.decideClass({ ...facts, action: 'read_file' }, `${one}/`)?.decision,
          `${one} is static`,
        ).toMatchObject({ effect: 'allow' });
  });
});

test('[req: profiles:cases] the example in docs/profiles.md is a profile that works', () => {
  const own = aTree('invoices/');
  const docs = readFileSync(path.join(policies, '../docs/profiles.md'), 'utf8');
  const block = (language: string): string =>
    new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 's').exec(docs)?.[1] ?? '';
  writeFileSync(path.join(own, 'invoices/profile.json'), block('json'));
  writeFileSync(path.join(own, 'invoices/access.rego'), block('rego'));
  const policy = loaded(findProfile('invoices', { shipped: policies, own }))([]);
  const effect = (action: 'read_file' | 'create_file', place: string): string =>
    policy.decide({
      action,
      path: `/home/u/${place}`,
      resource: { kind: 'file' },
      user: 'u',
      mode: 'enforce',
    }).effect;
  expect(effect('read_file', 'Invoices/1.pdf')).toBe('allow');
  expect(effect('create_file', 'Invoices/List/a.csv')).toBe('allow');
  expect(effect('create_file', 'Invoices/1.pdf')).toBe('deny');
  expect(effect('read_file', 'Invoices/.env')).toBe('deny');
  expect(policy.floor({})).toMatchObject({
    write: expect.arrayContaining(['/home/u/Invoices/List']) as string[],
  });
});

test('[req: profiles:cases] there are enough of them', () => {
  expect(ids.length).toBeGreaterThanOrEqual(8);
  expect(ids.flatMap(casesOf).length).toBeGreaterThanOrEqual(150);
});
