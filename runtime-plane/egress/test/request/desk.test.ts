import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { Regions, type RequestQuestion } from '../../src/request/index.ts';
import type { Answer } from '../../src/wire.ts';
import { cards, csv, multipart, multipartType } from './bodies.ts';
import { aFolder, allow, aWorld, deny, key, needsBody } from './desk-fixture.ts';

/** Cards go nowhere. */
function noCards(question: RequestQuestion): Answer {
  if (!question.resource) return needsBody;
  return question.resource.classification?.includes('financial.card') ? deny : allow;
}

function hasCard(text: string | Buffer): boolean {
  return cards.some((one) => text.toString().includes(one));
}

describe('[req: egress:request] without a look at the body', () => {
  test('what is allowed goes as it came, and how it ended is told once', async () => {
    const { send, asked, ended } = aWorld();
    const { body, headers, forward } = await send({ headers: [['Accept', '*/*']], target: '/a?b' }, 'hello');
    expect(body.toString()).toBe('hello');
    expect(headers).toEqual([['Accept', '*/*']]);
    expect(forward).toMatchObject({ target: '/a?b' });
    expect(forward?.body).toBeUndefined();
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({
      about: 'request',
      connection: 'c-1',
      declared: ['redact', 'quarantine', 'limit'],
      destination: { host: 'api.example.com', region: 'eu', first_seen: true, bytes: 5, bytes_before: 0 },
    });
    expect(asked[0]).not.toHaveProperty('resource');
    forward?.ended('done', 5, 5);
    expect(ended).toEqual([
      {
        kind: 'ended',
        connection: 'c-1',
        decision: 'd-1',
        result: 'done',
        sentBytes: 5,
        receivedBytes: 5,
        tookMs: expect.any(Number),
      },
    ]);
  });

  test('what is denied gets the words of the policy', async () => {
    const { send } = aWorld({ policy: () => deny });
    const { refusal } = await send({});
    expect(refusal).toEqual({ status: 403, reason: 'policy', message: 'Not there.', decision: 'd-1' });
  });

  test.each([
    ['fails', () => Promise.reject(new Error('gone'))],
    ['never comes', () => new Promise<Answer>(() => {})],
  ])('an answer that %s is a deny', async (_how, policy) => {
    const { send } = aWorld({ policy, askMs: 50 });
    const { refusal } = await send({});
    expect(refusal).toMatchObject({ status: 403, reason: 'supervisor_lost' });
  });

  test('a host is new until something went there, and bytes add up', async () => {
    const { send, asked } = aWorld({
      policy: ({ destination }) => (destination.path === '/no' ? deny : allow),
    });
    await send({ target: '/no' }, 'x'.repeat(100));
    await send({}, 'x'.repeat(100));
    await send({}, 'x'.repeat(20));
    const facts = asked.map(({ destination }) => [destination.first_seen, destination.bytes_before]);
    expect(facts).toEqual([
      [true, 0],
      [true, 0],
      [false, 100],
    ]);
  });

  test('what cannot be understood is recorded', () => {
    const { desk, refused } = aWorld();
    expect(desk.malformed('two lengths')).toMatchObject({ status: 400, reason: 'malformed_request' });
    expect(refused).toMatchObject([{ reason: 'malformed_request', connection: 'c-1' }]);
  });
});

