/** Packets of the agent's that no resolver sends. */
import dns from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { edns, leadsTo, lookUp, Nameserver, question, resolver, said } from './nameserver.ts';

/** One question with this name, as on the wire. */
const raw = (labels: readonly string[], end: readonly number[] = [0, 1, 0, 1]): Buffer =>
  Buffer.concat([
    Buffer.from([18, 103, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
    ...labels.flatMap((label) => [Buffer.from([label.length]), Buffer.from(label, 'latin1')]),
    Buffer.from([0, ...end]),
  ]);

const plain = question('example.com');
const changed = (at: number, ...bytes: number[]): Buffer => {
  const packet = Buffer.from(plain);
  packet.set(bytes, at);
  return packet;
};

describe('[req: egress:names] a packet that is', () => {
  test.each<[string, Buffer]>([
    ['empty', Buffer.alloc(0)],
    ['shorter than a header', plain.subarray(0, 11)],
    ['a response', changed(2, 0x81)],
  ])('%s gets no answer', async (_, packet) => {
    expect(await resolver([]).names.answer(packet, 'c1', 'udp')).toBeUndefined();
  });

  test.each<[string, Buffer, string]>([
    ['another operation', changed(2, 0x29), 'NOTIMP'],
    ['no question', changed(4, 0, 0), 'FORMERR'],
    [
      'two questions',
      question('', 'A', {
        questions: [
          { type: 'A', name: 'a.com' },
          { type: 'A', name: 'b.com' },
        ],
      }),
      'FORMERR',
    ],
    [
      'a question with an answer',
      question('a.com', 'A', { answers: [{ type: 'A', name: 'a.com', data: '1.2.3.4' }] }),
      'FORMERR',
    ],
    [
      'a question with an authority',
      question('a.com', 'A', { authorities: [{ type: 'NS', name: 'a.com', data: 'b.com' }] }),
      'FORMERR',
    ],
    [
      'a question with another record',
      question('a.com', 'A', { additionals: [{ type: 'A', name: 'a.com', data: '1.2.3.4' }] }),
      'FORMERR',
    ],
    [
      'a question with another record of the root',
      question('a.com', 'A', { additionals: [{ type: 'A', name: '.', data: '1.2.3.4' }] }),
      'FORMERR',
    ],
    [
      'a question with two extensions',
      question('a.com', 'A', { additionals: [edns(512), edns(512)] }),
      'FORMERR',
    ],
    ['too many of everything', changed(4, 255, 255, 255, 255, 255, 255, 255, 255), 'FORMERR'],
    ['longer than its question', Buffer.concat([plain, Buffer.from('carried')]), 'FORMERR'],
    ['cut short', plain.subarray(0, -1), 'FORMERR'],
    ['cut in its name', plain.subarray(0, 18), 'FORMERR'],
    ['a name that points to itself', raw([], []).fill(0xc0, 12), 'FORMERR'],
    [
      'a name that is compressed',
      Buffer.concat([plain.subarray(0, 12), Buffer.from([0xc0, 0, 0, 1, 0, 1])]),
      'FORMERR',
    ],
    ['a name that is too long', raw(Array.from({ length: 5 }, () => 'a'.repeat(60))), 'FORMERR'],
    [
      'long beyond reason',
      question('a.com', 'A', { additionals: [edns(512, [{ code: 12, length: 5000 }])] }),
      'FORMERR',
    ],
    ['of another version', question('a.com', 'A', { additionals: [edns(512, [], 1)] }), 'NOERROR'],
    ['of another class', raw(['example', 'com'], [0, 1, 0, 3]), 'REFUSED'],
    ['a name of nothing', raw([]), 'REFUSED'],
    ['a dot in a label', raw(['evil.example', 'com']), 'REFUSED'],
    ['a zero in a label', raw(['example\0', 'com']), 'REFUSED'],
    ['a line in a label', raw(['example\n', 'com']), 'REFUSED'],
    ['an escape in a label', raw(['\u001b[2J', 'com']), 'REFUSED'],
    ['bytes in a label', raw(['ex\u00e4mple', 'com']), 'REFUSED'],
    ['a star', raw(['*', 'com']), 'REFUSED'],
    ['a false name in another script', raw(['xn--a', 'com']), 'REFUSED'],
    ['a name in another script, in a second spelling', raw(['xn---xbo', 'com']), 'REFUSED'],
    ['a name that only looks like another script', raw(['xn--example-', 'com']), 'REFUSED'],
  ])('%s is answered at once and goes nowhere', async (_, packet, rcode) => {
    const server = await Nameserver.start(leadsTo('93.184.216.34'));
    const { names, asked, refused } = resolver([server]);
    const read = await lookUp(names, '', 'A', { packet });
    expect([read.rcode, read.id, read.flag_qr]).toEqual([rcode, 4711, true]);
    expect([asked, server.heard, refused.length]).toEqual([[], [], 1]);
    expect(refused[0]).toContain('name_protocol');
  });

  test('of another version is told so', async () => {
    const packet = question('a.com', 'A', { additionals: [edns(512, [], 1)] });
    const [extension] = (await lookUp(resolver([]).names, '', 'A', { packet })).additionals ?? [];
    expect(extension).toMatchObject({ type: 'OPT', extendedRcode: 1, ednsVersion: 0, udpPayloadSize: 1232 });
  });

  test('a name in another script, underscores, hyphens and the longest name is looked up', async () => {
    const server = await Nameserver.start(leadsTo('93.184.216.34'));
    const { names } = resolver([server]);
    const longest = [63, 63, 63, 61].map((length) => 'a'.repeat(length)).join('.');
    for (const name of [
      'xn--bcher-kva.example',
      'XN--BCHER-KVA.example',
      'xn--wgv71a119e.jp',
      '_x._tcp.example.com',
      'r3---sn.example.com',
      longest,
    ])
      expect((await lookUp(names, name)).rcode).toBe('NOERROR');
  });
});

describe('[req: egress:names] whatever bytes come', () => {
  const anything = fc.oneof(
    fc.uint8Array({ maxLength: 600 }),
    // A question with some bytes changed, taken away or added.
    fc
      .tuple(
        fc.constantFrom(
          plain,
          question('a.b.example.com', 'A', { additionals: [edns(1232, [{ code: 12, length: 9 }])] }),
        ),
        fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { maxLength: 6 }),
        fc.integer({ min: 0, max: 60 }),
        fc.uint8Array({ maxLength: 5 }),
      )
      .map(([packet, changes, length, more]) => {
        const bytes = Buffer.from(packet);
        for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
        return Buffer.concat([length < 50 ? bytes : bytes.subarray(0, length - 40), more]);
      }),
  );

  test('the answer is none or a readable response with their number', async () => {
    const server = await Nameserver.start(leadsTo('93.184.216.34', '2606::1'));
    const { names } = resolver([server], { deadlines: { upstreamMs: 500 } });
    await fc.assert(
      fc.asyncProperty(
        anything,
        fc.constantFrom('udp' as const, 'tcp' as const),
        async (bytes, transport) => {
          const before = Buffer.from(bytes);
          const answer = await names.answer(bytes, 'c1', transport);
          expect(Buffer.from(bytes).equals(before)).toBe(true);
          if (!answer) {
            expect(bytes.length < 12 || ((bytes[2] ?? 0) & 0x80) !== 0).toBe(true);
            return;
          }
          const read = dns.decode(Buffer.from(answer));
          expect([read.flag_qr, read.id]).toEqual([true, Buffer.from(bytes).readUInt16BE(0)]);
          expect(dns.decode.bytes).toBe(answer.length);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('from a nameserver, the answer is a readable response without an inward address', async () => {
    let bytes: Uint8Array = new Uint8Array();
    const server = await Nameserver.start((heard) => {
      const head = heard.raw.subarray(0, 12 + heard.name.length + 2 + 4);
      const reply = Buffer.concat([head, bytes]);
      reply.writeUInt16BE(0x8180, 2);
      reply.writeUInt16BE(2, 6);
      reply.writeUInt16BE(0, 10);
      return reply;
    });
    const record = fc
      .tuple(
        fc.constantFrom([0xc0, 12], [1, 97, 0xc0, 12], [0]),
        fc.constantFrom(1, 28, 5, 16),
        fc.constantFrom([127, 0, 0, 1], [10, 0, 0, 1], [1, 97, 0xc0, 12], [0xc0, 12], []),
        fc.nat(6),
      )
      .map(([owner, type, data, length]) => [...owner, 0, type, 0, 1, 0, 0, 0, 60, 0, length, ...data]);
    let count = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.array(record, { maxLength: 3 }).map((of) => Uint8Array.from(of.flat())),
          fc.uint8Array({ maxLength: 80 }),
        ),
        async (given) => {
          bytes = given;
          count += 1;
          const { names, learned } = resolver([server], { deadlines: { upstreamMs: 500, attemptMs: 200 } });
          const read = await lookUp(names, `n${count}.example.com`);
          names.close();
          expect(['NOERROR', 'SERVFAIL']).toContain(read.rcode);
          expect(JSON.stringify([read.answers, learned])).not.toMatch(/"(127|10)\./);
        },
      ),
      { numRuns: 500 },
    );
    expect(said(await lookUp(resolver([server]).names, 'localhost'))).toContain('127.0.0.1');
  });
});
