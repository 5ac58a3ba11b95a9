import { randomBytes } from 'node:crypto';
import {
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  gunzipSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib';
import { expect, test } from 'vitest';
import type { BodyForm } from '../../src/request/body-job.ts';
import { BodyScanner } from '../../src/request/body-look.ts';
import { parseMultipart } from '../../src/request/multipart.ts';
import { cards, csv, multipart, multipartType } from './bodies.ts';

const scanner = new BodyScanner({
  key: Buffer.alloc(32, 7),
  credentials: [],
  off: [],
  labelNames: {},
  maxMs: 10_000,
});

function look(body: string | Buffer, form: Partial<BodyForm> = {}) {
  const answer = scanner.answer({
    task: 'look',
    body: Buffer.from(body),
    form: { type: 'text/plain', codings: [], ...form },
  });
  if (answer.task !== 'look') throw new Error(JSON.stringify(answer));
  return answer.facts;
}

function redact(body: string | Buffer, form: Partial<BodyForm> = {}, classes?: readonly string[]) {
  return scanner.answer({
    task: 'redact',
    body: Buffer.from(body),
    form: { type: 'text/plain', codings: [], ...form },
    ...(classes ? { classes } : {}),
  });
}

function redacted(...of: Parameters<typeof redact>): { body: Buffer; removed: Record<string, number> } {
  const answer = redact(...of);
  if (answer.task !== 'redact') throw new Error(JSON.stringify(answer));
  return { body: Buffer.from(answer.body), removed: { ...answer.removed } };
}

const card = 'financial.card';
const form = `comment=${encodeURIComponent('my card is')}&card+number=${cards[0]}&x=1`;
const json = JSON.stringify({ customer: { 'card number': cards[0], ids: [1, 2] }, note: `card ${cards[1]}` });
const parts = multipart([
  { headers: 'Content-Disposition: form-data; name="note"', content: 'nothing' },
  {
    headers: 'Content-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv',
    content: csv,
  },
]);
const hidden = multipart([
  {
    headers: 'Content-Disposition: form-data; name="file"\r\nContent-Transfer-Encoding: base64',
    content: Buffer.from(csv).toString('base64'),
  },
]);
const zipped = multipart([
  {
    headers: 'Content-Disposition: form-data; name="file"; filename="a.csv.gz"',
    content: gzipSync(csv),
  },
]);
const carried = JSON.stringify({
  file: {
    data: `data:application/gzip;base64,${gzipSync(`${csv}${randomBytes(500).toString('hex')}`).toString('base64')}`,
  },
});
const chunks = Buffer.concat([
  Buffer.from(`${csv.length.toString(16)};chunk-signature=${'a'.repeat(64)}\r\n${csv}\r\n`),
  Buffer.from('0;chunk-signature=b\r\nx-amz-trailer-signature:c\r\n\r\n'),
]);

test.each<[string, string | Buffer, Partial<BodyForm>]>([
  ['CSV', csv, { type: 'text/csv' }],
  ['CSV without a type', csv, { type: '' }],
  ['JSON', json, { type: 'application/json' }],
  ['a form', form, { type: 'application/x-www-form-urlencoded; charset=utf-8' }],
  [
    'a form, encoded character by character',
    `a=card+${[...(cards[0] ?? '')].map((one) => `%3${one}`).join('')}`,
    { type: 'application/x-www-form-urlencoded' },
  ],
  ['multipart', parts, { type: multipartType }],
  ['multipart in base64', hidden, { type: multipartType }],
  ['multipart with a gzip file', zipped, { type: multipartType }],
  [
    'multipart within multipart',
    multipart([
      {
        headers: `Content-Type: ${multipartType.replaceAll('xYzZY', 'inner')}`,
        content: parts.toString().replaceAll('xYzZY', 'inner'),
      },
    ]),
    { type: multipartType },
  ],
  ['a document in base64 in JSON', carried, { type: 'application/json' }],
  ['the same with slashes escaped', carried.replaceAll('/', '\\/'), { type: 'application/json' }],
  ['gzip', gzipSync(csv), { codings: ['gzip'] }],
  ['gzip that is not named', gzipSync(csv), {}],
  ['deflate', deflateSync(csv), { codings: ['deflate'] }],
  ['deflate without a frame', deflateRawSync(csv), { codings: ['deflate'] }],
  ['brotli', brotliCompressSync(csv), { codings: ['br'] }],
  ['zstd', zstdCompressSync(csv), { codings: ['zstd'] }],
  ['two codings', brotliCompressSync(gzipSync(parts)), { type: multipartType, codings: ['gzip', 'br'] }],
  ['chunks of AWS', chunks, { type: 'text/csv', codings: ['aws-chunked'] }],
])('[req: egress:request] card numbers are seen in %s', (_name, body, how) => {
  const { classification, complete } = look(body, how);
  expect(classification).toContain(card);
  expect(complete).toBe(true);
});

test.each<[string, string | Buffer, Partial<BodyForm>, string]>([
  ['a gzip bomb', gzipSync(Buffer.alloc(100 << 20)), { codings: ['gzip'] }, 'unread.too_large_unpacked'],
  ['a smaller one', gzipSync(Buffer.alloc(8 << 20)), { codings: ['gzip'] }, 'unread.suspicious_ratio'],
  ['damage', gzipSync(csv).subarray(0, 60), { codings: ['gzip'] }, 'unread.corrupt'],
  ['what is no gzip', csv, { codings: ['gzip'] }, 'unread.corrupt'],
  ['a coding that nobody knows', csv, { codings: ['exi'] }, 'unread.unsupported'],
  ['a coding named as an object has it', csv, { codings: ['constructor'] }, 'unread.unsupported'],
  ['many codings', csv, { codings: ['gzip', 'gzip', 'gzip', 'gzip'] }, 'unread.too_deep'],
  ['multipart without an end', parts.subarray(0, -8), { type: multipartType }, 'unread.corrupt'],
  ['multipart without a boundary', parts, { type: 'multipart/form-data' }, 'unread.corrupt'],
  ['two boundaries', parts, { type: `${multipartType}; boundary=b` }, 'unread.corrupt'],
  [
    'a part in an encoding that nobody knows',
    multipart([{ headers: 'Content-Transfer-Encoding: x-own', content: csv }]),
    { type: multipartType },
    'unread.unsupported',
  ],
])('[req: egress:request] %s is told as unread', (_name, body, how, code) => {
  expect(look(body, how).classification).toContain(code);
});

test('[req: egress:request] what does not hold the coding that it says is looked at as it is, too', () => {
  expect(look(csv, { codings: ['gzip'] }).classification).toContain(card);
  expect(look(parts, { type: 'multipart/form-data' }).classification).toContain(card);
});

function hasCard(text: string): boolean {
  return cards.some((one) => text.includes(one));
}

test('[req: egress:request] a redacted CSV keeps its rows, and one value has one token everywhere', () => {
  const { body, removed } = redacted(csv, { type: 'text/csv' }, ['financial']);
  const text = body.toString();
  expect(hasCard(text)).toBe(false);
  expect(removed).toEqual({ [card]: cards.length });
  expect(text.split('\n').map((row) => row.split(',').length)).toEqual([3, 3, 3, 3, 3, 1]);
  const [token] = /\[[A-Z_]+:\w+\]/.exec(text) ?? [];
  const inJson = redacted(json, { type: 'application/json' }, ['financial']).body.toString();
  expect(inJson).toContain(token);
});

test('[req: egress:request] redacted JSON is JSON', () => {
  const numbers = JSON.stringify({ 'card number': Number(cards[0]), list: [Number(cards[1]), 'x'] });
  for (const body of [json, numbers]) {
    const text = redacted(body, { type: 'application/json' }).body.toString();
    expect(hasCard(text)).toBe(false);
    expect(JSON.parse(text)).toBeTypeOf('object');
  }
});

test('[req: egress:request] a redacted form keeps its names and its other values', () => {
  const how = { type: 'application/x-www-form-urlencoded' };
  const { body } = redacted(form, how);
  const fields = new URLSearchParams(body.toString());
  expect(hasCard(body.toString())).toBe(false);
  expect([...fields.keys()]).toEqual(['comment', 'card number', 'x']);
  expect(fields.get('comment')).toBe('my card is');
  expect(fields.get('card number')).toMatch(/^\[[A-Z_]+:\w+\]$/);
});

test('[req: egress:request] what is called a form and escapes nothing is redacted as it is written', () => {
  const { body } = redacted(csv, { type: 'application/x-www-form-urlencoded' });
  const [head, ...rows] = body.toString().split('\n');
  expect(hasCard(body.toString())).toBe(false);
  expect(head).toBe(csv.toString().split('\n')[0]);
  expect(rows.join('\n')).toMatch(/,\[[A-Z_]+:\w+\],/);
});

test('[req: egress:request] redacted multipart has the same parts, in the coding that it had', () => {
  const { body } = redacted(gzipSync(parts), { type: multipartType, codings: ['gzip'] });
  const plain = gunzipSync(body);
  expect(hasCard(plain.toString())).toBe(false);
  const found = parseMultipart(plain, multipartType);
  const texts = found?.parts.map(({ content }) => plain.toString('utf8', content.from, content.to));
  expect(texts?.[0]).toBe('nothing');
  expect(texts?.[1]).toContain('name,card number,amount\n');
});

test.each<[string, string | Buffer, Partial<BodyForm>]>([
  ['a part in base64', hidden, { type: multipartType }],
  ['a gzip file', zipped, { type: multipartType }],
  ['a document in base64', carried, { type: 'application/json' }],
  ['chunks of AWS', chunks, { codings: ['aws-chunked'] }],
  ['damage', gzipSync(csv).subarray(0, 60), { codings: ['gzip'] }],
])('[req: egress:request] %s cannot be redacted, and that is said', (_name, body, how) => {
  expect(redact(body, how).task).toBe('refused');
});

test('[req: egress:request] what holds nothing stays byte for byte', () => {
  const body = Buffer.from('hello=world&a=%20b');
  const made = redacted(body, { type: 'application/x-www-form-urlencoded' });
  expect(made.body.equals(body)).toBe(true);
  expect(made.removed).toEqual({});
});
