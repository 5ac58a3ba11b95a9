/** Decisions as acts: real servers, real journals. */
import * as fs from 'node:fs';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { readSession, verifyHere } from '@chaperone/endpoint/record';
import type { JournalRecord } from '@chaperone/protocol';
import { expect, onTestFinished, test } from 'vitest';
import type { DecisionOptions, Place } from '../src/index.ts';
import { ask, type Asked, askJson } from './client.ts';
import { aFolder, aPdp, type TestPdp } from './servers.ts';

const policy = `package chaperone.access

import rego.v1

default decision := {"allow": false, "reason": "default_deny", "message": "Nothing allows this."}

decision := {"allow": true, "rules": ["open"]} if startswith(input.path, "/open/")
decision := {"allow": true, "obligations": [{"kind": "redact"}, {"kind": "notify", "message": "look\\nhere"}]} if startswith(input.path, "/red/")
decision := {"allow": true, "obligations": [{"kind": "terminate"}]} if startswith(input.path, "/end/")
decision := {"allow": false, "message": "only watched", "obligations": [{"kind": "audit_only"}]} if startswith(input.path, "/watched/")
decision := {"allow": false, "message": sprintf("%v %v", [input.process.sha256, count(input.process.ancestors)])} if input.action == "execute"
decision := {"allow": true, "message": input.tenant.name} if input.tenant
`;
const plain = `package endpoint.access

import rego.v1

default allow := false
allow if startswith(input.path, "/open/")
allow := {"allow": true, "obligations": [{"kind": "redact"}]} if startswith(input.path, "/red/")
`;
const decision = '/v1/data/chaperone/access/decision';
const allow = '/v1/data/endpoint/access/allow';

type Server = TestPdp & { readonly records: () => JournalRecord[]; readonly options: DecisionOptions };

async function aServer(
  more: Partial<DecisionOptions> = {},
  files: Readonly<Record<string, string>> = { 'a.rego': policy, 'b.rego': plain },
  places?: readonly Place[],
): Promise<Server> {
  const folder = aFolder(files);
  const home = aFolder();
  const options: DecisionOptions = {
    when: 'auto',
    journalDir: path.join(home, 'journal'),
    stateDir: path.join(home, 'state'),
    mode: 'enforce',
    argv: ['chaperone', 'pdp', '--token', 'hunter2hunter2'],
    cwd: '/',
    user: 'tester',
    signatureWindowMs: 60_000,
    ...more,
  };
  const pdp = await aPdp({ policies: [folder], decisions: options, ...(places ? { places } : {}) });
  const records = (): JournalRecord[] => {
    const { journalDir } = options;
    const [session] = fs.existsSync(journalDir)
      ? fs.readdirSync(journalDir).filter((name) => name.startsWith('s-'))
      : [];
    if (session === undefined) return [];
    return readSession(journalDir, session).lines.map(
      ({ bytes }) => JSON.parse(bytes.toString()) as JournalRecord,
    );
  };
  return { ...pdp, records, options };
}

function question(facts: object, headers?: Record<string, string>): Asked {
  return {
    body: JSON.stringify({ input: { action: 'read_file', ...facts } }),
    ...(headers === undefined ? {} : { headers }),
  };
}

const decided = (records: readonly JournalRecord[]): Extract<JournalRecord, { kind: 'decision' }>[] =>
  records.filter((one) => one.kind === 'decision');

