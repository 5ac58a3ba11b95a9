/** The request on its way to the far side. */
import { Body } from './body.ts';
import type { Header } from './desk.ts';
import { Gone, Unfit } from './errors.ts';
import type { Exchange } from './exchange.ts';
import { assertWritable, writeFields } from './fields.ts';
import { type Frame, frameField, Framed } from './framed.ts';
import { passThrough } from './through.ts';

const NOTHING = Buffer.alloc(0);

/**
 * @returns undefined when all of it is on its way
 * @throws Unreadable, Gone, Unfit, or what the desk's transform ends with; at once as long as nothing went out
 */
export function send(one: Exchange): Promise<void> | undefined {
  const { line, request, forward } = one;
  const kind = request.chunked ? 'chunked' : 'length';
  const body = new Body(line.near, 'near', kind, request.head.length ?? 0, line.limits.trailerBytes);
  if (forward.body)
    return forward.bodyChanges ? sendHeld(one, body, forward.body) : sendChecked(one, body, forward.body);
  const piece = body.take();
  one.sentBytes += piece.length;
  const framed = begin(one, frameAsItCame(one));
  framed.write(piece, body.done);
  return body.done ? undefined : sendRest(one, body, framed);
}

async function sendRest(one: Exchange, body: Body, framed: Framed): Promise<void> {
  const { far } = one.line;
  while (!body.done) {
    await room(one);
    const piece = body.take();
    one.sentBytes += piece.length;
    if (piece.length > 0 || body.done) framed.write(piece, body.done);
    else await body.more();
  }
  if (far.closed) throw new Gone('far');
}

/** A body that is looked at as it passes; the far side never has all of it before the desk has seen its end. */
async function sendChecked(
  one: Exchange,
  body: Body,
  transform: NonNullable<Exchange['forward']['body']>,
): Promise<void> {
  const frame = frameAsItCame(one);
  const framed = begin(one, frame);
  // An agent that waits for the far side's 100 gives us nothing to look at before that.
  if (one.request.expects) framed.write(NOTHING, false);
  let final: Buffer | undefined;
  const whole = await passThrough(body, transform, async (piece) => {
    await room(one);
    if (final) throw new Unfit('a body became longer on its way');
    one.sentBytes += piece.length;
    if (frame.kind === 'length' && framed.written + piece.length >= frame.length) final = piece;
    else framed.write(piece, false);
  });
  if (!whole) throw new Unfit('a transform ended before its body');
  await room(one);
  framed.write(final ?? NOTHING, true);
}

/** A body that changes, or comes only after it has been looked at: sent with its length when it is not too long for that. */
async function sendHeld(
  one: Exchange,
  body: Body,
  transform: NonNullable<Exchange['forward']['body']>,
): Promise<void> {
  const { line, request } = one;
  if (request.expects && line.near.bytes.length === 0) line.near.write('HTTP/1.1 100 Continue\r\n\r\n');
  one.continued = true;
  let held: Buffer[] = [];
  let heldBytes = 0;
  let framed: Framed | undefined;
  const whole = await passThrough(body, transform, async (piece) => {
    await room(one);
    one.sentBytes += piece.length;
    if (framed) {
      framed.write(piece, false);
      return;
    }
    held.push(piece);
    heldBytes += piece.length;
    if (heldBytes <= line.limits.collectBytes) return;
    framed = begin(one, { kind: 'chunked' });
    framed.write(Buffer.concat(held), false);
    held = [];
  });
  if (!whole) throw new Unfit('a transform ended before its body');
  await room(one);
  if (framed) framed.write(NOTHING, true);
  else {
    const bodiless = heldBytes === 0 && !request.lengthGiven && !request.chunked;
    begin(one, bodiless ? { kind: 'none' } : { kind: 'length', length: heldBytes }).write(
      Buffer.concat(held),
      true,
    );
  }
}

/** Waits until the far side takes more. @throws Gone when it never will, or when nobody wants it to */
async function room({ line: { far }, stopped, responded }: Exchange): Promise<void> {
  if (far.full) await far.drained();
  if (far.closed || stopped || (responded && far.ended)) throw new Gone('far');
}

function frameAsItCame({ request }: Exchange): Frame {
  const { length } = request.head;
  if (length === undefined) return { kind: 'chunked' };
  return length > 0 || request.lengthGiven ? { kind: 'length', length } : { kind: 'none' };
}

function begin(one: Exchange, frame: Frame): Framed {
  const framed = new Framed(one.line.far, writeHead(one, frame), frame);
  one.headSent = true;
  return framed;
}

/** @throws Unfit when the desk gave what cannot be written */
function writeHead({ request, forward, continued }: Exchange, frame: Frame): string {
  const { head, handshake } = request;
  const { target } = forward;
  if (target !== head.target && !/^(?:\/[\x21\x22\x24-\x7e]*|\*)$/.test(target))
    throw new Unfit('a target that cannot be written');
  const connection = handshake
    ? 'Connection: Upgrade\r\nUpgrade: websocket\r\n'
    : request.last
      ? 'Connection: close\r\n'
      : '';
  const expect = request.expects && !continued ? 'Expect: 100-continue\r\n' : '';
  const fields = forward.headers === head.headers ? head.headers : writable(forward.headers, request.host);
  return `${head.method} ${target} HTTP/1.1\r\n${writeFields(fields)}${frameField(frame)}${expect}${connection}\r\n`;
}

/** The host is the one that was allowed, whatever became of the other headers. */
function writable(headers: readonly Header[], host: string): readonly Header[] {
  return [['Host', host], ...assertWritable(headers).filter(([name]) => name.toLowerCase() !== 'host')];
}
