import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ReadHello, readClientHello } from '../../src/tls/client-hello.ts';
import { alpn, extension, hello, helloOf, message, records, serverName, vector8 } from './hello-bytes.ts';

const node = [
  '-e',
  `require('node:tls').connect({host:'127.0.0.1',port:PORT,servername:'Api.Example.ORG',ALPNProtocols:['h2','http/1.1']}).on('error',()=>{})`,
];
const python = `
import socket, ssl
context = ssl.create_default_context()
context.set_alpn_protocols(['http/1.1'])
context.wrap_socket(socket.create_connection(('127.0.0.1', PORT)), server_hostname='api.example.org')
`;

test.each([
  ['node', process.execPath, node, ['h2', 'http/1.1'], 0x0304],
  [
    'openssl, TLS 1.2',
    'openssl',
    ['s_client', '-connect', '127.0.0.1:PORT', '-servername', 'api.example.org', '-alpn', 'h2', '-tls1_2'],
    ['h2'],
    0x0303,
  ],
  [
    'openssl in records of 512 bytes and with a long list of protocols',
    'openssl',
    [
      ['s_client', '-connect', '127.0.0.1:PORT', '-servername', 'api.example.org'],
      ['-split_send_frag', '512', '-max_send_frag', '512', '-alpn', `h2,${'x'.repeat(200)}`],
    ].flat(),
    ['h2', 'x'.repeat(200)],
    0x0304,
  ],
  [
    'curl',
    'curl',
    ['-s', '--noproxy', '*', '--connect-to', '::127.0.0.1:PORT', 'https://api.example.org/'],
    ['h2', 'http/1.1'],
    0x0304,
  ],
  ['python', 'python3', ['-c', python], ['http/1.1'], 0x0304],
] as const)(
  '[req: egress:tls] a hello of %s is read, and at every byte before its end there is more',
  async (name, program, args, protocols, version) => {
    const bytes = await helloOf(program, args);
    if (bytes === undefined) return console.log(`skipped: no hello of ${name}; is ${program} installed?`);
    const read = readClientHello(bytes);
    expect(read).toMatchObject({
      state: 'hello',
      hello: { sni: 'api.example.org', alpn: protocols, hasEch: false },
    });
    if (read.state === 'hello') expect(read.hello.versions).toContain(version);
    for (let length = 0; length < bytes.length; length++)
      expect(readClientHello(bytes.subarray(0, length))).toEqual({ state: 'more' });
    return undefined;
  },
);

test('[req: egress:tls] records may cut the message anywhere, and what follows it does not matter', () => {
  const whole = message([...serverName('api.example.org'), ...alpn('h2')]);
  const expected = {
    state: 'hello',
    hello: {
      sni: 'api.example.org',
      alpn: ['h2'],
      versions: [0x0303],
      hasEch: false,
      sizeBytes: whole.length,
    },
  };
  for (let size = 1; size <= whole.length; size++) {
    const bytes = records(whole, size);
    expect(readClientHello(bytes)).toEqual(expected);
    expect(readClientHello(Buffer.concat([bytes, Buffer.from('whatever')]))).toEqual(expected);
    for (let length = 0; length < bytes.length; length++)
      expect(readClientHello(bytes.subarray(0, length))).toEqual({ state: 'more' });
  }
});

test('[req: egress:tls] large hellos are read, up to a limit', () => {
  const keys = extension(
    51,
    Array.from({ length: 40_000 }, () => 7),
  );
  const large = message([...keys, ...serverName('a.example')]);
  expect(readClientHello(records(large))).toMatchObject({ state: 'hello', hello: { sni: 'a.example' } });
  expect(readClientHello(records(large).subarray(0, 20_000))).toEqual({ state: 'more' });
  expect(readClientHello(records(large, 1))).toMatchObject({ state: 'malformed' });
  // The length alone decides: nobody waits for what will not be taken.
  const longest = Uint8Array.of(22, 3, 1, 0x40, 0, 1, 1, 0, 0);
  expect(readClientHello(longest)).toEqual({ state: 'more' });
  expect(readClientHello(Uint8Array.of(22, 3, 1, 0x40, 0, 1, 1, 0, 1))).toMatchObject({ state: 'malformed' });
});

test('[req: egress:tls] a hello without a name has none, and encrypted names are noticed', () => {
  const none = readClientHello(hello(alpn('http/1.1')));
  expect(none.state === 'hello' && 'sni' in none.hello).toBe(false);
  for (const type of [0xfe0d, 0xffce])
    expect(readClientHello(hello(serverName('public.example'), extension(type, [1])))).toMatchObject({
      hello: { sni: 'public.example', hasEch: true },
    });
});

test('[req: egress:tls] versions are those offered, without what only fills the list', () => {
  const offered = extension(43, vector8([0x1a, 0x1a, 3, 4, 3, 3]));
  expect(readClientHello(hello(offered))).toMatchObject({ hello: { versions: [0x0304, 0x0303] } });
});

