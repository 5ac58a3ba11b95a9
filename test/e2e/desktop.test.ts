/** What an agent reaches of the desktop: by default nothing, and of a bus, a display and a clipboard what is granted. */
import { existsSync, linkSync, readdirSync, readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type Line, readRecords } from './programs/records.ts';
import { few, until, World } from './world.ts';
import { Desktop, missing } from './world-desktop.ts';

const noBus = missing('every case with D-Bus', 'dbus-daemon', 'dbus-send', 'xdg-dbus-proxy');
const noNotify = missing('notifications', 'notify-send') || noBus;
const noDisplay = missing('every case with X11', 'Xvfb', 'xauth', 'xclip', 'xdotool', 'xev');

const all = 'default decision := {"allow": true}';
const withFloor = (desktop: object, more = ''): string =>
  `${all}\n\nfloor := ${JSON.stringify({ desktop })}\n\n${more}`;
const deny = (condition: string): string => `decision := {"allow": false, "reason": "test"} if ${condition}`;

const facts = (world: World): string[] =>
  readRecords(world).flatMap(({ decision, input, kind, call }: Line) => {
    const about = `${String(input?.['action'])} ${String(input?.['operation'])}`;
    if (kind === 'refusal' && call === 'io_uring_setup') return []; // Node asks for it
    if (kind === 'refusal')
      return [`refusal ${call} ${(input?.['call'] as { name?: string } | undefined)?.name}`];
    return decision && input?.['operation'] ? [`${decision.effect} ${decision.reason} ${about}`] : [];
  });
const send = (name: string, member: string): string =>
  `dbus-send --session --print-reply --dest=${name} /${name.replaceAll('.', '/')} ${member}`;
const leftOvers = (): string[] => [
  ...readdirSync('/tmp').filter((name) => name.startsWith('chaperone-s-')),
  ...(existsSync('/tmp/.X11-unix') ? readdirSync('/tmp/.X11-unix') : []),
];

