import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDecisionInput } from '../src/index.ts';
import { journalRecordSchema } from '../src/schema.ts';

const whole = {
  action: 'connect',
  path: '/a',
  process: { pid: 7, exe: '/bin/a', sha256: 'ab'.repeat(32), roles: ['user'], ancestors: ['/bin/b'] },
  agent: { id: 'cowork', risk: 'high' },
  user: 'alice',
  groups: ['g'],
  device: { attested: true, attested_at: '2026-01-01T00:00:00Z', posture: { disk_encrypted: true } },
  resource: { labels: ['x'], size: 3, mount: 'network' },
  destination: { host: 'h', port: 443, first_seen: false },
  credential: { kind: 'api_key', provenance: 'vault' },
  grants: [{ id: 'g', action: 'read_file', expires_at: '2026-01-01T00:00:00.5Z' }],
  time: '2026-01-01T00:00:00Z',
  mode: 'enforce',
  tenant: { name: 'own facts stay' },
};

test('[req: pdp:decisions] what is a decision input stays as it is, with facts of its own', () => {
  const parsed = parseDecisionInput(whole);
  expect(parsed).toEqual({ ok: true, input: whole });
  expect(parseDecisionInput({ action: 'read_file', process: { exe: 'C:/x.exe' } }).ok).toBe(true);
});

test.each<[string, unknown]>([
  ['input', null],
  ['input', []],
  ['action', { path: '/a' }],
  ['action', { action: 'reed_file' }],
  ['action', { action: 'toString' }],
  ['path', { path: 1 }],
  ['path_bytes', { path_bytes: '?' }],
  ['groups', { groups: 'g' }],
  ['time', { time: 'yesterday' }],
  ['mode', { mode: 'off' }],
  ['pep', { pep: 'me' }],
  ['process', { process: 1 }],
  ['process.pid', { process: { pid: -1 } }],
  ['process.sha256', { process: { sha256: 'AB' } }],
  ['destination.port', { destination: { port: 65_536 } }],
  ['device.attested', { device: { attested: 'yes' } }],
  ['resource.mount', { resource: { mount: 'usb' } }],
  ['credential.kind', { credential: {} }],
  ['call.name', { call: { arguments: {} } }],
  ['grants', { grants: {} }],
  ['grants.0.action', { grants: [{ id: 'g', action: 'x', expires_at: '2026-01-01T00:00:00Z' }] }],
  ['grants.0.expires_at', { grants: [{ id: 'g', action: 'read_file' }] }],
  ['own', { own: 10n ** 30n }],
  ['own.0', { own: [Number.POSITIVE_INFINITY] }],
  ['own', { own: 'x'.repeat(40_000) }],
  ['input', { own: Array.from({ length: 40_000 }, () => 1) }],
])('[req: pdp:decisions] %s is named when it is malformed', (field, facts) => {
  const value =
    typeof facts === 'object' &&
    facts !== null &&
    !Array.isArray(facts) &&
    !('path' in facts && field === 'action')
      ? { action: 'read_file', ...facts }
      : facts;
  expect(parseDecisionInput(value)).toMatchObject({ ok: false, problem: { field } });
});

test('[req: pdp:decisions] nesting without end is refused', () => {
  let deep: unknown = 1;
  for (let i = 0; i < 10_000; i += 1) deep = [deep];
  expect(parseDecisionInput({ action: 'read_file', deep }).ok).toBe(false);
});

test('[req: pdp:decisions] what is accepted can be recorded and read back', () => {
  const record = (input: unknown): unknown => ({
    v: 1,
    seq: 1,
    time: '2026-01-01T00:00:00Z',
    prev: '0'.repeat(64),
    hash: '0'.repeat(64),
    kind: 'decision',
    input,
    decision: {
      effect: 'deny',
      reason: 'policy',
      message: '',
      obligations: [],
      rules: [],
      revision: '',
    },
  });
  const fact = fc.constantFrom(...Object.keys(whole), '__proto__', 'own');
  fc.assert(
    fc.property(
      fc.dictionary(fact, fc.oneof(fc.jsonValue(), fc.constantFrom(...Object.values(whole)))),
      (facts) => {
        const value = { action: 'read_file', ...facts };
        const parsed = parseDecisionInput(value);
        if (!parsed.ok) return;
        const read = JSON.parse(JSON.stringify(record(parsed.input))) as unknown;
        expect(journalRecordSchema.safeParse(read).error?.issues).toBeUndefined();
      },
    ),
    { numRuns: 500 },
  );
});
