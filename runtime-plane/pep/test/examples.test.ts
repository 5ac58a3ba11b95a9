/** The examples of docs/examples/pep, run for real. */
import { execFile, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { allow, answers, aFolder, aServer, type Behaviour, wire } from './servers.ts';

const folder = fileURLToPath(new URL('../../../docs/examples/pep/', import.meta.url));

type Ended = { readonly code: number; readonly out: string; readonly ms: number };

function run(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Ended> {
  const begun = performance.now();
  return new Promise((resolve) => {
    const child = execFile(
      program,
      args,
      { env: { PATH: process.env['PATH'] ?? '', ...env }, timeout: 20_000 },
      (_error, stdout, stderr) =>
        resolve({ code: child.exitCode ?? -1, out: stdout + stderr, ms: performance.now() - begun }),
    );
  });
}

function isThere(program: string): boolean {
  return spawnSync(program, ['--version']).status === 0;
}

const hang: Behaviour = () => undefined;
// A Unix socket cannot be reset.
const reset: Behaviour = (socket) => void socket.destroy();
const drip: Behaviour = (socket) => {
  const bytes = wire(200, `{"result":{"allow":true}}${' '.repeat(500)}`);
  let at = 0;
  const timer = setInterval(() => {
    if (at >= bytes.length || socket.destroyed) return clearInterval(timer);
    socket.write(bytes.subarray(at, (at += 1)));
  }, 50);
};
function raw(text: string, status = 200): Behaviour {
  return (socket) => void socket.write(wire(status, text));
}

/** What none of them may take for an allow. */
const denials: readonly (readonly [string, Behaviour])[] = [
  ['a deny', answers({ result: { allow: false, message: 'No \u001b[31mway' } })],
  ['false', answers({ result: false })],
  ['nothing', answers({})],
  ['silence', hang],
  ['a reset', reset],
  ['a drip', drip],
  ['500', answers(allow, 500)],
  ['201', raw('{"result":true}', 201)],
  ['a redirect', (socket) => void socket.write(wire(307, '{"result":true}', ['Location: /x']))],
  ['bad JSON', raw('{"result":{"allow":true}')],
  ['two answers', raw('{"result":{"allow":false,"allow":true}}')],
  ['an unknown field', raw('{"result":{"allow":true,"obligation":[]}}')],
  ['an unknown obligation', answers({ result: { allow: true, obligations: [{ kind: 'terminate' }] } })],
  [
    'an unknown field of an obligation',
    raw('{"result":{"allow":true,"obligations":[{"kind":"notify","x":1}]}}'),
  ],
  ['an odd obligation', raw('{"result":{"allow":true,"obligations":[{"kind":["notify"]}]}}')],
  ['an effect that contradicts', raw('{"result":{"allow":true,"effect":"deny"}}')],
  ['a text', raw('{"result":"true"}')],
  ['something after it', raw('{"result":true}}')],
  ['too much', raw(`{"result":{"allow":true}}${' '.repeat(300_000)}`)],
];

const python = isThere('python3');
if (!python) console.log('skipped: edr.py, because python3 is not installed');
describe.skipIf(!python)('[req: pep:examples] edr.py (skipped without python3)', () => {
  const edr = (env: Readonly<Record<string, string>>): Promise<Ended> =>
    run('python3', [path.join(folder, 'edr.py'), 'read_file', '/x "y"\\z'], env);

  test('asks, does what was asked for, acts and tells, over a Unix socket, signed', async () => {
    const home = aFolder();
    const unix = path.join(home, 's');
    const key = Buffer.alloc(32, 9);
    writeFileSync(path.join(home, 'key'), key);
    const duty = {
      decision_id: 'd-1',
      result: { allow: true, obligations: [{ kind: 'notify', message: 'Hi' }] },
    };
    const { seen } = await aServer([reset, answers(duty)], { unix });
    const env = {
      CHAPERONE_PDP: `unix:${unix}`,
      CHAPERONE_KEYID: 'edr',
      CHAPERONE_KEY_FILE: path.join(home, 'key'),
    };
    expect(await edr(env)).toMatchObject({ code: 0, out: "notice: 'Hi'\nallowed\n" });
    expect(seen.map((one) => one.path)).toEqual([
      '/v1/data/chaperone/access/decision',
      '/v1/data/chaperone/access/decision',
      '/v1/outcomes',
    ]);
    expect(JSON.parse(String(seen[1]?.body))).toMatchObject({ input: { path: '/x "y"\\z' } });
    expect(JSON.parse(String(seen[2]?.body))).toEqual({ decision_id: 'd-1', result: 'done' });
    for (const { headers, path: target } of seen) {
      const params = headers['signature-input']?.replace('sig1=', '') ?? '';
      const duties = headers['chaperone-obligations'];
      const base = [
        '"@method": POST',
        `"@path": ${target}`,
        '"@query": ?',
        `"content-digest": ${headers['content-digest']}`,
        ...(duties === undefined ? [] : [`"chaperone-obligations": ${duties}`]),
        `"@signature-params": ${params}`,
      ].join('\n');
      const value = createHmac('sha256', key).update(base).digest('base64');
      expect(headers['signature']).toBe(`sig1=:${value}:`);
    }
  });

  test('waits as Retry-After says', async () => {
    const { url } = await aServer([answers({}, 429, ['Retry-After: 1']), answers(allow)]);
    const { code, ms } = await edr({ CHAPERONE_PDP: url });
    expect(code).toBe(0);
    expect(ms).toBeGreaterThan(990);
  });

  test.each([...denials])('denies upon %s', async (_what, behaviour) => {
    const { url } = await aServer([behaviour]);
    const { code, out, ms } = await edr({ CHAPERONE_PDP: url });
    expect(out).toMatch(/^denied: [^\u001b]*\n$/);
    expect(code).toBe(1);
    expect(ms).toBeLessThan(5000);
  });
});

const curl = isThere('curl');
if (!curl) console.log('skipped: decide.sh, because curl is not installed');
describe.skipIf(!curl)('[req: pep:examples] decide.sh (skipped without curl)', () => {
  const decide = (env: Readonly<Record<string, string>>, file = '/x "y"\\z'): Promise<Ended> =>
    run('sh', [path.join(folder, 'decide.sh'), 'read_file', file], env);

  test('asks, over a Unix socket too, and again when nobody answered', async () => {
    const unix = path.join(aFolder(), 's');
    const plain = answers({ decision_id: 'd-1', result: true });
    const { seen } = await aServer([answers({}, 503), plain], { unix });
    expect(await decide({ CHAPERONE_SOCKET: unix })).toMatchObject({ code: 0, out: 'allowed\n' });
    expect(JSON.parse(String(seen[1]?.body))).toEqual({ input: { action: 'read_file', path: '/x "y"\\z' } });
    const { url } = await aServer([answers({ result: true })]);
    expect(await decide({ CHAPERONE_PDP: url })).toMatchObject({ code: 0 });
    expect(await decide({ CHAPERONE_PDP: url }, '/a\nb')).toMatchObject({ code: 1 });
  });

  test.each([...denials, ['a decision with conditions', answers(allow)] as const])(
    'denies upon %s',
    async (_what, behaviour) => {
      const { url } = await aServer([behaviour]);
      const { code, out, ms } = await decide({ CHAPERONE_PDP: url });
      expect(out).toBe('denied: the decision point did not allow it\n');
      expect(code).toBe(1);
      expect(ms).toBeLessThan(6000);
    },
  );
});

describe('[req: pep:examples] guard.ts', () => {
  const guard = (file: string, url: string): Promise<Ended> =>
    run(process.execPath, [path.join(folder, 'guard.ts'), file], { CHAPERONE_PDP: url });

  test('reads what is allowed, blacks out what is to be blacked out, tells what became of it', async () => {
    const file = path.join(aFolder(), 'a.csv');
    writeFileSync(file, 'alice,DE02 1203 0000 0000 2020 51\n');
    const duty = {
      decision_id: 'd-2',
      result: { allow: true, obligations: [{ kind: 'redact' }, { kind: 'notify' }] },
    };
    const { url, seen } = await aServer([answers(duty)]);
    const { code, out } = await guard(file, url);
    expect([code, out]).toEqual([0, 'alice,[IBAN] 51\nA policy applies to this file.\n']);
    expect(seen[0]?.headers['chaperone-obligations']).toBe('notify, redact');
    expect(JSON.parse(String(seen[1]?.body))).toEqual({ decision_id: 'd-2', result: 'done', bytes: 34 });
    const { out: missing } = await guard('/nowhere/at/all', url);
    expect(missing).toMatch(/not read: .*ENOENT/);
    expect(JSON.parse(String(seen.at(-1)?.body))).toEqual({
      decision_id: 'd-2',
      result: 'failed',
      errno: 'ENOENT',
    });
  });

  test('reads nothing upon a deny, and its text cannot steer the terminal', async () => {
    const { url } = await aServer([answers({ result: { allow: false, message: 'No \u001b[31mway' } })]);
    const { code, out } = await guard('/etc/hostname', url);
    expect(code).toBe(1);
    expect(out).toMatch(/^denied: policy: No [^\u001b]*way\n$/);
  });
});
