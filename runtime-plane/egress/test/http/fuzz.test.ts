/** `FUZZ_SECONDS` makes it last longer, `FUZZ_SEED` repeats a run. */
import http from 'node:http';
import net from 'node:net';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { type Carrier, RawFar, startCarrier } from './carrier.ts';

let carrier: Carrier | undefined;

afterEach(async () => {
  await carrier?.close();
});

const HEAD = 'Host: api.example\r\n';

const requests = [
  `GET /a HTTP/1.1\r\n${HEAD}Accept: */*\r\n\r\n`,
  `POST /b HTTP/1.1\r\n${HEAD}Content-Length: 11\r\n\r\nGET /x HTTPGET /c HTTP/1.1\r\n${HEAD}\r\n`,
  `POST /d HTTP/1.1\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n1c\r\nGET /y HTTP/1.1\r\nHost: a\r\n\r\n\r\n0\r\nT: u\r\n\r\nGET /e HTTP/1.1\r\n${HEAD}\r\n`,
  `GET http://api.example/f HTTP/1.1\r\n${HEAD}Connection: close, X\r\nX: y\r\n\r\n`,
  `PUT /g HTTP/1.0\r\n${HEAD}Content-Length: 3\r\n\r\nabc`,
  `POST /h HTTP/1.1\r\n${HEAD}Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabcHEAD /i HTTP/1.1\r\n${HEAD}\r\n`,
];

const responses = [
  'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: y\r\n\r\nhello',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x\r\nhello\r\n0\r\nT: u\r\n\r\n',
  'HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello',
  'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n',
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n',
];

/** What parsers stumble over, and parts of messages that could be taken for something else. */
const pieces = [
  '\r',
  '\n',
  '\r\n',
  '\r\n\r\n',
  '\0',
  ' ',
  '\t',
  ':',
  ';',
  ',',
  '\x0b',
  '\x85',
  '\xa0',
  '\xff',
  '0',
  '-',
  '+',
  '0x',
  'Content-Length: 0\r\n',
  'Content-Length: 40\r\n',
  'Transfer-Encoding: chunked\r\n',
  '0\r\n\r\n',
  'Transfer-Encoding : chunked\r\n',
  'Host: evil.example\r\n',
  'Connection: upgrade\r\n',
  ' chunked',
  'GET /evil HTTP/1.1\r\nHost: api.example\r\n\r\n',
  'HTTP/1.1 200 OK\r\n\r\n',
];

const mutation = fc.record({
  kind: fc.constantFrom('insert', 'replace', 'remove', 'repeat'),
  at: fc.nat(400),
  length: fc.integer({ min: 1, max: 12 }),
  piece: fc.constantFrom(...pieces),
});

function mutate(
  text: string,
  mutations: readonly { kind: string; at: number; length: number; piece: string }[],
): string {
  for (const { kind, at: wanted, length, piece } of mutations) {
    const at = wanted % (text.length + 1);
    const [before, after] = [text.slice(0, at), text.slice(at)];
    if (kind === 'insert') text = before + piece + after;
    else if (kind === 'replace') text = before + piece + after.slice(length);
    else if (kind === 'remove') text = before + after.slice(length);
    else text = before + after.slice(0, length * 8) + after;
  }
  return text;
}

/** Sends all, says that this is all, and waits for the end; in two pieces. */
function converse(port: number, bytes: string, cut: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    let answer = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
    socket.on('end', () => socket.destroy());
    socket.on('close', () => {
      resolve(answer);
    });
    socket.setNoDelay(true);
    socket.write(bytes.slice(0, cut), 'latin1');
    setTimeout(() => socket.end(bytes.slice(cut), 'latin1'), 1);
  });
}

const seconds = Number(process.env['FUZZ_SECONDS'] ?? 0);
const limitMs = seconds * 1000 + 60_000;
const runs: fc.Parameters<unknown> = {
  seed: Number(process.env['FUZZ_SEED'] ?? 20261122),
  ...(seconds > 0
    ? { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: seconds * 1000 }
    : { numRuns: 150 }),
};

