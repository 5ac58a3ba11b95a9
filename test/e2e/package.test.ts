/** The packages, built and installed as a person would, and used with the checkout out of sight. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { elfProblem } from '../../scripts/package/gate.ts';
import { identities, root } from './world.ts';

const isRoot = process.getuid?.() === 0;
const uid = identities.at(-1)?.uid ?? 0;
let place: string;
let home: string;

beforeAll(() => {
  place = mkdtempSync(path.join(tmpdir(), 'chaperone-package-'));
  home = path.join(place, 'home');
  mkdirSync(home);
  for (const one of [place, home]) {
    chmodSync(one, 0o755);
    if (isRoot) chownSync(one, uid, uid);
  }
  mkdirSync(path.join(place, 'node24'));
  copyFileSync(process.execPath, path.join(place, 'node24/node'));
  if (isRoot) for (const one of ['node24', 'node24/node']) chownSync(path.join(place, one), uid, uid);
  file('secret.txt', 'a secret\n');
  file('public.txt', 'for all\n');
  file(
    'policy.rego',
    `package chaperone.access
default decision := {"allow": true}
decision := {"allow": false, "message": "not for agents"} if input.path == "${place}/secret.txt"
`,
  );
  file(
    'document.rego',
    `package chaperone.access
default decision := {"allow": true}
decision := {"allow": false, "message": "not for agents"} if input.path in yaml.unmarshal("- ${place}/secret.txt")
`,
  );
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

function file(name: string, content: string): void {
  writeFileSync(path.join(place, name), content);
  if (isRoot) chownSync(path.join(place, name), uid, uid);
}

type Ended = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

/** As an ordinary user at home, with nothing in the environment. */
function asUser(
  command: readonly string[],
  searchPath = '/usr/bin:/bin',
  before: readonly string[] = [],
): Ended {
  const become = isRoot ? ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--'] : [];
  const [program = '', ...args] = [...before, ...become, ...command];
  return spawnSync(program, args, {
    cwd: home,
    encoding: 'utf8',
    env: { HOME: home, PATH: searchPath, LC_ALL: 'C' },
  });
}

/** The same while the checkout is not there: an empty folder is mounted over it. */
function withoutCheckout(command: readonly string[], searchPath?: string): Ended {
  const hide = 'mount -t tmpfs none "$1" && shift && exec "$@"';
  return asUser(command, searchPath, isRoot ? ['unshare', '--mount', 'sh', '-c', hide, 'sh', root] : []);
}
if (!isRoot)
  console.log('skipped: hiding the checkout and dpkg --root, because the tests do not run as root');

function build(out: string, settings: Record<string, string>, umask: string): void {
  const script = 'umask "$1"; shift; exec "$@"';
  const main = [
    process.execPath,
    path.join(root, 'scripts/package/main.ts'),
    '--out',
    out,
    '--compression',
    'none',
  ];
  const { status, stderr } = spawnSync('sh', ['-c', script, 'sh', umask, ...main], {
    cwd: tmpdir(),
    encoding: 'utf8',
    env: { ...process.env, SOURCE_DATE_EPOCH: '1767225600', ...settings },
  });
  if (status !== 0) throw new Error(stderr);
}

const built = (pattern: string): string => globSync(pattern, { cwd: path.join(place, 'one') })[0] ?? '';
const tarball = (): string => path.join(place, 'one', built('chaperone-[0-9]*.tgz'));
const debianPackage = (): string => path.join(place, 'one', built('*.deb'));

/** What must be true of an installed command, wherever it is. */
function enforces(command: string, installation: string, node: string, searchPath?: string): void {
  const run = (...rest: string[]): Ended =>
    withoutCheckout([command, 'run', '--policy', path.join(place, 'policy.rego'), '--', ...rest], searchPath);
  expect(withoutCheckout([command, '--version'], searchPath)).toMatchObject({ status: 0, stderr: '' });
  expect(run('cat', path.join(place, 'public.txt'))).toMatchObject({ status: 0, stdout: 'for all\n' });
  const denied = run('cat', path.join(place, 'secret.txt'));
  expect(denied).toMatchObject({ status: 1, stdout: '' });
  expect(denied.stderr).toContain('Permission denied');
  // A policy that allows everything opens neither the program's own files nor the Node that runs it.
  for (const own of [path.join(installation, 'lib/main.js'), node]) {
    const before = readFileSync(own);
    expect(run('sh', '-c', 'mv "$1" "$1.moved" || : > "$1"', 'sh', own).status, own).not.toBe(0);
    expect(readFileSync(own).equals(before), own).toBe(true);
  }
  const verified = withoutCheckout([command, 'journal', 'verify'], searchPath);
  expect(verified).toMatchObject({ status: 0 });
  expect(verified.stdout).toContain('OK: ');
}

