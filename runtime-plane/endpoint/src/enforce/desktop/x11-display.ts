/** Where the person's X display is, and a cookie that makes whoever shows it an untrusted client (X SECURITY extension). */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { type Environment, findProgram } from '../doctor/try.ts';
import { SessionError } from '../errors.ts';

export type Display = {
  /** As xauth understands it. */
  readonly name: string;
  /** With its dot; empty when the person's variable has none. */
  readonly screen: string;
  readonly at: { readonly path: string } | { readonly host: string; readonly port: number };
};

export const socketFolder = '/tmp/.X11-unix';

/** `[HOST]:N[.S]`, `unix:N`, or a socket's path with `:N` (X(7), display names). @returns undefined for anything else */
export function parseDisplay(text: string | undefined): Display | undefined {
  const [, host, number, screen = ''] = /^([^:]*|\/.*|\[.*\]):(\d{1,5})(\.\d+)?$/u.exec(text ?? '') ?? [];
  if (host === undefined || number === undefined || text === undefined) return undefined;
  const name = text.slice(0, text.length - screen.length);
  if (host.startsWith('/')) {
    const socket = [`${host}:${number}`, host].find((one) => existsSync(one)) ?? host;
    return { name, screen, at: { path: socket } };
  }
  if (host === '' || host === 'unix') return { name, screen, at: { path: `${socketFolder}/X${number}` } };
  return { name, screen, at: { host: host.replace(/^\[(.*)\]$/u, '$1'), port: 6000 + Number(number) } };
}

export function connectTo({ at }: Display): net.Socket {
  return net.connect('path' in at ? { path: at.path } : at);
}

const tryMs = 10_000;
/** Seconds without a client until the server forgets the cookie; the proxy keeps one. */
const forgetAfter = 60;

/**
 * Has the display make an untrusted cookie. Throws SessionError `desktop`: without one the clipboard and the keys of
 * other programs could not be withheld.
 * @param folder only this user may read it
 */
export async function untrustedCookie(
  display: Display,
  folder: string,
  environment: Environment,
): Promise<Buffer> {
  const program = findProgram('xauth', { PATH: environment['PATH'] ?? '/usr/bin' });
  if (!program)
    throw new SessionError(
      'desktop',
      'the policy grants an untrusted X display, which needs xauth; install it (Debian: sudo apt-get install xauth)',
    );
  const file = path.join(folder, 'x11-cookie');
  const kept = ['HOME', 'XAUTHORITY', 'PATH'].flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const { said } = await new Promise<{ said: string }>((resolve) => {
    execFile(
      program,
      [
        '-f',
        file,
        'generate',
        display.name,
        'MIT-MAGIC-COOKIE-1',
        'untrusted',
        'timeout',
        String(forgetAfter),
      ],
      { env: { ...Object.fromEntries(kept), DISPLAY: display.name }, timeout: tryMs, killSignal: 'SIGKILL' },
      (error, _stdout, stderr) => resolve({ said: stderr.trim() || (error?.message ?? '') }),
    );
  });
  const cookie = existsSync(file) ? cookieIn(readFileSync(file)) : undefined;
  rmSync(file, { force: true });
  if (cookie) return cookie;
  throw new SessionError(
    'desktop',
    `the display ${display.name} gives no untrusted access (${lastLine(said)}); say x11 "none" or "trusted" in the floor's desktop`,
  );
}

function lastLine(text: string): string {
  return (text.split('\n').findLast((line) => line.trim() !== '') ?? 'xauth says nothing')
    .trim()
    .slice(0, 200);
}

export const cookieName = 'MIT-MAGIC-COOKIE-1';

/** The first cookie of an authority file (Xau(3): family, then address, number, name, data, each with a length). */
export function cookieIn(bytes: Buffer): Buffer | undefined {
  for (let at = 2; at + 2 <= bytes.length; at += 2) {
    const parts: Buffer[] = [];
    for (let index = 0; index < 4; index += 1) {
      if (at + 2 > bytes.length) return undefined;
      const length = bytes.readUInt16BE(at);
      parts.push(bytes.subarray(at + 2, at + 2 + length));
      at += 2 + length;
    }
    const [, , name, data] = parts;
    if (name?.toString('latin1') === cookieName && data?.length === 16) return Buffer.from(data);
  }
  return undefined;
}
