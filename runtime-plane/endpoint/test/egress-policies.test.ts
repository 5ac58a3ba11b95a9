/** Policies for the way out: what the shipped rules look at, what they cost those who do not use them, and the documented example. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { loadPolicy } from '@chaperone/policy';
import type { DecisionInput } from '@chaperone/protocol';
import { describe, expect, test } from 'vitest';
import { inUse } from '../src/decide/library-use.ts';
import { type LoadedPolicy, loadPolicyFiles } from '../src/decide/load-policy.ts';
import { findProfile } from '../src/decide/profile.ts';
import { applySettings } from '../src/decide/settings.ts';
import { sessionData } from '../src/session-profile.ts';
import { policies, session } from './golden-cases.ts';
import { aTree } from './policy-fixture.ts';

function load(id: string, ...set: string[]): LoadedPolicy {
  const { folder, settings } = findProfile(id, { shipped: policies, own: '/nowhere' });
  const data = JSON.parse(
    JSON.stringify({ session, settings: applySettings(settings, set, session) }),
  ) as Record<string, string>;
  return loadPolicyFiles([folder, path.join(policies, 'lib')], { data });
}

const request = (
  host: string,
  more: Readonly<Record<string, unknown>> = {},
  classification?: readonly string[],
): DecisionInput =>
  ({
    action: 'http_request',
    destination: { host, ip: '192.0.2.1', port: 443, protocol: 'https', ...more },
    ...(classification === undefined ? {} : { resource: { classification } }),
    user: 'u',
    mode: 'enforce',
  }) as DecisionInput;

const insides = /^(?:resource|credential|operation)|^destination(?:\.(?:method|path|query|bytes|bucket).*)?$/;

describe('[req: egress:policies] what is looked at', () => {
  const policy = load('guarded-uploads', 'hosts=docs.example.com', 'trusted_hosts=model.example.com');
  const seen = (input: DecisionInput): string[] =>
    [...(policy.decideTracked(input).reads ?? ['unknown'])].filter((field) => insides.test(field));

  test('nothing of a request whose host answers for it, so that its TLS stays closed', () => {
    expect(seen(request('model.example.com'))).toEqual([]);
    expect(seen(request('evil.test'))).toEqual([]);
    expect(seen(request('docs.example.com'))).toEqual(
      expect.arrayContaining(['credential.provenance', 'destination.method']),
    );
  });

  test('what is in the body comes last: not of what is denied by its head', () => {
    const denied = request('docs.example.com', { method: 'POST', bytes: 9 });
    expect(seen(denied).some((field) => field.startsWith('resource'))).toBe(false);
    const open = load('guarded-uploads', 'upload_hosts=docs.example.com').decideTracked(denied);
    expect(open.reads?.has('resource.classification')).toBe(true);
  });
});

describe('[req: egress:policies] what it costs', () => {
  test.each(['developer-agent', 'research-summary', 'observe', 'default-deny'])(
    '%s has no rule about requests or content: nothing is made ready for one',
    (id) => {
      const { content, egress } = load(id);
      expect({ isRead: content.isRead, asksRequests: egress.asksRequests }).toEqual({
        isRead: false,
        asksRequests: false,
      });
    },
  );

  test('guarded-uploads has them', () => {
    const { content, egress } = load('guarded-uploads');
    expect({ isRead: content.isRead, asksRequests: egress.asksRequests }).toEqual({
      isRead: true,
      asksRequests: true,
    });
  });

  const own = 'package mine\nimport data.chaperone.lib.direct\n';
  const direct = 'package chaperone.lib.direct\nx := data.chaperone.lib.indirect.y\n';
  const indirect = 'package chaperone.lib.indirect\nx := data.settings.y\n';
  const other = 'package chaperone.lib.other\nx := data.chaperone.access.y\n';
  const all = [other, indirect, direct];

  test('a module of the library counts when one that counts refers to it', () => {
    expect(inUse([...all, own])).toEqual([own, direct, indirect]);
    expect(inUse([...all])).toEqual([]);
    expect(inUse(all, 'chaperone/lib/other/x')).toEqual(all);
  });

  test.each([
    'import data.chaperone.lib\nx := lib.other.x',
    'import data.chaperone as c',
    'x := data.chaperone.lib[input.user].x',
    'x := data.chaperone["lib"].other.x',
    'x := data["chaperone"].lib.other.x',
    'x := data[input.user]',
    'x { walk(data, [["chaperone", "lib", "other", "x"], y]) }',
    'import data . chaperone . lib . other',
    'import data.chaperone.\n\tlib.other',
  ])('%s: nobody can tell, so all count', (text) => {
    const source = `package mine\n${text}\n`;
    expect(inUse([...all, source])).toEqual([...all, source]);
  });
});

describe('[req: egress:policies] settings of the way out', () => {
  const profile = findProfile('guarded-uploads', { shipped: policies, own: '/nowhere' });
  /** In a tree of its own, because folders are made where `create` says so. */
  const data = (...set: string[]): ReturnType<typeof sessionData> =>
    sessionData(profile, ['output=out', ...set], { user: 'u', cwd: aTree(), command: 'true' });

  test('reach it as a policy of Rego files would say them', () => {
    const given = data(
      'private_names=intranet.example',
      'nameservers=192.0.2.53',
      'upstream_ca=ca.pem',
      'regions=Files.example=eu',
      'regions=*.ch.example=ch',
    );
    expect(given['chaperone']).toEqual({
      egress: {
        names: { private: ['intranet.example'], servers: ['192.0.2.53'] },
        upstream_ca: [expect.stringMatching(/^\/.*\/ca\.pem$/)],
        regions: { hosts: { 'files.example': 'eu', '*.ch.example': 'ch' } },
      },
    });
    const { egress } = loadPolicyFiles([profile.folder, path.join(policies, 'lib')], { data: given });
    expect(egress.settings.names).toMatchObject({ servers: ['192.0.2.53'], max_entropy: 4.5 });
    expect(data()['chaperone']).toEqual({ egress: {} });
  });

  test('are checked like those', () => {
    const wrong = data('nameservers=ns.example');
    expect(() => loadPolicyFiles([profile.folder, path.join(policies, 'lib')], { data: wrong })).toThrow(
      /data\.chaperone\.egress\.names\.servers is not a list of "ADDRESS"/,
    );
  });

  test('pairs and numbers are read, or refused with what they should be', () => {
    const read = (...set: string[]): unknown => applySettings(profile.settings, set, session);
    expect(read('residency=pii=eu', 'residency=pii=aws:eu-*', 'residency=org=ch')).toMatchObject({
      residency: { pii: ['eu', 'aws:eu-*'], org: ['ch'] },
    });
    expect(read('residency+=org=ch', 'upload_bytes_per_host=5')).toMatchObject({
      residency: { pii: ['eu', 'aws:eu-*'], org: ['ch'] },
      upload_bytes_per_host: 5,
    });
    expect(read('residency=')).toMatchObject({ residency: {} });
    expect(() => read('residency=pii')).toThrow('residency: "pii" is not NAME=VALUE');
    for (const one of ['-1', '1.5', '1e9', 'many', ''])
      expect(() => read(`upload_bytes_per_host=${one}`)).toThrow('is not a whole number');
  });
});