test('[req: pdp:decisions] the answer carries the id of the record that was written before it', async () => {
  const server = await aServer();
  const { url, records, options } = server;
  const yes = await askJson(url, decision, question({ path: '/open/a' }));
  const [record] = decided(records());
  expect(record).toMatchObject({
    input: { action: 'read_file', path: '/open/a', mode: 'enforce' },
    decision: { effect: 'allow', rules: ['open'] },
  });
  const start = records()[0];
  expect(start).toMatchObject({ kind: 'session_start', agent: 'pdp', mode: 'enforce', floor: [] });
  expect(JSON.stringify(start)).not.toContain('hunter2');
  const id = `${start?.kind === 'session_start' ? start.session : ''}:${record?.seq}`;
  expect(yes).toEqual({
    decision_id: id,
    result: {
      allow: true,
      effect: 'allow',
      reason: 'policy',
      message: 'The policy allows this.',
      obligations: [],
      rules: ['open'],
      revision: start?.kind === 'session_start' ? start.revision : '',
      mode: 'enforce',
      decision_id: id,
    },
  });
  expect(await askJson(url, decision, question({ path: '/no' }))).toMatchObject({
    result: { allow: false, effect: 'deny', reason: 'default_deny', message: 'Nothing allows this.' },
  });
  await server.stop(100);
  expect(records().at(-2)).toMatchObject({ kind: 'session_end', allowed: 1, denied: 1 });
  expect(verifyHere(options.journalDir, options.stateDir)).toMatchObject({ faults: [] });
});

test('[req: pdp:decisions] every way to ask for the decision is an act; every other document is answered as it was', async () => {
  const { url, records } = await aServer();
  const input = { action: 'read_file', path: '/open/a' };
  const body = JSON.stringify(input);
  await ask(url, `${decision}?input=${encodeURIComponent(body)}`);
  const bare = await ask(url, '/v0/data/chaperone/access/decision', { body });
  await ask(url, '/v1/data/chaperone%2Faccess%2Fdecision', question(input));
  await ask(url, '/v1/data/%63haperone/access/decision', question(input));
  expect(decided(records()).length).toBe(3);
  expect(JSON.parse(bare.text)).toMatchObject({
    decision_id: bare.headers['chaperone-decision-id'],
    allow: true,
  });
  expect(await askJson(url, '/v1/data/chaperone/access/decision/allow', question(input))).toEqual({
    result: true,
  });
  expect(decided(records()).length).toBe(3);
  const batch = {
    inputs: { a: input, b: { action: 'read_file', path: 7 }, c: { action: 'read_file', path: '/x' } },
  };
  const { status, text } = await ask(url, '/v1/batch/data/chaperone/access/decision', {
    body: JSON.stringify(batch),
  });
  expect(status).toBe(207);
  expect(JSON.parse(text)).toMatchObject({
    responses: {
      a: { http_status_code: '200', result: { allow: true } },
      b: { http_status_code: '400', message: 'input is malformed: path must be a text' },
      c: { result: { allow: false } },
    },
  });
  expect(decided(records()).length).toBe(5);
});

test('[req: pdp:decisions] the rule that answers true or false says what the decision says, and has its own name in the record', async () => {
  const { url, records } = await aServer();
  expect(await askJson(url, allow, question({ path: '/open/a' }))).toMatchObject({ result: true });
  expect(await askJson(url, allow, question({ path: '/no' }))).toMatchObject({ result: false });
  expect(decided(records())).toMatchObject([
    { entrypoint: 'endpoint/access/allow' },
    { entrypoint: 'endpoint/access/allow', decision: { effect: 'deny' } },
  ]);
});

test('[req: pdp:obligations] what cannot be expressed in a bare answer is a deny', async () => {
  const { url, records } = await aServer();
  const declared = { 'Chaperone-Obligations': 'redact' };
  expect(await askJson(url, allow, question({ path: '/red/a' }, declared))).toMatchObject({ result: false });
  expect(decided(records())).toMatchObject([{ decision: { reason: 'unknown_obligation' } }]);
});

