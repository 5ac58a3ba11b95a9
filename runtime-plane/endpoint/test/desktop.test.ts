/** What the floor grants of the desktop, the log of the bus proxy, and the clipboard in the X11 protocol. */
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { isBeyond, type LimitedAct, type Limits } from '../src/decide/limits.ts';
import { BusLog, type RefusedCall, RefusedCalls } from '../src/enforce/desktop/bus-log.ts';
import { cookieIn, parseDisplay } from '../src/enforce/desktop/x11-display.ts';
import {
  Answers,
  clipboardUse,
  defuse,
  FramingError,
  hideBigRequests,
  nowhere,
  requestLength,
  Words,
} from '../src/enforce/desktop/x11-requests.ts';
import { parseFloor } from '../src/enforce/floor.ts';
import { SessionError } from '../src/enforce/errors.ts';

const nothing = {
  x11: 'none',
  wayland: 'none',
  clipboard: 'none',
  accessibility: false,
};

describe('floor.desktop', () => {
  test('nothing unless it is granted [req: desktop:floor]', () => {
    expect(parseFloor(undefined).desktop).toEqual(nothing);
    expect(parseFloor({}).desktop).toEqual(nothing);
    expect(parseFloor({ desktop: {} }).desktop).toEqual(nothing);
    expect(parseFloor({ desktop: { session_bus: {} } }).desktop.session_bus).toMatchObject({
      talk: [],
      own: [],
    });
  });

  test('rules of a bus', () => {
    const rules = {
      talk: ['org.freedesktop.Notifications', 'org.example.*'],
      call: [
        'org.a.B=org.a.B.*@/org/a/*',
        'org.a.B=*',
        'org.a.B=org.a.B.Get',
        'org.a.B=@/org/a',
        'org.freedesktop.portal.Desktop=org.freedesktop.portal.Settings.Read@/org/freedesktop/portal/desktop',
      ],
    };
    expect(parseFloor({ desktop: { system_bus: rules } }).desktop.system_bus).toMatchObject(rules);
  });

  test.each([
    [null, 'desktop must be an object'],
    [{ x12: 'none' }, 'desktop has an unknown field "x12"; known are session_bus, system_bus, x11'],
    [{ x11: 'connect' }, 'desktop.x11 must be one of none, untrusted, trusted'],
    [{ x11: null }, 'desktop.x11 must be one of'],
    [{ accessibility: 'no' }, 'desktop.accessibility must be true or false'],
    [{ session_bus: [] }, 'desktop.session_bus must be an object'],
    [{ session_bus: 'all' }, 'desktop.session_bus must be an object with rules, or "whole"'],
    [{ session_bus: { speak: [] } }, 'desktop.session_bus has an unknown field "speak"; known are see, talk'],
    [{ session_bus: { talk: 'org.a.B' } }, 'desktop.session_bus.talk must be a list'],
    [{ session_bus: { talk: ['*'] } }, 'desktop.session_bus.talk holds "*", which is no bus name such as'],
    [{ session_bus: { talk: ['org'] } }, 'desktop.session_bus.talk holds "org"'],
    [{ session_bus: { own: [':1.5'] } }, 'desktop.session_bus.own holds ":1.5"'],
    [{ session_bus: { see: ['org.a.B --own=org.c.D'] } }, 'desktop.session_bus.see holds'],
    [{ session_bus: { talk: ['org.a.B\n'] } }, 'desktop.session_bus.talk holds "org.a.B\\n"'],
    [{ session_bus: { call: ['org.a.B'] } }, 'desktop.session_bus.call holds "org.a.B", which is not NAME='],
    [{ session_bus: { call: ['org.a.B=x y'] } }, 'desktop.session_bus.call holds "org.a.B=x y"'],
    [{ x11: 'trusted' }, 'desktop.x11 "trusted" reaches the clipboard'],
    [{ wayland: 'connect', clipboard: 'read' }, 'desktop.wayland "connect" reaches the clipboard'],
    [
      { x11: 'untrusted', clipboard: 'both' },
      'desktop.clipboard "both" cannot be given to an untrusted X client',
    ],
  ])('refuses %j: %s [req: desktop:floor]', (desktop, message) => {
    expect(() => parseFloor({ desktop })).toThrow(SessionError);
    expect(() => parseFloor({ desktop })).toThrow(message);
  });
});

