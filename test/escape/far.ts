/** What an attack by network wants to reach: servers outside of the session that remember all that arrived, one set for each world. */
import dgram from 'node:dgram';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Outside } from '../e2e/world-egress.ts';
import type { Attack } from './attack.ts';
import type { World } from './world.ts';

/** What policies list; at all other names nothing may arrive. */
export const allowed = 'web.allowed.test';
export const denied = 'web.denied.test';
/** Where denied names lead; the allowed one leads to 127.0.0.1. */
export const elsewhere = '127.0.0.66';

export type Far = {
  /** Nameserver, TLS, HTTP. */
  readonly outside: Outside;
  /** Takes whatever comes, at the address of the allowed host. */
  readonly sink: Listener;
  /** At {@link elsewhere} and this machine's other addresses; its port is nobody's. */
  readonly never: Listener;
  readonly datagrams: Datagrams;
};

export type Listener = { readonly port: number; readonly heard: string[]; connections: number };
type Datagrams = { readonly port: number; readonly heard: string[] };
type Handler = NonNullable<Parameters<typeof Outside.open>[0]>;

export type FarOptions = {
  /** Made anew for each world. */
  readonly answers?: () => Record<string, string>;
  readonly handle?: Handler;
  /** What the sink says to the first bytes of each connection. */
  readonly says?: (heard: string) => string;
};

const fars = new WeakMap<World, Far>();

export function farOf(world: World): Far {
  const far = fars.get(world);
  if (!far) throw new Error('nothing listens for this world');
  return far;
}

/** `Attack.outside` */
export function opens({ answers, handle, says }: FarOptions = {}) {
  return async (world: World): Promise<void> => {
    const outside = await Outside.open(handle, Object.assign(answers?.() ?? {}, { [denied]: elsewhere }));
    world.atStop(() => outside.close());
    const sink = await listen(world, ['127.0.0.1'], says);
    const never = await listen(world, ['127.0.0.1', elsewhere, '::1']);
    const datagrams = await collect(world, never.port);
    world.write(certificateOf(world), outside.authority.certificate);
    fars.set(world, { outside, sink, never, datagrams });
  };
}

/** Where programs find whose certificates the far side has. */
export const certificateOf = (world: World): string => path.join(world.folder, 'outside.pem');

/** `Attack.data`. @param egress further settings, in place of the usual ones; inward: names that may lead to private addresses */
export function settings(
  egress: Readonly<Record<string, unknown>> = {},
  data: Readonly<Record<string, unknown>> = {},
  inward: readonly string[] = ['*'],
) {
  return (world: World): Readonly<Record<string, unknown>> => {
    const { outside, sink } = farOf(world);
    const usual = {
      names: { private: inward, servers: [`127.0.0.1:${outside.ports.dns}`] },
      upstream_ca: [certificateOf(world)],
    };
    const ports = [53, outside.ports.tls, outside.ports.http];
    const open = { hosts: [allowed], ports, sink: sink.port };
    return { chaperone: { egress: { ...usual, ...egress } }, ...open, ...data };
  };
}

/** Attacks carry the world's canary: whatever arrived with it, or at all where nothing may, has won. */
export async function arrived(world: World): Promise<boolean> {
  await new Promise((resolve) => setTimeout(resolve, 50));
  const { outside, sink, never, datagrams } = farOf(world);
  const canary = world.canary.toLowerCase();
  const carries = (text: string): boolean => text.toLowerCase().includes(canary);
  return (
    never.connections > 0 ||
    datagrams.heard.length > 0 ||
    sink.heard.some(carries) ||
    outside.asked.some(carries) ||
    outside.arrived.some((request) => carries(JSON.stringify(request)))
  );
}

/** A request arrived that the attack smuggled: at another host, or for its own path. */
export async function requested(world: World): Promise<boolean> {
  const { outside } = farOf(world);
  const smuggled = outside.arrived.some(
    ({ url, host }) => url.includes(world.canary) || !host.startsWith(allowed),
  );
  return smuggled || (await arrived(world));
}

/** Names were asked for that no policy allows. */
export async function asked(world: World): Promise<boolean> {
  return farOf(world).outside.asked.some((name) => name !== allowed) || (await arrived(world));
}

/** What policy allows of the same run: a request for this path. */
export const reachedPath =
  (where = '/fine') =>
  (world: World): boolean =>
    farOf(world).outside.arrived.some(({ url, host }) => url === where && host.startsWith(allowed));

/** What is common to most attacks by network; they win where nothing holds them. */
export const bare = {
  policy: 'hosts',
  outside: opens(),
  data: settings(),
  won: arrived,
} satisfies Partial<Attack>;

/** The same for those that need names which only the session's resolver knows. */
export const usual = { ...bare, control: { within: reachedPath() } } satisfies Partial<Attack>;

async function listen(
  world: World,
  hosts: readonly string[],
  says?: (heard: string) => string,
): Promise<Listener> {
  const heard: string[] = [];
  const listener = { port: 0, heard, connections: 0 };
  const serve = (socket: net.Socket): void => {
    listener.connections += 1;
    const at = heard.push('') - 1;
    socket.on('error', () => {});
    socket.on('data', (bytes: Buffer) => {
      const first = heard[at] === '';
      heard[at] += bytes.toString('latin1');
      if (first && says) socket.write(says(heard[at] ?? ''), 'latin1');
    });
  };
  for (const host of hosts) {
    const server = net.createServer(serve);
    const open = new Set<net.Socket>();
    server.on('connection', (socket) => open.add(socket));
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) =>
        host === '::1' && error.code === 'EADDRNOTAVAIL' ? resolve() : reject(error),
      );
      server.listen(listener.port, host, resolve);
    });
    listener.port ||= (server.address() as AddressInfo).port;
    world.atStop(() => {
      server.close();
      for (const socket of open) socket.destroy();
    });
  }
  return listener;
}

async function collect(world: World, port: number): Promise<Datagrams> {
  const heard: string[] = [];
  for (const [kind, host] of [
    ['udp4', elsewhere],
    ['udp4', '127.0.0.1'],
    ['udp6', '::1'],
  ] as const) {
    const socket = dgram.createSocket(kind);
    socket.on('message', (bytes) => heard.push(bytes.toString('latin1')));
    await new Promise<void>((resolve) => {
      socket.once('error', () => resolve());
      socket.bind(port, host, () => resolve());
    });
    world.atStop(() => socket.close());
  }
  return { port, heard };
}

/** A command of Python with what the attacks share; `lines` may use `attempt` and all else of programs/network.py. */
export function python(lines: string): string[] {
  const shared = fileURLToPath(new URL('programs', import.meta.url));
  const start = `import sys; sys.path.insert(0, ${JSON.stringify(shared)}); from network import *\n`;
  return ['/usr/bin/python3', '-B', '-c', start + lines];
}
