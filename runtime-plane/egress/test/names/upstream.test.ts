/** Nameservers that are slow, dead, old or lie, and what they hear. */
import dgram from 'node:dgram';
import dns from 'dns-packet';
import { describe, expect, test } from 'vitest';
import { a, aaaa, edns, leadsTo, lookUp, Nameserver, question, reply, resolver, said } from './nameserver.ts';

const address = '93.184.216.34';
const good = `NOERROR; example.com A ${address}`;

describe('[req: egress:names] what a nameserver hears', () => {
  test('is written here: no option, no number, no bit of the agent', async () => {
    const server = await Nameserver.start(leadsTo(address));
    const { names } = resolver([server]);
    const carried = Buffer.from('carried out');
    const packet = question('eXaMpLe.CoM', 'A', {
      id: 0x1234,
      flags: dns.CHECKING_DISABLED | dns.AUTHENTIC_DATA,
      additionals: [
        edns(4096, [
          { code: 12, data: carried },
          { code: 8, ip: '1.2.3.4', sourcePrefixLength: 24 },
          { code: 26946, data: carried } as unknown as dns.PacketOpt,
        ]),
      ],
    });
    expect(packet.includes(carried)).toBe(true);
    await lookUp(names, '', 'A', { packet });
    const [heard] = server.heard;
    expect(heard?.raw.includes(carried)).toBe(false);
    // Header, name, type and class, and an OPT record without options.
    expect(heard?.raw.length).toBe(12 + 13 + 4 + 11);
    expect(heard?.query.flags).toBe(dns.RECURSION_DESIRED);
    expect(heard?.query.additionals).toEqual([
      expect.objectContaining({ type: 'OPT', udpPayloadSize: 1232, flags: 0, options: [] }),
    ]);
  });

  test('is numbered, spelled and sent from a port by chance', async () => {
    const server = await Nameserver.start(leadsTo(address));
    const { names } = resolver([server]);
    for (let index = 0; index < 16; index += 1)
      await lookUp(names, `name-of-many-letters-${index}.example.com`);
    const different = (of: (heard: (typeof server.heard)[number]) => unknown): number =>
      new Set(server.heard.map(of)).size;
    expect(different(({ query }) => query.id)).toBeGreaterThan(12);
    expect(different(({ port }) => port)).toBeGreaterThan(8);
    expect(different(({ name }) => [...name].map((letter) => /[A-Z]/.test(letter)).join(''))).toBeGreaterThan(
      12,
    );
    expect(server.heard.every(({ query }) => query.id !== 4711)).toBe(true);
  });
});