describe('isBeyond, of the desktop', () => {
  const limits: Limits = {
    closed: [],
    sealed: [],
    granted: { read: ['/'], write: ['/'], execute: ['/'] },
    desktop: {
      reachable: { session_bus: ['/s/bus'], wayland: 'any' },
      clipboard: ['read'],
      ports: [6010],
      ownAbstract: false,
    },
  };
  const ipc = (operation: string, where: string): LimitedAct => ({
    name: 'ipc_connect',
    operation,
    path: { path: where },
  });
  const connect = (port: number): LimitedAct => ({
    name: 'connect',
    operation: 'x11',
    destination: { port },
  });

  test.each([
    [ipc('session_bus', '/s/bus'), false],
    [ipc('session_bus', '/run/user/1/bus'), true],
    [ipc('system_bus', '/s/bus'), true],
    [ipc('x11', '/tmp/.X11-unix/X0'), true],
    [ipc('x11', '@/tmp/.X11-unix/X0'), true],
    [ipc('wayland', '/run/user/1/wayland-0'), false],
    [ipc('accessibility', '/x'), true],
    [ipc('ssh_agent', '/x'), false],
    [connect(6010), true],
    [connect(6006), false],
    [{ name: 'use_clipboard', operation: 'read' }, false],
    [{ name: 'use_clipboard', operation: 'write' }, true],
  ] as const)('%j: %s', (act, expected) => {
    expect(isBeyond(act, limits)).toBe(expected);
  });

  test('without a part for the desktop nothing of it', () => {
    const { desktop: _, ...bare } = limits;
    expect(isBeyond(ipc('session_bus', '/s/bus'), bare)).toBe(true);
    expect(isBeyond({ name: 'use_clipboard', operation: 'read' }, bare)).toBe(true);
    expect(isBeyond(ipc('ssh_agent', '/x'), bare)).toBe(false);
  });

  test("abstract names of the session's own network are its own", () => {
    const desktop = { reachable: {}, clipboard: [], ports: [], ownAbstract: true };
    expect(isBeyond(ipc('x11', '@/tmp/.X11-unix/X0'), { ...limits, desktop })).toBe(false);
    expect(isBeyond(ipc('x11', '/tmp/.X11-unix/X0'), { ...limits, desktop })).toBe(true);
  });
});

describe('BusLog', () => {
  const text = [
    'C1: -> org.freedesktop.DBus call org.freedesktop.DBus.Hello at /org/freedesktop/DBus',
    'B1: <- org.freedesktop.DBus return from C1',
    'C4: -> org.freedesktop.systemd1 call org.freedesktop.systemd1.Manager.StartUnit at /org/freedesktop/systemd1',
    '*HIDDEN* (ping)',
    'C5: -> org.freedesktop.DBus call org.freedesktop.DBus.RequestName at /org/freedesktop/DBus',
    'Filtering message due to arg0 org.evil.Name, policy: 0 (required 3)',
    '*DENIED* (ping)',
    'C6: -> org.a.B call org.a.B.C at /',
    'B6: <- org.a.B return from C6',
    '*SKIPPED*',
    '*HIDDEN*',
    '',
  ].join('\n');

  test('names each refused call once, however the text is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 90 })), (cuts) => {
        const seen: RefusedCall[] = [];
        const log = new BusLog((call) => seen.push(call));
        let at = 0;
        for (const cut of cuts) {
          log.add(text.slice(at, at + cut));
          at += cut;
        }
        log.add(text.slice(at));
        expect(seen.map(({ destination, method }) => `${destination} ${method}`)).toEqual([
          'org.freedesktop.systemd1 org.freedesktop.systemd1.Manager.StartUnit',
          'org.freedesktop.DBus org.freedesktop.DBus.RequestName',
        ]);
      }),
    );
  });

  test('a loop of refused calls makes few records', () => {
    vi.useFakeTimers();
    const told: number[] = [];
    const calls = new RefusedCalls((_, times) => told.push(times));
    for (let index = 0; index < 5_000; index += 1)
      calls.add({ destination: 'org.a.B', method: `org.a.B.M${index % 1_000}`, path: '/' });
    expect(told.length).toBeLessThan(300);
    vi.advanceTimersByTime(1_000);
    calls.close();
    vi.useRealTimers();
    expect(told.reduce((sum, times) => sum + times, 0)).toBe(5_000);
    expect(told.length).toBeLessThan(600);
  });
});

