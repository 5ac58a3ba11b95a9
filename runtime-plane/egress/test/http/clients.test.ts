import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { text } from 'node:stream/consumers';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { type Carrier, startCarrier } from './carrier.ts';

let carrier: Carrier | undefined;

afterEach(async () => {
  await carrier?.close();
});

async function ask(
  options: http.RequestOptions,
  body?: string,
): Promise<{ status: number; headers: http.IncomingHttpHeaders; body: string }> {
  const request = http.request({ host: '127.0.0.1', headers: { Host: 'api.example' }, ...options });
  request.end(body);
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
}

test('[req: egress:http1] a thousand requests of a client of Node use one connection each way', async () => {
  let connections = 0;
  const far = http.createServer((request, response) => {
    void text(request).then((body) => response.end(`${request.method} ${request.url} ${body}`));
  });
  far.on('connection', () => (connections += 1));
  carrier = await startCarrier(far);
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  for (let n = 0; n < 1000; n += 1) {
    const method = n % 2 ? 'POST' : 'GET';
    const { status, body } = await ask(
      { port: carrier.port, agent, path: `/${n}`, method },
      n % 2 ? `b${n}` : undefined,
    );
    expect([status, body]).toEqual([200, n % 2 ? `POST /${n} b${n}` : `GET /${n} `]);
  }
  agent.destroy();
  await carrier.idle();
  expect(connections).toBe(1);
  expect(carrier.desk.ended).toHaveLength(1000);
  expect(carrier.desk.ended.at(-1)).toEqual({ result: 'done', sent: 4, received: 14 });
});

test('[req: egress:http1] the answer to HEAD keeps its length and has no body', async () => {
  const far = http.createServer((_request, response) =>
    response.setHeader('Content-Length', 7).end('1234567'),
  );
  carrier = await startCarrier(far);
  const { headers, body } = await ask({ port: carrier.port, method: 'HEAD' });
  expect([headers['content-length'], body]).toEqual(['7', '']);
});

test('[req: egress:http1] both sides may be TLS', async () => {
  // Without certificates: what is tested is that the sockets work, not whom they trust.
  const options = {
    ciphers: 'ADH-AES256-GCM-SHA384:@SECLEVEL=0',
    maxVersion: 'TLSv1.2',
    dhparam: 'auto',
  } as const;
  const http1 = http.createServer((request, response) => {
    void text(request).then((body) => response.end(body.length.toString()));
  });
  const far = tls.createServer(options, (socket) => http1.emit('connection', socket));
  carrier = await startCarrier(
    far,
    () => ({}),
    {},
    (port) => tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options }),
  );
  const { body } = await ask({ port: carrier.port, method: 'POST' }, 'a'.repeat(300_000));
  expect(body).toBe('300000');
});

const curl = spawnSync('curl', ['--version']).status === 0;
if (!curl) console.log('skipped: curl is not installed');

test.skipIf(!curl)(
  '[req: egress:http1] curl uploads, downloads, waits for 100, sends chunks and HTTP/1.0',
  async () => {
    const far = http.createServer((request, response) => {
      void text(request).then((body) => response.end(`${request.method} ${body.length}\n`));
    });
    carrier = await startCarrier(far);
    const url = `http://api.example/`;
    const run = promisify(execFile);
    const base = [
      '-sS',
      '--noproxy',
      '*',
      '--max-time',
      '20',
      '--connect-to',
      `api.example:80:127.0.0.1:${carrier.port}`,
    ];
    const body = ['--data-binary', '@/proc/self/exe'];
    const { stdout } = await run('curl', [
      ...base,
      url,
      url,
      '--next',
      ...base,
      '-H',
      'Expect: 100-continue',
      ...body,
      url,
      '--next',
      ...base,
      '-H',
      'Transfer-Encoding: chunked',
      ...body,
      url,
      '--next',
      ...base,
      '-0',
      url,
    ]);
    const [size] = /POST (\d+)/.exec(stdout)?.slice(1) ?? [];
    expect(Number(size)).toBeGreaterThan(10_000);
    expect(stdout).toBe(`GET 0\nGET 0\nPOST ${size}\nPOST ${size}\nGET 0\n`);
  },
);

const python = spawnSync('python3', ['--version']).status === 0;
if (!python) console.log('skipped: python3 is not installed');

const PROGRAM = `
import http.client, sys
c = http.client.HTTPConnection('127.0.0.1', int(sys.argv[1]))
for n in range(3):
    c.putrequest('POST', '/%d' % n, skip_host=True)
    c.putheader('Host', 'api.example')
    c.putheader('Transfer-Encoding', 'chunked')
    c.endheaders(iter([b'ab', b'c' * 100000]), encode_chunked=True)
    print(c.getresponse().read().decode())
`;

test.skipIf(!python)('[req: egress:http1] http.client of Python sends chunks on one connection', async () => {
  const far = http.createServer((request, response) => {
    void text(request).then((body) => response.end(`${request.url} ${body.length}`));
  });
  carrier = await startCarrier(far);
  const { stdout } = await promisify(execFile)('python3', ['-c', PROGRAM, String(carrier.port)]);
  expect(stdout).toBe('/0 100002\n/1 100002\n/2 100002\n');
});
