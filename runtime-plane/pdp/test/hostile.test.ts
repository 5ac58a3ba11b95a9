/** Requests that nobody in good faith would send. */
import { connect } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ask } from './client.ts';
import { aFolder, aPdp } from './servers.ts';

const policy =
  'package app\n\nallow if input.a[_].b == data.c\n\nlist contains x if some x in input\n\nback := input\n';

const segment = fc.oneof(
  fc.constantFrom(
    'v1',
    'v0',
    'data',
    'policies',
    'query',
    'app',
    'list',
    'back',
    'health',
    'batch',
    'compile',
  ),
  fc.constantFrom(
    '..',
    '.',
    '',
    '%2e%2e',
    '%2F',
    '%00',
    '%zz',
    '%ff',
    '%22',
    '__proto__',
    'constructor',
    '0',
    '-1',
  ),
  fc.constantFrom('%0d%0aX-Injected:%201', '%E2%80%A8', '%F0%9F%98%80', '1e3', '~1', "'", '$', '{path...}'),
);
const route = fc.constantFrom(
  '/v1/data',
  '/v0/data',
  '/v1/batch/data',
  '/v1/policies',
  '/v1/query',
  '/health',
  '/v1/data/app/back',
  '/v1/data/app/list',
  '',
);
const path = fc
  .tuple(route, fc.array(segment, { maxLength: 3 }), fc.constantFrom('', '', '/'))
  .map(([start, segments, end]) => `${[start, ...segments].join('/')}${end}`)
  .map((text) => text || '/');
const search = fc.oneof(
  fc.constantFrom(
    '',
    '?pretty',
    '?explain=full',
    '?metrics&provenance',
    '?input={"a":[]}',
    '?q=x:=1',
    '?%zz&a;b',
  ),
  fc.constantFrom('?q=data%5Bx%5D', '?q=%5B', '?__proto__=1', '?strict-builtin-errors&explain=fails&pretty'),
);
const body = fc.oneof(
  fc.json(),
  fc.json().map((text) => `{"input":${text}}`),
  fc.json().map((text) => `{"input":${text.slice(0, -1)}`),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    'null',
    '[]',
    '[{}]',
    '[null]',
    '[{"op":"add","path":"/a/b","value":1}]',
    '{"inputs":{"a":1}}',
  ),
  fc.constantFrom(
    'package x',
    'package app\n\nallow := 1',
    '{"query":"x = input","input":1}',
    '{"query":"\\u0000"}',
  ),
);
const method = fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'PURGE');
const type = fc.constantFrom('application/json', 'application/yaml', 'text/plain', '');
const encoding = fc.constantFrom('', '', '', 'gzip');

test('[req: pdp:limits] whatever is asked, the answer is one that was meant, and the server goes on', async () => {
  const { url } = await aPdp({ policies: [aFolder({ 'app.rego': policy })] });
  await fc.assert(
    fc.asyncProperty(
      path,
      search,
      body,
      method,
      type,
      encoding,
      async (target, query, text, verb, contentType, contentEncoding) => {
        const answer = await ask(url, `${target}${encodeURI(query)}`, {
          method: verb,
          ...(verb === 'GET' || verb === 'HEAD' ? {} : { body: text }),
          headers: {
            ...(contentType === '' ? {} : { 'Content-Type': contentType }),
            ...(contentEncoding === '' ? {} : { 'Content-Encoding': contentEncoding }),
          },
        });
        expect(answer.status).toBeGreaterThanOrEqual(200);
        expect(answer.headers['x-injected']).toBeUndefined();
        const isJson = answer.headers['content-type'] === 'application/json';
        if (!isJson || verb === 'HEAD') return;
        const parsed = JSON.parse(answer.text) as { message?: string };
        // This is said of an error that nobody thought of.
        if (answer.status >= 400) expect(parsed.message).not.toBe('internal error');
      },
    ),
    { numRuns: 1000 },
  );
  expect((await ask(url, '/health')).status).toBe(200);
});

test('[req: pdp:limits] bytes that are not HTTP end in an answer or the end of the connection', async () => {
  const { url } = await aPdp();
  const port = Number(new URL(url).port);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (bytes) => {
      await new Promise<void>((resolve) => {
        const socket = connect(port, '127.0.0.1', () => socket.end(bytes));
        socket.on('error', () => undefined);
        socket.on('close', () => resolve());
        socket.resume();
      });
    }),
    { numRuns: 100 },
  );
  expect((await ask(url, '/health')).status).toBe(200);
});
