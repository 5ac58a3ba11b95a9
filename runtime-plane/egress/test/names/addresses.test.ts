/** Where addresses lead, in every notation that hides it. */
import net from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressBytes, canonicalAddress, type Inward, isInward } from '../../src/addresses.ts';

const known: [Inward | undefined, ...string[]][] = [
  [undefined, '8.8.8.8', '1.1.1.1', '172.15.255.255', '172.32.0.0', '100.63.255.255', '100.128.0.0'],
  [
    undefined,
    '11.0.0.0',
    '9.255.255.255',
    '126.255.255.255',
    '128.0.0.0',
    '169.253.255.255',
    '223.255.255.255',
  ],
  [undefined, '2606:4700:4700::1111', '2a00:1450:4001:80b::200e', '2001:4860:4860::8888', '2001:200::1'],
  ['unspecified', '0.0.0.0', '0.1.2.3', '::', '0:0:0:0:0:0:0:0'],
  ['loopback', '127.0.0.1', '127.255.255.254', '::1', '0:0:0:0:0:0:0:1'],
  ['private', '10.0.0.0', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.0.1'],
  ['private', 'fc00::1', 'fdff::1', 'fec0::1', 'FEFF::1', '64:ff9b:1::808:808'],
  ['shared', '100.64.0.0', '100.127.255.255'],
  ['link_local', '169.254.0.1', '169.254.255.255', 'fe80::1', 'febf::1'],
  ['metadata', '169.254.169.254', '169.254.170.2', '100.100.100.200', '168.63.129.16', '192.0.0.192'],
  ['metadata', 'fd00:ec2::254', 'FD00:EC2:0:0::254', 'fe80::a9fe:a9fe', 'fd20:ce::254'],
  ['multicast', '224.0.0.251', '239.255.255.255', 'ff02::fb'],
  [
    'reserved',
    '192.0.2.1',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.1',
    '203.0.113.1',
    '240.0.0.1',
    '255.255.255.255',
  ],
  ['reserved', '2001:db8::1', '3fff::1', '100::1', '5f00::1', '4000::1', '1::', '2001:2::1'],
];

const embedding: [string, (inner: string) => string][] = [
  ['mapped', (inner) => `::ffff:${inner}`],
  ['mapped, in full', (inner) => `0:0:0:0:0:FFFF:${inner}`],
  ['mapped, in hexadecimal', (inner) => `::ffff:${groups(inner)}`],
  ['NAT64', (inner) => `64:ff9b::${inner}`],
  ['NAT64, in hexadecimal', (inner) => `64:ff9b::${groups(inner)}`],
  ['6to4', (inner) => `2002:${groups(inner)}::1`],
  ['ISATAP', (inner) => `2a00:1450::5efe:${groups(inner)}`],
  ['ISATAP, its address unique', (inner) => `2a00:1450::200:5efe:${inner}`],
];

function groups(v4: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = v4.split('.').map(Number);
  return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}

describe('[req: egress:names] where an address leads', () => {
  test.each(known)('%s', (kind, ...addresses: string[]) => {
    expect(addresses.map((address) => [address, isInward(address)])).toEqual(
      addresses.map((address) => [address, kind]),
    );
  });

  test.each(embedding)('%s: as the address inside', (_, written) => {
    for (const [kind, ...addresses] of known)
      for (const inner of addresses.filter((one) => net.isIPv4(one)))
        expect([inner, isInward(written(inner))]).toEqual([inner, kind]);
  });

  test('compatible, translated and Teredo: as the address inside, and never outward', () => {
    for (const written of [
      '::10.0.0.1',
      '::ffff:0:10.0.0.1',
      '2001:0:a00:1::f7f7:f7f7',
      '2001:0:808:808::f5ff:fffe',
    ])
      expect([written, isInward(written)]).toEqual([written, 'private']);
    for (const written of ['::8.8.8.8', '::ffff:0:8.8.8.8', '2001:0:808:808::f7f7:f7f7'])
      expect([written, isInward(written)]).toEqual([written, 'reserved']);
  });

  test.each([
    '',
    ' ',
    'localhost',
    '127.1',
    '2130706433',
    '0x7f.0.0.1',
    '0x7f000001',
    '0177.0.0.1',
    '127.0.0.1.',
    ' 127.0.0.1',
    '8.8.8.8 ',
    '８.8.8.8',
    '8.8.8.8\n',
    '8.8.8',
    '08.8.8.8',
    '256.8.8.8',
    '[::1]',
    'fe80::1%eth0',
    '2a00::1%1',
    ':::',
    '1::2::3',
    '::ffff:8.8.8',
    '::ffff:08.8.8.8',
    '12345::',
    '8.8.8.8/32',
    '::g',
    'undefined.undefined.undefined.undefined',
  ])('%j: unknown', (text) => {
    expect(isInward(text)).toBe('unknown');
    expect(canonicalAddress(text)).toBeUndefined();
  });

  const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
  const written = (of: Uint8Array): string =>
    Array.from({ length: 8 }, (_, index) =>
      (((of[2 * index] ?? 0) << 8) | (of[2 * index + 1] ?? 0)).toString(16),
    ).join(':');

  test('every address is read to the bytes that it is written from', () => {
    fc.assert(
      fc.property(bytes, fc.uint8Array({ minLength: 4, maxLength: 4 }), (six, four) => {
        expect(addressBytes(written(six))).toEqual(six);
        expect(addressBytes(four.join('.'))).toEqual(four);
        const short = canonicalAddress(written(six)) ?? '';
        expect(isInward(short)).toEqual(isInward(written(six)));
        if (net.isIPv6(short)) expect(addressBytes(short)).toEqual(six);
      }),
    );
    // With zeros, where the short forms are.
    fc.assert(
      fc.property(bytes, fc.array(fc.nat(7), { maxLength: 7 }), (six, zeros) => {
        const sparse = Uint8Array.from(six);
        for (const zero of zeros) sparse.fill(0, 2 * zero, 2 * zero + 2);
        const short = canonicalAddress(written(sparse)) ?? '';
        if (net.isIPv6(short)) expect(addressBytes(short)).toEqual(sparse);
      }),
    );
  });

  test('any text is given a kind, and nothing but an address is public', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.ipV4Extended(),
          fc.ipV6(),
          fc.string({ unit: fc.constantFrom(...'0123af:.%x') }),
        ),
        (text) => {
          if (net.isIP(text) === 0) expect(isInward(text)).toBe('unknown');
          else isInward(text);
        },
      ),
    );
  });

  test('addresses have one spelling', () => {
    expect(
      ['2001:DB8:0:0::1', '::ffff:1.2.3.4', '::FFFF:102:304', '1.2.3.4', '1:0:0:2:0:0:0:3'].map(
        canonicalAddress,
      ),
    ).toEqual(['2001:db8::1', '1.2.3.4', '1.2.3.4', '1.2.3.4', '1:0:0:2::3']);
  });
});