/** The policy engine with what it loads only when a policy needs it. */
function decides(command: string, searchPath?: string): void {
  const evaluates = (query: string): Ended =>
    withoutCheckout([command, 'policy', 'eval', '--format', 'raw', query], searchPath);
  expect(evaluates('yaml.unmarshal("a: [1, 2]").a[1]')).toMatchObject({ status: 0, stdout: '2\n' });
  expect(evaluates('graphql.is_valid("{ a }", "type Query { a: Int }")')).toMatchObject({
    status: 0,
    stdout: 'true\n',
  });
  expect(evaluates('graphql.is_valid("{ b }", "type Query { a: Int }")')).toMatchObject({
    status: 0,
    stdout: 'false\n',
  });
  expect(evaluates('crypto.sha256("a")').stdout).toMatch(/^[0-9a-f]{64}\n$/);

  const document = path.join(place, 'document.rego');
  const session = ['run', '--policy', document, '--', 'cat'];
  const read = (name: string): Ended =>
    withoutCheckout([command, ...session, path.join(place, name)], searchPath);
  expect(read('public.txt')).toMatchObject({ status: 0, stdout: 'for all\n' });
  expect(read('secret.txt')).toMatchObject({ status: 1, stdout: '' });

  const bundle = path.join(home, 'bundle.tar.gz');
  expect(withoutCheckout([command, 'policy', 'build', document, '-o', bundle], searchPath).status).toBe(0);
  const inspected = withoutCheckout([command, 'policy', 'inspect', bundle], searchPath);
  expect(inspected).toMatchObject({ status: 0, stderr: '' });
  expect(inspected.stdout).toContain('chaperone.access');
  rmSync(bundle);

  const socket = path.join(home, 'pdp.sock');
  // Started and asked in one shell: the server has to be where the checkout is not.
  const serveAndAsk = `"$1" pdp --policy "$2" --unix "$3" >/dev/null 2>&1 & pid=$!
for _ in $(seq 200); do [ -S "$3" ] && break; sleep 0.1; done
curl --silent --unix-socket "$3" --json "$4" http://localhost/v1/data/chaperone/access/decision/allow
kill "$pid"; wait "$pid"`;
  const question = JSON.stringify({ input: { path: path.join(place, 'secret.txt') } });
  const asked = withoutCheckout(
    ['sh', '-c', serveAndAsk, 'sh', command, document, socket, question],
    searchPath,
  );
  expect(asked).toMatchObject({ status: 0 });
  expect(JSON.parse(asked.stdout)).toEqual({ result: false });
}

/** What is in files: in the loop's thread, in threads of its own, and outside of a session. */
function classifies(command: string, searchPath?: string): void {
  const iban = ['GB33', 'BUKB', '20201555555555'].join('');
  file('rows.csv', `name,iban\nBob,${iban}\n`);
  file('many.csv', `name,iban\n${`Bob,${iban}\n`.repeat(20_000)}`);
  file(
    'redact.rego',
    `package chaperone.access
default decision := {"allow": true}
decision := {"allow": true, "obligations": [{"kind": "redact"}]} if {
  endswith(input.path, ".csv")
  "pii.iban" in input.resource.classification
}
`,
  );
  const session = ['run', '--policy', path.join(place, 'redact.rego'), '--', 'head', '-n', '2'];
  for (const name of ['rows.csv', 'many.csv']) {
    const seen = withoutCheckout([command, ...session, path.join(place, name)], searchPath);
    expect(seen.stdout, seen.stderr).toMatch(/^name,iban\nBob,\[IBAN:\w+\]\n$/);
  }
  const scanned = withoutCheckout([command, 'scan', path.join(place, 'rows.csv')], searchPath);
  expect(scanned.stdout, scanned.stderr).toContain('pii.iban: 1');
}

beforeAll(() => build(path.join(place, 'one'), { TZ: 'UTC' }, '022'));

test('[req: package:reproducible] another time zone, umask and folder, and the same bytes', () => {
  build(
    path.join(place, 'two'),
    { TZ: 'Asia/Tokyo', LC_ALL: 'C', DEBFULLNAME: 'Chaperone maintainers' },
    '077',
  );
  for (const name of globSync('*.{tgz,deb}', { cwd: path.join(place, 'one') })) {
    const [one, two] = ['one', 'two'].map((folder) => readFileSync(path.join(place, folder, name)));
    expect(one?.equals(two ?? Buffer.alloc(0)), name).toBe(true);
  }
  rmSync(path.join(place, 'two'), { recursive: true });
});

