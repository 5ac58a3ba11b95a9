/** What a session gets for its questions about names, and what its policy hears of them. */
import dns from 'dns-packet';
import { describe, expect, test } from 'vitest';
import {
  a,
  allow,
  cname,
  deny,
  edns,
  leadsTo,
  lookUp,
  Nameserver,
  question,
  reply,
  resolver,
  said,
} from './nameserver.ts';

describe('[req: egress:names] a name', () => {
  test('that policy allows is looked up, learned, and answered in the spelling of the question', async () => {
    const server = await Nameserver.start(leadsTo('93.184.216.34', '93.184.216.35'));
    const { names, asked, learned } = resolver([server]);
    const read = await lookUp(names, 'WwW.eXample.COM.');
    expect(read.id).toBe(4711);
    expect(read.questions?.[0]?.name).toBe('WwW.eXample.COM');
    expect(said(read)).toBe('NOERROR; WwW.eXample.COM A 93.184.216.34; WwW.eXample.COM A 93.184.216.35');
    expect([read.flag_ra, read.flag_rd, read.flag_aa, read.flag_ad, read.flag_tc]).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(asked).toEqual(['c1 www.example.com A']);
    expect(learned).toEqual(['www.example.com 93.184.216.34 93.184.216.35']);
    expect(names.namesOf('93.184.216.35')).toEqual(['www.example.com']);
  });

  test('that policy denies is refused at once and no nameserver hears of it', async () => {
    const server = await Nameserver.start(leadsTo('93.184.216.34'));
    const { names, learned, refused } = resolver([server], { ask: () => Promise.resolve(deny) });
    const began = performance.now();
    expect(said(await lookUp(names, 'secret.example.com'))).toBe('REFUSED');
    expect(performance.now() - began).toBeLessThan(2_000);
    expect([server.heard, learned, refused]).toEqual([[], [], []]);
    expect(names.namesOf('93.184.216.34')).toEqual([]);
  });

  test('is not looked up when policy does not answer, in time or at all', async () => {
    const server = await Nameserver.start(leadsTo('93.184.216.34'));
    const silent = resolver([server], { ask: () => new Promise(() => {}), deadlines: { decisionMs: 50 } });
    expect(said(await lookUp(silent.names, 'example.com'))).toBe('SERVFAIL');
    const broken = resolver([server], { ask: () => Promise.reject(new Error('channel closed')) });
    expect(said(await lookUp(broken.names, 'example.com'))).toBe('SERVFAIL');
    expect(server.heard).toEqual([]);
  });

  test('is learned before its answer goes out, and not answered when that fails', async () => {
    const server = await Nameserver.start(leadsTo('93.184.216.34'));
    const { names } = resolver([server], {
      learned: () => {
        throw new Error('no channel');
      },
    });
    expect(said(await lookUp(names, 'example.com'))).toBe('SERVFAIL');
  });

  test('is put to policy every time, and to the nameserver once while its answer holds', async () => {
    let now = 0;
    const server = await Nameserver.start(leadsTo('93.184.216.34'));
    const { names, asked } = resolver([server], { clock: () => now });
    const ttls: (number | undefined)[] = [];
    for (const at of [0, 0, 20_000, 59_999, 60_000]) {
      now = at;
      const [record] = (await lookUp(names, 'example.com')).answers ?? [];
      ttls.push(record?.type === 'A' ? record.ttl : undefined);
    }
    expect(ttls).toEqual([60, 60, 40, 1, 60]);
    expect([asked.length, server.heard.length]).toEqual([5, 2]);
  });

  test('is looked up once for all who ask at the same time', async () => {
    const server = await Nameserver.start(leadsTo('93.184.216.34'));
    const { names, asked } = resolver([server]);
    const all = await Promise.all(Array.from({ length: 50 }, () => lookUp(names, 'example.com')));
    expect(new Set(all.map(said))).toEqual(new Set(['NOERROR; example.com A 93.184.216.34']));
    expect([asked.length, server.heard.length]).toEqual([50, 1]);
  });

  test('beyond the questions that may wait is answered as failed', async () => {
    const waiting: (() => void)[] = [];
    const { names } = resolver([], {
      ask: () => new Promise((resolve) => waiting.push(() => resolve(deny))),
    });
    const codes: string[] = [];
    const all = Array.from({ length: 257 }, async (_, index) => {
      codes.push((await lookUp(names, `n${index}.example.com`)).rcode);
    });
    await all[256];
    expect([codes, waiting.length]).toEqual([['SERVFAIL'], 256]);
    for (const release of waiting) release();
    await Promise.all(all);
    expect(codes.filter((code) => code === 'REFUSED')).toHaveLength(256);
    const after = lookUp(names, 'example.com');
    waiting.at(-1)?.();
    expect(waiting).toHaveLength(257);
    expect(said(await after)).toBe('REFUSED');
  });

  test('has a TTL of one second to five minutes', async () => {
    const server = await Nameserver.start((heard) =>
      reply(heard, [
        { type: 'A', name: heard.name, ttl: 0, data: '93.184.216.34' },
        { type: 'A', name: heard.name, ttl: 86_400, data: '93.184.216.35' },
      ]),
    );
    const { answers } = await lookUp(resolver([server]).names, 'example.com');
    expect(answers?.map((answer) => answer.type === 'A' && answer.ttl)).toEqual([1, 300]);
  });
});

