/**
 * The display as the session sees it: an X socket of its own, behind which each client is introduced to the server with
 * the untrusted cookie, whatever it shows itself. The server then keeps keys, grabs and screen of other programs from it;
 * what the SECURITY extension does not keep is kept here: their titles, and the clipboard, which is decided use by use.
 */
import { chmodSync, lstatSync, rmSync, unlinkSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { SessionError } from '../errors.ts';
import { connectTo, cookieName, type Display, socketFolder } from './x11-display.ts';
import {
  Answers,
  type ClipboardUse,
  clipboardUse,
  defuse,
  type Endian,
  hideBigRequests,
  readsPropertyOf,
  requestLength,
  Words,
} from './x11-requests.ts';

export type X11Proxy = {
  readonly socket: string;
  readonly display: string;
  close(): void;
};

export type MayUse = (use: ClipboardUse) => Promise<boolean>;

/** Displays below are for servers; a login has rarely more than a few. */
const displays = { first: 64, last: 1023 } as const;
const maxClients = 200;
const setupHead = 12;

/** Throws SessionError `desktop`. @param cookie that makes a client untrusted */
export async function startX11Proxy(display: Display, cookie: Buffer, mayUse: MayUse): Promise<X11Proxy> {
  // Keeps the cookie from being forgotten while no program of the session is connected.
  const anchor = connectTo(display);
  await new Promise<void>((resolve, reject) => {
    anchor.once('error', (error) => reject(unreachable(display, error.message)));
    anchor.once('close', () => reject(unreachable(display, 'it closed the connection')));
    anchor.once('data', (bytes: Buffer) =>
      bytes[0] === 1 ? resolve() : reject(unreachable(display, 'it does not know its own cookie')),
    );
    anchor.write(setupRequest('little', cookie));
  });
  anchor.removeAllListeners('close');
  anchor.on('error', () => {});
  anchor.resume();
  anchor.unref();

  const clients = new Set<net.Socket>();
  const own = new Set<Answers>();
  const server = net.createServer({ allowHalfOpen: false }, (client) => {
    client.on('error', () => client.destroy());
    if (clients.size >= maxClients) return void client.destroy();
    clients.add(client);
    client.once('close', () => clients.delete(client));
    void serve(client, { display, cookie, mayUse, own }).catch(() => client.destroy());
  });
  const number = await listenSomewhere(server);
  server.unref();
  const remove = (): void => rmSync(socketOf(number), { force: true });
  process.once('exit', remove);
  return {
    socket: socketOf(number),
    display: `:${number}${display.screen}`,
    close() {
      process.removeListener('exit', remove);
      server.close();
      for (const client of clients) client.destroy();
      anchor.destroy();
    },
  };
}

function unreachable(display: Display, why: string): SessionError {
  return new SessionError('desktop', `the display ${display.name} cannot be used: ${why}`);
}

const socketOf = (number: number): string => path.join(socketFolder, `X${number}`);

async function listenSomewhere(server: net.Server): Promise<number> {
  for (let number = displays.first; number <= displays.last; number += 1) {
    const socket = socketOf(number);
    const code = await listen(server, socket);
    if (code === undefined) {
      chmodSync(socket, 0o600);
      return number;
    }
    if (code !== 'EADDRINUSE') {
      throw new SessionError(
        'desktop',
        `no X socket can be made in ${socketFolder} (${code}); is it a folder with mode 1777?`,
      );
    }
    // What a session left that was killed: ours, and nobody listens.
    if (lstatSync(socket, { throwIfNoEntry: false })?.uid !== process.getuid?.() || (await answers(socket)))
      continue;
    unlinkSync(socket);
    number -= 1;
  }
  throw new SessionError('desktop', `every X display number from ${displays.first} on is taken`);
}

function listen(server: net.Server, socket: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException): void => resolve(error.code ?? error.message);
    server.once('error', failed);
    server.listen(socket, () => {
      server.removeListener('error', failed);
      resolve(undefined);
    });
  });
}

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = net.connect(socket);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'ECONNREFUSED'));
  });
}

const padded = (length: number): number => (length + 3) & ~3;

function setupRequest(endian: Endian, cookie: Buffer): Buffer {
  const words = new Words(endian);
  const bytes = Buffer.alloc(setupHead + padded(cookieName.length) + padded(cookie.length));
  bytes[0] = endian === 'little' ? 0x6c : 0x42;
  words.put16(bytes, 11, 2);
  words.put16(bytes, cookieName.length, 6);
  words.put16(bytes, cookie.length, 8);
  bytes.write(cookieName, setupHead, 'latin1');
  cookie.copy(bytes, setupHead + padded(cookieName.length));
  return bytes;
}

type Session = {
  readonly display: Display;
  readonly cookie: Buffer;
  readonly mayUse: MayUse;
  /** Of all clients of the session: their windows are no secret among them. */
  readonly own: Set<Answers>;
};

/** The server's own windows have ids below every client's: the root, whose properties all programs share. */
function isForeign(window: number, own: Set<Answers>, mine: Answers): boolean {
  const { ids } = mine;
  if (!ids) return true;
  const owner = (window & ~ids.mask) >>> 0;
  return owner !== 0 && ![...own].some((one) => one.ids?.base === owner);
}

/** One client, until either side ends. Throws FramingError. */
async function serve(client: net.Socket, { display, cookie, mayUse, own }: Session): Promise<void> {
  const upstream = connectTo(display);
  upstream.on('error', () => client.destroy());
  upstream.once('close', () => client.destroy());
  client.once('close', () => upstream.destroy());
  let pending: Buffer = Buffer.alloc(0);
  let session: { words: Words; answers: Answers } | undefined;

  for await (const chunk of client as AsyncIterable<Buffer>) {
    pending = pending.length > 0 ? Buffer.concat([pending, chunk]) : Buffer.from(chunk);
    if (!session) {
      if (pending.length < setupHead) continue;
      const endian: Endian = pending[0] === 0x42 ? 'big' : 'little';
      const words = new Words(endian);
      const whole = setupHead + padded(words.u16(pending, 6)) + padded(words.u16(pending, 8));
      if (pending.length < whole) continue;
      pending = pending.subarray(whole);
      session = { words, answers: new Answers(words) };
      const { answers: mine } = session;
      own.add(mine);
      upstream.once('close', () => own.delete(mine));
      passBack(upstream, client, mine);
      upstream.write(setupRequest(endian, cookie));
    }
    const { words, answers: toClient } = session;
    for (;;) {
      const length = requestLength(pending, words);
      if (length === undefined || pending.length < length) break;
      const one = pending.subarray(0, length);
      pending = pending.subarray(length);
      hideBigRequests(one, words);
      const window = readsPropertyOf(one, words);
      if (window !== undefined && isForeign(window, own, toClient)) defuse(one, words);
      const use = clipboardUse(one, words);
      if (use && !(await mayUse(use))) {
        const selection = defuse(one, words);
        if (selection !== undefined) toClient.expect(selection);
      }
      if (!upstream.write(one)) await drained(upstream);
    }
  }
}

function passBack(upstream: net.Socket, client: net.Socket, answers: Answers): void {
  upstream.on('data', (chunk: Buffer) => {
    if (client.write(answers.take(chunk))) return;
    upstream.pause();
    client.once('drain', () => upstream.resume());
  });
}

function drained(socket: net.Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) return resolve();
    socket.once('drain', resolve);
    socket.once('close', () => resolve());
  });
}