test('[req: package:contents] the list of the npm package is short, and its gate is static and stripped', () => {
  const names = execFileSync('tar', ['tzf', tarball()], { encoding: 'utf8' }).trim().split('\n');
  const top = new Set(names.flatMap((name) => name.split('/')[1] || []));
  expect([...top].toSorted()).toEqual(
    'LICENSE README.md THIRD-PARTY-NOTICES chaperone lib man package.json policies runtime-plane'.split(' '),
  );
  expect(names.filter((name) => /\.(?:ts|map)$|test/.test(name))).toEqual([]);
  const read = (name: string): Buffer => execFileSync('tar', ['xzOf', tarball(), `package/${name}`]);
  const gate = read('runtime-plane/native/build/chaperone-gate');
  expect(elfProblem(gate)).toBeUndefined();
  expect(elfProblem(readFileSync(path.join(root, 'runtime-plane/native/build/chaperone-gate')))).toBe(
    'it is not stripped',
  );
  expect(elfProblem(readFileSync(process.execPath))).toBe('it is not static');
  const manifest = JSON.parse(read('package.json').toString()) as Record<string, unknown>;
  expect(manifest).not.toHaveProperty('scripts');
  expect(manifest).not.toHaveProperty('dependencies');
  for (const name of ['commander', 'koffi', 'zod', 'dns-packet', 'GNU C Library'])
    expect(read('THIRD-PARTY-NOTICES').toString()).toMatch(new RegExp(`^${name} `, 'm'));
});

const npm = spawnSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).stdout.trim();
describe.skipIf(npm === '')('[req: package:npm]', () => {
  const prefix = (): string => path.join(home, 'prefix');
  const npmAs = (...args: string[]): Ended =>
    asUser(
      [npm, ...args, '-g', '--prefix', prefix(), '--offline', '--omit=optional'],
      path.dirname(npm) + ':/usr/bin:/bin',
    );

  test('an ordinary user installs it without a network, uses it, and removes it', () => {
    expect(npmAs('install', tarball())).toMatchObject({ status: 0 });
    const installation = path.join(prefix(), 'lib/node_modules/chaperone');
    const command = path.join(prefix(), 'bin/chaperone');
    // Nothing but the prefix and npm's own cache: no hooks, no shell start files.
    expect(
      globSync('*', { cwd: home })
        .concat(globSync('.*', { cwd: home }))
        .toSorted(),
    ).toEqual(['.npm', 'prefix']);
    expect(existsSync(path.join(prefix(), 'share/man/man1/chaperone.1'))).toBe(true);

    enforces(command, installation, `${place}/node24/node`, `${place}/node24:/usr/bin:/bin`);
    decides(command, `${place}/node24:/usr/bin:/bin`);
    classifies(command, `${place}/node24:/usr/bin:/bin`);
    const demo = withoutCheckout([command, 'demo'], `${place}/node24:/usr/bin:/bin`);
    expect(demo).toMatchObject({ status: 0 });
    // It starts a file of its own as a program.
    const doctor = withoutCheckout([command, 'doctor', '--json'], `${place}/node24:/usr/bin:/bin`);
    expect(doctor).toMatchObject({ stderr: '' });
    expect(doctor.stdout).not.toContain('Cannot find');
    expect(JSON.parse(doctor.stdout)).toMatchObject({ verdict: { run: 'works' } });

    mkdirSync(path.join(place, 'empty'));
    const noNode = ['/usr/bin/env', `PATH=${place}/empty`, path.join(installation, 'chaperone'), '--version'];
    const without = asUser(noNode);
    expect(without).toMatchObject({ status: 125, stdout: '' });
    expect(without.stderr).toMatch(/^chaperone: Node 24 or newer is needed.*\n$/);

    expect(npmAs('uninstall', 'chaperone')).toMatchObject({ status: 0 });
    expect(globSync('{bin,lib/node_modules,share/man/man1}/chaperone*', { cwd: prefix() })).toEqual([]);
    expect(globSync('.local/state/chaperone/journal/*/*.jsonl', { cwd: home }).length).toBeGreaterThan(0);
  });

  const old = spawnSync('/usr/bin/node', ['--version'], { encoding: 'utf8' }).stdout ?? '';
  test.skipIf(!/^v(?:1\d|2[0-3])\./.test(old))('an older Node is told from a newer one', () => {
    const start = path.join(root, 'cli/src/start.js');
    const { status, stdout, stderr } = spawnSync('/usr/bin/node', [start, '--version'], { encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 125, stdout: '' });
    expect(stderr).toMatch(/^chaperone: Node 24 or newer is needed, and this one \(.*\) is .*\n$/);
  });
  if (!/^v(?:1\d|2[0-3])\./.test(old)) console.log('skipped: an older Node, because /usr/bin/node is none');
});
if (npm === '') console.log('skipped: the npm package, because npm is not installed');

