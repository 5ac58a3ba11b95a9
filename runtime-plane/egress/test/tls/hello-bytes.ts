/** ClientHellos: those that real programs send, and ones put together by hand. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/** What the program sends first to a port of ours. `arguments` may hold PORT. @returns undefined when there is no such program */
export async function helloOf(program: string, args: readonly string[]): Promise<Buffer | undefined> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = String((server.address() as AddressInfo).port);
  const child = spawn(
    program,
    args.map((one) => one.replaceAll('PORT', port)),
    { stdio: ['pipe', 'ignore', 'ignore'] },
  );
  try {
    return await new Promise<Buffer | undefined>((resolve) => {
      child.once('error', () => resolve(undefined));
      child.once('exit', () => setTimeout(() => resolve(undefined), 200));
      server.once('connection', (socket) => {
        const parts: Buffer[] = [];
        socket.on('error', () => {});
        // A hello with keys that resist quantum computers comes in several packets.
        setTimeout(() => {
          socket.destroy();
          resolve(Buffer.concat(parts));
        }, 150);
        socket.on('data', (part: Buffer) => parts.push(part));
      });
    });
  } finally {
    child.kill('SIGKILL');
    server.close();
  }
}

const uint16 = (value: number): number[] => [value >> 8, value & 0xff];
const text = (value: string): number[] => [...Buffer.from(value, 'latin1')];

export const vector8 = (bytes: readonly number[]): number[] => [bytes.length, ...bytes];
export const vector16 = (bytes: readonly number[]): number[] => [...uint16(bytes.length), ...bytes];
export const extension = (type: number, data: readonly number[]): number[] => [
  ...uint16(type),
  ...vector16(data),
];
export const serverName = (...names: readonly string[]): number[] =>
  extension(0, vector16(names.flatMap((name) => [0, ...vector16(text(name))])));
export const alpn = (...names: readonly string[]): number[] =>
  extension(16, vector16(names.flatMap((name) => vector8(text(name)))));

/** A handshake message of TLS 1.2 with these extensions. */
export function message(extensions: readonly number[]): number[] {
  const body = [
    3,
    3,
    ...Array.from({ length: 32 }, (_, index) => index),
    ...vector8([]),
    ...vector16([0x13, 0x01]),
    ...vector8([0]),
    ...vector16(extensions),
  ];
  return [1, 0, ...uint16(body.length), ...body];
}

/** In records of `size` bytes. */
export function records(bytes: readonly number[], size = 16_384): Uint8Array {
  const out: number[] = [];
  for (let at = 0; at < bytes.length; at += size) out.push(22, 3, 1, ...vector16(bytes.slice(at, at + size)));
  return Uint8Array.from(out);
}

export const hello = (...extensions: readonly (readonly number[])[]): Uint8Array =>
  records(message(extensions.flat()));
