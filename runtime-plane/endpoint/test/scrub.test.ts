import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scrubArgv, scrubUrl } from '../src/record/scrub.ts';

const salt = Buffer.alloc(32, 7);
const mark = /‹secret:sha256:[0-9a-f]{8}›/;

/** Letters and digits drawn at random, as issuers do. */
const randomSecret = fc
  .uint8Array({ minLength: 24, maxLength: 24 })
  .map((bytes) => Buffer.from(bytes).toString('base64url'))
  .filter(
    (text) =>
      new Set(text).size > 15 && /\d.*\d/.test(text) && /[a-zA-Z]/.test(text) && /^[A-Za-z0-9]/.test(text),
  );

describe('[req: record:no-secrets] scrubArgv', () => {
  test.each([
    ['a flag and its value', ['curl', '--token', 'hunter2']],
    ['a flag with =', ['app', '--api-key=hunter2']],
    ['a flag in camel case', ['app', '--accessToken', 'hunter2']],
    ['a value that looks like a flag', ['app', '--password', '-hunter2']],
    ['a glued short flag', ['mysql', '-uroot', '-phunter2']],
    ['a short flag', ['/usr/bin/sshpass', '-p', 'hunter2', 'ssh', 'host']],
    ['-p of an unknown program', ['backup-tool', '-p', 'hunter2']],
    ['user and password of curl', ['curl', '-u', 'bob:hunter2', 'https://example.com']],
    ['an assignment', ['env', 'DB_PASSWORD=hunter2 and more']],
    ['an assignment inside a flag', ['docker', 'run', '--env=API_KEY=hunter2']],
    ['a script', ['sh', '-c', 'export TOKEN=hunter2; run --password hunter2 "x"']],
    ['a header', ['curl', '-H', 'Authorization: Bearer hunter2']],
    ['another header', ['curl', '-H', 'X-Api-Key: hunter2']],
    ['a header inside a script', ['sh', '-c', 'curl -H "Authorization: Bearer hunter2" x']],
    ['a URL', ['git', 'clone', 'https://bob:hunter2@example.com/r.git']],
    ['a query', ['curl', 'https://example.com/x?a=1&access_token=hunter2#f']],
    ['a connection string', ['app', 'Server=db;User=sa;Password=hunter2;']],
    ['JSON', ['curl', '-d', '{"user":"bob","password":"hunter2"}']],
    ['a private key', ['app', '-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY-----']],
  ])('%s', (_, argv) => {
    const scrubbed = scrubArgv(argv, salt);
    expect(scrubbed).toHaveLength(argv.length);
    expect(scrubbed.join('\0')).not.toContain('hunter2');
    expect(scrubbed.join('\0')).toMatch(mark);
  });

  test.each([
    ['a GitHub token', 'ghp_abcdefghijklmnopqrstuvwxyz0123456789'],
    ['an AWS key id', 'AKIAIOSFODNN7EXAMPLE'],
    ['a JSON web token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N'],
    ['a hexadecimal key', '9f86d081884c7d659a2feaa0c55ad015'],
  ])('%s anywhere', (_, token) => {
    expect(scrubArgv(['echo', `x ${token} y`], salt).join(' ')).not.toContain(token.slice(4));
  });

  test('what is not secret stays readable', () => {
    const harmless = [
      ['git', 'commit', '-m', 'fix: report-final-2026-11-21-version'],
      ['mkdir', '-p', 'build/output'],
      ['ssh', '-p', '22', 'git@example.com'],
      ['docker', 'run', '-p', '80:80', 'nginx'],
      ['ls', '/usr/lib/x86_64-linux-gnu/libfoo.so.1.2.3'],
      ['docker', 'login', '--password-stdin', 'registry.example.com'],
      ['curl', 'https://example.com/a/b?page=2&sort=name'],
      ['sort', '--key', '2,2'],
      ['node', '/home/alice/src/very-long-component-name-of-a-module.test.ts'],
    ];
    for (const argv of harmless) expect(scrubArgv(argv, salt)).toEqual(argv);
  });

  test('one secret has one fingerprint on a device, and another one elsewhere', () => {
    const [first, second] = [scrubArgv(['a', '--token', 's3'], salt), scrubArgv(['b', 'TOKEN=s3'], salt)];
    expect(second[1]).toBe(`TOKEN=${first[2]}`);
    expect(scrubArgv(['a', '--token', 's3'], Buffer.alloc(32, 8))[2]).not.toBe(first[2]);
  });

  test('no random secret survives, wherever it stands', () => {
    const places = fc.constantFrom<(secret: string) => string[]>(
      (secret) => ['app', secret],
      (secret) => ['app', '--password', secret],
      (secret) => ['app', `--token=${secret}`],
      (secret) => ['sh', '-c', `TOKEN=${secret} app "${secret}"`],
      (secret) => ['curl', `https://u:${secret}@h/p?key=${secret}&x=${secret}`],
      (secret) => ['curl', `https://h/${secret}/x#${secret}`],
      (secret) => ['curl', '-H', `Authorization: Basic ${secret}`],
      (secret) => ['curl', '-d', JSON.stringify({ secret, nested: { value: secret } })],
    );
    fc.assert(
      fc.property(randomSecret, places, (secret, place) => {
        expect(scrubArgv(place(secret), salt).join('\0')).not.toContain(secret);
      }),
      { numRuns: 500 },
    );
  });

  test('any text is accepted, quickly', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 60 }), { maxLength: 8 }), (argv) => {
        expect(scrubArgv(argv, salt)).toHaveLength(argv.length);
      }),
    );
    const startedMs = performance.now();
    for (const part of ['a=', '"a":"', '-a ', '-----BEGIN PRIVATE KEY-----', 'https://', 'A1', '--']) {
      scrubArgv(Array<string>(50).fill(part.repeat(100_000 / part.length)), salt);
    }
    expect(performance.now() - startedMs).toBeLessThan(3_000);
  });

  test('what is too long is cut and counted, and no secret is left at the cut', () => {
    const secret = 'q7Rw2Zx9Lk4Tb8Vn1Mc5';
    const [, long = ''] = scrubArgv(['app', `${'word '.repeat(817)}${secret}`], salt);
    expect(long).not.toContain('q7Rw');
    expect(long).toMatch(/^word word .*‹\d+ more characters›$/);
    const many = scrubArgv(Array<string>(300).fill('a'), salt);
    expect(many).toHaveLength(257);
    expect(many.at(-1)).toBe('‹44 more arguments›');
  });
});

test('[req: record:no-secrets] scrubUrl keeps what is not secret', () => {
  expect(scrubUrl('https://example.com:8443/a?b=c#d', salt)).toBe('https://example.com:8443/a?b=c#d');
  expect(scrubUrl('ssh://git@example.com/r.git', salt)).toBe('ssh://git@example.com/r.git');
  expect(scrubUrl('https://bob:pw@example.com/', salt)).toMatch(
    /^https:\/\/bob:‹secret:sha256:[0-9a-f]{8}›@example\.com\/$/,
  );
  expect(scrubUrl('not a url', salt)).toBe('not a url');
});
