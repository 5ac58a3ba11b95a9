import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { PassThrough, Transform } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { RefusedBody } from '../../src/http/desk.ts';
import { type Carrier, OK, type Plan, RawFar, startCarrier, talk } from './carrier.ts';

let carrier: Carrier | undefined;

afterEach(async () => {
  await carrier?.close();
});

const HEAD = 'Host: api.example\r\n';
const GET = `GET / HTTP/1.1\r\n${HEAD}\r\n`;

const refusal = { status: 403, reason: 'dlp', message: 'card numbers', decision: 'd-9' };

/** Lets through what it gets, and refuses when `at` bytes have come, or at the end. */
function refusing(at: number): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      if (seen >= at) done(new RefusedBody(refusal));
      else done(null, chunk);
    },
    flush(done) {
      // Later than what came before could have arrived.
      setTimeout(() => {
        done(new RefusedBody(refusal));
      }, 20);
    },
  });
}

/** Gives everything at the end, in upper case, `times` times. */
function holding(times = 1): Transform {
  const held: Buffer[] = [];
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      held.push(chunk);
      done();
    },
    flush(done) {
      const all = Buffer.from(Buffer.concat(held).toString('latin1').toUpperCase());
      for (let n = 0; n < times; n += 1) this.push(all);
      done();
    },
  });
}

test.each([
  ['at its first byte', 1, /^$/],
  ['in the middle', 40_000, /^(POST .*\r\n\r\na*)?$/s],
  ['at its end', Infinity, /^POST .*\r\n\r\na*$/s],
])('[req: egress:http1] a body that is refused %s never arrives as a whole', async (_name, at, arrives) => {
  for (const chunked of [false, true]) {
    const far = new RawFar();
    carrier = await startCarrier(far.server, () => ({ body: refusing(at) }));
    const frame = chunked ? 'Transfer-Encoding: chunked' : 'Content-Length: 80000';
    const body = chunked ? `13880\r\n${'a'.repeat(80_000)}\r\n0\r\n\r\n` : 'a'.repeat(80_000);
    const answer = await talk(carrier.port, `POST / HTTP/1.1\r\n${HEAD}${frame}\r\n\r\n${body}`);
    expect(answer).toMatch(
      /^HTTP\/1.1 403 Forbidden\r\n[^]*"reason":"dlp","message":"card numbers","decision":"d-9"}\n$/,
    );
    await carrier.idle();
    const received = far.received.toString();
    if (chunked) expect(received).not.toContain('\r\n0\r\n\r\n');
    else {
      expect(received).toMatch(arrives);
      expect(received.replace(/^[^]*\r\n\r\n/, '').length).toBeLessThan(80_000);
    }
    expect(carrier.desk.ended.map(({ result }) => result)).toEqual(['failed']);
    await carrier.close();
  }
});

test('[req: egress:http1] nothing of a held body goes out when it is refused, whatever it waits for', async () => {
  const far = new RawFar();
  carrier = await startCarrier(far.server, () => ({ body: refusing(1), bodyChanges: true }));
  const answer = await talk(carrier.port, `POST / HTTP/1.1\r\n${HEAD}Content-Length: 3\r\n\r\nabc`);
  expect(answer).toContain('HTTP/1.1 403');
  const agent = net.connect(carrier.port, '127.0.0.1');
  agent.write(`POST / HTTP/1.1\r\n${HEAD}Expect: 100-continue\r\nContent-Length: 3\r\n\r\n`);
  const [continued] = (await once(agent, 'data')) as [Buffer];
  expect(continued.toString()).toBe('HTTP/1.1 100 Continue\r\n\r\n');
  agent.end('abc');
  expect(await text(agent)).toContain('HTTP/1.1 403');
  await carrier.idle();
  expect(far.received.length).toBe(0);
});