test.each([
  ['API.Example.ORG.', 'api.example.org'],
  ['my_bucket.s3.example', 'my_bucket.s3.example'],
  ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
  ['1password.example', '1password.example'],
])('[req: egress:tls] the name %s is read as %s', (name, expected) => {
  expect(readClientHello(hello(serverName(name)))).toMatchObject({ hello: { sni: expected } });
});

test.each([
  ['', '.', 'a..b', '.a.example', 'a.example..', 'a b.example', 'a.example\0.evil.example', 'bücher.example'],
  ['127.0.0.1', '127.1', '2130706433', '0x7f.0.0.0x1', '0x7f000001', '10.0.0.1.', '::1', '[::1]'],
  [`${'a'.repeat(64)}.example`, `${'a.'.repeat(127)}example`, 'a.example/', 'a.example:443', '*.example'],
])('[req: egress:tls] what is no name of a host is malformed: %j', (...names) => {
  for (const name of names)
    expect(readClientHello(hello(serverName(name))), name).toEqual({
      state: 'malformed',
      why: 'a server name that is none',
    });
});

test.each<[string, Uint8Array]>([
  ['two names', hello(serverName('a.example', 'b.example'))],
  ['two extensions of names', hello(serverName('a.example'), serverName('a.example'))],
  ['two of any other', hello(extension(77, []), extension(77, []))],
  ['an empty extension of names', hello(extension(0, []))],
  ['a name of another type', hello(extension(0, [0, 4, 1, 0, 1, 97]))],
  ['bytes after the name', hello(extension(0, [0, 4, 0, 0, 1, 97, 0]))],
  ['an empty protocol', hello(alpn('h2', ''))],
  ['no protocol', hello(alpn())],
  ['no version', hello(extension(43, vector8([])))],
  ['half a version', hello(extension(43, vector8([3])))],
  ['bytes after the hello in its record', records([...message(serverName('a.example')), 1])],
  ['SSL 2', Uint8Array.of(0x80, 0x2e, 1, 0, 2, 0, 0x15)],
  ['SSL 2 that offers TLS', Uint8Array.of(0x80, 0x2e, 1, 3, 1, 0, 0x15)],
  ['an alert first', Buffer.concat([Uint8Array.of(21, 3, 1, 0, 2, 1, 90), hello(serverName('a.example'))])],
  ['an alert between', Uint8Array.of(22, 3, 1, 0, 1, 1, 21, 3, 1, 0, 2, 1, 90)],
  ['an empty record', Uint8Array.of(22, 3, 1, 0, 0)],
  ['a record that is too long', Uint8Array.of(22, 3, 1, 0x40, 1, 1)],
  ['another message', Uint8Array.of(22, 3, 1, 0, 4, 2)],
])('[req: egress:tls] what could be read in two ways is malformed: %s', (_, bytes) => {
  expect(readClientHello(bytes)).toMatchObject({ state: 'malformed' });
});

test('[req: egress:tls] a record of another kind is not read as a part of the hello', () => {
  const whole = hello(serverName('a.example'));
  for (const kind of [20, 21, 23, 24])
    expect(readClientHello(Uint8Array.of(kind, ...whole.subarray(1)))).toMatchObject({ state: 'malformed' });
});

test.each<[string, Uint8Array]>([
  ['HTTP', Buffer.from('GET / HTTP/1.1\r\n')],
  ['SSH', Buffer.from('SSH-2.0-x\r\n')],
  ['zeros', new Uint8Array(100)],
  ['0xff', new Uint8Array(100).fill(0xff)],
  ['a record of another version', Uint8Array.of(22, 2, 0)],
])('[req: egress:tls] what is no TLS is none: %s', (_, bytes) => {
  expect(readClientHello(bytes)).toEqual({ state: 'not_tls' });
});

test('[req: egress:tls] whatever comes is answered, and a changed byte never makes a name that was not there', () => {
  const states: readonly ReadHello['state'][] = ['more', 'not_tls', 'malformed', 'hello'];
  const tls = fc
    .uint8Array({ maxLength: 300 })
    .map((bytes) => Buffer.concat([Uint8Array.of(22, 3, 1), bytes]));
  const extensions = fc.uint8Array({ maxLength: 120 }).map((bytes) => records(message([...bytes])));
  const whole = hello(serverName('api.example.org'), alpn('h2'), extension(43, vector8([3, 4])));
  const changed = fc
    .array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
    .map((changes) => {
      const bytes = Uint8Array.from(whole);
      for (const [at, value] of changes) bytes[at] = value;
      return bytes;
    });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), tls, extensions, changed), (bytes) => {
      const read = readClientHello(bytes);
      expect(states).toContain(read.state);
      if (read.state === 'hello' && read.hello.sni !== undefined)
        expect(Buffer.from(bytes).toString('latin1').toLowerCase()).toContain(read.hello.sni);
    }),
    { numRuns: 20_000 },
  );
});
