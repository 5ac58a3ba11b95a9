import { brotliCompressSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Forward, Header } from '../../src/http/desk.ts';
import { formsOf } from '../../src/credentials/scrub-forms.ts';
import { Scrubber, scrubbing } from '../../src/credentials/scrub.ts';
import { aWorld, knownAs, through } from '../request/desk-fixture.ts';

const secret = 'sk-live-Zq81+vB/77<&>"known==';
const known = [knownAs('model-key', secret, {})];
const placeholder = 'placeholder-of-model-key';
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
const headerOf = (headers: readonly Header[], name: string): string | undefined =>
  headers.find(([one]) => one.toLowerCase() === name)?.[1];

describe('[req: egress:credentials] the secret takes the place of its placeholder', () => {
  test.each([
    ['the whole value', placeholder, secret],
    ['behind a scheme', `Bearer ${placeholder}`, `Bearer ${secret}`],
    ['the password of Basic', basic(`me:${placeholder}`), basic(`me:${secret}`)],
    ['the user of Basic', basic(`${placeholder}:`), basic(`${secret}:`)],
  ])('%s', async (_where, value, expected) => {
    const { send, asked, refused } = aWorld({ known });
    const { headers } = await send({ headers: [['Authorization', value]] });
    expect(headerOf(headers, 'authorization')).toBe(expected);
    expect(asked[0]?.credential).toEqual({ kind: 'api_key', id: 'model-key', provenance: 'vault' });
    expect(refused).toEqual([]);
    expect(JSON.stringify(asked)).not.toContain('sk-live');
  });

  test('what the far side could hide it in is not asked for', async () => {
    const { send } = aWorld({ known });
    const { headers } = await send({
      headers: [
        ['Authorization', `Bearer ${placeholder}`],
        ['Accept-Encoding', 'gzip, br'],
        ['Range', 'bytes=3-'],
        ['Accept', '*/*'],
      ],
    });
    expect(headers).toEqual([
      ['Authorization', `Bearer ${secret}`],
      ['Accept', '*/*'],
      ['accept-encoding', 'identity'],
    ]);
  });

  test.each<[string, Parameters<ReturnType<typeof aWorld>['send']>[0], string?]>([
    ['in another header', { headers: [['X-Other', placeholder]] }],
    ['in the query', { target: `/a?key=${placeholder}` }],
    ['in the path', { target: `/${placeholder}/x` }],
    ['in the body', {}, `{"key":"${placeholder}"}`],
    ['for another host', { host: 'evil.example', headers: [['Authorization', `Bearer ${placeholder}`]] }],
    [
      'for a host below',
      { host: 'x.api.example.com', headers: [['Authorization', `Bearer ${placeholder}`]] },
    ],
    ['without TLS', { scheme: 'http', headers: [['Authorization', `Bearer ${placeholder}`]] }],
    ['as a part of a value', { headers: [['Authorization', `Bearer x${placeholder}`]] }],
    ['behind two words', { headers: [['Authorization', `Bearer a ${placeholder}`]] }],
  ])('and stays as it is %s', async (_where, request, body) => {
    const { send, asked } = aWorld({ known });
    const sent = await send(request, body);
    expect(sent.headers).toEqual(request.headers ?? []);
    expect(sent.forward?.target).toBe(request.target ?? '/v1/things');
    expect(sent.body.toString()).toBe(body ?? '');
    expect(asked[0]).not.toHaveProperty('credential');
    expect(JSON.stringify(sent)).not.toContain('sk-live');
  });
});

async function answered(
  forward: Forward,
  headers: readonly Header[],
  body: string | Buffer,
  pieceBytes: number,
  status = 200,
): Promise<{ status: number; headers: readonly Header[]; body: Buffer }> {
  const { head, body: transform } = forward.response({ status, headers });
  const out: Buffer[] = [];
  await through(Buffer.from(body), pieceBytes, transform, out);
  return { status: head.status, headers: head.headers, body: Buffer.concat(out) };
}

