/** A desk with real threads behind it, and what carries a request for it in these tests. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Readable, Writable } from 'node:stream';
import { afterAll, onTestFinished } from 'vitest';
import { CredentialIndex } from '../../src/credentials/index.ts';
import {
  type Forward,
  type Header,
  RefusedBody,
  type Refusal,
  type RequestHead,
} from '../../src/http/desk.ts';
import { digestOf, fingerprintOf } from '../../src/credentials/fingerprint.ts';
import {
  BodyPool,
  type BodyPoolOptions,
  type DeskOptions,
  Ledger,
  openDesk,
  Regions,
  type RequestEnded,
  type RequestQuestion,
} from '../../src/request/index.ts';
import type { Answer, Injection, KnownCredential, Refused } from '../../src/wire.ts';

export const key = Buffer.alloc(32, 9);

export const allow: Answer = {
  allow: true,
  decision: 'd-1',
  reason: 'policy',
  message: 'Allowed.',
  rules: ['r'],
  obligations: [],
};
export const deny: Answer = { ...allow, allow: false, message: 'Not there.' };
export const needsBody: Answer = {
  ...allow,
  allow: false,
  decision: undefined,
  reason: 'policy',
  needsBody: true,
};

export function knownAs(id: string, secret: string, injection?: Partial<Injection>): KnownCredential {
  return {
    id,
    kind: 'api_key',
    fingerprint: fingerprintOf(key, digestOf(secret)),
    ...(injection
      ? {
          injection: {
            placeholder: `placeholder-of-${id}`,
            secret,
            hosts: ['api.example.com'],
            header: 'authorization',
            ...injection,
          },
        }
      : {}),
  };
}

export type World = ReturnType<typeof aWorld>;
export type Sent = {
  readonly refusal?: Refusal;
  /** What reached the far side. */
  readonly body: Buffer;
  readonly headers: readonly Header[];
  readonly forward?: Forward;
};

type Wanted = {
  readonly policy?: (question: RequestQuestion) => Answer | Promise<Answer>;
  readonly known?: readonly KnownCredential[];
  readonly pool?: Partial<BodyPoolOptions>;
} & Partial<Pick<DeskOptions, 'mode' | 'body' | 'quarantine' | 'askMs' | 'seen' | 'regions'>>;

/** Threads take a second to start. */
const sharedPool = new BodyPool({ key, credentials: [], off: [], labelNames: {} });
afterAll(() => sharedPool.close());

function ownPool(credentials: readonly KnownCredential[], options: Partial<BodyPoolOptions> = {}): BodyPool {
  const pool = new BodyPool({ key, credentials, off: [], labelNames: {}, ...options });
  onTestFinished(() => pool.close());
  return pool;
}

export function aWorld({ policy = () => allow, known = [], pool: poolOptions, ...options }: Wanted = {}) {
  const pool = known.length === 0 && poolOptions === undefined ? sharedPool : ownPool(known, poolOptions);
  const asked: RequestQuestion[] = [];
  const refused: Refused[] = [];
  const ended: RequestEnded[] = [];
  const seen = options.seen ?? new Ledger();
  const desk = openDesk({
    connection: 'c-1',
    mode: 'enforce',
    ip: '192.0.2.1',
    port: 443,
    hosts: ['api.example.com'],
    regions: new Regions({ hosts: {}, ranges: { '192.0.2.0/24': 'eu' } }),
    seen,
    pool,
    credentials: known,
    index: new CredentialIndex(known, key),
    quarantine: undefined,
    body: { max_bytes: 1 << 20, over: 'deny' },
    clock: () => performance.now(),
    ask: async (question) => {
      asked.push(question);
      return policy(question);
    },
    refused: (one) => refused.push(one),
    ended: (one) => ended.push(one),
    ...options,
  });
  const send = async (
    more: Partial<RequestHead>,
    body: string | Buffer = '',
    pieceBytes = 1000,
  ): Promise<Sent> => {
    const bytes = Buffer.from(body);
    const verdict = await desk.open({
      method: bytes.length > 0 ? 'POST' : 'GET',
      target: '/v1/things',
      host: 'api.example.com',
      scheme: 'https',
      version: '1.1',
      headers: [],
      length: bytes.length,
      ...more,
    });
    if (verdict.effect === 'refuse') return { refusal: verdict.refusal, body: Buffer.alloc(0), headers: [] };
    const out: Buffer[] = [];
    try {
      await through(bytes, pieceBytes, verdict.body, out);
    } catch (error) {
      if (!(error instanceof RefusedBody)) throw error;
      verdict.ended('failed', Buffer.concat(out).length, 0);
      return { refusal: error.refusal, body: Buffer.concat(out), headers: [] };
    }
    const sent = Buffer.concat(out);
    verdict.ended('done', sent.length, 5);
    return { body: sent, headers: verdict.headers, forward: verdict };
  };
  return { desk, pool, seen, asked, refused, ended, send };
}

export async function through(
  bytes: Buffer,
  pieceBytes: number,
  transform: Forward['body'],
  out: Buffer[],
): Promise<void> {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) pieces.push(bytes.subarray(at, at + pieceBytes));
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      out.push(chunk);
      done();
    },
  });
  if (transform) await pipeline(Readable.from(pieces), transform, sink);
  else await pipeline(Readable.from(pieces), sink);
}

export function aFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'egress-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