describe('[req: egress:names] aliases', () => {
  const chain: dns.Answer[] = [
    cname('a.example.com', 'B.example.net'),
    cname('b.example.net', 'c.example.org'),
    ...a('c.example.org', '93.184.216.34'),
  ];

  test('are followed, in any order, and only the name that was asked is learned', async () => {
    const server = await Nameserver.start((heard) => reply(heard, chain.toReversed()));
    const { names, learned } = resolver([server]);
    expect(said(await lookUp(names, 'a.example.com'))).toBe(
      'NOERROR; a.example.com CNAME B.example.net; B.example.net CNAME c.example.org; c.example.org A 93.184.216.34',
    );
    expect(learned).toEqual(['a.example.com 93.184.216.34']);
    expect(names.namesOf('93.184.216.34')).toEqual(['a.example.com']);
  });

  test('bring nothing along that does not belong to them', async () => {
    const server = await Nameserver.start((heard) =>
      reply(
        heard,
        [
          ...chain,
          ...a('other.example.com', '93.184.216.99'),
          { type: 'TXT', name: 'a.example.com', data: 'carried' },
        ],
        {
          authorities: [{ type: 'NS', name: 'example.com', data: 'ns.example.com' }],
          additionals: [
            ...a('ns.example.com', '93.184.216.98'),
            edns(4096, [{ code: 12, data: Buffer.from('carried!') }]),
          ],
        },
      ),
    );
    const { names, learned } = resolver([server]);
    const packet = question('a.example.com', 'A', { additionals: [edns(4096)] });
    const bytes = Buffer.from((await names.answer(packet, 'c1', 'udp')) ?? []);
    const read = dns.decode(bytes);
    expect(read.answers).toHaveLength(3);
    expect([read.authorities, read.additionals?.length]).toEqual([[], 1]);
    expect(bytes.includes('carried')).toBe(false);
    expect(learned).toEqual(['a.example.com 93.184.216.34']);
  });

  test('that go round or on and on are no answer', async () => {
    const server = await Nameserver.start((heard) =>
      reply(heard, [cname('a.example.com', 'b.example.com'), cname('b.example.com', 'a.example.com')]),
    );
    expect(said(await lookUp(resolver([server]).names, 'a.example.com'))).toBe('SERVFAIL');
    server.behaviour = (heard) =>
      reply(heard, [
        ...Array.from({ length: 40 }, (_, index) =>
          cname(`n${index}.example.com`, `n${index + 1}.example.com`),
        ),
        ...a('n40.example.com', '93.184.216.34'),
      ]);
    expect(said(await lookUp(resolver([server]).names, 'n0.example.com', 'A', { transport: 'tcp' }))).toBe(
      'SERVFAIL',
    );
  });

  test('that lead nowhere are answered as far as they go', async () => {
    const server = await Nameserver.start((heard) =>
      reply(heard, [cname('a.example.com', 'b.example.com')], { flags: 3 }),
    );
    expect(said(await lookUp(resolver([server]).names, 'a.example.com'))).toBe(
      'NXDOMAIN; a.example.com CNAME b.example.com',
    );
  });
});

test('[req: egress:names] the names of an address are those of this session, the latest first and bounded', async () => {
  const server = await Nameserver.start(leadsTo('93.184.216.34', '2606:2800:0:0::1'));
  const { names } = resolver([server]);
  for (let index = 0; index < 20; index += 1) await lookUp(names, `n${index}.example.com`);
  await lookUp(names, 'n10.example.com');
  expect(names.namesOf('93.184.216.34').slice(0, 3)).toEqual([
    'n10.example.com',
    'n19.example.com',
    'n18.example.com',
  ]);
  expect(names.namesOf('::ffff:93.184.216.34')).toHaveLength(16);
  await lookUp(names, 'six.example.com', 'AAAA');
  expect(names.namesOf('2606:2800:0000::0:1')).toEqual(['six.example.com']);
  expect(names.namesOf('no address')).toEqual([]);
});

test('[req: egress:names] after its end every question fails', async () => {
  const server = await Nameserver.start(() => undefined);
  const { names } = resolver([server]);
  const waiting = lookUp(names, 'example.com');
  const began = performance.now();
  setTimeout(() => names.close(), 50);
  expect(said(await waiting)).toBe('SERVFAIL');
  expect(performance.now() - began).toBeLessThan(1_000);
  expect(said(await lookUp(names, 'example.com'))).toBe('SERVFAIL');
});

test('[req: egress:names] a decision that comes after the end lets nothing out', async () => {
  const server = await Nameserver.start(leadsTo('93.184.216.34'));
  const { names } = resolver([server], {
    ask: () => {
      names.close();
      return Promise.resolve(allow);
    },
  });
  expect(said(await lookUp(names, 'example.com'))).toBe('SERVFAIL');
  expect(server.heard).toEqual([]);
});

test('[req: egress:names] a refusal that cannot be reported is still an answer', async () => {
  const { names } = resolver([], {
    refused: () => {
      throw new Error('channel closed');
    },
  });
  expect(said(await lookUp(names, 'example.com', 'TXT'))).toBe('REFUSED');
  names.close();
});
