/** Carries the requests of one connection, one after the other, to the far connection that belongs to it alone. */
import type { Duplex } from 'node:stream';
import { answerFailure, answerMalformed, answerRefusal } from './answer.ts';
import type { Origin } from './authority.ts';
import { Body } from './body.ts';
import type { Refusal, RequestDesk } from './desk.ts';
import { Unreadable } from './errors.ts';
import { exchange, type Line } from './exchange.ts';
import { readHead } from './head.ts';
import { HTTP1_LIMITS, type Http1Clock, type Http1Limits, SYSTEM_CLOCK } from './limits.ts';
import { type ParsedRequest, parseRequest } from './request.ts';
import { keepTime } from './time.ts';
import { Wire } from './wire.ts';

/** `host` is the name that was allowed; `hosts` others under which the address was resolved; lower case. */
export type Http1Connection = Origin & {
  /** The agent's. What was read of it before is put back (`unshift`). */
  readonly near: Duplex;
  readonly far: Duplex;
  readonly desk: RequestDesk;
  readonly limits?: Partial<Http1Limits>;
  readonly clock?: Http1Clock;
};

/** Owns both sockets. @returns when both are closed; never rejects */
export async function carryHttp1(connection: Http1Connection): Promise<void> {
  const limits = { ...HTTP1_LIMITS, ...connection.limits };
  const clock = connection.clock ?? SYSTEM_CLOCK;
  const line: Line = {
    near: new Wire(connection.near),
    far: new Wire(connection.far),
    desk: connection.desk,
    limits,
  };
  const { near, far } = line;
  // An agent that is gone needs nothing more; and one that waits for us must see that the far side is.
  near.watch = () => {
    if (near.closed) far.abort();
  };
  const stopTime = keepTime(line, clock);
  try {
    for (let first = true; await serve(line, connection, first); first = false);
    far.finish();
    await leave(line, clock);
  } catch {
    near.abort();
    far.abort();
  }
  await Promise.all([near.over, far.over]);
  stopTime();
}

/** One request. @returns whether another may follow */
async function serve(line: Line, origin: Origin, first: boolean): Promise<boolean> {
  const { near, far, desk, limits } = line;
  if (!(await nextRequest(line))) return false;
  let request: ParsedRequest;
  try {
    const text = await readHead(near, 'near', limits);
    if (text === undefined) return false;
    request = parseRequest(text, origin, limits);
  } catch (error) {
    if (!(error instanceof Unreadable)) return false;
    answerMalformed(near, desk, error);
    return false;
  }
  const verdict = await desk.open(request.head);
  if (verdict.effect === 'refuse') return await refuse(line, request, verdict.refusal);
  if (near.closed || far.bytes.length > 0 || far.ended || far.closed) {
    // Bytes that nobody asked for would be taken for the response to this request.
    far.abort();
    // Clients send a request once more when a connection that they had used before closes; not so with the first.
    if (first) answerFailure(near, 'The far side did not wait for the request.', request.head.method);
    verdict.body?.destroy();
    verdict.ended(near.closed ? 'abandoned' : 'failed', 0, 0);
    return false;
  }
  return await exchange(line, request, verdict);
}

/** Waits for the first byte of a request, while the far side has to keep still. */
async function nextRequest({ near, far }: Line): Promise<boolean> {
  far.watch = () => {
    near.wake();
  };
  try {
    let skipped = false;
    for (;;) {
      if (far.bytes.length > 0 || far.ended || far.closed || near.closed) return false;
      // RFC 9112 section 2.2: one empty line before a request is ignored.
      if (!skipped && near.bytes.length > 1 && near.bytes[0] === 0x0d && near.bytes[1] === 0x0a) {
        near.take(2);
        skipped = true;
      }
      if (near.bytes.length > 1 || (near.bytes.length === 1 && near.bytes[0] !== 0x0d)) return true;
      if (near.ended) return false;
      await near.more();
    }
  } finally {
    far.watch = undefined;
  }
}

/** The connection stays when the rest of the request is known to be small. */
async function refuse(line: Line, request: ParsedRequest, refusal: Refusal): Promise<boolean> {
  const { near, limits } = line;
  const length = request.head.length ?? Infinity;
  const stays = !request.last && !request.expects && length <= limits.drainBytes;
  answerRefusal(near, refusal, request.head.method, !stays);
  if (!stays) return false;
  const body = new Body(near, 'near', 'length', length, 0);
  for (;;) {
    body.take();
    if (body.done) break;
    await body.more();
  }
  if (near.full) await near.drained();
  return true;
}

/** Our last answer reaches the agent only when nothing is left unread that it sent meanwhile. */
async function leave({ near, limits }: Line, clock: Http1Clock): Promise<void> {
  const stop = clock.every(limits.lingerMs, () => {
    near.abort();
  });
  near.end();
  for (let dropped = 0; dropped <= limits.lingerBytes && !near.ended && !near.closed;) {
    dropped += near.take(near.bytes.length).length;
    await near.more();
  }
  near.finish();
  await near.over;
  stop();
}