describe('[req: egress:names] a reply', () => {
  /** Wrong ones first, then the right one. */
  const after =
    (
      ...wrong: ((heard: Parameters<Nameserver['behaviour']>[0]) => dns.Packet | Buffer)[]
    ): ((server: Nameserver) => Nameserver['behaviour']) =>
    (server) =>
    (heard) => {
      for (const one of wrong) {
        const packet = one(heard);
        server.udp.send(Buffer.isBuffer(packet) ? packet : dns.encode(packet), heard.port, '127.0.0.1');
      }
      return leadsTo(address)(heard);
    };
  const evil = '93.184.216.66';

  test.each<[string, Parameters<typeof after>[0]]>([
    [
      'with another number',
      (heard) => ({ ...reply(heard, a(heard.name, evil)), id: ((heard.query.id ?? 0) + 1) & 0xffff }),
    ],
    [
      'to another name',
      (heard) => reply(heard, a(heard.name, evil), { questions: [{ type: 'A', name: 'other.com' }] }),
    ],
    [
      'to another type',
      (heard) => reply(heard, a(heard.name, evil), { questions: [{ type: 'MX', name: heard.name }] }),
    ],
    ['to no question', (heard) => reply(heard, a(heard.name, evil), { questions: [] })],
    ['that is a question', (heard) => ({ ...reply(heard, a(heard.name, evil)), type: 'query' })],
    ['that is too short', () => Buffer.from([1, 2, 3])],
  ])('%s is passed over', async (_, wrong) => {
    const server = await Nameserver.start(leadsTo());
    server.behaviour = after(wrong)(server);
    expect(said(await lookUp(resolver([server]).names, 'example.com'))).toBe(good);
    expect(server.heard).toHaveLength(1);
  });

  test('from another port is passed over, although all else is right', async () => {
    const stranger = dgram.createSocket('udp4');
    const server = await Nameserver.start((heard) => {
      stranger.send(dns.encode(reply(heard, a(heard.name, evil))), heard.port, '127.0.0.1');
      setTimeout(() => {
        server.udp.send(dns.encode(reply(heard, a(heard.name, address))), heard.port, '127.0.0.1');
      }, 100);
      return undefined;
    });
    expect(said(await lookUp(resolver([server]).names, 'example.com'))).toBe(good);
    stranger.close();
  });

  test('in another spelling is asked for again over TCP', async () => {
    const long = 'example-with-many-letters.com';
    const server = await Nameserver.start((heard) =>
      reply(heard, a(long, heard.transport === 'udp' ? evil : address), {
        questions: [{ type: 'A', name: long }],
      }),
    );
    expect(said(await lookUp(resolver([server]).names, long))).toBe(`NOERROR; ${long} A ${address}`);
    expect(server.heard.map(({ transport }) => transport)).toEqual(['udp', 'tcp']);
  });

  test('among many guesses is asked for again over TCP', async () => {
    const server = await Nameserver.start((heard) => {
      if (heard.transport === 'tcp') return leadsTo(address)(heard);
      for (let index = 1; index < 100; index += 1)
        server.udp.send(
          dns.encode({ ...reply(heard, a(heard.name, evil)), id: ((heard.query.id ?? 0) + index) & 0xffff }),
          heard.port,
          '127.0.0.1',
        );
      return undefined;
    });
    expect(said(await lookUp(resolver([server]).names, 'example.com'))).toBe(good);
  });

  test.each<[string, dns.Answer]>([
    ['in another class', { type: 'A', name: 'example.com', class: 'CH', data: evil }],
    ['of another name', { type: 'A', name: 'other.com', data: evil }],
    ['of another type', { type: 'AAAA', name: 'example.com', data: '2606::1' }],
  ])('loses records %s', async (_, record) => {
    const server = await Nameserver.start((heard) => reply(heard, [record, ...a(heard.name, address)]));
    expect(said(await lookUp(resolver([server]).names, 'example.com'))).toBe(good);
  });

  test('that is cut short or goes on after its end is none', async () => {
    const server = await Nameserver.start((heard) =>
      Buffer.concat([dns.encode(reply(heard, a(heard.name, address))), Buffer.from('more')]),
    );
    expect(said(await lookUp(resolver([server]).names, 'example.com'))).toBe('SERVFAIL');
    server.behaviour = (heard) => dns.encode(reply(heard, a(heard.name, address))).subarray(0, -2);
    expect(said(await lookUp(resolver([server]).names, 'example.com'))).toBe('SERVFAIL');
  });

  test('has no more than 64 records for the agent', async () => {
    const many = Array.from({ length: 200 }, (_, index) => `93.184.216.${index}`);
    const server = await Nameserver.start((heard) => reply(heard, a(heard.name, ...many)));
    const { names, learned } = resolver([server]);
    const { answers } = await lookUp(names, 'example.com', 'A', { transport: 'tcp' });
    expect(answers).toHaveLength(64);
    expect(learned[0]?.split(' ')).toHaveLength(65);
  });
});

describe('[req: egress:names] truncation', () => {
  test('by the nameserver: asked again over TCP', async () => {
    const server = await Nameserver.start((heard) =>
      heard.transport === 'udp'
        ? reply(heard, [], { flags: dns.TRUNCATED_RESPONSE })
        : leadsTo(address)(heard),
    );
    expect(said(await lookUp(resolver([server]).names, 'example.com'))).toBe(good);
    expect(server.heard.map(({ transport }) => transport)).toEqual(['udp', 'tcp']);
  });

  test.each([
    [undefined, 512],
    [100, 512],
    [800, 800],
    [65_535, 1232],
  ])('to the agent that takes %s: at %s bytes, with what fits', async (size, most) => {
    const many = Array.from({ length: 60 }, (_, index) => `2606::${index + 1}`);
    const server = await Nameserver.start((heard) => reply(heard, aaaa(heard.name, ...many)));
    const { names } = resolver([server]);
    const packet = question('example.com', 'AAAA', size === undefined ? {} : { additionals: [edns(size)] });
    const bytes = Buffer.from((await names.answer(packet, 'c', 'udp')) ?? []);
    const read = dns.decode(bytes);
    expect(bytes.length).toBeLessThanOrEqual(most);
    expect(bytes.length).toBeGreaterThan(most - 28);
    expect(read.flag_tc).toBe(true);
    expect(read.answers?.every((answer) => answer.type === 'AAAA' && answer.name === 'example.com')).toBe(
      true,
    );
    const whole = dns.decode(Buffer.from((await names.answer(packet, 'c', 'tcp')) ?? []));
    expect([whole.flag_tc, whole.answers?.length]).toEqual([false, 60]);
  });
});