describe.each(few)('the desktop: $title', (where) => {
  test.skipIf(noNotify)(
    'notifications yes, systemd and keyring no, and the bus itself is not reached by any name [req: desktop:bus]',
    async () => {
      using world = new World(where);
      const desktop = new Desktop(world);
      await desktop.bus();
      const notifications =
        'org.freedesktop.Notifications=org.freedesktop.Notifications.*@/org/freedesktop/Notifications';
      world.policy(withFloor({ session_bus: { call: [notifications] } }));
      const alias = world.at('alias');
      linkSync(desktop.busSocket, alias);
      const { code, stdout, stderr } = await desktop.script(
        `notify-send hello && echo notified
        ${send('org.freedesktop.systemd1', 'org.freedesktop.systemd1.Manager.ListUnits')} && echo systemd
        ${send('org.freedesktop.secrets', 'org.freedesktop.Secret.Service.OpenSession')} && echo keyring
        dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.RequestName string:org.evil.Name uint32:0 && echo owned
        for bus in "$1" "$2"; do
          dbus-send --bus="unix:path=$bus" --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.ListNames && echo direct
        done
        rm -f "\${DBUS_SESSION_BUS_ADDRESS#unix:path=}" && echo removed
        exit 0`,
        desktop.busSocket,
        alias,
      );
      expect({ code, said: stdout.match(/notified|systemd|keyring|owned|direct|removed/gu) }).toEqual({
        code: 0,
        said: ['notified'],
      });
      expect(desktop.heard).toContain('Notify hello');
      expect(stderr.match(/Failed to connect to socket .*Permission denied/gu)).toHaveLength(2);
      const seen = facts(world);
      expect(seen).toContain('allow policy ipc_connect session_bus');
      expect(seen.filter((one) => one === 'deny floor ipc_connect session_bus')).toHaveLength(2);
      expect(seen).toContain('refusal dbus org.freedesktop.systemd1.Manager.ListUnits');
      expect(seen).toContain('refusal dbus org.freedesktop.Secret.Service.OpenSession');
      expect(seen).toContain('refusal dbus org.freedesktop.DBus.RequestName');
      expect((await world.verify()).code).toBe(0);
    },
  );

  test.skipIf(noBus)('what the floor grants is still put to the policy', async () => {
    using world = new World(where);
    const desktop = new Desktop(world);
    await desktop.bus();
    world.policy(
      withFloor(
        { session_bus: { talk: ['org.freedesktop.Notifications'] } },
        deny('input.operation == "session_bus"'),
      ),
    );
    const { code } = await desktop.script(send('org.freedesktop.DBus', 'org.freedesktop.DBus.ListNames'));
    expect(code).not.toBe(0);
    expect(facts(world)).toContain('deny policy ipc_connect session_bus');
  });

  test.skipIf(noBus)('a bus that is granted whole is the bus itself', async () => {
    using world = new World(where);
    const desktop = new Desktop(world);
    await desktop.bus();
    world.policy(withFloor({ session_bus: 'whole' }));
    const { code } = await desktop.script(
      send('org.freedesktop.Notifications', 'org.freedesktop.Notifications.GetServerInformation'),
    );
    expect(code).toBe(0);
    expect(facts(world)).toEqual(['allow policy ipc_connect session_bus']);
  });

  test.skipIf(noBus)(
    'a proxy that dies closes the bus, and the session goes on [req: desktop:bus-proxy-ends]',
    async () => {
      using world = new World(where);
      const desktop = new Desktop(world);
      await desktop.bus();
      world.policy(withFloor({ session_bus: { talk: ['org.freedesktop.Notifications'] } }));
      const call = send(
        'org.freedesktop.Notifications',
        'org.freedesktop.Notifications.GetServerInformation',
      );
      const child = desktop.start([
        '/bin/sh',
        '-c',
        `${call} >"$1/first"; while [ ! -e "$1/go" ]; do sleep 0.05; done; ${call} && echo still; echo alive`,
        'sh',
        world.at('home'),
      ]);
      let printed = '';
      child.stdout?.on('data', (text: Buffer) => (printed += text.toString()));
      await until('the first call', () => desktop.heard.includes('GetServerInformation'));
      // The proxy of this very session: its arguments name a socket below the world.
      const proxies = readdirSync('/proc').filter((pid) => {
        try {
          const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
          return (
            /(^|\/)xdg-dbus-proxy$/u.test(line[0] ?? '') &&
            line.some((one) => one.includes(desktop.busSocket))
          );
        } catch {
          return false;
        }
      });
      expect(proxies).toHaveLength(1);
      process.kill(Number(proxies[0]), 'SIGKILL');
      await until('the record', () => readRecords(world).some(({ kind }) => kind === 'refusal'));
      world.file('home/go', '');
      const code = await new Promise((resolve) => child.once('close', resolve));
      expect({ code, printed }).toEqual({ code: 0, printed: 'alive\n' });
      expect(desktop.heard.match(/GetServerInformation/gu)).toHaveLength(1);
    },
  );

  test.skipIf(noBus)(
    'without xdg-dbus-proxy there is no session [req: desktop:bus-proxy-missing]',
    async () => {
      using world = new World(where);
      const desktop = new Desktop(world);
      await desktop.bus();
      world.policy(withFloor({ session_bus: { talk: ['org.freedesktop.Notifications'] } }));
      const { code, stdout, stderr } = await desktop.run(['/bin/echo', 'started'], {
        PATH: world.folder('home'),
      });
      expect({ code, stdout }).toEqual({ code: 125, stdout: '' });
      expect(stderr).toContain('apt-get install xdg-dbus-proxy');
    },
  );

  test.skipIf(noBus || noDisplay)(
    'by default nothing is reached, whatever the policy allows [req: desktop:default]',
    async () => {
      using world = new World(where);
      const desktop = new Desktop(world);
      await desktop.bus();
      await desktop.display();
      world.policy(all);
      const { stdout } = await desktop.script(
        `${send('org.freedesktop.DBus', 'org.freedesktop.DBus.ListNames')} && echo bus
        timeout 5 xclip -o && echo clipboard
        timeout 5 xdotool key a && echo automation
        exec 3<>/dev/uinput && echo uinput
        exit 0`,
      );
      expect(stdout).toBe('');
      const seen = facts(world);
      expect(seen).toContain('deny floor ipc_connect session_bus');
      expect(seen.filter((one) => one === 'deny floor ipc_connect x11').length).toBeGreaterThanOrEqual(2);
    },
  );

  test('devices that type and point are closed [req: desktop:devices]', async () => {
    using world = new World(where);
    world.policy(all);
    const { stdout } = await world.run([
      '/bin/sh',
      '-c',
      'for d in uinput uhid; do (: >/dev/$d) && echo $d; done; exit 0',
    ]);
    expect(stdout).toBe('');
    const denied = readRecords(world).filter(({ decision }) => decision?.reason === 'floor');
    expect(denied.map(({ input }) => input?.['path'])).toEqual(['/dev/uinput', '/dev/uhid']);
  });

  test.skipIf(noDisplay)(
    'an untrusted client sees and does nothing to others [req: desktop:x11-untrusted]',
    async () => {
      using world = new World(where);
      const desktop = new Desktop(world);
      await desktop.display();
      world.policy(withFloor({ x11: 'untrusted' }));
      await desktop.clip('primary', 'clip secret');
      await desktop.outside([
        'sh',
        '-c',
        'xprop -root -f CUT_BUFFER0 8s -set CUT_BUFFER0 cut; xdotool keydown a',
      ]);
      // 1. Trusted, all of it works: the attempts are real ones.
      const trusted = await desktop.outside(desktop.spy(desktop.cookie));
      const list = ['sees keys', 'takes a picture', 'grabs the keyboard', 'reads a cut buffer'];
      for (const one of list) expect(trusted.stdout).toContain(`${one}: yes`);
      await desktop.clip('primary', 'clip secret');
      // 2. In the session, none of it does, with the person's own cookie neither.
      for (const cookie of ['', desktop.cookie]) {
        const { stdout, stderr } = await desktop.run(desktop.spy(cookie));
        expect({ said: stdout.match(/: yes/gu), stdout }, stderr).toEqual({
          said: [': yes'],
          stdout: expect.stringContaining('alive: yes') as string,
        });
      }
      // 3. Nor do the programs that people use for it.
      const { stdout } = await desktop.script(
        'timeout 10 xclip -selection primary -o && echo clipboard; timeout 10 xdotool key b && echo typed; exit 0',
      );
      expect(stdout).toBe('');
      expect((await desktop.outside(['xclip', '-selection', 'primary', '-o'])).stdout).toBe('clip secret');
      // 4. Nor are titles read or keys heard, of windows that are seen.
      const window = desktop.background(['xev', '-name', 'secret title', '-geometry', '50x50+1+1']);
      const titles = 'for i in 1 2 3 4 5; do xwininfo -root -tree; sleep 0.2; done';
      expect((await desktop.outside(['sh', '-c', titles])).stdout).toContain('secret title');
      const listen = `id=$(xwininfo -root -tree | sed -n 's/^ *\\(0x[0-9a-f]*\\).* 50x50.*/\\1/p' | head -n 1)
        echo "window $id"; xprop -id "$id"; xwininfo -root -tree; timeout 3 stdbuf -oL xev -id "$id"; exit 0`;
      const typing = desktop.background([
        'sh',
        '-c',
        'xdotool keyup a; while sleep 0.2; do xdotool mousemove 20 20 key x; done',
      ]);
      const overheard = await desktop.outside(['sh', '-c', listen]);
      expect(overheard.stdout).toMatch(/secret title(.|\n)*KeyPress event/u);
      const heard = await desktop.script(listen);
      expect(heard.stdout).toMatch(/window 0x[0-9a-f]/u);
      expect(heard.stdout).not.toMatch(/secret title|KeyPress event/u);
      typing.kill('SIGKILL');
      window.kill('SIGKILL');
      // 5. The display itself is not reached.
      const direct = await desktop.run([
        '/usr/bin/env',
        `DISPLAY=${desktop.variables['DISPLAY']}`,
        ...desktop.spy(desktop.cookie),
      ]);
      expect(direct.stdout).toContain('no display');
      const seen = facts(world);
      expect(seen).toContain('deny floor ipc_connect x11');
      expect(seen).toContain('deny floor use_clipboard read');
      expect(seen).toContain('deny floor use_clipboard write');
    },
  );

  test.skipIf(noDisplay)(
    'the clipboard is read when floor and policy say so [req: desktop:clipboard]',
    async () => {
      using world = new World(where);
      const desktop = new Desktop(world);
      await desktop.display();
      await desktop.clip('clipboard', 'clip secret');
      const read = 'timeout 10 xclip -selection clipboard -o';
      world.policy(withFloor({ x11: 'untrusted', clipboard: 'read' }));
      expect((await desktop.script(read)).stdout).toBe('clip secret');
      expect(facts(world)).toContain('allow policy use_clipboard read');
      world.policy(
        withFloor({ x11: 'untrusted', clipboard: 'read' }, deny('input.action == "use_clipboard"')),
      );
      expect((await desktop.script(read)).stdout).toBe('');
      expect(facts(world)).toContain('deny policy use_clipboard read');
    },
  );

  test.skipIf(noDisplay)(
    'a trusted display is one act with its clipboard [req: desktop:clipboard]',
    async () => {
      using world = new World(where);
      const desktop = new Desktop(world);
      await desktop.display();
      await desktop.clip('clipboard', 'clip secret');
      const use =
        'timeout 10 xclip -selection clipboard -o && timeout 10 xdotool key a && echo " typed"; exit 0';
      world.policy(withFloor({ x11: 'trusted', clipboard: 'both' }));
      expect((await desktop.script(use)).stdout).toBe('clip secret typed\n');
      expect(facts(world)).toContain('allow policy use_clipboard write');
      world.policy(
        withFloor(
          { x11: 'trusted', clipboard: 'both' },
          deny('input.action == "use_clipboard"; input.operation == "write"'),
        ),
      );
      expect((await desktop.script(use)).stdout).toBe('');
    },
  );

  test('a Wayland display likewise [req: desktop:clipboard]', async () => {
    using world = new World(where);
    const desktop = new Desktop(world);
    const socket = path.join(world.at('run'), 'wayland-7');
    let connections = 0;
    const server = net.createServer((client) => {
      connections += 1;
      client.end();
    });
    await new Promise<void>((resolve) =>
      server.listen({ path: socket, writableAll: true, readableAll: true }, resolve),
    );
    const connect = [
      process.execPath,
      '-e',
      'require("net").connect(process.argv[1]).on("connect", () => process.exit(0)).on("error", () => process.exit(7))',
      socket,
    ];
    world.policy(all);
    expect((await desktop.run(connect)).code).toBe(7);
    world.policy(
      withFloor({ wayland: 'connect', clipboard: 'both' }, deny('input.action == "use_clipboard"')),
    );
    expect((await desktop.run(connect)).code).toBe(7);
    expect(connections).toBe(0);
    world.policy(withFloor({ wayland: 'connect', clipboard: 'both' }));
    expect((await desktop.run(connect)).code).toBe(0);
    expect(connections).toBe(1);
    server.close();
    expect(facts(world)).toEqual([
      'deny floor ipc_connect wayland',
      'allow policy ipc_connect wayland',
      'deny policy use_clipboard read',
      'allow policy ipc_connect wayland',
      'allow policy use_clipboard read',
      'allow policy use_clipboard write',
    ]);
  });

  test.skipIf(noDisplay || noBus)(
    "a session's own display and bus are its own [req: desktop:own]",
    async () => {
      using world = new World(where);
      const desktop = new Desktop(world);
      world.policy(all);
      const { stdout, stderr } = await desktop.script(
        `Xvfb -displayfd 1 -noreset -nolisten tcp >"$1/number" 2>"$1/log" & server=$!
      for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do [ -s "$1/number" ] || sleep 0.2; done
      export DISPLAY=":$(cat "$1/number")"
      printf own | timeout 10 xclip -i && timeout 10 xclip -o && timeout 10 xdotool key a && echo " display"
      dbus-run-session -- ${send('org.freedesktop.DBus', 'org.freedesktop.DBus.ListNames')} >/dev/null && echo bus
      kill $server; wait; exit 0`,
        world.at('home'),
      );
      expect(stdout, stderr).toBe('own display\nbus\n');
    },
  );
});

const before = leftOvers();
afterAll(() => {
  const after = leftOvers().filter(
    (name) => !before.includes(name) && /^chaperone-s-|^X(6[4-9]|[7-9]\d|\d{3})$/u.test(name),
  );
  expect(after).toEqual([]);
});
