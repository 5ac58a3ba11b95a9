/** Where the decision point is: Unix sockets and TLS, and who may be there. */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { TLSSocket } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { pinOf } from '../src/index.ts';
import { allow, answers, aFolder, aPep, aServer, input } from './servers.ts';

describe('[req: pep:unix] a Unix socket', () => {
  test('is asked', async () => {
    const unix = path.join(aFolder(), 's');
    const { seen } = await aServer([answers(allow)], { unix });
    const pep = aPep({ unix });
    expect(await pep.decide(input)).toMatchObject({ effect: 'allow' });
    expect(seen[0]?.headers['host']).toBe('localhost');
  });

  test('that is not there is unreachable; one that is no socket is not trusted', async () => {
    const folder = aFolder();
    writeFileSync(path.join(folder, 'file'), '');
    const retries = { attempts: 1 };
    const gone = await aPep({ unix: path.join(folder, 'none'), retries }).decide(input);
    expect(gone).toMatchObject({ effect: 'deny', reason: 'pdp_unreachable' });
    const file = await aPep({ unix: path.join(folder, 'file'), retries }).decide(input);
    expect(file).toMatchObject({ effect: 'deny', reason: 'pdp_untrusted' });
  });

  test('that others could replace is not trusted, also not through a link', async () => {
    const folder = path.join(aFolder(), 'open');
    mkdirSync(folder);
    const unix = path.join(folder, 's');
    const { seen } = await aServer([answers(allow)], { unix });
    const link = path.join(aFolder(), 'link');
    symlinkSync(unix, link);
    expect(await aPep({ unix: link }).decide(input)).toMatchObject({ reason: 'pdp_untrusted' });
    chmodSync(folder, 0o777);
    expect(await aPep({ unix }).decide(input)).toMatchObject({ effect: 'deny', reason: 'pdp_untrusted' });
    expect(seen).toHaveLength(0);
    chmodSync(folder, 0o1777);
    expect(await aPep({ unix }).decide(input)).toMatchObject({ effect: 'allow' });
  });

  test('of somebody else is not trusted, unless that owner is named', async () => {
    const unix = path.join(aFolder(), 's');
    await aServer([answers(allow)], { unix });
    expect(await aPep({ unix, socketOwners: [4242] }).decide(input)).toMatchObject({
      reason: 'pdp_untrusted',
    });
    if (process.getuid?.() !== 0) return console.log('skipped: not root, no socket was given away');
    chownSync(unix, 4242, 4242);
    expect(await aPep({ unix }).decide(input)).toMatchObject({ effect: 'deny', reason: 'pdp_untrusted' });
    expect(await aPep({ unix, socketOwners: [0, 4242] }).decide(input)).toMatchObject({ effect: 'allow' });
  });
});

type Certificates = { readonly read: (name: string) => Buffer };

/** Two authorities; a certificate of a server from each, and one of a client. Undefined without openssl. */
function certificates(): Certificates | undefined {
  const cwd = aFolder();
  const run = (line: string): boolean => spawnSync('openssl', line.split(' '), { cwd }).status === 0;
  const newKey = 'req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes';
  const one = (name: string, authority: string, san: string): boolean => {
    writeFileSync(path.join(cwd, `${name}.ext`), `subjectAltName=${san}\n`);
    return (
      run(`${newKey} -keyout ${name}.key -out ${name}.csr -subj /CN=${name}`) &&
      run(
        `x509 -req -CA ${authority}.pem -CAkey ${authority}.key -CAcreateserial -days 2 -in ${name}.csr -out ${name}.pem -extfile ${name}.ext`,
      )
    );
  };
  const made =
    ['ca', 'other'].every((name) =>
      run(`${newKey} -x509 -days 2 -keyout ${name}.key -out ${name}.pem -subj /CN=${name}`),
    ) &&
    one('server', 'ca', 'IP:127.0.0.1') &&
    one('elsewhere', 'ca', 'DNS:elsewhere.example') &&
    one('client', 'ca', 'DNS:edr.example');
  return made ? { read: (name) => readFileSync(path.join(cwd, name)) } : undefined;
}