describe('[req: egress:names] a nameserver that', () => {
  const fast = { upstreamMs: 1_000, attemptMs: 150 };

  test('is not there: the next is asked, and first from then on', async () => {
    const gone = dgram.createSocket('udp4');
    await new Promise<void>((resolve) => gone.bind(0, '127.0.0.1', resolve));
    const port = gone.address().port;
    await new Promise<void>((resolve) => gone.close(resolve));
    const server = await Nameserver.start(leadsTo(address));
    const { names } = resolver([{ address: '127.0.0.1', port }, server]);
    expect(said(await lookUp(names, 'example.com'))).toBe(good);
    const alone = resolver([{ address: '127.0.0.1', port }]);
    const began = performance.now();
    expect(said(await lookUp(alone.names, 'example.com'))).toBe('SERVFAIL');
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  test('is silent: the next is asked, and first from then on', async () => {
    const silent = await Nameserver.start(() => undefined);
    const server = await Nameserver.start(leadsTo(address));
    const { names } = resolver([silent, server], { deadlines: fast });
    expect(said(await lookUp(names, 'example.com'))).toBe(good);
    expect(said(await lookUp(names, 'example.org'))).toBe(`NOERROR; example.org A ${address}`);
    expect([silent.heard.length, server.heard.length]).toEqual([1, 2]);
  });

  test('loses a packet: is asked again', async () => {
    let lost = 0;
    const server = await Nameserver.start((heard) => ((lost += 1) < 3 ? undefined : leadsTo(address)(heard)));
    expect(said(await lookUp(resolver([server], { deadlines: fast }).names, 'example.com'))).toBe(good);
  });

  test('is silent and alone: the failure comes in time', async () => {
    const silent = await Nameserver.start(() => undefined);
    const { names } = resolver([silent], { deadlines: { upstreamMs: 300, attemptMs: 200 } });
    const began = performance.now();
    expect(said(await lookUp(names, 'example.com'))).toBe('SERVFAIL');
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(silent.heard).toHaveLength(2);
  });

  test('is slow over TCP, byte by byte and without end: the failure comes in time', async () => {
    const slow = await Nameserver.start((heard) =>
      heard.transport === 'udp' ? reply(heard, [], { flags: dns.TRUNCATED_RESPONSE }) : undefined,
    );
    const { names } = resolver([slow], { deadlines: { upstreamMs: 300, attemptMs: 200 } });
    expect(said(await lookUp(names, 'example.com'))).toBe('SERVFAIL');
  });

  test.each([2, 5, 4])('answers with code %i: the next is asked', async (flags) => {
    const failing = await Nameserver.start((heard) => reply(heard, [], { flags }));
    const server = await Nameserver.start(leadsTo(address));
    expect(said(await lookUp(resolver([failing, server]).names, 'example.com'))).toBe(good);
    expect(said(await lookUp(resolver([failing, failing]).names, 'example.com'))).toBe('SERVFAIL');
  });

  test('knows no extensions: is asked without', async () => {
    const old = await Nameserver.start((heard) => {
      if (!heard.query.additionals?.length) return leadsTo(address)(heard);
      const bare = Buffer.alloc(12);
      bare.writeUInt16BE(heard.query.id ?? 0, 0);
      bare.writeUInt16BE(0x8181, 2);
      return bare;
    });
    expect(said(await lookUp(resolver([old]).names, 'example.com'))).toBe(good);
  });

  test('says that there is no such name: that is the answer, and is kept for a while', async () => {
    const server = await Nameserver.start((heard) => reply(heard, [], { flags: 3 }));
    const { names } = resolver([server]);
    expect(said(await lookUp(names, 'example.com'))).toBe('NXDOMAIN');
    expect(said(await lookUp(names, 'example.com'))).toBe('NXDOMAIN');
    expect(server.heard).toHaveLength(1);
  });

  test('fills its reply with pointers costs little', async () => {
    const pointers = Buffer.alloc(1200, 0xc0);
    const server = await Nameserver.start((heard) => {
      const head = dns.encode(reply(heard));
      head.writeUInt16BE(400, 6);
      for (let at = 0; at < pointers.length; at += 2)
        pointers.writeUInt16BE(0xc000 | Math.max(12, head.length + at - 2), at);
      return Buffer.concat([head, pointers]);
    });
    const began = performance.now();
    expect(said(await lookUp(resolver([server]).names, 'example.com'))).toBe('SERVFAIL');
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});