test('[req: pdp:obligations] what the enforcement point declares is left to it, what the server does is done, anything else is a deny', async () => {
  const { url, notices } = await aServer();
  const red = (headers?: Record<string, string>): Promise<unknown> =>
    askJson(url, decision, question({ path: '/red/a' }, headers));
  expect(await red()).toMatchObject({
    result: { allow: false, reason: 'unknown_obligation', obligations: [] },
  });
  expect(await red({ 'Chaperone-Obligations': 'quarantine' })).toMatchObject({ result: { allow: false } });
  expect(notices).toEqual([]);
  expect(await red({ 'Chaperone-Obligations': ' redact ,quarantine' })).toMatchObject({
    result: {
      allow: true,
      obligations: [{ kind: 'redact' }],
      carried_out: [{ kind: 'notify', message: 'look\nhere' }],
    },
  });
  expect(notices).toEqual(['look here']);
  expect(await red({ 'Chaperone-Obligations': 'redact, notify' })).toMatchObject({
    result: { obligations: [{ kind: 'redact' }, { kind: 'notify', message: 'look\nhere' }] },
  });
  expect(notices).toEqual(['look here']);
  expect(await askJson(url, decision, question({ path: '/end/a' }))).toMatchObject({
    result: { allow: false },
  });
  expect((await ask(url, decision, question({}, { 'Chaperone-Obligations': 'a b' }))).status).toBe(400);
});

test('[req: pdp:decisions] in audit mode nothing is held back, and the answer does not hide that it would be', async () => {
  const { url, records } = await aServer({ mode: 'audit' });
  expect(await askJson(url, decision, question({ path: '/no' }))).toMatchObject({
    result: { allow: true, effect: 'allow', would_deny: true, reason: 'default_deny', mode: 'audit' },
  });
  expect(decided(records())).toMatchObject([{ proceeded: true, decision: { effect: 'deny' } }]);
  expect(await askJson(url, allow, question({ path: '/no' }))).toMatchObject({ result: true });
  const ending = question({ path: '/end/a' }, { 'Chaperone-Obligations': 'terminate' });
  expect(await askJson(url, decision, ending)).toMatchObject({ result: { obligations: [] } });
  const enforcing = await aServer();
  expect(await askJson(enforcing.url, decision, ending)).toMatchObject({
    result: { obligations: [{ kind: 'terminate' }] },
  });
  expect(await askJson(enforcing.url, decision, question({ path: '/watched/a' }))).toMatchObject({
    result: { allow: true, would_deny: true, message: 'only watched' },
  });
});

test('[req: pdp:decisions] a process that is named by its number alone is looked up; nothing else is touched', async () => {
  const { url, records } = await aServer();
  const run = (process_: object): Promise<unknown> =>
    askJson(url, decision, question({ action: 'execute', process: process_ }));
  expect(await run({ pid: process.pid })).toMatchObject({
    result: { message: expect.stringMatching(/^[0-9a-f]{64} [1-9]/) as string },
  });
  expect(await run({ pid: process.pid, exe: '/given' })).toMatchObject({
    result: { reason: 'default_deny' },
  });
  expect(await run({ pid: 4_194_304 })).toMatchObject({ result: { reason: 'default_deny' } });
  const inputs = decided(records()).map(({ input }) => input.process);
  expect(inputs).toMatchObject([
    { pid: process.pid, exe: fs.realpathSync(process.execPath), sha256: expect.any(String) as string },
    { pid: process.pid, exe: '/given' },
    { pid: 4_194_304 },
  ]);
  expect(Object.keys(inputs[1] ?? {})).toEqual(['pid', 'exe']);
  expect(Object.keys(inputs[2] ?? {})).toEqual(['pid']);
});

test('[req: pdp:decisions] a process number from another machine means nothing here', async () => {
  const outside = Object.values(networkInterfaces())
    .flat()
    .find((one) => one !== undefined && one.family === 'IPv4' && !one.internal)?.address;
  if (outside === undefined) {
    console.log('skipped: this machine has no address but the loopback');
    return;
  }
  const socket = path.join(aFolder(), 's');
  const { urls, records } = await aServer({}, undefined, [
    { kind: 'tcp', address: { host: outside, port: 0 } },
    { kind: 'unix', path: socket, mode: 0o600 },
  ]);
  const about = question({ action: 'execute', process: { pid: process.pid } });
  await ask(urls[0] ?? '', decision, about);
  await ask('', decision, { ...about, socketPath: socket });
  const [far, near] = decided(records()).map(({ input }) => input.process);
  expect(Object.keys(far ?? {})).toEqual(['pid']);
  expect(near).toMatchObject({ exe: fs.realpathSync(process.execPath) });
});