describe.each(['little', 'big'] as const)('X11, %s endian', (endian) => {
  const words = new Words(endian);
  /** A request of an opcode with 32-bit fields. */
  const request = (opcode: number, ...fields: number[]): Buffer => {
    const bytes = Buffer.alloc(4 + fields.length * 4);
    bytes[0] = opcode;
    words.put16(bytes, 1 + fields.length, 2);
    for (const [index, field] of fields.entries()) words.put32(bytes, field, 4 + index * 4);
    return bytes;
  };
  const convert = (): Buffer => request(24, 0x400001, 1, 31, 5, 0);

  test.each([
    ['ConvertSelection', convert(), 'read'],
    ['SetSelectionOwner', request(22, 0x400001, 1, 0), 'write'],
    ['GetProperty of a cut buffer', request(20, 1, 16, 0, 0, 100), 'read'],
    ['GetProperty of another', request(20, 1, 17, 0, 0, 100), undefined],
    ['ChangeProperty of a cut buffer', request(18, 1, 9, 31, 8, 0), 'write'],
    ['DeleteProperty of a cut buffer', request(19, 1, 9), 'write'],
    ['RotateProperties with a cut buffer', request(114, 1, 0, 40, 12), 'write'],
    ['GetInputFocus', request(43), undefined],
    ['a GetProperty that is too short', request(20, 1), undefined],
  ])('%s', (_, one, use) => {
    expect(clipboardUse(one, words)).toBe(use);
  });

  test('what is refused keeps its length, and asks for nothing or does nothing', () => {
    const read = convert();
    expect(defuse(read, words)).toBe(1);
    expect([read[0], read.length, words.u32(read, 8), words.u32(read, 4)]).toEqual([
      24,
      24,
      nowhere,
      0x400001,
    ]);
    const property = request(20, 1, 9, 0, 0, 100);
    property[1] = 1;
    expect(defuse(property, words)).toBeUndefined();
    expect([property[0], property[1], words.u32(property, 8)]).toEqual([20, 0, nowhere]);
    for (const one of [request(22, 1, 1, 0), request(18, 1, 9, 31, 8, 0), request(24, 1, 1)]) {
      const { length } = one;
      expect(defuse(one, words)).toBeUndefined();
      expect([one[0], one.length, requestLength(one, words)]).toEqual([127, length, length]);
    }
  });

  test('an extended length is never guessed at', () => {
    expect(requestLength(Buffer.alloc(3), words)).toBeUndefined();
    expect(() => requestLength(Buffer.from([24, 0, 0, 0, 9, 9]), words)).toThrow(FramingError);
    const ask = (name: string): Buffer => {
      const bytes = Buffer.alloc(8 + ((name.length + 3) & ~3));
      bytes[0] = 98;
      words.put16(bytes, bytes.length / 4, 2);
      words.put16(bytes, name.length, 4);
      bytes.write(name, 8, 'latin1');
      hideBigRequests(bytes, words);
      return bytes;
    };
    expect(ask('BIG-REQUESTS').toString('latin1')).not.toContain('BIG-REQUESTS');
    expect(ask('XC-MISC').toString('latin1')).toContain('XC-MISC');
  });

  test('answers pass unchanged, but a refused selection has its own name, however they are cut', () => {
    const setup = Buffer.alloc(8 + 40, 7);
    setup[0] = 1;
    words.put16(setup, 10, 6);
    words.put32(setup, 0x400000, 12);
    words.put32(setup, 0x1fffff, 16);
    const message = (kind: number, more = 0): Buffer => {
      const bytes = Buffer.alloc(32 + more * 4, 0x2b); // holds many 43s
      bytes[0] = kind;
      if (kind === 1 || kind === 35) words.put32(bytes, more, 4);
      return bytes;
    };
    const notify = (selection: number): Buffer => {
      const bytes = message(31);
      words.put32(bytes, selection, 12);
      return bytes;
    };
    const before = [
      setup,
      message(1, 30),
      notify(2),
      message(35, 9),
      notify(nowhere),
      message(0),
      notify(nowhere),
    ];
    const after = [...before.slice(0, 4), notify(1), message(0), notify(300)];
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 70 })), (cuts) => {
        const answers = new Answers(words);
        answers.expect(1);
        answers.expect(300);
        const all = Buffer.concat(before);
        const out: Buffer[] = [];
        let at = 0;
        for (const cut of [...cuts, all.length]) {
          out.push(Buffer.from(answers.take(Buffer.from(all.subarray(at, at + cut)))));
          at += cut;
        }
        expect(Buffer.concat(out)).toEqual(Buffer.concat(after));
        expect(answers.ids).toEqual({ base: 0x400000, mask: 0x1fffff });
      }),
    );
  });
});