async function injected(): Promise<Forward> {
  const { send } = aWorld({ known });
  const { forward } = await send({ headers: [['Authorization', `Bearer ${placeholder}`]] });
  if (!forward) throw new Error('refused');
  return forward;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const echoes: readonly (readonly [string, string])[] = [
  ['as it is', `{"you sent":"${secret}"}`],
  ['twice', `${secret}${secret}`],
  ['percent-encoded', `x=${encodeURIComponent(secret)}&y`],
  [
    'percent-encoded in small letters',
    encodeURIComponent(secret).replaceAll(/%../g, (one) => one.toLowerCase()),
  ],
  ['escaped for JSON', JSON.stringify({ a: secret })],
  ['escaped for JSON with slashes', JSON.stringify({ a: secret }).replaceAll('/', '\\/')],
  [
    'escaped for HTML',
    secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
  ],
  ['in hexadecimal digits', Buffer.from(secret).toString('hex')],
  ['base64', base64(secret)],
  ['base64 behind one byte', base64(`a${secret}b`)],
  ['base64 behind two bytes', base64(`ab${secret}c`)],
  ['base64 of Basic', base64(`me:${secret}`)],
  ['base64url', Buffer.from(`abcd${secret}`).toString('base64url')],
];

/** Longer stretches of it in any form that is known. */
function holdsSecret(text: string): boolean {
  return formsOf(secret).some((form) => text.includes(form.slice(3, -3)));
}

describe('[req: egress:credentials] answers never give the secret back', () => {
  test.each(echoes)('%s, however it is cut', async (_form, echo) => {
    const forward = await injected();
    expect(holdsSecret(echo)).toBe(true);
    for (const pieceBytes of [1, 2, 7, 13, 1000]) {
      const { body } = await answered(forward, [], `before ${echo} after`, pieceBytes);
      expect(holdsSecret(body.toString())).toBe(false);
      expect(body.toString()).toMatch(/^before .* after$/s);
      expect(body.toString()).toContain(placeholder);
    }
  });

  test('in headers, where it leads and in trailers', async () => {
    const forward = await injected();
    const { headers } = await answered(
      forward,
      [
        ['Location', `https://api.example.com/?key=${encodeURIComponent(secret)}`],
        ['X-Echo', `Bearer ${secret}`],
        ['Content-Length', '12'],
        ['X-Other', 'stays'],
      ],
      '',
      1,
      302,
    );
    expect(headers).toEqual([
      ['Location', `https://api.example.com/?key=${placeholder}`],
      ['X-Echo', `Bearer ${placeholder}`],
      ['X-Other', 'stays'],
    ]);
    expect(forward.trailers?.([['x-sum', secret]])).toEqual([['x-sum', placeholder]]);
  });

  test.each([
    ['gzip', gzipSync(secret)],
    ['br', brotliCompressSync(secret)],
    ['GZIP, identity', gzipSync(secret)],
  ])('an answer in %s that nobody asked for is not handed over', async (coding, body) => {
    const forward = await injected();
    const answer = await answered(forward, [['Content-Encoding', coding]], body, 5);
    expect(answer.status).toBe(502);
    expect(JSON.parse(answer.body.toString())).toMatchObject({ reason: 'uninspectable' });
  });

  test('later answers of that host neither, and others stay as they are', async () => {
    const { send } = aWorld({ known });
    await send({ headers: [['Authorization', placeholder]] });
    const later = await send({ headers: [['accept-encoding', 'gzip']] });
    expect(later.headers).toEqual([['accept-encoding', 'identity']]);
    if (!later.forward) throw new Error('refused');
    expect((await answered(later.forward, [], `x${secret}`, 3)).body.toString()).toBe(`x${placeholder}`);
    const other = await send({ host: 'other.example', headers: [['accept-encoding', 'gzip']] });
    expect(other.headers).toEqual([['accept-encoding', 'gzip']]);
    expect(other.forward?.response({ status: 200, headers: [] })).not.toHaveProperty('body');
  });

  test('behind an upgrade no byte more or less comes', async () => {
    const { send } = aWorld({ known });
    const { forward } = await send({ upgrade: 'websocket', headers: [['Authorization', placeholder]] });
    if (!forward) throw new Error('refused');
    const frame = Buffer.concat([Buffer.from([0x81, secret.length + 2]), Buffer.from(`<${secret}>`)]);
    const { body } = await answered(forward, [], frame, 4, 101);
    expect(body.length).toBe(frame.length);
    expect(body.toString()).toContain(`<${'*'.repeat(secret.length)}>`);
  });

  test('events of a stream are not held back; a beginning is not for long, and never all of it', async () => {
    const transform = scrubbing(new Scrubber([{ secret, placeholder }]));
    const got: string[] = [];
    transform.on('data', (chunk: Buffer) => got.push(chunk.toString()));
    transform.write('data: hello\n\n');
    await new Promise(setImmediate);
    expect(got).toEqual(['data: hello\n\n']);
    transform.write('a message that ends in s');
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(got.join('')).toBe('data: hello\n\na message that ends in s');
    for (const letter of secret.slice(1)) {
      transform.write(letter);
      if (letter !== '=') await new Promise((resolve) => setTimeout(resolve, 5));
    }
    transform.end('.');
    await new Promise((resolve) => transform.once('end', resolve));
    expect(got.join('')).not.toContain('sk-live-Z');
  });
});

test('[req: egress:credentials] whatever a secret is, it is in nothing that the agent or the endpoint gets', async () => {
  const secrets = fc.string({
    unit: fc.constantFrom(...'abcXYZ019-_.~+/=!#$%&*:@'),
    minLength: 12,
    maxLength: 60,
  });
  const wrap = fc.constantFrom<(text: string) => string>(
    (text) => text,
    encodeURIComponent,
    (text) => JSON.stringify({ text }),
    base64,
    (text) => base64(`a${text}`),
    (text) => base64(`ab${text}`),
    (text) => Buffer.from(text).toString('hex'),
  );
  await fc.assert(
    fc.asyncProperty(
      secrets,
      wrap,
      fc.integer({ min: 1, max: 40 }),
      fc.string(),
      async (one, form, cut, around) => {
        fc.pre(!around.includes(one) && !placeholder.includes(one));
        const own = [knownAs('model-key', one, {})];
        const { send, asked, refused, ended } = aWorld({ known: own });
        const { forward } = await send({
          headers: [['Authorization', `Bearer ${placeholder}`]],
          target: `/?q=${encodeURIComponent(one)}x`,
        });
        if (!forward) throw new Error('refused');
        const echo = form(one);
        const answer = await answered(forward, [['x-echo', echo]], `${around}${echo}${around}`, cut);
        const shown = `${answer.body.toString('latin1')} ${JSON.stringify(answer.headers)}`;
        for (const written of formsOf(one)) expect(shown).not.toContain(written);
        const told = JSON.stringify([asked, refused, ended]);
        for (const written of [one, encodeURIComponent(one)]) expect(told).not.toContain(written);
      },
    ),
    { numRuns: 150 },
  );
});

test('[req: egress:credentials] what holds no secret comes through byte for byte', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 300 }),
      fc.integer({ min: 1, max: 40 }),
      async (bytes, cut) => {
        const transform = scrubbing(new Scrubber([{ secret, placeholder }]));
        const out: Buffer[] = [];
        await through(Buffer.from(bytes), cut, transform, out);
        expect(Buffer.concat(out).equals(Buffer.from(bytes))).toBe(true);
      },
    ),
    { numRuns: 100 },
  );
});