test('[req: pdp:decisions] what is malformed is told by field and never decided', async () => {
  const { url, records } = await aServer();
  const refused = await ask(url, decision, question({ action: 'reed_file', path: '/open/a' }));
  expect(refused.status).toBe(400);
  expect(JSON.parse(refused.text)).toMatchObject({
    code: 'invalid_parameter',
    message: expect.stringContaining('action must be one of read_file') as string,
  });
  for (const body of [
    '',
    '{}',
    '{"input": 1}',
    '{"input": {"action": "read_file", "own": 123456789012345678901234567890}}',
  ])
    expect((await ask(url, decision, { body })).status).toBe(400);
  expect(decided(records())).toEqual([]);
  expect(await askJson(url, decision, question({ path: '/open/a' }))).toMatchObject({
    result: { allow: true },
  });
});

test('[req: pdp:decisions] secrets in facts of their own are not recorded', async () => {
  const { url, records } = await aServer();
  const facts = {
    tenant: { name: 'corp', api_token: 'hunter2hunter2' },
    command: { argv: ['mysql', '-phunter2hunter2'] },
    destination: { host: 'h', path: '/x?password=hunter2hunter2' },
    process: { pid: 1, exe: '/bin/x', command_line: 'x --password hunter2hunter2' },
  };
  expect(await askJson(url, decision, question(facts))).toMatchObject({ result: { allow: true } });
  expect(JSON.stringify(records())).not.toContain('hunter2');
  expect(decided(records())[0]?.input).toMatchObject({
    tenant: { name: 'corp' },
    process: { exe: '/bin/x' },
  });
});

test('[req: pdp:decisions] when the record cannot be written, the answer is a deny, in audit mode, too', async () => {
  let full = false;
  const journalFiles = {
    ...fs,
    writeSync: ((...args: Parameters<typeof fs.writeSync>) => {
      if (full) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
      return fs.writeSync(...args);
    }) as typeof fs.writeSync,
  };
  const { url } = await aServer({ mode: 'audit', journalFiles });
  expect(await askJson(url, decision, question({ path: '/open/a' }))).toMatchObject({
    result: { allow: true },
  });
  full = true;
  for (let i = 0; i < 2; i += 1) {
    expect(await askJson(url, decision, question({ path: '/open/a' }))).toMatchObject({
      result: { allow: false, effect: 'deny', reason: 'journal_failed' },
    });
    full = false;
  }
});

test('[req: pdp:decisions] a denial is on disk before it is told: when it cannot be, it is one of the journal', async () => {
  let syncs = 0;
  let broken = false;
  const journalFiles = {
    ...fs,
    fdatasyncSync: (fd: number) => {
      syncs += 1;
      if (broken) throw Object.assign(new Error('I/O'), { code: 'EIO' });
      fs.fdatasyncSync(fd);
    },
  };
  const { url } = await aServer({ journalFiles });
  const before = syncs;
  await Promise.all(Array.from({ length: 20 }, () => ask(url, decision, question({ path: '/no' }))));
  expect(syncs - before).toBeGreaterThan(0);
  expect(syncs - before).toBeLessThanOrEqual(20);
  broken = true;
  expect(await askJson(url, decision, question({ path: '/no' }))).toMatchObject({
    result: { reason: 'journal_failed' },
  });
});

