/** What a connection speaks, told by the first bytes of either side. They are given back to whoever carries it. */
import type { Socket } from 'node:net';
import { type ClientHello, readClientHello } from './tls/index.ts';

export type First =
  | { readonly kind: 'tls'; readonly hello: ClientHello; readonly bytes: Buffer }
  | { readonly kind: 'malformed_tls'; readonly why: string }
  | { readonly kind: 'http'; readonly bytes: Buffer }
  | { readonly kind: 'opaque'; readonly bytes: Buffer }
  | { readonly kind: 'closed' };

/** Once the agent began to say something, it has so long to say what. */
const beganMs = 15_000;
const maxLine = 16_384;

/** @param far when it speaks first, this is neither TLS nor HTTP. Both are paused before and after. */
export function firstBytes(near: Socket, far: Socket): Promise<First> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let timer: NodeJS.Timeout | undefined;
    const done = (first: First): void => {
      clearTimeout(timer);
      near.off('readable', look).off('end', look).off('close', look);
      far.off('readable', heard).off('close', heard).off('end', heard);
      resolve(first);
    };
    const bytes = (): Buffer => (parts.length === 1 ? (parts[0] ?? Buffer.alloc(0)) : Buffer.concat(parts));
    const look = (): void => {
      for (let part = near.read() as Buffer | null; part !== null; part = near.read() as Buffer | null)
        parts.push(part);
      const isOver = near.destroyed || near.readableEnded;
      if (parts.length === 0) {
        if (near.destroyed) done({ kind: 'closed' });
        // A client that says nothing and ends may still be answered.
        else if (isOver) done({ kind: 'opaque', bytes: Buffer.alloc(0) });
        return;
      }
      const found = told(bytes());
      if (found) done(found);
      else if (isOver) done(late(bytes()));
      else timer ??= setTimeout(() => done(late(bytes())), beganMs);
    };
    const heard = (): void => {
      if (parts.length === 0 && (far.readableLength > 0 || far.destroyed || far.readableEnded))
        done({ kind: 'opaque', bytes: Buffer.alloc(0) });
    };
    near.on('readable', look).on('end', look).on('close', look);
    far.on('readable', heard).on('close', heard).on('end', heard);
    look();
    heard();
  });
}

/** What is TLS or HTTP as far as it goes is never carried as something else. */
function late(bytes: Buffer): First {
  if (bytes[0] === tlsHandshake) return { kind: 'malformed_tls', why: 'the first message of TLS never came' };
  return beginsLikeHttp(bytes) ? { kind: 'http', bytes } : { kind: 'opaque', bytes };
}

const tlsHandshake = 22;

/** @returns undefined when more has to be known */
export function told(bytes: Buffer): First | undefined {
  const tls = readClientHello(bytes);
  switch (tls.state) {
    case 'hello':
      return { kind: 'tls', hello: tls.hello, bytes };
    case 'malformed':
      return { kind: 'malformed_tls', why: tls.why };
    case 'more':
      return undefined;
    case 'not_tls':
      return toldHttp(bytes);
    default:
      return tls satisfies never;
  }
}

/** Servers pass over empty lines ahead of a request, and some take any method and any case. */
function toldHttp(bytes: Buffer): First | undefined {
  const start = bytes.findIndex((byte) => byte !== 13 && byte !== 10);
  if (start < 0) return bytes.length > maxLine ? { kind: 'opaque', bytes } : undefined;
  const end = bytes.indexOf(10, start);
  const line = bytes.toString('latin1', start, end < 0 ? Math.min(bytes.length, maxLine) : end);
  if (end >= 0)
    return /^\S+[ \t].*HTTP\/\d/i.test(line) ? { kind: 'http', bytes } : { kind: 'opaque', bytes };
  if (!beginsLikeHttp(bytes.subarray(start))) return { kind: 'opaque', bytes };
  return bytes.length > maxLine ? { kind: 'http', bytes } : undefined;
}

/** A token, or a token and more text. */
function beginsLikeHttp(bytes: Buffer): boolean {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}(?:[ \t][\t\x20-\x7e]*)?\r?$/.test(
    bytes.toString('latin1', 0, Math.min(bytes.length, 512)),
  );
}
