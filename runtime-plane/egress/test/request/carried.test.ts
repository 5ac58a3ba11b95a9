/** The desk behind the carrier that sessions have, between real sockets. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, createServer as createListener, type AddressInfo, type Server } from 'node:net';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { carryHttp1 } from '../../src/http/index.ts';
import type { RequestQuestion } from '../../src/request/index.ts';
import type { Answer } from '../../src/wire.ts';
import { cards, csv } from './bodies.ts';
import { allow, aWorld, deny, knownAs, needsBody, type World } from './desk-fixture.ts';

const secret = 'sk-live-0123456789abcdef';
const placeholder = 'placeholder-of-model-key';

type Far = (request: IncomingMessage, body: string, response: ServerResponse) => void;

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** RFC 6455, 1.3. */
const acceptOf = (key: string): string =>
  createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');

function textFrame(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, Buffer.byteLength(text)]), Buffer.from(text)]);
}

/** @returns what the far side got, and how to ask it through the desk */
async function between({ desk }: World, answer: Far) {
  const arrived: string[] = [];
  const far = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const body = Buffer.concat(pieces).toString();
      arrived.push(`${JSON.stringify(request.headers)} ${body}`);
      answer(request, body, response);
    });
  });
  const farPort = await portOf(far);
  const carrier = createListener((near) => {
    const socket = connect(farPort, '127.0.0.1', () => {
      void carryHttp1({
        near,
        far: socket,
        scheme: 'https',
        host: 'api.example.com',
        hosts: [],
        port: 443,
        desk,
      });
    });
  });
  const port = await portOf(carrier);
  const ask = async (headers: readonly string[], body = ''): Promise<string> => {
    const socket = connect(port, '127.0.0.1');
    const lines = [
      'POST /v1/chat HTTP/1.1',
      'Host: api.example.com',
      'Connection: close',
      `Content-Length: ${Buffer.byteLength(body)}`,
      ...headers,
    ];
    socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
    const pieces = (await socket.toArray()) as Buffer[];
    return Buffer.concat(pieces).toString('latin1');
  };
  return { arrived, ask, far, port };
}

test('[req: egress:request] a CSV with card numbers is blocked, then passes redacted', async () => {
  const strict = aWorld({
    policy: ({ resource }: RequestQuestion): Answer => {
      if (!resource) return needsBody;
      return resource.classification?.includes('financial.card') ? deny : allow;
    },
  });
  const blocked = await between(strict, (_request, _body, response) => response.end('stored'));
  const refused = await blocked.ask(['Content-Type: text/csv'], csv);
  expect(refused).toMatch(/^HTTP\/1\.1 403 /);
  expect(refused).toContain('Not there.');
  expect(blocked.arrived).toEqual([]);
  const redacting = aWorld({
    policy: ({ resource }) => (resource ? { ...allow, obligations: [{ kind: 'redact' }] } : needsBody),
  });
  const through = await between(redacting, (_request, _body, response) => response.end('stored'));
  expect(await through.ask(['Content-Type: text/csv'], csv)).toMatch(/^HTTP\/1\.1 200 [^]*stored/);
  expect(through.arrived).toHaveLength(1);
  expect(through.arrived[0]).toContain('Customer 0,[CARD:');
  for (const card of cards) expect(through.arrived[0]).not.toContain(card);
});

test('[req: egress:credentials] the far side gets the secret, the agent what it sent', async () => {
  const world = aWorld({ known: [knownAs('model-key', secret, {})] });
  const { arrived, ask } = await between(world, (request, body, response) => {
    response.setHeader('x-echo', request.headers.authorization ?? '');
    response.setHeader('content-length', Buffer.byteLength(JSON.stringify(request.headers) + body));
    for (const letter of JSON.stringify(request.headers)) response.write(letter);
    response.end(body);
  });
  const shown = await ask(
    [`Authorization: Bearer ${placeholder}`, 'Accept-Encoding: gzip'],
    `I am ${placeholder}`,
  );
  expect(arrived[0]).toContain(`Bearer ${secret}`);
  expect(arrived[0]).toContain(`I am ${placeholder}`);
  expect(arrived[0]).toContain('"accept-encoding":"identity"');
  expect(shown).toMatch(/^HTTP\/1\.1 200 /);
  expect(shown).not.toContain(secret);
  expect(shown).toContain(`Bearer ${placeholder}`);
  expect(JSON.stringify([world.asked, world.refused, world.ended])).not.toContain(secret);
});

test('[req: egress:credentials] a coded answer that nobody asked for ends in a refusal', async () => {
  const world = aWorld({ known: [knownAs('model-key', secret, {})] });
  const { ask } = await between(world, (_request, _body, response) => {
    response.setHeader('content-encoding', 'gzip');
    response.end(gzipSync(`{"key":"${secret}"}`));
  });
  const shown = await ask([`Authorization: ${placeholder}`]);
  expect(shown).toMatch(/^HTTP\/1\.1 502 /);
  expect(shown).toContain('"reason":"uninspectable"');
  expect(shown).toMatch(/0\r\n\r\n$/);
});

test('[req: egress:credentials] a secret that the agent has itself never arrives', async () => {
  const world = aWorld({ known: [knownAs('model-key', secret, {})] });
  const { arrived, ask } = await between(world, (_request, _body, response) => response.end());
  const shown = await ask([`Authorization: Bearer ${secret}`], 'hello');
  expect(shown).toMatch(/^HTTP\/1\.1 403 [^]*"reason":"credential_provenance"/);
  expect(arrived).toEqual([]);
});

test('[req: egress:credentials] frames behind an upgrade have asterisks in place of the secret', async () => {
  const world = aWorld({ known: [knownAs('model-key', secret, {})] });
  const { far, port } = await between(world, (_request, _body, response) => response.end());
  far.on('upgrade', (request: IncomingMessage, socket) => {
    expect(request.headers.authorization).toBe(`Bearer ${secret}`);
    expect(request.headers['sec-websocket-extensions']).toBeUndefined();
    const accept = acceptOf(request.headers['sec-websocket-key'] ?? '');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    const frame = textFrame(`<${request.headers.authorization}>`);
    socket.write(frame.subarray(0, 20));
    setTimeout(() => socket.write(frame.subarray(20)), 20);
    setTimeout(() => socket.end(Buffer.concat([textFrame('messages'), Buffer.from([0x88, 0])])), 40);
  });
  const socket = connect(port, '127.0.0.1');
  const lines = [
    'GET /v1/realtime HTTP/1.1',
    'Host: api.example.com',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Extensions: permessage-deflate',
    `Authorization: Bearer ${placeholder}`,
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  const shown = Buffer.concat((await socket.toArray()) as Buffer[]);
  expect(shown.toString('latin1')).toMatch(/^HTTP\/1\.1 101 /);
  const masked = textFrame(`<Bearer ${'*'.repeat(secret.length)}>`);
  expect(shown.includes(Buffer.concat([masked, textFrame('messages'), Buffer.from([0x88, 0])]))).toBe(true);
});