test('[req: pdp:decisions] without such a rule nothing changes and nothing is written; once there is one it is recorded', async () => {
  const { url, records, options } = await aServer({}, { 'x.rego': 'package x\n\ny := input.z\n' });
  expect(await askJson(url, decision, question({ path: '/a' }))).toEqual({});
  expect(fs.existsSync(options.journalDir)).toBe(false);
  await ask(url, '/v1/policies/a', { method: 'PUT', body: policy });
  expect(await askJson(url, decision, question({ path: '/open/a' }))).toMatchObject({
    result: { allow: true },
  });
  await ask(url, '/v1/policies/a', { method: 'DELETE' });
  expect(await askJson(url, decision, question({ path: '/open/a' }))).toMatchObject({
    result: { allow: false, reason: 'policy_missing' },
  });
  expect(decided(records()).map(({ decision: { revision } }) => revision.replace(/^[0-9a-f]+/, 'r'))).toEqual(
    ['r+1', 'r+2'].map(
      (one) => expect.stringMatching(new RegExp(`^${one.replace('+', '\\+')}$|^$`)) as string,
    ),
  );
});

test('[req: pdp:decisions] a server that is told to record denies while it has no policy, and does not start without a journal', async () => {
  const { url } = await aServer({ when: 'on' }, { 'x.rego': 'package x\n' });
  expect(await askJson(url, decision, question({ path: '/a' }))).toMatchObject({
    result: { reason: 'policy_missing' },
  });
  const file = path.join(aFolder({ f: '' }), 'f');
  await expect(aServer({ when: 'on', journalDir: path.join(file, 'journal') })).rejects.toMatchObject({
    code: 'journal',
  });
});

test('[req: pdp:outcomes] an act ends once, and how it ended is recorded', async () => {
  const { url, records } = await aServer();
  const { decision_id } = (await askJson(url, decision, question({ path: '/open/a' }))) as {
    decision_id: string;
  };
  const denied = (await askJson(url, decision, question({ path: '/no' }))) as { decision_id: string };
  const end = (body: object): Promise<{ status: number; text: string }> =>
    ask(url, '/v1/outcomes', { body: JSON.stringify(body) });
  expect((await end({ decision_id, result: 'failed', errno: 'enoent' })).status).toBe(400);
  expect((await end({ decision_id, result: 'broken' })).status).toBe(400);
  expect((await end({ decision_id, result: 'done', more: 1 })).status).toBe(400);
  expect((await end({ decision_id, result: 'failed', errno: 'ENOENT', bytes: 3 })).status).toBe(204);
  expect(await end({ decision_id, result: 'done' })).toMatchObject({ status: 409 });
  expect(JSON.parse((await end({ decision_id: denied.decision_id, result: 'done' })).text)).toMatchObject({
    code: 'resource_not_found',
  });
  expect(records().filter(({ kind }) => kind === 'outcome')).toMatchObject([
    { decision: decision_id, result: 'failed', errno: 'ENOENT', bytes: 3 },
  ]);
  const page = { body: JSON.stringify({ decision_id, result: 'done' }), headers: { Origin: 'https://x' } };
  expect((await ask(url, '/v1/outcomes', page)).status).toBe(403);
});

test('[req: pdp:outcomes] a server that records nothing knows no decisions', async () => {
  const pdp = await aPdp();
  onTestFinished(() => pdp.stop(1));
  expect((await ask(pdp.url, '/v1/outcomes', { body: '{}' })).status).toBe(404);
});

test('[req: pdp:decisions] options of a question say how the answer came about, and what it took', async () => {
  const pdp = await aServer();
  const json = await askJson(
    pdp.url,
    `${decision}?explain=full&metrics&provenance`,
    question({ path: '/open/a' }),
  );
  expect(json).toMatchObject({
    result: { allow: true, rules: ['open'] },
    metrics: { timer_rego_query_eval_ns: expect.any(Number) as number },
    provenance: expect.anything() as object,
  });
  expect(JSON.stringify(json)).toMatch(/"explanation":.*"op":"enter"/);
  expect(JSON.stringify(json)).toContain('data.chaperone.access.decision');
});