describe('[req: egress:policies] the example in docs/egress.md', () => {
  const docs = readFileSync(path.join(policies, '../docs/egress.md'), 'utf8');
  const [, source = ''] = /```rego\n(.*?)```/s.exec(docs) ?? [];
  const policy = loadPolicy({ modules: [{ file: 'egress.md', source }], revision: '' });
  const api = 'api.example.com';

  test('names and connections, of its hosts only', () => {
    const to = (host: string): string =>
      policy.decide({ ...request(host), action: 'connect', operation: 'tls' }).effect;
    expect([to(api), to('files.example.com'), to('evilapi.example.com'), to('example.com')]).toEqual([
      'allow',
      'allow',
      'deny',
      'deny',
    ]);
  });

  test('reading is free', () => {
    expect(policy.decide(request(api, { method: 'GET' }))).toMatchObject({
      effect: 'allow',
      obligations: [],
    });
    expect(policy.decide(request('x.test', { method: 'GET' })).effect).toBe('deny');
  });

  test('card numbers do not leave, wherever to', () => {
    for (const region of ['eu', 'us'])
      expect(
        policy.decide(request(api, { method: 'POST', region }, ['financial.card', 'pii.email'])),
      ).toMatchObject({ effect: 'deny', policy_reason: 'cards', message: 'Card numbers do not leave.' });
  });

  test('personal data is taken out unless it stays in the EU', () => {
    const redact = [{ kind: 'redact', classes: ['pii'] }];
    const upload = (more: Readonly<Record<string, unknown>>, classes: readonly string[]): unknown =>
      policy.decide(request(api, { method: 'PUT', ...more }, classes));
    expect(upload({ region: 'us' }, ['pii.email'])).toMatchObject({ effect: 'allow', obligations: redact });
    expect(upload({}, ['pii.email'])).toMatchObject({ effect: 'allow', obligations: redact });
    expect(upload({ region: 'eu' }, ['pii.email'])).toMatchObject({ effect: 'allow', obligations: [] });
    expect(upload({ region: 'us' }, ['source_code'])).toMatchObject({ effect: 'allow', obligations: [] });
  });
});
