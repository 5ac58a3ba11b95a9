/** From a body that is held to what goes out of it: look, ask once more, do what the permission asks for. */
import { createHash } from 'node:crypto';
import type { ResourceFacts } from '@chaperone/protocol';
import type { KnownCredential } from '../wire.ts';
import { type Refusal } from '../http/desk.ts';
import { codingsOf } from './codings.ts';
import type { BodyForm } from './body-job.ts';
import type { BodyPool } from './body-pool.ts';
import { credentialFacts, valuesOf } from './facts.ts';
import { keepCopy } from './keep-copy.ts';
import type { AskedRequest } from './question.ts';

export type BodyTools = {
  readonly pool: BodyPool;
  readonly credentials: readonly KnownCredential[];
  /** Folder for copies. */
  readonly quarantine: string | undefined;
};

export const emptyResource: ResourceFacts = { size: 0, classification: [], findings: [], labels: [] };

/** Of what nobody looked at, and why. */
export function unreadResource(why: 'size' | 'stream', size?: number): ResourceFacts {
  const name = `unread.${why}`;
  return {
    ...(size === undefined ? {} : { size }),
    classification: [name],
    findings: [{ class: name, confidence: 85, count: 1, distinct: 1 }],
    labels: [],
  };
}

/** Asks once more, now with what is in the body. @returns why nothing goes out; undefined: it was asked */
export async function askWithBody(
  request: AskedRequest,
  body: Buffer,
  { pool, credentials }: BodyTools,
): Promise<Refusal | undefined> {
  if (body.length === 0) {
    await request.ask(emptyResource);
    return undefined;
  }
  const looked = await pool.run({ task: 'look', body, form: formOf(request) });
  if (looked.task !== 'look') {
    const why = looked.task === 'redact' ? 'it could not be decided' : looked.why;
    const refusal = request.refuse('content_unread', `The body could not be looked at: ${why}.`);
    if (refusal) return refusal;
    await request.ask(unreadResource('stream', body.length));
    return undefined;
  }
  const { classification, findings, labels } = looked.facts;
  const found = credentials.filter(({ id }) => looked.credentials.includes(id));
  await request.ask(
    { size: body.length, classification, findings, labels },
    found.length > 0 ? credentialFacts(found, []) : undefined,
  );
  return undefined;
}

/** What the answer asks for, done. @returns what goes out, or why nothing does */
export async function carriedOut(
  request: AskedRequest,
  body: Buffer,
  { pool, quarantine }: BodyTools,
): Promise<Buffer | Refusal> {
  if (request.obligation('quarantine')) {
    const refusal = await keep(request, body, quarantine);
    if (refusal) return refusal;
  }
  const redact = request.obligation('redact');
  if (!redact || body.length === 0) return body;
  const made = await pool.run({
    task: 'redact',
    body,
    form: formOf(request),
    ...(redact.classes ? { classes: redact.classes } : {}),
  });
  if (made.task !== 'redact') {
    const why = made.task === 'look' ? 'it could not be decided' : made.why;
    return failed(request, `The body cannot be redacted: ${why}.`);
  }
  request.redacted(made.removed);
  if (Object.keys(made.removed).length === 0) return body;
  const digest = digestHeader(request);
  if (digest !== undefined)
    return failed(
      request,
      `The body cannot be redacted: the request vouches for its bytes (${digest}); send it without.`,
    );
  return Buffer.from(made.body.buffer, made.body.byteOffset, made.body.length);
}

async function keep(
  request: AskedRequest,
  body: Buffer,
  folder: string | undefined,
): Promise<Refusal | undefined> {
  try {
    if (folder === undefined) throw new TypeError('there is no folder for copies');
    await keepCopy(folder, request.answer.decision ?? `body-${digestName(body)}`, body);
    return undefined;
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'there is no place for it';
    return failed(request, `A copy of the body has to be kept first, and could not be: ${why}.`);
  }
}

function digestName(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 32);
}

function failed(request: AskedRequest, message: string): Refusal {
  const refusal = request.refuse('obligation_failed', message);
  return refusal ?? { status: 403, reason: 'obligation_failed', message, decision: request.answer.decision };
}

function formOf({ head: { headers } }: AskedRequest): BodyForm {
  const [type = '', ...others] = valuesOf(headers, 'content-type');
  // Who says two things is understood in two ways: then nobody can say what is in it.
  if (others.some((one) => one !== type)) return { type: '', codings: ['ambiguous'] };
  const codings = codingsOf(valuesOf(headers, 'content-encoding'));
  const streamed = valuesOf(headers, 'x-amz-content-sha256').some((one) => one.startsWith('STREAMING-'));
  return {
    type,
    // The chunks of AWS are outermost, and some clients do not name them.
    codings: streamed && !codings.includes('aws-chunked') ? [...codings, 'aws-chunked'] : awsLast(codings),
  };
}

/** Written in front of the others, applied behind them. */
function awsLast(codings: readonly string[]): readonly string[] {
  return codings.includes('aws-chunked')
    ? [...codings.filter((one) => one !== 'aws-chunked'), 'aws-chunked']
    : codings;
}

/** A header that would not be true any more of another body. */
function digestHeader({ head: { headers } }: AskedRequest): string | undefined {
  return headers.find(
    ([name, value]) =>
      /^(?:content-md5|digest|content-digest|repr-digest|signature|x-goog-hash|x-amz-checksum-.*|x-ms-content-crc64)$/i.test(
        name,
      ) ||
      (name.toLowerCase() === 'x-amz-content-sha256' && value !== 'UNSIGNED-PAYLOAD'),
  )?.[0];
}
