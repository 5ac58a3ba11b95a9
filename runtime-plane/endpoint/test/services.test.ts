import { linkSync, mkdirSync, renameSync, statSync, symlinkSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { knownServices, Services } from '../src/context/services.ts';
import { aTree } from './policy-fixture.ts';

const services = new Services({ home: '/home/u', runtimeDir: '/srv/run', known: [] });

describe('Services', () => {
  test.each([
    ['/run/user/1000/bus', 'session_bus'],
    ['/srv/run/bus', 'session_bus'],
    ['/tmp/dbus-Xy1', 'session_bus'],
    ['@/tmp/dbus-Xy1', 'session_bus'],
    ['/run/dbus/system_bus_socket', 'system_bus'],
    ['/tmp/.X11-unix/X0', 'x11'],
    ['@/tmp/.X11-unix/X12', 'x11'],
    ['/run/user/1000/wayland-0', 'wayland'],
    ['/run/user/1000/at-spi/bus_0', 'accessibility'],
    ['/home/u/.cache/at-spi/bus_1', 'accessibility'],
    ['/tmp/.ydotool_socket', 'accessibility'],
    ['/run/user/1000/keyring/control', 'keyring'],
    ['/run/user/1000/keyring/ssh', 'ssh_agent'],
    ['/tmp/ssh-AbC/agent.77', 'ssh_agent'],
    ['/run/user/1000/gnupg/S.gpg-agent', 'gpg_agent'],
    ['/run/user/1000/gnupg/S.gpg-agent.ssh', 'ssh_agent'],
    ['/home/u/.gnupg/S.gpg-agent', 'gpg_agent'],
    ['/run/user/1000/pulse/native', 'audio'],
    ['/run/user/1000/pipewire-0', 'audio'],
    ['/run/docker.sock', 'container'],
    ['/run/user/1000/podman/podman.sock', 'container'],
    ['/run/libvirt/libvirt-sock', 'virtual_machine'],
    ['/run/systemd/private', 'systemd'],
    ['/run/user/1000/systemd/private', 'systemd'],
    ['/tmp/.ICE-unix/1234', 'session_manager'],
    ['/tmp/tmux-1000/default', 'terminal'],
  ])('%s is %s [req: desktop:services]', (where, service) => {
    expect(services.of(where)).toBe(service);
  });

  test.each([
    '/run/user/1000/bus2',
    '/run/user/1000/deep/bus',
    '/home/other/.cache/at-spi/bus_1',
    '/home/u/.cacheXat-spi/bus',
    '/tmp/Xdbus-a',
    '/tmp/dbus-a/socket',
    '/tmp/.X11-unix',
    '/run/systemd/journal/socket',
    'socket:unixgram',
    '',
  ])('%s is none of them', (where) => {
    expect(services.of(where)).toBeUndefined();
  });

  test('a home with characters of a pattern is taken as it is', () => {
    const odd = new Services({ home: '/home/a*(b)\\', known: [] });
    expect(odd.of('/home/a*(b)\\/.gnupg/S.x')).toBe('gpg_agent');
    expect(odd.of('/home/aZ(b)\\/.gnupg/S.x')).toBeUndefined();
  });

  test('a socket that the environment names is known by every name [req: desktop:services]', async () => {
    const root = aTree();
    const real = path.join(root, 'real');
    const server = net.createServer().listen(real);
    await new Promise((resolve) => server.once('listening', resolve));
    const link = path.join(root, 'link');
    symlinkSync(real, link);
    const other = path.join(root, 'other');
    linkSync(real, other);
    const known = knownServices({ DBUS_SESSION_BUS_ADDRESS: `unix:path=${link},guid=1` });
    const found = new Services({ home: '/', known });
    const { dev, ino } = statSync(real, { bigint: true });
    expect(found.of(real)).toBe('session_bus');
    expect(found.of(other)).toBeUndefined();
    expect(found.of(other, `${dev}:${ino}`)).toBe('session_bus');
    // What is made anew in its place is it, too.
    renameSync(real, path.join(root, 'moved'));
    mkdirSync(real);
    expect(found.of(real)).toBe('session_bus');
    server.close();
  });

  test('TCP ports of X displays, and whatever else the environment names', () => {
    expect(services.ofPort(6000, 'tcp')).toBe('x11');
    expect(services.ofPort(6063, 'tcp')).toBe('x11');
    for (const [port, protocol] of [
      [5999, 'tcp'],
      [6064, 'tcp'],
      [6000, 'udp'],
      [undefined, 'tcp'],
    ] as const)
      expect(services.ofPort(port, protocol)).toBeUndefined();
    const known = knownServices({ DBUS_SESSION_BUS_ADDRESS: 'tcp:host=127.0.0.1,port=7000' });
    expect(new Services({ home: '/', known }).ofPort(7000, 'tcp')).toBe('session_bus');
  });
});

describe('knownServices', () => {
  test('addresses, sockets and displays', () => {
    expect(
      knownServices({
        XDG_RUNTIME_DIR: '/run/user/7',
        DBUS_SESSION_BUS_ADDRESS: 'unix:abstract=/tmp/a%2db,guid=0;unix:path=/b',
        DBUS_SYSTEM_BUS_ADDRESS: 'unix:path=/c',
        AT_SPI_BUS_ADDRESS: 'unix:path=/d',
        WAYLAND_DISPLAY: 'wayland-7',
        SSH_AUTH_SOCK: '/e',
        DOCKER_HOST: 'unix:///f',
        PULSE_SERVER: 'unix:/g',
        DISPLAY: 'localhost:10.0',
        TMUX: '/h,1,2',
      }),
    ).toEqual([
      { service: 'session_bus', path: '@/tmp/a-b' },
      { service: 'session_bus', path: '/b' },
      { service: 'system_bus', path: '/c' },
      { service: 'accessibility', path: '/d' },
      { service: 'x11', port: 6010 },
      { service: 'wayland', path: '/run/user/7/wayland-7' },
      { service: 'ssh_agent', path: '/e' },
      { service: 'audio', path: '/g' },
      { service: 'container', path: '/f' },
      { service: 'terminal', path: '/h' },
    ]);
  });

  test.each([{}, { DISPLAY: ':0' }, { DISPLAY: 'unix:1.0' }, { DOCKER_HOST: 'tcp://x:1' }, { DISPLAY: 'x' }])(
    '%j names none',
    (environment) => {
      expect(knownServices(environment)).toEqual([]);
    },
  );
});
