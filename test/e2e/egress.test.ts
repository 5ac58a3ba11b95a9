/** The way out of a session, with real programs and real servers on loopback: what arrives, what does not, and what is recorded. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { denials, readRecords, refusals } from './programs/records.ts';
import { situations, World } from './world.ts';
import { Outside } from './world-egress.ts';

const base = `import rego.v1

default decision := {"allow": true}

decision := {"allow": false, "reason": "not_this_host"} if {
	input.action in {"connect", "resolve_name"}
	not allowed_destination
}

allowed_destination if endswith(input.destination.host, ".allowed.test")

allowed_destination if input.destination.port == 53

allowed_destination if input.destination.protocol == "udp"
`;

const reading = `${base}
decision := {"allow": false, "reason": "read_only", "message": "only reading is allowed"} if {
	input.action == "http_request"
	not input.destination.method in {"GET", "HEAD"}
}
`;

describe.each(situations)('[req: egress:session] leaving a session ($title)', ({ identity, isolation }) => {
  let outside: Outside;
  beforeAll(async () => {
    outside = await Outside.open();
  });
  beforeEach(() => {
    outside.arrived.length = 0;
    outside.asked.length = 0;
    outside.connections = 0;
  });
  afterAll(() => outside.close());

  const place = (rules: string, egress: Readonly<Record<string, unknown>> = {}): World => {
    const world = new World({ identity, isolation });
    outside.policy(world, rules, egress);
    return world;
  };
  const url = (host: string, path = '/'): string => `https://${host}:${outside.ports.tls}${path}`;
  const curl = ['curl', '-sS', '--max-time', '20'];

  test('TLS that nobody has to look into is not opened', async () => {
    using world = place(base);
    const line = [...curl, '--cacert', world.at('outside.pem'), url('web.allowed.test')];
    const ended = await world.run(['sh', '-c', '"$@"; exit $?', 'sh', ...line]);
    expect(ended).toMatchObject({ code: 0, stdout: 'hello' });
    expect(outside.arrived).toMatchObject([{ method: 'GET', host: `web.allowed.test:${outside.ports.tls}` }]);
    const connect = readRecords(world).find(
      ({ input }) => input?.['action'] === 'connect' && JSON.stringify(input).includes('web.allowed.test'),
    );
    expect(connect).toMatchObject({
      input: {
        destination: { host: 'web.allowed.test', port: outside.ports.tls },
        process: { exe: expect.stringContaining('curl'), ancestors: [expect.stringMatching(/sh$/)] },
      },
    });
    const ends = readRecords(world).filter(({ kind }) => kind === 'outcome');
    expect(ends).toContainEqual(
      expect.objectContaining({
        result: 'done',
        sent_bytes: expect.any(Number),
        received_bytes: expect.any(Number),
        took_ms: expect.any(Number),
      }),
    );
  });

  test('a name that is not allowed is refused at once, and so is an address without one', async () => {
    using world = place(base);
    const other = await world.run([...curl, '-k', url('web.denied.test')]);
    expect(other.code).not.toBe(0);
    const address = await world.run([...curl, '-k', `https://127.0.0.1:${outside.ports.tls}/`]);
    expect(address.code).not.toBe(0);
    expect(outside.asked).toEqual([]);
    expect(outside.connections).toBe(0);
    const refused = denials(world).map(({ input }) => input?.['action']);
    expect([...new Set(refused)]).toEqual(['resolve_name', 'connect']);
  });

  test('TLS that names another host than the address was resolved for is turned away', async () => {
    using world = place(base);
    const ended = await world.run([
      ...curl,
      '-k',
      '--connect-to',
      `web.denied.test:${outside.ports.tls}:web.allowed.test:${outside.ports.tls}`,
      url('web.denied.test'),
    ]);
    expect(ended.code).not.toBe(0);
    expect(outside.arrived).toEqual([]);
    expect(refusals(world)).toMatchObject([
      {
        reason: 'egress',
        call: 'host_mismatch',
        input: { process: { exe: expect.stringContaining('curl') } },
      },
    ]);
  });

  test('a rule about methods opens TLS: reading passes, writing is answered with the reason', async () => {
    using world = place(reading);
    world.file('card.txt', 'x=1');
    const read = await world.run([...curl, url('web.allowed.test', '/headers')]);
    expect(read).toMatchObject({ code: 0, stderr: '' });
    const write = await world.run([
      ...curl,
      '-w',
      '%{http_code}',
      '--data-binary',
      '@card.txt',
      url('web.allowed.test', '/echo?x=1'),
    ]);
    expect(write.stdout).toMatch(/"reason":"read_only".*403$/s);
    expect(outside.arrived.map(({ method }) => method)).toEqual(['GET']);
    expect(denials(world)).toMatchObject([
      {
        input: {
          action: 'http_request',
          destination: { host: 'web.allowed.test', method: 'POST', path: '/echo', protocol: 'https' },
          process: { exe: expect.stringContaining('curl') },
        },
      },
    ]);
  });

  test('plain HTTP is held to its Host, and to the same rules', async () => {
    using world = place(reading);
    const at = `http://web.allowed.test:${outside.ports.http}/`;
    expect(await world.run([...curl, at])).toMatchObject({ code: 0, stdout: 'hello' });
    const other = await world.run([...curl, '-H', 'Host: web.denied.test', '-w', '%{http_code}', at]);
    expect(other.stdout).toMatch(/421$/);
    const write = await world.run([...curl, '-d', 'a=1', '-w', '%{http_code}', at]);
    expect(write.stdout).toMatch(/403$/);
    expect(outside.arrived.map(({ method }) => method)).toEqual(['GET']);
  });

  test('what streams in arrives as it comes', async () => {
    using world = place(reading);
    const script = `import urllib.request, time
began = time.time(); times = []
for line in urllib.request.urlopen('${url('web.allowed.test', '/stream')}', timeout=20):
    if line.strip(): times.append(time.time() - began)
print(len(times), times[-1] - times[0] > 0.3)`;
    const ended = await world.run(['python3', '-c', script]);
    expect(ended).toMatchObject({ code: 0, stdout: '5 True\n' });
  });

  test('Node, Python, curl and openssl trust the session without being told', async () => {
    using world = place(reading);
    const node = `fetch('${url('web.allowed.test')}').then((r) => r.text()).then((t) => console.log(t))`;
    const script = `node -e "$1" && python3 -c "$2" && curl -sS '${url('web.allowed.test')}'`;
    const python = `import urllib.request; print(urllib.request.urlopen('${url('web.allowed.test')}', timeout=20).read().decode())`;
    const ended = await world.run(['sh', '-c', script.replace('node', process.execPath), 'sh', node, python]);
    expect(ended).toMatchObject({ code: 0, stdout: 'hello\nhello\nhello' });
    const certificate = readRecords(world).find((record) => 'certificate' in record);
    expect(certificate).toMatchObject({ certificate: { issuer: expect.stringContaining('outside') } });
  });
});
