/** Programs that bring their own networking: static ones, Java, ssh, and those that look at the machine's interfaces first. */
import { spawnSync } from 'node:child_process';
import net, { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { denials, readRecords, refusals } from './programs/records.ts';
import { few, World } from './world.ts';
import { Outside } from './world-egress.ts';

const rules = `import rego.v1

default decision := {"allow": true}

decision := {"allow": false, "reason": "read_only"} if {
	input.action == "http_request"
	not input.destination.method in {"GET", "HEAD"}
}
`;

const java = `import java.net.*;
import java.net.http.*;
public class Main {
  static int ask(HttpClient client, String method, String url) throws Exception {
    var request = HttpRequest.newBuilder(URI.create(url)).method(method, HttpRequest.BodyPublishers.noBody()).build();
    var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    System.out.println(answer.version() + " " + method + " " + answer.statusCode());
    return answer.statusCode();
  }
  public static void main(String[] args) throws Exception {
    System.out.println(new String(new URL(args[0]).openStream().readAllBytes()));
    var client = HttpClient.newHttpClient();
    ask(client, "GET", args[0]);
    ask(client, "DELETE", args[0]);
  }
}
`;

const interfaces = (host: string): string => `import socket
found = socket.getaddrinfo('${host}', 443, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
print(sorted({one[4][0] for one in found}), 'lo' in [name for _, name in socket.if_nameindex()])`;
const listed = `const all = Object.values(require('node:os').networkInterfaces()).flat();
console.log(all.some(({ address, family }) => family === 'IPv4' && !address.startsWith('127.')))`;

const runs = (program: string, flag: string): boolean => spawnSync(program, [flag]).status === 0;
// Java compiles what it is given as source.
const hasJava = runs('javac', '-version');
if (!hasJava) console.log('skipped: Java under interception, because it is not installed');
const hasSsh = runs('ssh', '-V');
if (!hasSsh) console.log('skipped: ssh beside rules about requests, because it is not installed');

describe.each(few)('[req: egress:programs] programs with networking of their own ($title)', (situation) => {
  let outside: Outside;
  const greeted: string[] = [];
  /** What a server of SSH says first, and no more. */
  const ssh = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.write('SSH-2.0-far_end\r\n');
    socket.once('data', (bytes) => {
      greeted.push(bytes.toString('latin1'));
      socket.destroy();
    });
  });
  let sshPort = 0;
  beforeAll(async () => {
    outside = await Outside.open(undefined, { 'shut.allowed.test': '127.0.0.2' });
    await new Promise<void>((resolve) => ssh.listen(0, '0.0.0.0', resolve));
    sshPort = (ssh.address() as AddressInfo).port;
  });
  beforeEach(() => {
    outside.arrived.length = 0;
    greeted.length = 0;
  });
  afterAll(() => {
    outside.close();
    ssh.close();
  });

  test('a static program that knows addresses only is held to the same rules', async () => {
    using world = new World(situation);
    outside.policy(world, rules);
    const program = world.compile('raw-http.c', 'static-http', ['-static']);
    const port = outside.ports.http;
    const both = `./static-http 127.0.0.1 ${port} GET /a && ./static-http 127.0.0.1 ${port} PUT /b`;
    expect(await world.run(['sh', '-c', both])).toMatchObject({
      code: 0,
      stdout: 'HTTP/1.1 200 OK\nHTTP/1.1 403 Forbidden\n',
      stderr: '',
    });
    expect(outside.arrived.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET /a']);
    expect(denials(world)).toMatchObject([
      { input: { destination: { ip: '127.0.0.1', method: 'PUT', path: '/b' }, process: { exe: program } } },
    ]);
  });

  test('those that look for interfaces first find a connected machine', async () => {
    using world = new World(situation);
    outside.policy(world, rules);
    const ask = interfaces('web.allowed.test');
    const ended = await world.run([
      'sh',
      '-c',
      'python3 -c "$0" && "$1" -e "$2"',
      ask,
      process.execPath,
      listed,
    ]);
    expect(ended).toMatchObject({ code: 0, stdout: "['127.0.0.1'] True\ntrue\n" });
    expect(outside.asked).toContain('web.allowed.test');
  });

  test.runIf(hasJava)('Java trusts the session in both of its clients, over HTTP/1 and HTTP/2', async () => {
    using world = new World(situation);
    outside.policy(world, rules);
    world.file('Main.java', java);
    const url = `https://web.allowed.test:${outside.ports.tls}/`;
    const ended = await world.run(['java', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', 'Main.java', url]);
    expect(ended, ended.stderr).toMatchObject({
      code: 0,
      stdout: 'hello\nHTTP_2 GET 200\nHTTP_2 DELETE 403\n',
    });
    expect(outside.arrived.map(({ method, version }) => `${method} ${version}`)).toEqual([
      'GET 1.1',
      'GET 2.0',
    ]);
  });

  test.runIf(hasSsh)('ssh passes where the settings name it, although rules look into requests', async () => {
    using world = new World(situation);
    outside.policy(world, rules, { opaque: [`open.allowed.test:${sshPort}`] });
    const options = ['-v', '-F', 'none', '-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=no'];
    const to = (host: string): string[] => ['ssh', ...options, '-p', String(sshPort), `a@${host}`, 'true'];
    const shut = await world.run(to('shut.allowed.test'), 30_000);
    expect(shut.stderr).not.toMatch(/far_end/);
    expect(greeted).toEqual([]);
    expect(refusals(world)).toMatchObject([
      { call: 'uninspectable', input: { process: { exe: expect.stringMatching(/ssh$/) } } },
    ]);
    const open = await world.run(to('open.allowed.test'), 30_000);
    expect(open.stderr).toMatch(/remote software version far_end/);
    expect(greeted).toEqual([expect.stringMatching(/^SSH-2\.0-/)]);
    expect(refusals(world)).toHaveLength(1);
    expect(readRecords(world).filter(({ input }) => input?.['action'] === 'http_request')).toEqual([]);
  });
});
