/** How much a session can say by asking. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { bitsPerCharacter, bitsTogether } from '../../src/names/label-load.ts';
import { NameLimits } from '../../src/names/limits.ts';
import { deny, leadsTo, lookUp, Nameserver, resolver, said } from './nameserver.ts';

const limits = {
  per_minute: 1_000,
  distinct_per_minute: 1_000,
  max_label: 63,
  max_name: 253,
  max_entropy: 4,
};

describe('[req: egress:names] limits', () => {
  test('are there before policy and nameserver, and are recorded', async () => {
    const server = await Nameserver.start(leadsTo('93.184.216.34'));
    const { names, asked, refused } = resolver([server], { settings: { ...limits, max_label: 20 } });
    expect(said(await lookUp(names, `${'long'.repeat(6)}.example.com`))).toBe('REFUSED');
    expect([asked, server.heard]).toEqual([[], []]);
    expect(refused).toEqual([
      'c1 name_limits longlonglonglonglonglong.example.com: longlonglonglonglonglong.example.com has a label of more than 20 bytes',
    ]);
  });

  test('of questions in a minute: those that were answered count', async () => {
    let now = 0;
    const server = await Nameserver.start(leadsTo('93.184.216.34'));
    const { names } = resolver([server], { settings: { per_minute: 3 }, clock: () => now });
    const codes: string[] = [];
    for (const at of [0, 10_000, 20_000, 30_000, 59_999, 60_000, 60_001, 70_000, 200_000]) {
      now = at;
      codes.push((await lookUp(names, 'example.com')).rcode);
    }
    expect(codes).toEqual([
      'NOERROR',
      'NOERROR',
      'NOERROR',
      'REFUSED',
      'REFUSED',
      'NOERROR',
      'REFUSED',
      'NOERROR',
      'NOERROR',
    ]);
  });

  test('of questions in a minute, whose clock is set back', async () => {
    let now = 10_000_000;
    const server = await Nameserver.start(leadsTo('93.184.216.34'));
    const { names } = resolver([server], { settings: { per_minute: 2 }, clock: () => now });
    const codes: string[] = [];
    for (const at of [10_000_000, 10_000_000, 1_000, 60_999, 61_000]) {
      now = at;
      codes.push((await lookUp(names, 'example.com')).rcode);
    }
    expect(codes).toEqual(['NOERROR', 'NOERROR', 'REFUSED', 'REFUSED', 'NOERROR']);
  });

  test('of no questions at all', async () => {
    const { names } = resolver([], { settings: { per_minute: 0 } });
    expect(said(await lookUp(names, 'example.com'))).toBe('REFUSED');
  });

  test('of names below a registered one: also of those that policy denies', async () => {
    const { names, asked } = resolver([], {
      settings: { distinct_per_minute: 2 },
      ask: () => Promise.resolve(deny),
    });
    for (const name of ['a.example.com', 'b.example.com', 'c.example.com']) await lookUp(names, name);
    expect(asked).toEqual(['c1 a.example.com A', 'c1 b.example.com A']);
  });

  test('of names below a registered one, for a minute, each on its own', () => {
    let now = 0;
    const counted = new NameLimits({ ...limits, distinct_per_minute: 2 }, () => now);
    const ok = (name: string): boolean => counted.refusal(name) === undefined;
    expect(['a.x.com', 'b.c.x.com', 'a.x.com', 'd.x.com'].map(ok)).toEqual([true, true, true, false]);
    // Below a country's second level somebody else registered.
    expect(['a.x.co.uk', 'b.x.co.uk', 'c.x.co.uk', 'a.y.co.uk'].map(ok)).toEqual([true, true, false, true]);
    now = 59_999;
    expect(ok('a.x.com')).toBe(true);
    expect(ok('d.x.com')).toBe(false);
    now = 60_000;
    expect(['d.x.com', 'a.x.com', 'e.x.com'].map(ok)).toEqual([true, true, false]);
  });

  test('let through neither more nor less than they say, whatever is asked', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.nat(30_000),
            fc.constantFrom('a.x.com', 'b.x.com', 'c.x.com', 'a.y.org', 'b.y.org', 'z'),
          ),
          { maxLength: 60 },
        ),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 3 }),
        (steps, per_minute, distinct_per_minute) => {
          let now = 0;
          const counted = new NameLimits({ ...limits, per_minute, distinct_per_minute }, () => now);
          const passed: { at: number; name: string }[] = [];
          for (const [wait, name] of steps) {
            now += wait;
            const latest = passed.filter(({ at }) => now - at < 60_000);
            const below = name.split('.').slice(-2).join('.');
            const others = new Set(latest.map((one) => one.name).filter((one) => one.endsWith(below)));
            const fits = latest.length < per_minute && others.add(name).size <= distinct_per_minute;
            expect(counted.refusal(name) === undefined).toBe(fits);
            if (fits) passed.push({ at: now, name });
          }
        },
      ),
    );
  });

  test('of the length of names', () => {
    const short = new NameLimits({ ...limits, max_name: 20 }, () => 0);
    expect(short.refusal('abcdefgh.example.com')).toBeUndefined();
    expect(short.refusal('abcdefghi.example.com')).toBe('is longer than 20 bytes');
  });
});

describe('[req: egress:names] names that look like data', () => {
  const refused = (name: string, max_entropy = 4): boolean =>
    new NameLimits({ ...limits, max_entropy }, () => 0).refusal(name) !== undefined;

  const base32 = (bytes: Buffer): string =>
    Array.from(bytes, (byte) => 'abcdefghijklmnopqrstuvwxyz234567'[byte & 31]).join('');

  test('are refused: hexadecimal, base32, base64 of random bytes', () => {
    const missed = { hex: 0, base32: 0, base64: 0 };
    for (let index = 0; index < 500; index += 1) {
      const bytes = randomBytes(40);
      if (!refused(`${bytes.toString('hex', 0, 10 + (index % 20))}.example.com`)) missed.hex += 1;
      if (!refused(`${base32(bytes).slice(0, 24 + (index % 16))}.example.com`)) missed.base32 += 1;
      if (
        !refused(
          `${bytes
            .toString('base64url')
            .toLowerCase()
            .slice(0, 24 + (index % 16))}.example.com`,
        )
      )
        missed.base64 += 1;
    }
    expect(missed.hex).toBe(0);
    expect(missed.base32).toBeLessThan(50);
    expect(missed.base64).toBeLessThan(50);
  });

  test.each([
    '68656c6c6f20776f726c6420.example.com', // hello world
    'nbswy3dpeb3w64tmmqqhi2dfoj.example.com',
    'bcdfg-hjklm-npqrs-tvwxz-bcdfg.example.com',
    'a2e3i4o5u6a7e2i3o4u5z.example.com',
    '550e8400-e29b-41d4-a716-446655440000.example.com',
    '68656c6c6f207.76f726c64207.468697320697.3206461746.x.example.com', // cut into short labels
    'mnxw2ylz-nzxwi33t-mvrxezlu-onqxg43x.example.com', // and set off by hyphens
  ])('%s', (name) => {
    expect(refused(name)).toBe(true);
  });

  test.each([
    'registry.npmjs.org',
    'ec2-203-0-113-25.eu-central-1.compute.amazonaws.com',
    'my-loadbalancer-1234567890.eu-west-1.elb.amazonaws.com',
    'storage-account-backup-westeurope.blob.core.windows.net',
    'pipelines-ghubeus20-actions-githubusercontent.com',
    'objects-us-east-1-dreamhost.example.com',
    'd111111abcdef8.cloudfront.net',
    'r3---sn-4g5e6nez.googlevideo.com',
    'xn--vermgensberatung-pwb.example.de',
    'llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch.co.uk',
    'internationalisierung.example.org',
    'selector1._domainkey.example.com',
    '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa',
    '34.216.184.93.in-addr.arpa',
  ])('and not names: %s', (name) => {
    expect(refused(name)).toBe(false);
  });

  test('by what a character of their alphabet carries', () => {
    expect(bitsPerCharacter('0123456789abcdef0123')).toBe(4);
    expect(bitsPerCharacter('0123456789abcdef012')).toBe(0);
    expect(bitsPerCharacter('mnpmnpmnpmnpmnpmnpmnpmnp')).toBe(5);
    expect(bitsPerCharacter('nbswy3dpeb3w64tmmqqhi2dfoj')).toBe(5);
    expect(bitsPerCharacter('1234567890123456789012')).toBeCloseTo(3.32, 2);
    expect(bitsTogether(['0123456789abcdef0123'])).toBe(0);
    expect(refused('68656c6c6f20776f726c6420.example.com', 4.5)).toBe(false);
    expect(refused('nbswy3dpeb3w64tmmqqhi2dfoj.example.com', 4.5)).toBe(true);
  });
});

test('[req: egress:names] refusals are recorded once a second and reason, and the others counted', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const { names, refused } = resolver([], { settings: { max_name: 20 } });
    for (let index = 0; index < 100; index += 1) await lookUp(names, `name-number-${index}.example.com`);
    await lookUp(names, 'example.com', 'TXT');
    expect(refused.map((one) => one.split(' ')[1])).toEqual(['name_limits', 'name_protocol']);
    vi.advanceTimersByTime(1_000);
    expect(refused).toHaveLength(3);
    expect(refused[2]).toContain('name-number-99.example.com is longer than 20 bytes (and 98 more like it)');
    vi.advanceTimersByTime(5_000);
    expect(refused).toHaveLength(3);
    await lookUp(names, 'name-number-1.example.com');
    await lookUp(names, 'name-number-2.example.com');
    expect(refused).toHaveLength(4);
    names.close();
    expect(refused).toHaveLength(5);
    expect(refused[4]).toContain('name-number-2');
  } finally {
    vi.useRealTimers();
  }
});
