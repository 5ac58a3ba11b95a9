/** Names of outside that lead inward. */
import type dns from 'dns-packet';
import { describe, expect, test } from 'vitest';
import { a, aaaa, cname, leadsTo, lookUp, Nameserver, reply, resolver, said } from './nameserver.ts';

describe('[req: egress:names] an outside name that leads inward', () => {
  test.each([
    ['127.0.0.1', 'loopback'],
    ['0.0.0.0', 'unspecified'],
    ['10.1.2.3', 'private'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'shared'],
    ['169.254.1.1', 'link_local'],
    ['169.254.169.254', 'metadata'],
    ['100.100.100.200', 'metadata'],
    ['224.0.0.1', 'multicast'],
    ['::1', 'loopback'],
    ['::', 'unspecified'],
    ['fd12::1', 'private'],
    ['fe80::1', 'link_local'],
    ['fd00:ec2::254', 'metadata'],
    ['64:ff9b::7f00:1', 'loopback'],
    ['64:ff9b::a9fe:a9fe', 'metadata'],
    ['2002:a00:1::1', 'private'],
  ])('%s: has no address, is recorded and is not learned', async (address, kind) => {
    const server = await Nameserver.start(leadsTo(address));
    const { names, learned, refused } = resolver([server]);
    const type = address.includes(':') ? 'AAAA' : 'A';
    expect(said(await lookUp(names, 'evil.example.com', type))).toBe('NOERROR');
    expect(refused).toEqual([
      `c1 rebinding evil.example.com: evil.example.com leads to ${address}, which is no public address (${kind}); if that is meant, list the name under names.private`,
    ]);
    expect([learned, names.namesOf(address)]).toEqual([[], []]);
  });

  test('mapped to IPv6: as the address inside, which is what is learned', async () => {
    const mapped = (address: string): dns.Answer[] => aaaa('m.example.com', address);
    const server = await Nameserver.start((heard) => reply(heard, mapped('::ffff:10.0.0.1')));
    const inward = resolver([server]);
    expect(said(await lookUp(inward.names, 'm.example.com', 'AAAA'))).toBe('NOERROR');
    expect(inward.refused).toHaveLength(1);
    server.behaviour = (heard) => reply(heard, mapped('::ffff:93.184.216.34'));
    const outward = resolver([server]);
    await lookUp(outward.names, 'm.example.com', 'AAAA');
    expect(outward.names.namesOf('93.184.216.34')).toEqual(['m.example.com']);
  });

  test('beside outward addresses loses the inward ones', async () => {
    const server = await Nameserver.start(leadsTo('10.0.0.1', '93.184.216.34', '127.0.0.1'));
    const { names, learned } = resolver([server]);
    expect(said(await lookUp(names, 'mixed.example.com'))).toBe('NOERROR; mixed.example.com A 93.184.216.34');
    expect(learned).toEqual(['mixed.example.com 93.184.216.34']);
  });

  test('by way of a name that is private is still an outside name', async () => {
    const server = await Nameserver.start((heard) =>
      reply(heard, [cname('evil.example.com', 'db.corp.example'), ...a('db.corp.example', '10.0.0.1')]),
    );
    const { names, refused } = resolver([server], { settings: { private: ['*.corp.example'] } });
    expect(said(await lookUp(names, 'evil.example.com'))).toBe('NOERROR');
    expect(refused).toHaveLength(1);
  });

  test('the second time only is caught the second time', async () => {
    let now = 0;
    const server = await Nameserver.start(leadsTo('93.184.216.34'));
    const { names, refused } = resolver([server], { clock: () => now });
    await lookUp(names, 'flip.example.com');
    server.behaviour = leadsTo('127.0.0.1');
    now = 61_000;
    expect(said(await lookUp(names, 'flip.example.com'))).toBe('NOERROR');
    expect(refused).toHaveLength(1);
    expect(names.namesOf('127.0.0.1')).toEqual([]);
  });
});

describe('[req: egress:names] a name that the settings call private', () => {
  const settings = { private: ['*.corp.example', 'metadata.example'] };

  test('leads to private addresses', async () => {
    const server = await Nameserver.start(leadsTo('10.0.0.1', 'fd12::1'));
    const { names, learned } = resolver([server], { settings });
    expect(said(await lookUp(names, 'DB.corp.example'))).toBe('NOERROR; DB.corp.example A 10.0.0.1');
    expect(said(await lookUp(names, 'db.corp.example', 'AAAA'))).toBe(
      'NOERROR; db.corp.example AAAA fd12::1',
    );
    expect(learned).toEqual(['db.corp.example 10.0.0.1', 'db.corp.example fd12::1']);
    // Its parent is another name.
    expect(said(await lookUp(names, 'corp.example'))).toBe('NOERROR');
    expect(said(await lookUp(names, 'notcorp.example'))).toBe('NOERROR');
  });

  test('leads to the metadata service of a cloud only when it is listed itself', async () => {
    const server = await Nameserver.start(leadsTo('169.254.169.254'));
    const { names } = resolver([server], { settings });
    expect(said(await lookUp(names, 'x.corp.example'))).toBe('NOERROR');
    expect(said(await lookUp(names, 'metadata.example'))).toBe('NOERROR; metadata.example A 169.254.169.254');
  });

  test.each(['0.0.0.0', '224.0.0.1'])('never leads to %s', async (address) => {
    const server = await Nameserver.start(leadsTo(address));
    expect(said(await lookUp(resolver([server], { settings }).names, 'x.corp.example'))).toBe('NOERROR');
  });
});