const dpkg = isRoot && spawnSync('dpkg', ['--version']).status === 0;
describe.skipIf(!dpkg)('[req: package:deb]', () => {
  const system = (): string => path.join(place, 'system');
  /** Maintainer scripts get DPKG_ROOT instead of a chroot; the dependencies are those of this machine. */
  const dpkgIn = (...args: string[]): Ended =>
    spawnSync('dpkg', [`--root=${system()}`, '--force-script-chrootless', '--force-depends', ...args], {
      encoding: 'utf8',
    });
  const inSystem = (...parts: string[]): string => path.join(system(), ...parts);
  /** Paths in the installed system, without dpkg's own. */
  const left = (): string[] =>
    globSync('**/*', { cwd: system(), withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => path.relative(system(), path.join(entry.parentPath, entry.name)))
      .filter((name) => !name.startsWith('var/lib/dpkg/'))
      .toSorted();

  test('installs, enforces with its own Node, and leaves nothing', () => {
    for (const folder of ['info', 'updates'])
      mkdirSync(inSystem('var/lib/dpkg', folder), { recursive: true });
    for (const name of ['status', 'available']) writeFileSync(inSystem('var/lib/dpkg', name), '');
    chmodSync(system(), 0o755);

    expect(dpkgIn('-i', debianPackage())).toMatchObject({ status: 0 });
    expect(dpkgIn('-V', 'chaperone')).toMatchObject({ status: 0, stdout: '' });
    expect(readlinkSync(inSystem('usr/bin/chaperone'))).toBe('../lib/chaperone/chaperone');
    for (const name of [
      'usr/share/man/man1/chaperone.1.gz',
      'usr/share/bash-completion/completions/chaperone',
      'usr/share/zsh/vendor-completions/_chaperone',
      'usr/share/fish/vendor_completions.d/chaperone.fish',
      'usr/lib/systemd/user/chaperone-verify.timer',
      'usr/share/doc/chaperone/copyright',
    ])
      expect(left()).toContain(name);
    // An AppArmor that does not know user namespaces could not read the profile.
    expect(left().filter((name) => name.startsWith('etc/'))).toEqual([]);

    const lib = inSystem('usr/lib/chaperone');
    enforces(inSystem('usr/bin/chaperone'), lib, path.join(lib, 'node/bin/node'));
    decides(inSystem('usr/bin/chaperone'));
    classifies(inSystem('usr/bin/chaperone'));

    mkdirSync(inSystem('etc/apparmor.d/abi'), { recursive: true });
    writeFileSync(inSystem('etc/apparmor.d/abi/4.0'), '');
    expect(dpkgIn('-i', debianPackage())).toMatchObject({ status: 0 });
    expect(readFileSync(inSystem('etc/apparmor.d/chaperone'), 'utf8')).toContain('  userns,\n');

    expect(dpkgIn('-r', 'chaperone')).toMatchObject({ status: 0 });
    expect(left()).toEqual(['etc/apparmor.d/abi/4.0']);
    expect(dpkgIn('-P', 'chaperone')).toMatchObject({ status: 0 });
    expect(left()).toEqual(['etc/apparmor.d/abi/4.0']);
    expect(globSync('.local/state/chaperone/journal/*/*.jsonl', { cwd: home }).length).toBeGreaterThan(0);
  });

  test('its fields, owners and sums', () => {
    const field = (name: string): string =>
      execFileSync('dpkg-deb', ['-f', debianPackage(), name], { encoding: 'utf8' }).trim();
    expect(field('Depends')).toMatch(/^bubblewrap,/);
    expect(field('Recommends')).toBe('xdg-dbus-proxy');
    const listed = execFileSync('dpkg-deb', ['-c', debianPackage()], { encoding: 'utf8' }).trim().split('\n');
    expect(listed.filter((line) => !line.includes(' root/root '))).toEqual([]);
    expect(listed.filter((line) => /^-[^ ]*w[^ ]* /.test(line.slice(0, 1) + line.slice(4)))).toEqual([]);
  });

  const lintian = spawnSync('lintian', ['--version']).status === 0;
  test.skipIf(!lintian)('lintian finds no error or warning', () => {
    const { stdout } = spawnSync('lintian', ['--allow-root', debianPackage()], { encoding: 'utf8' });
    // The package is built without compression here, and without the address of whoever would publish it.
    const expected = /uses-no-compression-for|bogus-mail-host/;
    expect(stdout.split('\n').filter((line) => /^[EW]:/.test(line) && !expected.test(line))).toEqual([]);
  });
  if (!lintian) console.log('skipped: lintian, because it is not installed');
});
if (!dpkg) console.log('skipped: the Debian package, because it needs dpkg and root');
