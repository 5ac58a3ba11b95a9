/** What comes in pieces arrives in pieces while TLS is opened: answers of models, WebSocket, gRPC. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FarModel } from './far-model.ts';
import { denials, readRecords } from './programs/records.ts';
import { collect, few, World } from './world.ts';
import { Outside } from './world-egress.ts';

const rules = `import rego.v1

default decision := {"allow": true}

decision := {"allow": false, "reason": "no_deletion"} if {
	input.action == "http_request"
	input.destination.method == "DELETE"
}
`;

const clients = {
  'python, HTTP/1': {
    version: '1.1',
    command: (url: string) => [
      'python3',
      '-c',
      `import urllib.request
request = urllib.request.Request('${url}', b'{"stream": true}', {'content-type': 'application/json'})
for line in urllib.request.urlopen(request, timeout=30):
    if line.strip(): print(line.decode().strip(), flush=True)`,
    ],
  },
  'fetch of Node, HTTP/1': {
    version: '1.1',
    command: (url: string) => [
      process.execPath,
      '-e',
      `fetch('${url}', { method: 'POST', body: '{"stream": true}' }).then(async ({ body }) => {
  for await (const part of body) process.stdout.write(part);
})`,
    ],
  },
  'curl, HTTP/1': {
    version: '1.1',
    command: (url: string) => [
      'curl',
      '-sSN',
      '--http1.1',
      '--max-time',
      '30',
      '-d',
      '{"stream": true}',
      url,
    ],
  },
  'curl, HTTP/2': {
    version: '2.0',
    command: (url: string) => ['curl', '-sSN', '--http2', '--max-time', '30', '-d', '{"stream": true}', url],
  },
  'node:http2': {
    version: '2.0',
    command: (url: string) => [
      process.execPath,
      '-e',
      `const session = require('node:http2').connect('${url}');
const stream = session.request({ ':method': 'POST', ':path': '/v1/chat/completions' });
stream.on('data', (part) => process.stdout.write(part)).on('end', () => session.close());
stream.end('{"stream": true}')`,
    ],
  },
} as const;

describe.each(few)('[req: egress:programs] what comes in pieces ($title)', (situation) => {
  const model = new FarModel();
  const large = randomBytes(10 << 20);
  let outside: Outside;
  beforeAll(async () => {
    outside = await Outside.open(
      (request, response, body) =>
        void (model.answer(request, response) || response.end(Buffer.from(body, 'latin1'))),
      {},
      {
        request: (request, response) => model.talk(request, response),
        upgrade: (request, socket) => model.echo(request, socket),
      },
    );
  });
  beforeEach(() => {
    outside.arrived.length = 0;
  });
  afterAll(() => outside.close());
  const place = (): World => {
    const world = new World(situation);
    outside.policy(world, rules);
    return world;
  };

  test('no piece of an answer waits for the next one', async () => {
    using world = place();
    const url = `https://model.allowed.test:${outside.ports.tls}/v1/chat/completions`;
    const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
    const lines = Object.values(clients).map(({ command }) => command(url).map(quoted).join(' '));
    const session = world.start(['sh', '-c', lines.join(' && ')], ['ignore', 'pipe', 'pipe']);
    // The far side says the next piece when the one before came out of the program: whatever waits for more waits forever.
    session.stdout?.on('data', (text: Buffer) => {
      for (const _ of text.toString().matchAll(/piece/g)) model.went();
    });
    const ended = await collect(session, 60_000);
    const heard = ended.stdout.split('\n').filter((line) => line !== '');
    const one = ['data: {"piece":1}', 'data: {"piece":2}', 'data: {"piece":3}', 'data: {"piece":4}'];
    expect(heard).toEqual(lines.flatMap(() => [...one, 'data: [DONE]']));
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(outside.arrived.map(({ version }) => version)).toEqual(
      Object.values(clients).map(({ version }) => version),
    );
    expect(denials(world)).toEqual([]);
  });

  test('WebSocket carries messages both ways, and its upgrade is a request of the policy', async () => {
    using world = place();
    const script = `const socket = new WebSocket('wss://model.allowed.test:${outside.ports.tls}/live');
const texts = ['one', 'two'.repeat(9000)];
socket.onopen = () => socket.send(texts[0]);
socket.onmessage = ({ data }) => {
  console.log(data.length, data === texts.shift());
  if (texts[0]) socket.send(texts[0]); else socket.close(1000);
};
socket.onerror = ({ message }) => console.log('error', message);
socket.onclose = ({ code, wasClean }) => console.log('closed', code, wasClean);`;
    const ended = await world.run([process.execPath, '-e', script], 60_000);
    expect(ended).toMatchObject({ code: 0, stdout: '3 true\n27000 true\nclosed 1000 true\n' });
    const upgrade = readRecords(world).filter(({ input }) => input?.['action'] === 'http_request');
    expect(upgrade).toMatchObject([
      { input: { operation: 'websocket', destination: { method: 'GET', path: '/live' } } },
    ]);
  });

  test('large bodies go both ways, over either version of HTTP and after an `Expect`', async () => {
    using world = place();
    world.file('large', large);
    const url = `https://model.allowed.test:${outside.ports.tls}/large`;
    const curl = 'curl -sS --max-time 60';
    const lines = ['--http1.1', '--http2', "--http1.1 -H 'Expect: 100-continue'"].map(
      (how) => `${curl} ${how} --data-binary @large -o back ${url} && cmp large back`,
    );
    const ended = await world.run(['sh', '-c', lines.join(' && ')]);
    expect(ended).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(outside.arrived.map(({ version }) => version)).toEqual(['1.1', '2.0', '1.1']);
  });

  test('messages of gRPC go to and fro in one request, and its trailers arrive', async () => {
    using world = place();
    const script = `const session = require('node:http2').connect('https://model.allowed.test:${outside.ports.tls}');
const headers = { ':method': 'POST', ':path': '/Model/Talk', 'content-type': 'application/grpc', te: 'trailers' };
const stream = session.request(headers);
let count = 1;
const say = () => stream.write(Buffer.from([0, 0, 0, 0, 1, count]));
stream.on('data', (part) => { console.log(part.at(-1)); count += 1; if (count <= 3) say(); else stream.end(); });
stream.on('trailers', (trailers) => console.log(trailers['grpc-status'], trailers['grpc-message']));
stream.on('close', () => session.close());
say();`;
    const ended = await world.run([process.execPath, '-e', script], 60_000);
    expect(ended).toMatchObject({ code: 0, stdout: '1\n2\n3\n0 well\n', stderr: '' });
  });
});
