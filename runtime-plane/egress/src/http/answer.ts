/** What we answer ourselves. */
import { STATUS_CODES } from 'node:http';
import type { Refusal, RequestDesk } from './desk.ts';
import type { Unreadable } from './errors.ts';
import type { Wire } from './wire.ts';

/** @param method of the request, if it was understood: an answer to HEAD has no body. @param last closes the connection */
export function answerRefusal(near: Wire, refusal: Refusal, method: string | undefined, last: boolean): void {
  answer(near, 'denied', refusal, method, last);
}

/** The far side said something that cannot be passed on, or what it said could not be handled. Closes the connection. */
export function answerFailure(near: Wire, why: string, method: string): void {
  const refusal = { status: 502, reason: 'bad_response', message: why, decision: undefined };
  answer(near, 'failed', refusal, method, true);
}

function answer(
  near: Wire,
  error: 'denied' | 'failed',
  { status, reason, message, decision }: Refusal,
  method: string | undefined,
  last: boolean,
): void {
  const code = status >= 400 && status <= 599 ? status : 403;
  const body = Buffer.from(`${JSON.stringify({ error, reason, message, decision: decision ?? null })}\n`);
  const head =
    `HTTP/1.1 ${code} ${STATUS_CODES[code] ?? ''}\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${body.length}\r\nCache-Control: no-store\r\n` +
    (decision !== undefined && /^[\x21-\x7e]+$/.test(decision) ? `Chaperone-Decision: ${decision}\r\n` : '') +
    (last ? 'Connection: close\r\n\r\n' : '\r\n');
  near.write(method === 'HEAD' ? head : Buffer.concat([Buffer.from(head, 'latin1'), body]));
}

/** Closes the connection: where the next request begins is not known. */
export function answerMalformed(near: Wire, desk: RequestDesk, error: Unreadable): void {
  const refusal = desk.malformed(error.message, error.reason);
  answerRefusal(near, { ...refusal, status: error.status }, undefined, true);
}