test('[req: pep:tls] authority, name, pin and our own certificate', async () => {
  const files = certificates();
  if (files === undefined) return console.log('skipped: openssl is not installed, TLS was not tried');
  const { read } = files;
  const ca = read('ca.pem');
  const serve = { cert: read('server.pem'), key: read('server.key') };
  const { url, seen } = await aServer([answers(allow)], { tls: serve });
  const reason = async (tls: NonNullable<Parameters<typeof aPep>[0]['tls']>, at = url): Promise<string> =>
    (await aPep({ url: at, tls, retries: { attempts: 1 } }).decide(input)).reason;
  expect(await reason({ ca })).toBe('policy');
  const pins = [pinOf(read('server.pem'))];
  expect(await reason({ ca, pins })).toBe('policy');
  const before = seen.length;
  expect(await reason({})).toBe('pdp_untrusted');
  expect(await reason({ ca: read('other.pem') })).toBe('pdp_untrusted');
  expect(await reason({ ca, pins: [pinOf(read('client.pem'))] })).toBe('pdp_untrusted');
  expect(await reason({ ca: read('other.pem'), pins })).toBe('pdp_untrusted');
  expect(await reason({ ca, servername: 'elsewhere.example' })).toBe('pdp_untrusted');
  expect(seen).toHaveLength(before);

  const elsewhere = await aServer([answers(allow)], {
    tls: { cert: read('elsewhere.pem'), key: read('elsewhere.key') },
  });
  expect(await reason({ ca }, elsewhere.url)).toBe('pdp_untrusted');
  expect(await reason({ ca, servername: 'elsewhere.example' }, elsewhere.url)).toBe('policy');

  const mutual = await aServer([answers(allow)], {
    tls: { ...serve, ca, requestCert: true, rejectUnauthorized: true },
  });
  expect(await reason({ ca }, mutual.url)).toBe('pdp_unreachable');
  const own = { cert: read('client.pem'), key: read('client.key') };
  expect(await reason({ ca, pins, ...own }, mutual.url)).toBe('policy');
});

test('[req: pep:tls] the pin is checked on every connection, and NODE_TLS_REJECT_UNAUTHORIZED takes nothing away', async () => {
  const files = certificates();
  if (files === undefined) return console.log('skipped: openssl is not installed, TLS was not tried');
  const { read } = files;
  const serve = { cert: read('server.pem'), key: read('server.key') };
  const { url, seen } = await aServer([(socket) => void socket.end(answerOf())], { tls: serve });
  const wrong = { ca: read('ca.pem'), pins: [pinOf(read('client.pem'))] };
  const pep = aPep({ url, tls: wrong, retries: { attempts: 1 } });
  for (let i = 0; i < 3; i += 1) expect(await pep.decide(input)).toMatchObject({ reason: 'pdp_untrusted' });
  const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
  try {
    const trusting = aPep({ url, tls: { ca: read('other.pem') }, retries: { attempts: 1 } });
    expect(await trusting.decide(input)).toMatchObject({ reason: 'pdp_untrusted' });
  } finally {
    if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
  }
  expect(seen).toHaveLength(0);
});

test('[req: pep:tls] no session is resumed, as its certificate would not be looked at', async () => {
  const files = certificates();
  if (files === undefined) return console.log('skipped: openssl is not installed, TLS was not tried');
  const { read } = files;
  const resumed: boolean[] = [];
  const { url } = await aServer(
    [
      (socket) => {
        if (socket instanceof TLSSocket) resumed.push(socket.isSessionReused());
        socket.end(answerOf());
      },
    ],
    { tls: { cert: read('server.pem'), key: read('server.key') } },
  );
  const pep = aPep({ url, tls: { ca: read('ca.pem') } });
  for (let i = 0; i < 3; i += 1) {
    expect(await pep.decide(input)).toMatchObject({ effect: 'allow' });
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  expect(resumed).toEqual([false, false, false]);
});

function answerOf(): string {
  return 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{"result":true}';
}
