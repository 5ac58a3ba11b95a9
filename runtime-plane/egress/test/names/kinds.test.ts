/** Types of records and names that are handled in a way of their own. */
import type dns from 'dns-packet';
import { describe, expect, test } from 'vitest';
import { cname, deny, leadsTo, lookUp, Nameserver, reply, resolver, said } from './nameserver.ts';

describe('[req: egress:names] types of records', () => {
  const records: Record<string, dns.Answer> = {
    MX: { type: 'MX', name: 'example.com', ttl: 60, data: { preference: 10, exchange: 'mail.example.com' } },
    NS: { type: 'NS', name: 'example.com', ttl: 60, data: 'ns.example.com' },
    PTR: { type: 'PTR', name: 'example.com', ttl: 60, data: 'host.example.com' },
    CNAME: cname('example.com', 'www.example.net'),
    SRV: {
      type: 'SRV',
      name: 'example.com',
      ttl: 60,
      data: { priority: 1, weight: 2, port: 443, target: 'h.example.com' },
    },
    SOA: {
      type: 'SOA',
      name: 'example.com',
      ttl: 60,
      data: {
        mname: 'ns.example.com',
        rname: 'admin.example.com',
        serial: 1,
        refresh: 2,
        retry: 3,
        expire: 4,
        minimum: 5,
      },
    },
    TXT: { type: 'TXT', name: 'example.com', ttl: 60, data: [Buffer.from('v=spf1'), Buffer.from('x')] },
    CAA: {
      type: 'CAA',
      name: 'example.com',
      ttl: 60,
      data: { flags: 0, issuerCritical: false, tag: 'issue', value: 'ca.example' },
    },
  };

  test.each(['MX', 'NS', 'PTR', 'CNAME', 'SRV', 'SOA'])('%s: put to policy and answered', async (type) => {
    const server = await Nameserver.start((heard) => reply(heard, [records[type] ?? cname('a', 'b')]));
    const { names, asked, learned } = resolver([server]);
    const read = await lookUp(names, 'example.com', type);
    expect(read.answers).toEqual([expect.objectContaining(records[type])]);
    expect(asked).toEqual([`c1 example.com ${type}`]);
    expect(learned).toEqual([]);
  });

  test.each(['TXT', 'CAA'])('%s: only when the settings say so', async (type) => {
    const server = await Nameserver.start((heard) => reply(heard, [records[type] ?? cname('a', 'b')]));
    const closed = resolver([server]);
    expect(said(await lookUp(closed.names, 'example.com', type))).toBe('REFUSED');
    expect([server.heard, closed.asked]).toEqual([[], []]);
    expect(closed.refused).toEqual([
      `c1 name_protocol example.com: records of type ${type} of example.com are not looked up`,
    ]);
    const open = resolver([server], { settings: { types: ['TXT', 'CAA'] } });
    expect((await lookUp(open.names, 'example.com', type)).answers).toEqual([
      expect.objectContaining(records[type]),
    ]);
    expect(open.asked).toEqual([`c1 example.com ${type}`]);
  });

  test.each(['NULL', 'ANY', 'AXFR', 'IXFR', 'TSIG', 'UNKNOWN_65280', 'UNKNOWN_0', 'OPT'])(
    '%s: never as it is',
    async (type) => {
      const server = await Nameserver.start(leadsTo());
      const { names } = resolver([server], { settings: { types: type === 'NULL' ? [] : [type, 'TYPE0'] } });
      expect(said(await lookUp(names, 'example.com', type))).toBe('REFUSED');
      expect(server.heard).toEqual([]);
    },
  );

  test('that nobody knows are written as in RFC 3597', async () => {
    const server = await Nameserver.start((heard) =>
      reply(heard, [
        { type: 'UNKNOWN_65280' as 'NULL', name: heard.name, ttl: 60, data: Buffer.from('abc') },
      ]),
    );
    const { names, asked } = resolver([server], { settings: { types: ['TYPE65280'] } });
    const { answers } = await lookUp(names, 'example.com', 'UNKNOWN_65280');
    expect(answers).toEqual([expect.objectContaining({ data: Buffer.from('abc') })]);
    expect(asked).toEqual(['c1 example.com TYPE65280']);
  });

  test.each([
    ['UNKNOWN_65', 'HTTPS'],
    ['UNKNOWN_64', 'SVCB'],
  ])('%s: put to policy as %s, answered without data, never looked up', async (type, known) => {
    const server = await Nameserver.start(leadsTo('93.184.216.34'));
    const { names, asked } = resolver([server]);
    expect(said(await lookUp(names, 'example.com', type))).toBe('NOERROR');
    expect([server.heard, asked]).toEqual([[], [`c1 example.com ${known}`]]);
    const denying = resolver([server], { ask: () => Promise.resolve(deny) });
    expect(said(await lookUp(denying.names, 'example.com', type))).toBe('REFUSED');
  });
});

describe('[req: egress:names] special names', () => {
  test('localhost is loopback and no nameserver hears of it, if policy allows', async () => {
    const server = await Nameserver.start(leadsTo('93.184.216.34'));
    const { names, asked } = resolver([server]);
    expect(said(await lookUp(names, 'localhost'))).toBe('NOERROR; localhost A 127.0.0.1');
    expect(said(await lookUp(names, 'a.LOCALHOST', 'AAAA'))).toBe('NOERROR; a.LOCALHOST AAAA ::1');
    expect(said(await lookUp(names, 'localhost', 'MX'))).toBe('NOERROR');
    expect(asked).toHaveLength(3);
    expect(names.namesOf('::1')).toEqual(['a.localhost']);
    const denying = resolver([server], { ask: () => Promise.resolve(deny) });
    expect(said(await lookUp(denying.names, 'localhost'))).toBe('REFUSED');
    expect(server.heard).toEqual([]);
  });

  test.each([
    'printer.local',
    'wpad',
    'wpad.example.com',
    'abc.onion',
    'x.invalid',
    'x.alt',
    'use-application-dns.net',
    '_dns.resolver.arpa',
    '127.0.0.1',
    '2130706433',
    '0x7f.1',
    '0x7f000001',
    'example.0x1',
  ])('%s: put to policy and found nowhere', async (name) => {
    const server = await Nameserver.start(leadsTo('93.184.216.34'));
    const { names, asked } = resolver([server]);
    expect(said(await lookUp(names, name))).toBe('NXDOMAIN');
    expect([server.heard.length, asked.length]).toEqual([0, 1]);
  });

  test('.local and wpad are looked up where the settings call them private, single labels where policy allows', async () => {
    const server = await Nameserver.start(leadsTo('10.0.0.1'));
    const { names } = resolver([server], {
      settings: { private: ['*.corp.local', 'wpad.example.com', 'intranet'] },
    });
    for (const name of ['ldap.corp.local', 'wpad.example.com', 'intranet'])
      expect(said(await lookUp(names, name))).toBe(`NOERROR; ${name} A 10.0.0.1`);
  });
});
