import net from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { fields, frame, get, listen, post, preface, type, u32 } from './frames.ts';
import { answered, begin, rig, type Rig, until } from './rig.ts';

let open: Rig | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});
const start = async (...args: Parameters<typeof rig>): Promise<Rig> => (open = await rig(...args));
const settings = frame(type.settings, 0, 0);
const end = 1;
const endHeaders = 4;

/** An agent that speaks in raw frames. */
async function agent(one: Rig): Promise<{ socket: net.Socket; seen: ReturnType<typeof listen>['seen'] }> {
  const socket = await one.raw();
  const { seen } = listen(socket);
  socket.write(Buffer.concat([preface, settings]));
  await until(() => seen.some(({ kind }) => kind === type.settings));
  socket.write(frame(type.settings, 1, 0));
  return { socket, seen };
}

const answering = async (limits = {}) =>
  await start(
    (stream) => {
      stream.respond({ ':status': 200 });
      stream.end('ok');
    },
    { limits },
  );

describe('a hostile agent [req: egress:http2]', () => {
  test('an upload that is broken off with NO_ERROR never looks whole', async () => {
    const seen: string[] = [];
    const one = await start((stream) => {
      stream.on('data', () => seen.push('data'));
      stream.on('end', () => seen.push(stream.rstCode === 0 ? 'whole' : 'broken'));
      stream.on('close', () => seen.push('close'));
    });
    const { socket } = await agent(one);
    socket.write(frame(type.headers, endHeaders, 1, post));
    socket.write(frame(type.data, 0, 1, 'DELETE FROM a'));
    await until(() => seen.includes('data'));
    socket.write(frame(type.reset, 0, 1, u32(0)));
    await until(() => seen.includes('close'));
    expect(seen).not.toContain('whole');
    await until(() => one.desk.ended.length === 1);
    expect(one.desk.ended[0]?.result).toBe('abandoned');
  });

  test('rapid reset ends the session, and asks little of the destination', async () => {
    const one = await answering({ resetBurst: 100, resetsPerSecond: 1 });
    const { socket, seen } = await agent(one);
    const closed = new Promise<void>((resolve) => void socket.once('close', resolve));
    for (let n = 0; n < 2_000 && socket.writable; n++) {
      const id = 1 + 2 * n;
      socket.write(
        Buffer.concat([frame(type.headers, end | endHeaders, id, get), frame(type.reset, 0, id, u32(8))]),
      );
      if (n % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await closed;
    expect(seen.some(({ kind }) => kind === type.goaway)).toBe(true);
    expect(one.desk.heads.length).toBeLessThan(400);
    await until(() => one.desk.ended.length === one.desk.heads.length);
    await one.carried[1];
  });

  test('streams that wait for verdicts are bounded, also when the agent resets them', async () => {
    const one = await answering({ maxStreams: 5 });
    one.desk.judge = async () => await new Promise(() => undefined);
    const { socket, seen } = await agent(one);
    for (let n = 0; n < 50; n++) {
      socket.write(frame(type.headers, end | endHeaders, 1 + 2 * n, get));
      await new Promise((resolve) => void setTimeout(resolve, 2));
      socket.write(frame(type.reset, 0, 1 + 2 * n, u32(8)));
    }
    await until(() => seen.some(({ kind }) => kind === type.reset));
    expect(one.desk.heads).toHaveLength(10);
    socket.destroy();
    await one.carried[1];
  });

  const floods: [string, () => Buffer][] = [
    ['CONTINUATION', () => frame(type.more, 0, 1, fields(['x', 'y']))],
    ['empty DATA', () => frame(type.data, 0, 1)],
    [
      'fields without end',
      () =>
        frame(
          type.more,
          0,
          1,
          Buffer.concat(Array.from({ length: 100 }, () => fields(['x'.repeat(60), 'y'.repeat(60)]))),
        ),
    ],
  ];
  test.each(floods)('a flood of %s ends', async (kind, piece) => {
    const one = await answering();
    const { socket } = await agent(one);
    const closed = new Promise<void>((resolve) => void socket.once('close', resolve));
    socket.write(frame(type.headers, kind === 'empty DATA' ? endHeaders : 0, 1, post));
    for (let n = 0; n < 100_000 && socket.writable; n++) {
      if (!socket.write(piece()))
        await Promise.race([new Promise((resolve) => void socket.once('drain', resolve)), closed]);
    }
    await closed;
    await one.carried[1];
  });

  test.each([
    ['PING', frame(type.ping, 0, 0, Buffer.alloc(8))],
    ['SETTINGS', settings],
  ])('a flood of %s that does not take its answers ends', async (_name, piece) => {
    const one = await answering();
    const { socket } = await agent(one);
    socket.pause();
    const many = Buffer.concat(Array.from({ length: 1_000 }, () => piece));
    let over = false;
    void one.carried[1]?.then(() => (over = true));
    for (let n = 0; n < 3_000 && !over; n++) {
      if (!socket.write(many)) await new Promise((resolve) => void setTimeout(resolve, 1));
    }
    await until(() => over || !socket.writable);
    await one.carried[1];
  });

  test('what the library finds malformed is reset and reaches nobody', async () => {
    const one = await answering();
    const { socket, seen } = await agent(one);
    const bad = [
      ['connection', 'x'],
      ['Upper', 'x'],
      ['te', 'gzip'],
      [':protocol', 'websocket'],
      ['content-length', '9'],
    ] as const;
    bad.forEach((field, n) => {
      socket.write(
        frame(
          type.headers,
          end | endHeaders,
          1 + 2 * n,
          Buffer.concat(field[0].startsWith(':') ? [fields(field), get] : [get, fields(field)]),
        ),
      );
    });
    await until(() => seen.filter(({ kind }) => kind === type.reset).length === bad.length);
    expect(one.desk.heads).toEqual([]);
  });

  test('whatever bytes come from the agent, the connection ends', { timeout: 30_000 }, async () => {
    const one = await answering({ closeMs: 50 });
    const random = mulberry(7);
    for (let round = 0; round < 60; round++) {
      const socket = await one.raw();
      socket.on('data', () => undefined);
      socket.write(Buffer.concat([preface, settings]));
      for (let n = 0; n < 30; n++) socket.write(anyFrame(random, get));
      socket.end();
    }
    await until(() => one.carried.length === 61);
    await Promise.all(one.carried.slice(1));
  });
});

describe('a hostile destination [req: egress:http2]', () => {
  /** Speaks raw frames as soon as a request came. */
  const against = async (say: (socket: net.Socket) => void, limits = {}) => {
    const destination = net.createServer((socket) => {
      const { seen } = listen(socket);
      let said = false;
      socket.write(settings);
      socket.on('data', () => {
        if (said || !seen.some(({ kind }) => kind === type.headers)) return;
        said = true;
        say(socket);
      });
    });
    return await start(() => undefined, { destination, limits });
  };
  const ok = fields([':status', '200']);

  test.each<[string, Buffer[]]>([
    [
      'informational responses without end',
      Array.from({ length: 100 }, () => frame(type.headers, endHeaders, 1, fields([':status', '103']))),
    ],
    ['101', [frame(type.headers, endHeaders, 1, fields([':status', '101']))]],
    ['no status', [frame(type.headers, endHeaders, 1, fields(['a', 'b']))]],
    ['a status that is none', [frame(type.headers, endHeaders, 1, fields([':status', '999']))]],
    [
      'connection-specific fields',
      [frame(type.headers, endHeaders, 1, Buffer.concat([ok, fields(['connection', 'x'])]))],
    ],
    [
      'less than was told',
      [
        frame(type.headers, endHeaders, 1, Buffer.concat([ok, fields(['content-length', '9'])])),
        frame(type.data, end, 1, 'x'),
      ],
    ],
    [
      'a broken compression',
      [frame(type.headers, endHeaders, 1, Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff]))],
    ],
    ['an error', [frame(type.goaway, 0, 0, Buffer.concat([u32(1), u32(2)]))]],
    ['that nothing was processed', [frame(type.goaway, 0, 0, Buffer.concat([u32(0), u32(0)]))]],
  ])('that says %s fails the request', async (_name, frames) => {
    const one = await against((socket) => socket.write(Buffer.concat(frames)));
    const answer = await answered(begin(one.client));
    expect(answer.rst).not.toBe(0);
    await until(() => one.desk.ended.length === 1);
    expect(one.desk.ended[0]?.result).toBe('failed');
  });

  test('ALTSVC and ORIGIN frames and pushed streams stay here', async () => {
    const one = await against((socket) =>
      socket.write(
        Buffer.concat([
          frame(type.altsvc, 0, 1, '\0\0h3=":443"'),
          frame(type.push, endHeaders, 1, Buffer.concat([u32(2), get])),
          frame(type.origin, 0, 0, '\0\x11https://evil.test'),
          frame(type.headers, end | endHeaders, 1, ok),
        ]),
      ),
    );
    const { socket, seen } = await agent(one);
    socket.write(frame(type.headers, end | endHeaders, 1, get));
    await until(() => seen.some(({ kind }) => kind === type.headers));
    expect(seen.filter(({ kind }) => [type.altsvc, type.origin, type.push].includes(kind))).toEqual([]);
  });

  test('whatever bytes come from the destination, the connection ends', { timeout: 30_000 }, async () => {
    const random = mulberry(11);
    const one = await against(
      (socket) => {
        for (let n = 0; n < 30; n++) socket.write(anyFrame(random, ok));
        socket.end();
      },
      { closeMs: 50 },
    );
    for (let round = 0; round < 60; round++) {
      const socket = await one.raw();
      socket.on('data', () => undefined);
      socket.write(Buffer.concat([preface, settings, frame(type.headers, end | endHeaders, 1, get)]));
    }
    await until(() => one.carried.length === 61);
    await Promise.all(one.carried.slice(1));
  });
});

/** Seeded: a failure can be repeated. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function anyFrame(random: () => number, head: Buffer): Buffer {
  const pick = (most: number) => Math.floor(random() * most);
  const kind = pick(14);
  const payload =
    kind === type.headers && random() < 0.7
      ? Buffer.from(head)
      : Buffer.from(Array.from({ length: pick(40) }, () => pick(256)));
  if (payload.length > 0 && random() < 0.1) payload[pick(payload.length)] = pick(256);
  return frame(
    kind,
    random() < 0.5 ? end | endHeaders : pick(256),
    random() < 0.7 ? 1 + 2 * pick(4) : pick(10),
    payload,
  );
}