test('[req: egress:http1] a changed body that is too long to be kept goes out in chunks', async () => {
  const far = http.createServer((request, response) => {
    void text(request).then((body) => {
      response.end(`${String(request.headers['transfer-encoding'])} ${body.length} ${body.slice(0, 3)}`);
    });
  });
  carrier = await startCarrier(far, () => ({ body: holding(3), bodyChanges: true }));
  const body = 'abc'.repeat(200_000);
  const answer = await talk(
    carrier.port,
    `POST / HTTP/1.1\r\n${HEAD}Content-Length: ${body.length}\r\n\r\n${body}`,
    'ABC',
  );
  expect(answer).toContain('chunked 1800000 ABC');
});

const broken: Readonly<Record<string, () => Awaited<ReturnType<Plan>>>> = {
  'a body becomes longer': () => ({ body: holding(2) }),
  'a body becomes longer when it was thought complete': () => ({
    body: new Transform({
      transform(chunk, _encoding, done) {
        done(null, chunk);
      },
      flush(done) {
        setTimeout(() => {
          done(null, Buffer.from('xyz'));
        }, 20);
      },
    }),
  }),
  'a body becomes shorter': () => ({ body: holding(0) }),
  'a transform fails': () => ({
    body: new Transform({
      transform(_chunk, _encoding, done) {
        done(new Error('x'));
      },
    }),
  }),
  'a transform is destroyed': () => {
    const body = new PassThrough();
    setTimeout(() => body.destroy(), 5);
    return { body, bodyChanges: true };
  },
  'a transform ends early': () => {
    const body = new Transform({
      transform(_chunk, _encoding, done) {
        this.push(null);
        done();
      },
    });
    return { body, bodyChanges: true };
  },
  'a header would be two': () => ({ headers: [['X', 'a\r\nY: b']] }),
  'a header has a name that is none': () => ({ headers: [['X y', 'a']] }),
  'a header has letters beyond Latin-1': () => ({ headers: [['X', '\u4e00']] }),
  'a target would be two lines': () => ({ target: '/ HTTP/1.1\r\nX: y' }),
  'a target is elsewhere': () => ({ target: 'http://evil.example/' }),
};

test.each(Object.entries(broken))(
  '[req: egress:http1] when %s, no complete request goes out',
  async (name, plan) => {
    const far = new RawFar((socket) => socket.write(OK));
    carrier = await startCarrier(far.server, plan);
    const answer = talk(
      carrier.port,
      `POST / HTTP/1.1\r\n${HEAD}Content-Length: 3\r\n\r\n${/destroyed|early/.test(name) ? 'a' : 'abc'}`,
    );
    expect(await answer).toMatch(/^HTTP\/1.1 502 Bad Gateway\r\n/);
    await carrier.idle();
    expect(far.received.toString()).toBe('');
    expect(carrier.desk.ended.map(({ result }) => result)).toEqual(['failed']);
  },
);

test('[req: egress:http1] what the desk writes goes out in the frame of the carrier', async () => {
  const far = new RawFar((socket) => socket.write(OK));
  carrier = await startCarrier(far.server, () => ({
    target: '/b?c',
    headers: [
      ['X', 'secret'],
      ['Host', 'evil.example'],
      ['Content-Length', '99'],
      ['transfer-encoding', 'chunked'],
      ['Connection', 'X'],
    ],
  }));
  await talk(
    carrier.port,
    `POST /a HTTP/1.1\r\n${HEAD}X: placeholder\r\nContent-Length: 3\r\n\r\nabc`,
    '\r\nok',
  );
  expect(far.received.toString()).toBe(
    `POST /b?c HTTP/1.1\r\n${HEAD}X: secret\r\nContent-Length: 3\r\n\r\nabc`,
  );
});

test('[req: egress:http1] a refused response is answered with its refusal, or breaks off', async () => {
  const far = new RawFar((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc');
    setTimeout(() => socket.write('defghi'), 30);
  });
  for (const [at, expected] of [
    [1, /^HTTP\/1.1 403 Forbidden\r\n[^]*"reason":"dlp"/],
    [5, /^HTTP\/1.1 200 OK\r\n[^]*\r\n3\r\nabc\r\n$/],
  ] as const) {
    carrier = await startCarrier(far.server, () => ({
      response: (head) => ({ head, body: refusing(at) }),
    }));
    expect(await talk(carrier.port, GET)).toMatch(expected);
    await carrier.idle();
    expect(carrier.desk.ended.map(({ result }) => result)).toEqual(['failed']);
  }
});

