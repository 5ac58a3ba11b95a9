/** Answers on the wire. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzip, gzipSync } from 'node:zlib';
import type { Reply } from './reply.ts';

/** Shorter answers are not worth compressing. */
const minGzipBytes = 1024;
/** Longer ones are compressed beside the event loop. */
const maxSyncBytes = 64 * 1024;
/** How long what is left of an unwanted body is read and thrown away, so that the client can see the answer. */
const lingerMs = 1000;

/** @param canCompress does the route offer compressed answers? */
export function send(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
  canCompress: boolean,
): void {
  if (response.headersSent || response.destroyed) return;
  const headers: string[] = [];
  if (reply.type !== undefined) headers.push('Content-Type', reply.type);
  if (canCompress) headers.push('Vary', 'Accept-Encoding');
  if (reply.headers !== undefined) headers.push(...reply.headers);
  const isLong = reply.body.length >= minGzipBytes;
  if (!isLong || !canCompress || !acceptsGzip(request)) {
    finish(request, response, reply, headers, reply.body);
    return;
  }
  headers.push('Content-Encoding', 'gzip');
  if (reply.body.length <= maxSyncBytes) finish(request, response, reply, headers, gzipSync(reply.body));
  else
    gzip(reply.body, (error, compressed) => {
      if (error !== null) response.destroy();
      else finish(request, response, reply, headers, compressed);
    });
}

function finish(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
  headers: string[],
  body: string | Buffer,
): void {
  if (reply.status !== 204 && reply.status !== 304)
    headers.push('Content-Length', String(Buffer.byteLength(body)));
  response.writeHead(reply.status, headers);
  response.end(request.method === 'HEAD' ? undefined : body);
  if (reply.headers?.includes('close') === true && !request.complete) discardRest(request);
}

function discardRest(request: IncomingMessage): void {
  request.resume();
  const timer = setTimeout(() => request.destroy(), lingerMs);
  request.once('close', () => clearTimeout(timer));
}

function acceptsGzip(request: IncomingMessage): boolean {
  const accepted = request.headers['accept-encoding'];
  if (accepted === undefined) return false;
  return String(accepted)
    .split(',')
    .some((one) => /^\s*(?:gzip|\*)\s*(?:;\s*q=(?!0(?:\.0*)?\s*$).*)?$/i.test(one));
}
