import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { followNetwork } from '../src/commands/net/follow.ts';
import { aHome, byRule, curl, NetSession } from './net-journal.ts';

const main = path.resolve(import.meta.dirname, '../src/main.js');
const node = { pid: 812, exe: '/opt/agent/bin/node' };
const api = { host: 'api.example.com', ip: '192.0.2.7', port: 443, protocol: 'tcp' } as const;
const apiRequest = { ...api, protocol: 'https', method: 'POST', path: '/v1/messages', bytes: 100 } as const;
const files = { host: 'files.example.com', ip: '192.0.2.9', port: 443, protocol: 'tcp' } as const;
const hostile = '\u001b[2J\u202Eevil\u0007.example.net';
const controls = /(?!\n)[\p{Cc}\p{Cf}]/u;

let home: string;
let stateDir: string;
beforeEach(() => ({ home, stateDir } = aHome(onTestFinished)));

type Result = { readonly code: number; readonly stdout: string; readonly stderr: string };

function environment(extra: Record<string, string> = {}): Record<string, string> {
  const state = { XDG_STATE_HOME: path.join(home, 'state'), XDG_CACHE_HOME: tmpdir() };
  return { PATH: process.env['PATH'] ?? '', HOME: home, ...state, ...extra };
}

function net(args: readonly string[], env: Record<string, string> = {}): Promise<Result> {
  return new Promise((resolve) => {
    const maxBuffer = 1e9;
    execFile(
      process.execPath,
      [main, 'net', ...args],
      { env: environment(env), maxBuffer },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

async function objects(args: readonly string[]): Promise<Record<string, unknown>[]> {
  const { stdout } = await net([...args, '--json']);
  expect(stdout).not.toMatch(controls);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** One of everything; its session runs as long as this process does. */
function aSession(id = 's-one'): { session: NetSession; live: string; ended: string; request: string } {
  const session = new NetSession(stateDir, id);
  session.name('api.example.com', node);
  const live = session.connect(api, node);
  const ended = session.connect(files);
  session.connect(files, curl, 'tls');
  const request = session.request(apiRequest, node, { credential: { kind: 'api_key', id: 'claude' } });
  session.ended(request, { sent_bytes: 100, received_bytes: 5_000, took_ms: 20 });
  session.request(apiRequest, node);
  const certificate = {
    subject: 'CN=files.example.com',
    issuer: "C=US\nO=Let's Encrypt\nCN=R3",
    fingerprint256: 'ab',
    validTo: 'later',
  };
  session.ended(ended, { sent_bytes: 1_234, received_bytes: 2_000_000, took_ms: 1_500, certificate });
  session.decide(
    {
      action: 'http_request',
      destination: { ...apiRequest, method: 'PUT', path: `/${'long/'.repeat(30)}end.csv` },
      process: node,
    },
    byRule('regulated', `Not ${hostile}`),
  );
  session.refused('host_mismatch', 'TLS names another host.', { ...files, protocol: 'tls' });
  session.decide(
    {
      action: 'resolve_name',
      operation: 'TXT',
      destination: { host: hostile },
      process: { pid: 5, exe: `/tmp/${hostile}` },
    },
    byRule('unknown_host', 'No.'),
  );
  session.journal.flush();
  return { session, live, ended, request };
}

describe('[req: net:cli] chaperone net', () => {
  test('live connections, denials with the id to ask about, and totals', async () => {
    aSession();
    const { code, stdout, stderr } = await net([]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [live = '', denied = ''] = stdout.split('Recent denials');
    expect(live).toMatch(
      /^Live connections\nSESSION .*\ns-one +01-01 12:00 +node 812 +api\.example\.com:443 +http: 2 requests +100 B\n\n$/,
    );
    expect(denied).toMatch(
      /PUT https:\/\/api\.example\.com\/long\/.*end\.csv +regulated: Not \\x1b\[2J\\u\{202e\}.* s-one:\d+\n/,
    );
    expect(denied).toMatch(
      /connect files\.example\.com:443 +host_mismatch: TLS names another host\. +s-one:\d+\n/,
    );
    expect(denied).toMatch(
      /name TXT \\x1b\[2J\\u\{202e\}evil\\x07\.example\.net +unknown_host: No\. +s-one:\d+\n/,
    );
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(
      '2 connections (1 live), 2 requests, 1 name, 1.2 kB sent, 2.0 MB received, 3 denied',
    );
    const id = /host_mismatch.* (s-one:\d+)/.exec(stdout)?.[1] ?? '';
    const why = spawn(process.execPath, [main, 'why', id], { env: environment(), stdio: 'ignore' });
    expect(await new Promise((resolve) => why.on('exit', resolve))).toBe(0);
  });

  test.each([60, 80, 140])('fits %d columns, and nothing in it controls the terminal', async (width) => {
    aSession();
    const shown = [[], ['log', '--requests'], ['hosts']].map((args) => net(args, { COLUMNS: String(width) }));
    const [{ stdout } = { stdout: '' }, ...others] = await Promise.all(shown);
    for (const line of [stdout, ...others.map((one) => one.stdout)].flatMap((text) => text.split('\n'))) {
      expect(line).not.toMatch(controls);
      expect(Array.from(line).length, line).toBeLessThanOrEqual(width);
    }
    expect(stdout).toMatch(/PUT https:\/\/.*….*d\.csv/);
    expect(stdout).toMatch(/ s-one:\d+\n/);
  });

  test('of a session that ended or crashed nothing is live', async () => {
    const { session } = aSession('s-ended');
    expect((await objects([]))[0]).toMatchObject({ live: [{ session: 's-ended' }] });
    session.record.end(0, undefined);
    expect((await objects([]))[0]).toMatchObject({ live: [], totals: { connections: 2 } });
    const writer = `import { NetSession } from ${JSON.stringify(path.join(import.meta.dirname, 'net-journal.ts'))};
      const session = new NetSession(${JSON.stringify(stateDir)}, 's-crashed');
      session.connect(${JSON.stringify(api)});
      session.journal.flush();
      console.log('written');
      setInterval(() => {}, 1e6);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', writer], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    await new Promise((resolve) => child.stdout.once('data', resolve));
    expect((await objects([]))[0]).toMatchObject({ live: [{ session: 's-crashed' }] });
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    expect((await objects([]))[0]).toMatchObject({ live: [], totals: { connections: 3 } });
    expect(await objects(['log', '--session', 's-crashed'])).toMatchObject([{ state: 'ended' }]);
  });

  test('what a server was asked about is not live, and audit went on', async () => {
    const server = new NetSession(stateDir, 's-pdp', undefined, { agent: 'pdp', floor: [] });
    server.connect(api);
    server.journal.flush();
    expect((await objects([]))[0]).toMatchObject({ live: [], totals: { connections: 1 } });
    const audit = new NetSession(stateDir, 's-audit');
    audit.decide(
      { action: 'connect', destination: files, process: curl },
      byRule('unknown_host', 'No.'),
      true,
    );
    audit.journal.flush();
    expect((await objects([]))[0]).toMatchObject({
      live: [{ session: 's-audit', went_on: true }],
      denied: [{ reason: 'unknown_host', went_on: true }],
      totals: { denied: 0, went_on: 1 },
    });
  });

  test('the last denials by time, over all sessions', async () => {
    for (const [id, at] of [
      ['s-a', 5],
      ['s-b', 1],
    ] as const) {
      const session = new NetSession(stateDir, id, Date.UTC(2026, 0, at));
      for (let number = 0; number < 30; number += 1)
        session.decide(
          { action: 'connect', destination: { ...api, port: number }, process: curl },
          byRule('x', 'No.'),
        );
      session.record.end(0, undefined);
    }
    const [{ denied } = { denied: [] }] = await objects(['--last', '3']);
    expect(
      (denied as { session: string; port: number }[]).map(({ session, port }) => [session, port]),
    ).toEqual([
      ['s-a', 27],
      ['s-a', 28],
      ['s-a', 29],
    ]);
    const [{ denied: usual } = { denied: [] }] = await objects([]);
    expect(usual).toHaveLength(20);
  });

  test('says so when there is nothing', async () => {
    new NetSession(stateDir, 's-one').journal.flush();
    expect((await net([])).stdout).toBe('No agent has used the network.\n');
    expect((await net(['log'])).stdout).toBe('Nothing was found.\n');
    expect((await net(['hosts', '--host', 'x.example'])).stdout).toBe('Nothing was found.\n');
  });

  test.each([
    [['--session', 's-two'], 'has no session s-two; the last ones are: s-one'],
    [['log', '--session', '../x'], 'It is not a session id'],
    [['--journal', '/nowhere'], 'cannot read /nowhere (ENOENT)'],
    [['--journal', '/nowhere', 'hosts'], 'cannot read /nowhere (ENOENT)'],
    [['log', '--host', 'a*b'], 'It is no host, address or pattern'],
    [['log', '--last', 'x'], 'It is not a number'],
    [['log', '--follow'], "unknown option '--follow'"],
    [['frobnicate'], 'frobnicate'],
  ])('%j is a mistake', async (args, text) => {
    aSession();
    const { code, stdout, stderr } = await net(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(text);
  });

  test('counts lines that are no records, and shows the rest', async () => {
    const { session } = aSession();
    session.record.end(0, undefined);
    appendFileSync(path.join(stateDir, 'journal/s-one/000001.jsonl'), 'no JSON\n{"kind":"decision"}\n');
    for (const args of [[], ['log'], ['hosts']]) {
      const { code, stdout, stderr } = await net(args);
      expect(code).toBe(1);
      expect(stdout).toContain('files.example.com');
      expect(stderr).toBe(
        `chaperone: 2 lines are no records; \`chaperone journal verify ${path.join(stateDir, 'journal')}\` says what happened\n`,
      );
    }
  });
});

describe('[req: net:cli] chaperone net log', () => {
  test('a connection with bytes, duration and issuer, requests below it, denials where they happened', async () => {
    aSession();
    const { stdout } = await net(['log', '--requests']);
    expect(stdout).toMatch(/^session s-one, 2026-01-01 \(UTC\)\n +NO +TIME /);
    expect(stdout).toMatch(
      / 4 +12:00:\d\d +curl 4711 +files\.example\.com:443 +1\.2 kB +2\.0 MB +1\.5 s +done, tls, certificate by R3 \(Let's Encrypt\)\n/,
    );
    expect(stdout).toMatch(
      /api\.example\.com:443 .* live, http: 2 requests\n.*  POST https:\/\/api\.example\.com\/v1\/messages +100 B +5\.0 kB +20 ms +done, credential claude\n/,
    );
    expect(stdout).toMatch(/name TXT .* +denied, unknown_host: No\.\n/);
    expect((await net(['log'])).stdout).not.toContain('POST');
  });

  test('JSON has the names and figures of the records', async () => {
    const { ended, live, request } = aSession();
    const all = await objects(['log', '--requests']);
    expect(all.find(({ id }) => id === ended)).toEqual({
      kind: 'connection',
      id: ended,
      session: 's-one',
      time: expect.stringMatching(/^2026-01-01T12:00:/) as unknown,
      ...curl,
      ancestors: undefined,
      ...files,
      state: 'done',
      speaks: 'tls',
      requests: 0,
      body_sent_bytes: 0,
      body_received_bytes: 0,
      sent_bytes: 1_234,
      received_bytes: 2_000_000,
      took_ms: 1_500,
      certificate: expect.objectContaining({ fingerprint256: 'ab' }) as unknown,
    });
    expect(all.find(({ id }) => id === request)).toMatchObject({
      kind: 'request',
      connection: live,
      state: 'done',
      method: 'POST',
      url: 'https://api.example.com/v1/messages',
      bytes: 100,
      sent_bytes: 100,
      received_bytes: 5_000,
      credential: 'claude',
    });
    expect(all.filter(({ kind }) => kind === 'denied').map(({ what }) => what)).toContain(
      `name TXT ${hostile}`,
    );
    expect(all.filter(({ state }) => state === 'live').map(({ kind }) => kind)).toEqual([
      'request',
      'connection',
    ]);
  });

  test('only what was asked for', async () => {
    aSession('s-one');
    aSession('s-two');
    const denied = await objects(['log', '--denied']);
    expect(denied.map(({ kind }) => kind)).toEqual(Array.from({ length: 6 }, () => 'denied'));
    const hosts = await objects(['log', '--host', 'FILES.example.com', '--session', 's-two']);
    expect(hosts.map(({ kind, session, host }) => [kind, session, host])).toEqual([
      ['connection', 's-two', 'files.example.com'],
      ['denied', 's-two', 'files.example.com'],
    ]);
    expect(await objects(['log', '--host', '*.example.com'])).toHaveLength(8);
    expect(await objects(['log', '--host', '192.0.2.9'])).toHaveLength(4);
    expect(await objects(['log', '--host', 'example.com'])).toEqual([]);
    const last = await objects(['log', '--last', '2']);
    expect(last.map(({ kind }) => kind)).toEqual(['denied', 'denied']);
    const times = (await objects(['log', '--last', '100', '--requests'])).map(({ time }) => String(time));
    expect(times).toEqual(times.toSorted());
  });

  test('requests belong to the latest open connection of their program, and survive it', async () => {
    const session = new NetSession(stateDir, 's-one');
    const first = session.connect(api, node);
    const second = session.connect(api, node);
    session.connect(api, curl);
    const one = session.request(apiRequest, node);
    session.ended(second);
    const two = session.request(apiRequest, node);
    session.ended(first, {}, 'failed', 'ECONNRESET');
    session.ended(one);
    session.ended(two);
    const three = session.request(apiRequest, node);
    const refused = session.connect(files, node);
    session.decide(
      { action: 'http_request', destination: { ...files, method: 'PUT' }, process: node },
      byRule('x', 'No.'),
    );
    session.record.end(0, undefined);
    const all = await objects(['log', '--requests']);
    expect(
      all
        .filter(({ kind }) => kind === 'request')
        .map(({ id, connection, state }) => [id, connection, state]),
    ).toEqual([
      [one, second, 'done'],
      [two, first, 'done'],
      [three, undefined, 'ended'],
    ]);
    expect(all.find(({ id }) => id === refused)).toMatchObject({ speaks: 'http', requests: 0 });
    expect(all.find(({ id }) => id === first)).toMatchObject({ state: 'failed', errno: 'ECONNRESET' });
    const { stdout } = await net(['log', '--requests']);
    expect(stdout.match(/POST/g)).toHaveLength(3);
  });
});

test('[req: net:cli] by host: where most was sent comes first', async () => {
  const { session } = aSession();
  const udp = session.connect({ ip: '198.51.100.1', port: 123, protocol: 'udp' });
  session.ended(udp);
  session.journal.flush();
  const hosts = await objects(['hosts']);
  expect(hosts.map(({ host }) => host)).toEqual([
    'files.example.com',
    'api.example.com',
    hostile.toLowerCase(),
    '198.51.100.1',
  ]);
  expect(hosts[0]).toEqual({
    host: 'files.example.com',
    connections: 1,
    requests: 0,
    names: 0,
    sent_bytes: 1_234,
    received_bytes: 2_000_000,
    denied: 1,
    went_on: 0,
    first: expect.any(String) as unknown,
    last: expect.any(String) as unknown,
    programs: ['/usr/bin/curl'],
  });
  expect(hosts[1]).toMatchObject({ connections: 1, requests: 2, names: 1, sent_bytes: 100, denied: 1 });
  const { stdout } = await net(['hosts']);
  expect(stdout).toMatch(/^HOST .*\nfiles\.example\.com +1 +0 +0 +1\.2 kB +2\.0 MB +1 .* curl\n/);
});

describe('[req: net:cli] --follow', () => {
  test('in a pipe: what is there, then what is new', async () => {
    const { session, live } = aSession();
    const child: ChildProcess = spawn(process.execPath, [main, 'net', '--follow', '--json'], {
      env: environment(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill());
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const seen = () =>
      output
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    await expect.poll(() => seen().length, { timeout: 10_000 }).toBe(4);
    session.ended(live, { sent_bytes: 7 });
    const fresh = session.connect(files);
    session.journal.flush();
    const other = new NetSession(stateDir, 's-two');
    other.refused('no_name', 'An encrypted name.', files);
    await expect.poll(() => seen().length, { timeout: 10_000 }).toBe(7);
    expect(seen().slice(4)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: live, state: 'done', sent_bytes: 7 }),
        expect.objectContaining({ id: fresh, state: 'live' }),
        expect.objectContaining({ kind: 'denied', session: 's-two', reason: 'no_name' }),
      ]) as unknown,
    );
    session.record.end(0, undefined);
    await expect.poll(() => seen().at(-1), { timeout: 10_000 }).toMatchObject({ id: fresh, state: 'ended' });
  });

  test('on a terminal it is drawn over itself, and never has more lines than that', async () => {
    const { session } = aSession();
    for (let number = 0; number < 50; number += 1) session.connect({ ...files, port: 1000 + number });
    session.journal.flush();
    const drawn: string[] = [];
    const stop = new AbortController();
    const terminal = {
      isTTY: true,
      columns: 60,
      rows: 20,
      write: (text: string) => {
        drawn.push(text);
        if (drawn.length === 2) stop.abort();
        else session.ended(session.connect(api));
        session.journal.flush();
      },
    };
    const clock = () => Date.UTC(2026, 0, 1, 13);
    await followNetwork(path.join(stateDir, 'journal'), {}, terminal, { NO_COLOR: '1' }, clock, stop.signal);
    const [first = '', second = ''] = drawn;
    expect(first.startsWith('\x1b[J')).toBe(true);
    const lines = first.split('\n').length - 1;
    expect(lines).toBeLessThan(20);
    expect(second.startsWith(`\x1b[${lines}F\x1b[J`)).toBe(true);
    expect(first).toMatch(/and \d\d before them/);
    expect(first).toContain('52 connections (51 live)');
    expect(second).toContain('53 connections (51 live)');
    for (const line of first.replace('\x1b[J', '').split('\n'))
      expect(Array.from(line).length).toBeLessThanOrEqual(60);
  });
});

test('[req: net:cli] a hundred thousand records, in bounded memory', async () => {
  const session = new NetSession(stateDir, 's-big');
  for (let number = 0; number < 25_000; number += 1) {
    const host = `h${number}.example.com`;
    const id = session.connect({ ...api, host });
    const request = session.request({ ...apiRequest, host });
    session.ended(request, { sent_bytes: 1, received_bytes: 2 });
    if (number % 2 === 0) session.ended(id, { sent_bytes: 10, received_bytes: 20 });
    else session.decide({ action: 'connect', destination: { host }, process: curl }, byRule('x', 'No.'));
  }
  session.record.end(0, undefined);
  for (const args of [[], ['log', '--requests', '--last', '10'], ['hosts']]) {
    const started = performance.now();
    const { code, stdout, stderr } = await net(args, { NODE_OPTIONS: '--max-old-space-size=128' });
    expect(code).toBe(0);
    if (args.length === 0) expect(stdout).toContain('25,000 connections (0 live), 25,000 requests, 0 names');
    expect(stderr.includes('too many hosts')).toBe(args[0] === 'hosts');
    expect(performance.now() - started).toBeLessThan(30_000);
  }
});