test('[req: egress:http1] a response hook that fails passes nothing on', async () => {
  const far = new RawFar((socket) => socket.write(OK));
  const hooks: readonly Awaited<ReturnType<Plan>>[] = [
    {
      response: () => {
        throw new Error('x');
      },
    },
    { response: () => ({ head: { status: 200, headers: [['X', 'a\r\nb']] } }) },
    { response: () => ({ head: { status: 204, headers: [] } }) },
  ];
  for (const plan of hooks) {
    carrier = await startCarrier(far.server, () => plan);
    expect(await talk(carrier.port, GET)).toMatch(/^HTTP\/1.1 502 /);
    await carrier.idle();
    expect(carrier.desk.ended.map(({ result }) => result)).toEqual(['failed']);
    await carrier.close();
  }
});
test.each([
  ['with its new length', 'POST', 'Content-Length: 3\r\n\r\nabc', 2, 'Content-Length: 6\r\n\r\nABCABC'],
  [
    'that was chunked',
    'POST',
    'Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
    1,
    'Content-Length: 3\r\n\r\nABC',
  ],
  ['that is empty', 'POST', 'Content-Length: 3\r\n\r\nabc', 0, 'Content-Length: 0\r\n\r\n'],
  ['that never was', 'GET', '\r\n', 1, '\r\n'],
])('[req: egress:http1] a changed body goes out %s', async (_name, method, rest, times, arrives) => {
  const far = new RawFar((socket) => socket.write(OK));
  carrier = await startCarrier(far.server, () => ({ body: holding(times), bodyChanges: true }));
  expect(await talk(carrier.port, `${method} / HTTP/1.1\r\n${HEAD}${rest}`, '\r\nok')).toContain('200 OK');
  await carrier.idle();
  expect(far.received.toString()).toBe(`${method} / HTTP/1.1\r\n${HEAD}${arrives}`);
});

test.each([
  [
    'HTTP/1.1',
    /^HTTP\/1.1 207 Multi-Status\r\nX: y\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nOKOK\r\n0\r\n\r\n$/,
  ],
  ['HTTP/1.0', /^HTTP\/1.1 207 Multi-Status\r\nX: y\r\nConnection: close\r\n\r\nOKOK$/],
])(
  '[req: egress:http1] to %s, a response that the desk changes has a frame that fits',
  async (version, arrives) => {
    const far = new RawFar((socket) => socket.write(OK));
    carrier = await startCarrier(far.server, () => ({
      response: () => ({
        head: {
          status: 207,
          headers: [
            ['X', 'y'],
            ['Content-Length', '2'],
            ['Connection', 'close'],
          ],
        },
        body: holding(1).compose(holding(2)) as Transform,
      }),
    }));
    expect(await talk(carrier.port, `GET / ${version}\r\n${HEAD}\r\n`, '0\r\n\r\n')).toMatch(arrives);
    await carrier.idle();
    expect(carrier.desk.ended).toEqual([{ result: 'done', sent: 0, received: 2 }]);
  },
);

test('[req: egress:http1] a response of the desk in place of the one of the far side arrives whole', async () => {
  const far = new RawFar((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\nabc'));
  carrier = await startCarrier(far.server, () => ({
    response: () => {
      const body = new Transform({
        transform(_chunk, _encoding, done) {
          done();
        },
      });
      body.push('instead');
      body.push(null);
      return { head: { status: 502, headers: [] }, body };
    },
  }));
  const answer = await talk(carrier.port, GET);
  expect(answer).toMatch(/^HTTP\/1.1 502 Bad Gateway\r\n[^]*\r\n\r\n7\r\ninstead\r\n0\r\n\r\n$/);
  await carrier.idle();
  expect(carrier.desk.ended.map(({ result }) => result)).toEqual(['done']);
});
