/** Programs as a session starts them, against a server whose certificate comes from an authority that no machine knows. */
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import net, { type Server } from 'node:net';
import path from 'node:path';
import { acceptTls, type Authority } from '@chaperone/egress/tls';

export type Said = { readonly code: number; readonly output: string };

/** @returns undefined when there is no such program. Does not block the servers of the test. */
export function run(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Said | undefined> {
  const env = { PATH: process.env['PATH'] ?? '', ...environment };
  return new Promise((resolve) => {
    const options = { env, timeout: 60_000, killSignal: 'SIGKILL' as const };
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      if (error?.code === 'ENOENT') return resolve(undefined);
      const code = error ? (typeof error.code === 'number' ? error.code : 1) : 0;
      return resolve({ code, output: `${stdout}${stderr}` });
    });
    child.stdin?.end();
  });
}

export async function serve(authority: Authority): Promise<{ server: Server; port: string }> {
  const context = authority.contextFor('localhost');
  const http = createServer((_, response) => response.end('the far end'));
  // Java names no host that has no dot, so this does not depend on the name.
  const server = net.createServer((near) => {
    near.on('error', () => {});
    const options = { near, first: Buffer.alloc(0), context, alpn: undefined, deadlineMs: 10_000 };
    void acceptTls(options).then((accepted) => accepted.ok && http.emit('connection', accepted.socket));
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return { server, port: String(address.port) };
}

const python = `
import sys, urllib.request
print(urllib.request.urlopen(sys.argv[1]).read().decode())
`;
const requests = `
import sys
try:
    import requests
except ImportError:
    print('no requests'); sys.exit(0)
print(requests.get(sys.argv[1]).text)
`;
const node = `fetch(process.argv[1]).then((r)=>r.text()).then(console.log,(e)=>{console.log(e.cause);process.exit(1)})`;
const go = `package main
import ("crypto/tls"; "io"; "os")
func main() {
  c, err := tls.Dial("tcp", os.Args[1], nil)
  if err != nil { println(err.Error()); os.Exit(1) }
  io.WriteString(c, "GET / HTTP/1.0\\r\\n\\r\\n")
  io.Copy(os.Stdout, c)
}
`;
const java = `import java.net.*;
public class Main {
  public static void main(String[] args) throws Exception {
    System.out.println(new String(new URL(args[0]).openStream().readAllBytes()));
  }
}
`;

/** @param folder for sources of programs. What each says holds `the far end` when it trusted, and its code is 0. */
export function programs(folder: string, port: string): Readonly<Record<string, readonly string[]>> {
  const url = `https://localhost:${port}/`;
  mkdirSync(folder, { recursive: true });
  const source = (name: string, text: string): string => {
    const file = path.join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  return {
    curl: ['curl', '-sS', '--noproxy', '*', url],
    node: [process.execPath, '-e', node, url],
    python: ['python3', '-c', python, url],
    requests: ['python3', '-c', requests, url],
    openssl: [
      ['openssl', 's_client', '-connect', `localhost:${port}`, '-servername', 'localhost'],
      ['-verify_return_error', '-verify_hostname', 'localhost', '-brief'],
    ].flat(),
    git: ['git', 'ls-remote', url],
    go: ['go', 'run', source('main.go', go), `localhost:${port}`],
    java: ['java', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', source('Main.java', java), url],
  };
}
