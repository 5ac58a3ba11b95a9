/** Under which name a client has reached this server. */
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { errorReply, type Reply } from '../http/reply.ts';

/**
 * Null when the request may go on. A page from the internet can have its own name resolved to this machine, and then is of the same
 * origin as this server to a browser: it could read policies and data. The name stays in the request, so over loopback only names
 * count that nobody else can register: addresses, `localhost` and those without a dot. A certificate says it better.
 */
export function refusedHost({ headers, socket }: IncomingMessage): Reply | null {
  const { host } = headers;
  if (host === undefined || socket instanceof TLSSocket || !isLoopback(socket.localAddress)) return null;
  if (isOwnName(host)) return null;
  return errorReply(
    403,
    'unauthorized',
    'this name is not known to be of this machine: ask 127.0.0.1 or localhost, or use --authorization or TLS',
  );
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(?:::1$|(?:::ffff:)?127\.)/.test(address);
}

function isOwnName(host: string): boolean {
  const name = host.replace(/:\d*$/, '').replace(/\.$/, '').toLowerCase();
  return (
    /^\[[\da-f:.]+\]$/.test(name) ||
    /^\d{1,3}(?:\.\d{1,3}){3}$/.test(name) ||
    !name.includes('.') ||
    name.endsWith('.localhost')
  );
}