describe('[req: egress:request] when the answer depends on the body', () => {
  test('card numbers in a CSV are blocked, and not a byte leaves', async () => {
    const { send, asked, ended } = aWorld({ policy: noCards });
    const { refusal, body } = await send({ headers: [['content-type', 'text/csv']] }, csv, 7);
    expect(refusal).toMatchObject({ status: 403, message: 'Not there.', decision: 'd-1' });
    expect(body.length).toBe(0);
    expect(asked[1]?.resource).toMatchObject({ size: csv.length, labels: [] });
    expect(asked[1]?.resource?.findings).toContainEqual(
      expect.objectContaining({ class: 'financial.card', count: cards.length }),
    );
    expect(ended).toMatchObject([{ result: 'failed', sentBytes: 0, decision: 'd-1' }]);
    expect(JSON.stringify(asked)).not.toContain(cards[0]);
  });

  test('what holds none goes, byte for byte, also without a length', async () => {
    const { send } = aWorld({ policy: noCards });
    const text = 'nothing to see\n'.repeat(5000);
    for (const length of [text.length, undefined]) {
      const { body, forward } = await send({ length }, text);
      expect(body.toString()).toBe(text);
      expect(forward?.bodyChanges).toBe(true);
    }
  });

  test('a host that got nothing because of a body is as new as before', async () => {
    const { send, asked, seen } = aWorld({ policy: noCards });
    await send({}, csv);
    await send({ length: undefined }, csv);
    expect(seen.hasReached('api.example.com')).toBe(false);
    expect(asked.at(-1)?.destination).toMatchObject({ first_seen: true, bytes_before: 0 });
    await send({}, 'nothing');
    expect(seen.sentTo('api.example.com')).toBe('nothing'.length);
  });

  test('a request without a body is asked about at once', async () => {
    const { send, asked } = aWorld({ policy: noCards });
    expect((await send({})).refusal).toBeUndefined();
    expect(asked.map(({ resource }) => resource)).toEqual([
      undefined,
      { size: 0, classification: [], findings: [], labels: [] },
    ]);
  });

  test('what an upgrade leads to cannot be looked at', async () => {
    const { send, asked } = aWorld({ policy: noCards });
    await send({ upgrade: 'websocket', length: 0 });
    expect(asked[1]).toMatchObject({
      operation: 'websocket',
      resource: { classification: ['unread.stream'] },
    });
  });

  test('gzip of multipart is seen through, and a bomb is told as what it is', async () => {
    const { send, asked } = aWorld({ policy: noCards });
    const parts = multipart([{ headers: 'Content-Disposition: form-data; name="f"', content: csv }]);
    const headers = [
      ['Content-Type', multipartType],
      ['Content-Encoding', 'gzip'],
    ] as const;
    const { refusal } = await send({ headers }, gzipSync(parts));
    expect(refusal).toMatchObject({ status: 403 });
    await send({ headers }, gzipSync(Buffer.alloc(100 << 20)), 1 << 16);
    expect(asked[3]?.resource?.classification).toContain('unread.too_large_unpacked');
  });

  test('two types of content are read in two ways, so what is in it is not known', async () => {
    const { send, asked } = aWorld({ policy: noCards });
    const headers = [
      ['Content-Type', 'text/plain'],
      ['Content-Type', multipartType],
    ] as const;
    await send({ headers }, 'x');
    expect(asked[1]?.resource?.classification).toEqual(['unread.unsupported']);
  });

  test.each([1_000, undefined])(
    'a body that is longer than what is looked at (length %s)',
    async (length) => {
      const long = 'x'.repeat(1_000);
      const strict = aWorld({ policy: noCards, body: { max_bytes: 500, over: 'deny' } });
      const { refusal, body } = await strict.send({ length }, long, 100);
      expect(refusal).toMatchObject({ status: 413, reason: 'body_limits' });
      expect(body.length).toBe(0);
      expect(strict.refused).toMatchObject([{ reason: 'body_limits' }]);
      const lax = aWorld({ policy: noCards, body: { max_bytes: 500, over: 'allow' } });
      const sent = await lax.send({ length }, long, 100);
      expect(sent.body.toString()).toBe(long);
      expect(lax.asked[1]?.resource?.classification).toEqual(['unread.size']);
      const careful = aWorld({
        policy: (question) => (question.resource ? deny : needsBody),
        body: { max_bytes: 500, over: 'allow' },
      });
      expect((await careful.send({ length }, long, 100)).refusal).toMatchObject({ reason: 'policy' });
    },
  );

  test('what nobody can look at in time is denied', async () => {
    const { send, refused } = aWorld({ policy: noCards, pool: { deadlineMs: 1 } });
    const { refusal, body } = await send({}, csv);
    expect(refusal).toMatchObject({ status: 403, reason: 'content_unread' });
    expect(body.length).toBe(0);
    expect(refused).toMatchObject([{ reason: 'content_unread' }]);
  });

  test('bodies together take no more memory than there is for them, and give it back', async () => {
    const { send } = aWorld({ policy: noCards, pool: { maxHeldBytes: 3_000 } });
    expect((await send({}, 'x'.repeat(4_000), 100)).refusal).toMatchObject({
      status: 503,
      reason: 'body_limits',
    });
    for (let time = 0; time < 5; time += 1)
      expect((await send({}, 'x'.repeat(2_500), 100)).refusal).toBeUndefined();
  });

  test('an answer that asks for the body again and again is a deny', async () => {
    const { send } = aWorld({ policy: () => needsBody });
    expect((await send({}, 'x')).refusal).toMatchObject({ reason: 'content_unread' });
  });
});

