/** Servers that misbehave as they are told, on loopback ports and Unix sockets, ended with the test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createServer as createSecureServer, type TlsOptions } from 'node:tls';
import { onTestFinished } from 'vitest';
import { createPep, type DecisionInput, type Pep, type PepOptions } from '../src/index.ts';

export type Seen = {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly port: number | undefined;
};
/** @param nth 1 for the first request */
export type Behaviour = (socket: Socket, seen: Seen, nth: number) => void;
export type TestServer = { readonly url: string; readonly seen: readonly Seen[] };

export const input: DecisionInput = { action: 'read_file', path: '/financials/Q4.xlsx' };
export const allow = { decision_id: 'd-1', result: { allow: true, rules: ['r1'] } };

/** The bytes of an answer, as they go over the wire. */
export function wire(status: number, body: string | Buffer, headers: readonly string[] = []): Buffer {
  const bytes = Buffer.from(body);
  const lines = [
    `HTTP/1.1 ${status} X`,
    'Content-Type: application/json',
    `Content-Length: ${bytes.length}`,
    ...headers,
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), bytes]);
}

export function answers(body: unknown, status = 200, headers: readonly string[] = []): Behaviour {
  return (socket) => socket.write(wire(status, JSON.stringify(body), headers));
}

const taken: Behaviour = (socket) => void socket.write('HTTP/1.1 204 No Content\r\n\r\n');

/**
 * Each request is answered by the behaviour of its turn; the last one stays. So are outcomes, with 204 unless told otherwise.
 * It reads HTTP itself, because one of Node's servers would not write what is wrong.
 */
export async function aServer(
  behaviours: readonly Behaviour[],
  at: { readonly unix?: string; readonly tls?: TlsOptions; readonly outcomes?: readonly Behaviour[] } = {},
): Promise<TestServer> {
  const seen: Seen[] = [];
  let nth = 0;
  let nthOutcome = 0;
  const connected = (socket: Socket): void => {
    let unread = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      unread = Buffer.concat([unread, chunk]);
      for (let read = readRequest(unread); read !== undefined; read = readRequest(unread)) {
        unread = unread.subarray(read.length);
        const one = { ...read.seen, port: socket.remotePort };
        seen.push(one);
        const isOutcome = one.path.endsWith('/v1/outcomes');
        const turn = isOutcome ? (nthOutcome += 1) : (nth += 1);
        const turns = isOutcome ? (at.outcomes ?? [taken]) : behaviours;
        turns[Math.min(turn, turns.length) - 1]?.(socket, one, turn);
      }
    });
  };
  const server = at.tls === undefined ? createServer(connected) : createSecureServer(at.tls, connected);
  await started(server, at.unix);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `${at.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`, seen };
}

function readRequest(bytes: Buffer): { seen: Omit<Seen, 'port'>; length: number } | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const length = end + 4 + Number(headers['content-length'] ?? 0);
  if (bytes.length < length) return undefined;
  return {
    seen: { path: first.split(' ')[1] ?? '', headers, body: bytes.subarray(end + 4, length) },
    length,
  };
}

async function started(server: Server, unix: string | undefined): Promise<void> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  await new Promise<void>((resolve) => {
    if (unix === undefined) server.listen(0, '127.0.0.1', resolve);
    else server.listen(unix, resolve);
  });
}

/** Short times unless told otherwise; closed with the test. */
export function aPep(options: PepOptions): Pep {
  const pep = createPep({ deadlineMs: 1500, ...options });
  onTestFinished(() => pep.close(100));
  return pep;
}

export function aFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'pep-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
