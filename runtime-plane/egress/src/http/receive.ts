/** The response on its way to the agent. */
import { STATUS_CODES } from 'node:http';
import { Body } from './body.ts';
import type { Header, ResponseHead } from './desk.ts';
import { Gone, Unfit, Unreadable } from './errors.ts';
import type { Exchange } from './exchange.ts';
import { assertWritable, writeFields } from './fields.ts';
import { type Frame, frameField, Framed } from './framed.ts';
import { checkAnswer } from './handshake.ts';
import { readHead } from './head.ts';
import { type ParsedResponse, parseResponse } from './response.ts';
import { guard, passThrough } from './through.ts';
import { tunnel } from './tunnel.ts';

const NOTHING = Buffer.alloc(0);

/** @returns whether both sides are ready for another request. @throws Unreadable, Gone, Unfit, or what a transform ends with */
export async function receive(one: Exchange): Promise<boolean> {
  const { line, request } = one;
  for (let interim = 0; ; interim += 1) {
    const text = await readHead(line.far, 'far', line.limits);
    if (text === undefined) throw new Gone('far');
    if (!one.headSent) throw new Unreadable('a response before there was a request');
    const response = parseResponse(text, request.head.method, line.limits);
    if (response.head.status === 101) return await upgrade(one, response);
    if (response.head.status >= 200) return await respond(one, response);
    if (interim >= line.limits.interim) throw new Unreadable('too many interim responses');
    passInterim(one, response.head);
  }
}

function passInterim(one: Exchange, { status, headers }: ResponseHead): void {
  const { line, request, forward } = one;
  if (request.head.version !== '1.1') return;
  if (status === 100) {
    if (!request.expects || one.continued) return;
    one.continued = true;
    line.near.write('HTTP/1.1 100 Continue\r\n\r\n');
    return;
  }
  // The desk does not see these: what it put into the request could come back in them.
  if (forward.headers === request.head.headers) line.near.write(writeHead(status, headers, ''));
}

async function respond(one: Exchange, response: ParsedResponse): Promise<boolean> {
  const { line, request } = one;
  const { head, body: transform } = shape(one, response.head);
  const frame = frameFor(one, response, transform !== undefined);
  const last = request.last || response.last || frame.kind === 'close';
  const bodiless = response.body === 'none';
  const length =
    bodiless && !transform && response.length !== undefined && head.status !== 204
      ? `Content-Length: ${response.length}\r\n`
      : '';
  const connection = last ? 'Connection: close\r\n' : '';
  const text = writeHead(head.status, head.headers, frameField(frame) + length + connection);
  const framed = new Framed(line.near, text, frame);
  const body = new Body(line.far, 'far', response.body, response.length ?? 0, line.limits.trailerBytes);
  let whole = true;
  if (transform) whole = await passTransformed(one, body, framed, transform, head);
  else await passAsItComes(one, body, framed);
  one.responded = true;
  return whole && !last;
}

async function passAsItComes(one: Exchange, body: Body, framed: Framed): Promise<void> {
  // A head without a body yet goes out at once: what it says may be waited for.
  for (let first = true; first || !body.done; first = false) {
    const piece = body.take();
    one.receivedBytes += piece.length;
    if (first || piece.length > 0 || body.done) {
      const room = framed.write(piece, body.done);
      one.answered = true;
      if (!room) await one.line.near.drained();
      if (one.line.near.closed) throw new Gone('near');
    } else await body.more();
  }
}

async function passTransformed(
  one: Exchange,
  body: Body,
  framed: Framed,
  transform: NonNullable<ReturnType<Exchange['forward']['response']>['body']>,
  head: ResponseHead,
): Promise<boolean> {
  const write = async (piece: Buffer, last: boolean): Promise<void> => {
    if (!framed.write(piece, last)) await one.line.near.drained();
    one.answered = true;
    if (one.line.near.closed) throw new Gone('near');
  };
  // Otherwise the head waits for what the transform says first, which may be a refusal.
  if (isEventStream(head.headers)) await write(NOTHING, false);
  const whole = await passThrough(
    body,
    transform,
    (piece) => write(piece, false),
    (bytes) => {
      one.receivedBytes += bytes;
    },
  );
  await write(NOTHING, true);
  return whole;
}

function isEventStream(headers: readonly Header[]): boolean {
  return headers.some(
    ([name, value]) => name.toLowerCase() === 'content-type' && /^text\/event-stream\b/i.test(value),
  );
}

/** How the agent learns where the body ends. */
function frameFor({ request }: Exchange, { body, length }: ParsedResponse, transformed: boolean): Frame {
  if (body === 'none') return { kind: 'none' };
  if (body === 'length' && !transformed) return { kind: 'length', length: length ?? 0 };
  return { kind: request.head.version === '1.1' ? 'chunked' : 'close' };
}

/** @throws Unfit when the desk gave what cannot be written */
function shape({ forward }: Exchange, head: ResponseHead): ReturnType<typeof forward.response> {
  let shaped;
  try {
    shaped = forward.response(head);
  } catch {
    throw new Unfit('a desk could not read a response');
  }
  guard(shaped.body);
  const { status, headers } = shaped.head;
  // What has no body, and what opens another protocol, stays what it is.
  if (status !== head.status && (status < 200 || status > 599 || isFixed(status) || isFixed(head.status)))
    throw new Unfit('a status that does not go with the body');
  const written = headers === head.headers ? headers : assertWritable(headers);
  return { head: { status, headers: written }, ...(shaped.body && { body: shaped.body }) };
}

function isFixed(status: number): boolean {
  return status === 101 || status === 204 || status === 304;
}

async function upgrade(one: Exchange, { head, connection }: ParsedResponse): Promise<boolean> {
  const { near } = one.line;
  const { handshake } = one.request;
  if (!handshake) throw new Unreadable('a change of protocol that nobody asked for');
  const compressed = checkAnswer(head.headers, connection, handshake);
  const shaped = shape(one, head);
  near.write(writeHead(head.status, shaped.head.headers, 'Connection: Upgrade\r\nUpgrade: websocket\r\n'));
  one.answered = true;
  await tunnel(one, compressed, shaped.body);
  one.responded = true;
  return false;
}

/** The reason phrase is ours: no desk has seen the far side's. */
function writeHead(status: number, headers: readonly Header[], more: string): string {
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${writeFields(headers)}${more}\r\n`;
}
