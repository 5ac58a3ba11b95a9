import { once } from 'node:events';
import http2 from 'node:http2';
import { afterEach, describe, expect, test } from 'vitest';
import { answered, begin, rig, type Rig, until } from './rig.ts';

const { constants } = http2;
let open: Rig | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});
const start = async (...args: Parameters<typeof rig>): Promise<Rig> => (open = await rig(...args));
const pause = async (ms: number) => await new Promise<void>((resolve) => void setTimeout(resolve, ms));

describe('whichever side fails, the other hears of it [req: egress:http2]', () => {
  test('the agent cancels: before the verdict, during its body, during the response', async () => {
    const codes: number[] = [];
    const { client, desk } = await start((stream) => {
      stream.on('close', () => codes.push(stream.rstCode));
      stream.on('data', () => undefined);
      stream.respond({ ':status': 200 });
      stream.write('some');
    });
    let say: () => void = () => undefined;
    desk.judge = async (_head, forward) => {
      await new Promise<void>((resolve) => (say = resolve));
      return forward;
    };
    const undecided = begin(client);
    await until(() => desk.heads.length === 1);
    undecided.close(constants.NGHTTP2_CANCEL);
    await pause(30);
    say();
    await until(() => desk.ended.length === 1);
    desk.judge = (_head, forward) => forward;
    const sending = begin(client, { ':method': 'POST' });
    sending.write('half');
    await once(sending, 'data');
    sending.close(constants.NGHTTP2_CANCEL);
    await until(() => desk.ended.length === 2);
    const reading = begin(client);
    await once(reading, 'data');
    reading.close(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    await until(() => desk.ended.length === 3 && codes.length === 2);
    expect(codes).toEqual([constants.NGHTTP2_CANCEL, constants.NGHTTP2_ENHANCE_YOUR_CALM]);
    expect(desk.ended).toEqual([
      { result: 'abandoned', sent: 0, received: 0 },
      { result: 'abandoned', sent: 4, received: 4 },
      { result: 'abandoned', sent: 0, received: 4 },
    ]);
  });

  test('the destination resets a stream: its code goes on, other streams are not touched', async () => {
    const { client, desk } = await start((stream, headers) => {
      if (headers[':path'] === '/busy') stream.close(constants.NGHTTP2_REFUSED_STREAM);
      else if (headers[':path'] === '/half') {
        // With trailers to come: otherwise the library ends a stream before it resets it.
        stream.respond({ ':status': 200 }, { waitForTrailers: true });
        stream.write('half', () => stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM));
      } else {
        stream.respond({ ':status': 200 });
        setTimeout(() => stream.end('whole'), 50);
      }
    });
    const other = answered(begin(client));
    expect(await answered(begin(client, { ':path': '/busy' }))).toMatchObject({ status: 0, rst: 7 });
    expect(await answered(begin(client, { ':path': '/half' }))).toMatchObject({ status: 200, rst: 11 });
    expect((await other).body.toString()).toBe('whole');
    await until(() => desk.ended.length === 3);
    expect(desk.ended.map(({ result }) => result).toSorted()).toEqual(['done', 'failed', 'failed']);
  });

  test('the destination dies: streams are reset at once, and the connection ends', async () => {
    const { client, desk, carried, fars } = await start((stream, headers) => {
      stream.on('data', () => undefined);
      if (headers[':path'] !== '/silent') {
        stream.respond({ ':status': 200 });
        stream.write('half');
      }
    });
    const silent = begin(client, { ':path': '/silent' });
    const half = begin(client, { ':method': 'POST' });
    half.write('x');
    const arrived = once(half, 'data');
    const both = Promise.all([answered(silent), answered(half)]);
    await until(() => desk.heads.length === 2);
    await arrived;
    const before = performance.now();
    fars[0]?.destroy();
    for (const { rst } of await both) expect(rst).toBe(constants.NGHTTP2_INTERNAL_ERROR);
    expect(performance.now() - before).toBeLessThan(1_000);
    await carried[0];
    expect(desk.ended.map(({ result }) => result)).toEqual(['failed', 'failed']);
    expect(client.closed || client.destroyed).toBe(true);
  });

  test('the agent dies: streams at the destination are reset', async () => {
    const codes: number[] = [];
    const { client, desk, carried } = await start((stream) => {
      stream.on('close', () => codes.push(stream.rstCode));
      stream.respond({ ':status': 200 });
      stream.write('half');
    });
    const streams = [begin(client), begin(client)];
    await Promise.all(streams.map(async (stream) => void (await once(stream, 'data'))));
    client.socket.destroy();
    await carried[0];
    expect(desk.ended.map(({ result }) => result)).toEqual(['abandoned', 'abandoned']);
    await until(() => codes.length === 2);
    expect(codes).toEqual([8, 8]);
  });

  test('a response that was whole before the destination closed reaches an agent that is slow', async () => {
    const { client, desk, server } = await start(
      (stream) => {
        stream.respond({ ':status': 200 });
        stream.end(Buffer.alloc(200_000, 'x'));
        stream.on('close', () => stream.session?.socket.end());
      },
      { client: { settings: { initialWindowSize: 1_000 } } },
    );
    const closed = new Promise<void>((resolve) =>
      server.on('session', (session) => void session.on('close', resolve)),
    );
    const stream = begin(client);
    await once(stream, 'response');
    await Promise.race([closed, pause(300)]);
    expect((await answered(stream)).body).toHaveLength(200_000);
    await until(() => desk.ended.length === 1);
    expect(desk.ended).toEqual([{ result: 'done', sent: 0, received: 200_000 }]);
  });

  test('GOAWAY from the destination: open streams finish, new ones are sent elsewhere', async () => {
    const { client, carried } = await start((stream) => {
      stream.respond({ ':status': 200 });
      stream.session?.close();
      setTimeout(() => stream.end('finished'), 50);
    });
    const goaway = once(client, 'goaway');
    const first = answered(begin(client));
    expect((await goaway)[0]).toBe(constants.NGHTTP2_NO_ERROR);
    expect((await first).body.toString()).toBe('finished');
    await carried[0];
  });

  test('GOAWAY from the agent: open streams finish, undecided ones too', async () => {
    const { client, desk, carried } = await start((stream) => {
      stream.respond({ ':status': 200 });
      stream.end('finished');
    });
    desk.judge = async (_head, forward) => {
      await pause(50);
      return forward;
    };
    const first = answered(begin(client));
    await until(() => desk.heads.length === 1);
    client.close();
    expect((await first).body.toString()).toBe('finished');
    await carried[0];
  });

  test('what stands still is reset, and a connection that is not used is closed', async () => {
    const { client, desk, carried } = await start(
      (stream) => {
        stream.respond({ ':status': 200 });
        stream.write('half');
      },
      { limits: { streamIdleMs: 100, sessionIdleMs: 100 } },
    );
    expect(await answered(begin(client))).toMatchObject({ status: 200, rst: constants.NGHTTP2_CANCEL });
    expect(desk.ended).toEqual([{ result: 'failed', sent: 0, received: 4 }]);
    await carried[0];
    await until(() => client.closed);
  });

  test('an agent that does not read holds the destination back', async () => {
    let written = 0;
    const { client, desk } = await start(
      (stream) => {
        stream.respond({ ':status': 200 });
        const fill = () =>
          stream.write(Buffer.alloc(65_536), (error) => void (error ?? ((written += 65_536), fill())));
        fill();
      },
      { client: { settings: { initialWindowSize: 65_535 } } },
    );
    const streams = Array.from({ length: 10 }, () => begin(client));
    for (const stream of streams) stream.on('response', () => stream.pause());
    await until(() => desk.heads.length === 10);
    let before = -1;
    for (; before !== written; await pause(100)) before = written;
    // For each stream: its window here, its window there, and what lies between.
    expect(written / 10).toBeLessThan(262_144 + 4 * 65_536 + 65_536);
    for (const stream of streams) stream.close(constants.NGHTTP2_CANCEL);
    await until(() => desk.ended.length === 10);
  });

  test('an agent may have as many streams as the destination', async () => {
    let most = 0;
    let now = 0;
    const { client } = await start(
      (stream) => {
        most = Math.max(most, ++now);
        stream.on('close', () => now--);
        stream.respond({ ':status': 200 });
        setTimeout(() => stream.end('x'), 10);
      },
      { server: { settings: { maxConcurrentStreams: 3 } } },
    );
    await answered(begin(client));
    await until(() => client.remoteSettings.maxConcurrentStreams === 3, 'settings');
    const all = await Promise.all(Array.from({ length: 20 }, async () => await answered(begin(client))));
    expect(all.every(({ status }) => status === 200)).toBe(true);
    expect(most).toBeLessThanOrEqual(3);
  });
});