test(
  '[req: egress:http1] a server sees the requests that were allowed, whatever is made of what was sent',
  async () => {
    let seen: string[] = [];
    let bodies: string[] = [];
    const far = http.createServer((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers.host?.toLowerCase()}`);
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        bodies.push(body);
        response.end('ok');
      });
    });
    const oddities: (string | undefined)[] = [];
    far.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      oddities.push(error.code);
      socket.destroy();
    });
    const refusal = { status: 405, reason: 'method', message: 'a method nobody knows', decision: undefined };
    carrier = await startCarrier(far, ({ method }) =>
      http.METHODS.includes(method) ? {} : { effect: 'refuse', refusal },
    );
    const { port, desk, idle } = carrier;
    let carried = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...requests),
        fc.array(mutation, { maxLength: 3 }),
        fc.nat(300),
        async (base, mutations, cut) => {
          [seen, bodies] = [[], []];
          desk.heads.length = 0;
          desk.ended.length = 0;
          const bytes = mutate(base, mutations);
          await converse(port, bytes, cut % (bytes.length + 1));
          await idle();
          const heads = desk.heads.filter(({ method }) => http.METHODS.includes(method));
          const allowed = heads.map(({ method, target, host }) => `${method} ${target} ${host}`);
          expect(allowed.slice(0, seen.length)).toEqual(seen);
          expect(desk.ended).toHaveLength(allowed.length);
          expect(desk.ended.filter(({ result }) => result === 'done').length).toBeLessThanOrEqual(
            seen.length,
          );
          // A body is what was told to the desk, byte for byte.
          for (const [n, body] of bodies.entries()) expect(heads[n]?.length ?? body.length).toBe(body.length);
          carried += seen.length;
        },
      ),
      runs,
    );
    expect(carried).toBeGreaterThan(30);
    // Messages that were cut off, and none that could not be read.
    expect(oddities.filter((code) => code !== 'ECONNRESET' && code !== 'HPE_INVALID_EOF_STATE')).toEqual([]);
  },
  limitMs,
);

test(
  '[req: egress:http1] an agent sees one well-formed response or a refusal, whatever the far side sends',
  async () => {
    let response = '';
    const far = new RawFar((socket) => {
      if (!socket.writableEnded) socket.end(response, 'latin1');
    });
    carrier = await startCarrier(far.server);
    const { port, desk, idle } = carrier;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...responses),
        fc.array(mutation, { maxLength: 3 }),
        async (base, mutations) => {
          response = mutate(base, mutations);
          desk.ended.length = 0;
          const answer = await converse(port, `GET / HTTP/1.1\r\n${HEAD}\r\n`, 5);
          await idle();
          expect(desk.ended).toHaveLength(1);
          const final = answer.replace(/^(?:HTTP\/1\.1 1\d\d [A-Za-z ]*\r\n(?:[^\r\n]+\r\n)*\r\n)*/, '');
          if (desk.ended[0]?.result !== 'done') return;
          const [, head = '', body] =
            /^(HTTP\/1\.1 [1-9]\d\d [A-Za-z' -]*\r\n(?:[!-~]+: [^\0\r\n]*\r\n)*)\r\n([^]*)$/.exec(final) ??
            [];
          expect(head).not.toBe('');
          const frames = [...head.matchAll(/^(?:Content-Length|Transfer-Encoding):/gim)];
          expect(frames.length).toBeLessThanOrEqual(1);
          const length = /^Content-Length: (\d+)\r$/m.exec(head)?.[1];
          if (length !== undefined && !/^HTTP\/1.1 304/.test(head)) expect(body).toHaveLength(Number(length));
          if (/^Transfer-Encoding: chunked\r$/m.test(head)) expect(body).toMatch(/^(?:[^]*\r\n)?0\r\n\r\n$/);
        },
      ),
      runs,
    );
  },
  limitMs,
);

test('[req: egress:http1] a request arrives the same wherever it is cut', async () => {
  const far = new RawFar((socket, own) => {
    if (own.toString().endsWith('\r\n0\r\n\r\n'))
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  });
  carrier = await startCarrier(far.server);
  const bytes = `POST /d HTTP/1.1\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0a\r\n, worlds!!\r\n0\r\nT: u\r\n\r\n`;
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    far.received = Buffer.alloc(0);
    expect(await converse(carrier.port, bytes, cut)).toMatch(/^HTTP\/1.1 200 OK\r\n/);
    const [head, body = ''] = far.received.toString().split('chunked\r\n\r\n');
    expect(head).toBe(`POST /d HTTP/1.1\r\n${HEAD}Transfer-Encoding: `);
    expect(body.replaceAll(/[0-9a-f]+\r\n([^\r]*)\r\n/g, '$1')).toBe('hello, worlds!!');
  }
});