describe('[req: egress:request] obligations', () => {
  const redacting = (question: RequestQuestion): Answer =>
    question.resource ? { ...allow, obligations: [{ kind: 'redact', classes: ['financial'] }] } : needsBody;

  test('the same CSV leaves redacted, and the counts are told', async () => {
    const { send, ended } = aWorld({ policy: redacting });
    const { body } = await send({ headers: [['content-type', 'text/csv']] }, csv);
    expect(hasCard(body)).toBe(false);
    expect(body.toString()).toContain('Customer 0,[CARD:');
    expect(ended).toMatchObject([
      { result: 'done', sentBytes: body.length, redacted: { 'financial.card': cards.length } },
    ]);
  });

  test('also when the policy did not need to look', async () => {
    const policy = (): Answer => ({ ...allow, obligations: [{ kind: 'redact' }] });
    const { send, asked } = aWorld({ policy });
    const headers = [['content-encoding', 'gzip']] as const;
    const { body } = await send({ headers }, gzipSync(csv));
    expect(hasCard(gunzipSync(body))).toBe(false);
    expect(asked).toHaveLength(1);
  });

  test('one value has one token in all requests of a session', async () => {
    const { send } = aWorld({ policy: redacting });
    const bodies = await Promise.all([1, 2, 3].map(async () => (await send({}, csv)).body.toString()));
    expect(new Set(bodies).size).toBe(1);
  });

  test.each([
    ['content-md5', 'x'],
    ['Content-Digest', 'sha-256=:x:'],
    ['x-amz-content-sha256', 'ab'.repeat(32)],
    ['x-amz-checksum-crc32', 'x'],
  ])('what %s vouches for is not changed', async (name, value) => {
    const { send, refused, ended } = aWorld({ policy: redacting });
    const { refusal, body } = await send({ headers: [[name, value]] }, csv);
    expect(refusal).toMatchObject({ status: 403, reason: 'obligation_failed', decision: 'd-1' });
    expect(body.length).toBe(0);
    expect(refused).toHaveLength(1);
    expect(ended).toMatchObject([{ result: 'failed' }]);
    expect((await send({ headers: [[name, value]] }, 'nothing')).body.toString()).toBe('nothing');
  });

  test('what cannot be redacted is denied', async () => {
    const { send } = aWorld({ policy: redacting });
    const { refusal, body } = await send({}, gzipSync(csv));
    expect(refusal).toMatchObject({ reason: 'obligation_failed' });
    expect(body.length).toBe(0);
  });

  test('a copy is on the disk, for its owner only, before anything goes out', async () => {
    const folder = aFolder();
    const decision = 's-mws8s987-21da1cb2:19';
    const policy = (): Answer => ({
      ...allow,
      decision,
      obligations: [{ kind: 'quarantine' }, { kind: 'redact' }],
    });
    const { send } = aWorld({ policy, quarantine: folder });
    await send({}, csv);
    expect(readdirSync(folder)).toEqual([`${decision}.body`]);
    const copy = path.join(folder, `${decision}.body`);
    expect(readFileSync(copy, 'utf8')).toBe(csv);
    expect(statSync(copy).mode & 0o777).toBe(0o600);
    // There is one of this name: it is not written over.
    expect((await send({}, 'other')).refusal).toMatchObject({ reason: 'obligation_failed' });
    expect(readFileSync(copy, 'utf8')).toBe(csv);
  });

  test.each([
    ['there is no folder', () => undefined],
    ['the folder is gone', () => '/nowhere/at/all'],
  ])('without a copy nothing goes out: %s', async (_why, folder) => {
    const policy = (): Answer => ({ ...allow, obligations: [{ kind: 'quarantine' }] });
    const { send } = aWorld({ policy, quarantine: folder() });
    const { refusal, body } = await send({}, csv);
    expect(refusal).toMatchObject({ status: 403, reason: 'obligation_failed' });
    expect(body.length).toBe(0);
  });

  test('an id that is a path names no file', async () => {
    const folder = aFolder();
    chmodSync(folder, 0o700);
    const policy = (): Answer => ({ ...allow, decision: '../x', obligations: [{ kind: 'quarantine' }] });
    const { send } = aWorld({ policy, quarantine: folder });
    expect((await send({}, csv)).refusal).toMatchObject({ reason: 'obligation_failed' });
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a limit ends a body that is longer', async () => {
    const policy = (): Answer => ({ ...allow, obligations: [{ kind: 'limit', max_bytes: 500 }] });
    const { send, refused } = aWorld({ policy });
    expect((await send({}, 'x'.repeat(501))).refusal).toMatchObject({ status: 413, reason: 'body_limits' });
    const { refusal, body } = await send({ length: undefined }, 'x'.repeat(2_000), 100);
    expect(refusal).toMatchObject({ status: 413, reason: 'body_limits' });
    expect(body.length).toBeLessThanOrEqual(500);
    expect(refused).toHaveLength(2);
    expect((await send({ length: undefined }, 'x'.repeat(500), 100)).body.length).toBe(500);
  });

  test('also one that is too long to be looked at', async () => {
    const policy = (question: RequestQuestion): Answer =>
      question.resource ? { ...allow, obligations: [{ kind: 'limit', max_bytes: 700 }] } : needsBody;
    const { send } = aWorld({ policy, body: { max_bytes: 500, over: 'allow' } });
    const { refusal, body } = await send({ length: undefined }, 'x'.repeat(2_000), 100);
    expect(refusal).toMatchObject({ status: 413 });
    expect(body.length).toBeLessThanOrEqual(700);
  });

  test('a body that is too long cannot be redacted and does not go', async () => {
    const { send } = aWorld({ policy: redacting, body: { max_bytes: 50, over: 'allow' } });
    for (const length of [csv.length, undefined]) {
      const { refusal, body } = await send({ length }, csv, 10);
      expect(refusal).toMatchObject({ reason: 'obligation_failed' });
      expect(body.length).toBe(0);
    }
  });

  test('under audit all goes as it came, and is recorded', async () => {
    const policy = (): Answer => ({
      ...allow,
      obligations: [{ kind: 'redact' }, { kind: 'limit', max_bytes: 1 }],
    });
    const { send } = aWorld({ policy, mode: 'audit' });
    expect((await send({}, csv)).body.toString()).toBe(csv);
    const long = aWorld({
      policy: noCards,
      mode: 'audit',
      body: { max_bytes: 10, over: 'deny' },
    });
    expect((await long.send({}, 'x'.repeat(100))).body.length).toBe(100);
    expect(long.refused).toMatchObject([{ reason: 'body_limits' }]);
  });
});

test('[req: egress:residency] classified bodies go only to the regions that the policy names', async () => {
  const policy = ({ resource, destination }: RequestQuestion): Answer => {
    if (!resource) return needsBody;
    return resource.classification?.includes('financial.card') && destination.region !== 'eu' ? deny : allow;
  };
  const regions = new Regions({ hosts: { 'us.example.com': 'us' }, ranges: { '192.0.2.0/24': 'eu' } });
  const { send } = aWorld({ policy, regions });
  expect((await send({}, csv)).body.toString()).toBe(csv);
  const elsewhere = await send({ host: 'us.example.com' }, csv);
  expect(elsewhere.refusal).toMatchObject({ status: 403, reason: 'policy' });
  expect(elsewhere.body.length).toBe(0);
  expect((await send({ host: 'us.example.com' }, 'nothing')).refusal).toBeUndefined();
});

test('[req: egress:request] the session key is what tokens depend on', async () => {
  const policy = (): Answer => ({ ...allow, obligations: [{ kind: 'redact' }] });
  const one = await aWorld({ policy, pool: { key } }).send({}, csv);
  const other = await aWorld({ policy, pool: { key: Buffer.alloc(32, 1) } }).send({}, csv);
  expect(one.body.equals(other.body)).toBe(false);
});