test('a client that the server turns away hears why', () => {
  const words = new Words('little');
  const answers = new Answers(words);
  const refusal = Buffer.from('00040b000000010057686f3f', 'hex');
  expect(answers.take(refusal)).toEqual(refusal);
  expect(answers.ids).toBeUndefined();
});

describe('parseDisplay', () => {
  test.each([
    [':0', { name: ':0', screen: '', at: { path: '/tmp/.X11-unix/X0' } }],
    ['unix:3.1', { name: 'unix:3', screen: '.1', at: { path: '/tmp/.X11-unix/X3' } }],
    ['localhost:10.0', { name: 'localhost:10', screen: '.0', at: { host: 'localhost', port: 6010 } }],
    ['[::1]:2', { name: '[::1]:2', screen: '', at: { host: '::1', port: 6002 } }],
    ['/nowhere/socket:0', { name: '/nowhere/socket:0', screen: '', at: { path: '/nowhere/socket' } }],
  ])('%s', (text, display) => {
    expect(parseDisplay(text)).toEqual(display);
  });
  test.each([undefined, '', '0', ':', ':x', 'host::0', ':0 -x'])('%s is none', (text) => {
    expect(parseDisplay(text)).toBeUndefined();
  });
});

describe('cookieIn', () => {
  const entry = (name: string, data: Buffer): Buffer => {
    const counted = (part: Buffer): Buffer => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(part.length);
      return Buffer.concat([length, part]);
    };
    return Buffer.concat([
      Buffer.from([1, 0]),
      ...[Buffer.from('host'), Buffer.from('0'), Buffer.from(name), data].map(counted),
    ]);
  };
  test('the first that fits, and none in what is torn', () => {
    const cookie = Buffer.alloc(16, 5);
    const file = Buffer.concat([entry('XDM-1', Buffer.alloc(9)), entry('MIT-MAGIC-COOKIE-1', cookie)]);
    expect(cookieIn(file)).toEqual(cookie);
    for (let length = 0; length < file.length; length += 1)
      expect(cookieIn(file.subarray(0, length))).toBeUndefined();
  });
});
