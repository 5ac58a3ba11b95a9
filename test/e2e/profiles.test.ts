/** Real programs under the shipped profiles: their work is done, what a profile closes stays closed and has a record. */
import { existsSync, mkdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { denials, main } from './programs/records.ts';
import { collect, type Ended, situations, World } from './world.ts';

const python = '/usr/bin/python3';
const needs = (...programs: string[]): boolean => {
  const absent = programs.filter((one) => !existsSync(one));
  if (absent.length > 0) console.log(`skipped: this machine has no ${absent.join(', ')}`);
  return absent.length > 0;
};

/** A home with documents, keys and a workspace; scratch files have a place of their own. */
class Home extends World {
  constructor(situation: (typeof situations)[number]) {
    super(situation);
    for (const one of [
      'home/work',
      'home/Documents',
      'home/Documents/Finance',
      'home/.aws',
      'home/.config',
      'tmp',
    ])
      this.folder(one);
    this.file('home/Documents/plan.txt', 'the plan');
    this.file('home/Documents/Finance/q4.csv', 'secret figures');
    this.file('home/.aws/credentials', 'aws_secret_access_key = secret');
    this.file('home/.bashrc', '# mine\n');
    this.file('home/work/.env', 'TOKEN=secret\n');
  }
  async under(profile: string, settings: readonly string[], command: readonly string[]): Promise<Ended> {
    const options = settings.flatMap((one) => ['--set', one]);
    return collect(
      this.bare(
        [
          '/usr/bin/env',
          '-C',
          this.at('home/work'),
          `TMPDIR=${this.at('tmp')}`,
          process.execPath,
          main,
          'run',
          '--profile',
          profile,
          ...options,
          '-j',
          this.journal,
          '-i',
          this.isolation,
          '--',
          ...command,
        ],
        ['ignore', 'pipe', 'pipe'],
      ),
    );
  }
  /** Denials as `action path [rules]`, paths relative to the home. */
  refused(): string[] {
    return denials(this).map(({ input, decision }) => {
      const { action, path: place } = input as { action: string; path?: string };
      const { rules } = decision as unknown as { rules: string[] };
      return `${action} ${place === undefined ? '' : path.relative(this.at('home'), place)} [${rules.join()}]`;
    });
  }
}

const summarise = `
import json, os, pathlib, subprocess, tempfile
home = pathlib.Path.home(); seen = {}
for one in ['Documents/plan.txt', 'Documents/Finance/q4.csv', '.aws/credentials', '.bashrc', 'work/.env']:
    try: seen[one] = (home / one).read_text()
    except OSError as e: seen[one] = e.strerror
for one in ['Documents/plan.txt', '.bashrc', 'Documents/new.txt']:
    try: open(home / one, 'a').close(); seen['write ' + one] = 'done'
    except OSError as e: seen['write ' + one] = 'refused'
with tempfile.NamedTemporaryFile('w') as f: f.write('x')
try: subprocess.run('echo shell', shell=True); seen['shell'] = 'ran'
except OSError as e: seen['shell'] = e.strerror
(home / 'Documents/Assistant/.part').write_text(json.dumps(seen))
os.replace(home / 'Documents/Assistant/.part', home / 'Documents/Assistant/summary.json')
`;

describe.each(situations)('[req: profiles:run] documents-assistant ($title)', (situation) => {
  test.skipIf(needs(python))('reads documents, writes a summary, and nothing else', async () => {
    using home = new Home(situation);
    const { code, stderr } = await home.under('documents-assistant', [], [python, '-I', '-c', summarise]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const seen: unknown = JSON.parse(readFileSync(home.at('home/Documents/Assistant/summary.json'), 'utf8'));
    const closed = 'Permission denied';
    expect(seen).toEqual({
      'Documents/plan.txt': 'the plan',
      'Documents/Finance/q4.csv': closed,
      '.aws/credentials': closed,
      '.bashrc': closed,
      'work/.env': closed,
      'write Documents/plan.txt': 'refused',
      'write .bashrc': 'refused',
      'write Documents/new.txt': 'refused',
      shell: closed,
    });
    expect(home.refused()).toEqual([
      'read_file Documents/Finance/q4.csv [closed_folder]',
      'read_file .aws/credentials [store:aws]',
      'read_file .bashrc []',
      'read_file work/.env [store:dotenv]',
      'write_file Documents/plan.txt []',
      'write_file .bashrc []',
      'create_file Documents/new.txt []',
      expect.stringMatching(/^execute .*sh \[shell\]$/),
    ]);
    expect((await home.verify()).code).toBe(0);
  });
});

const develop = `
set -eu
git init -q -b main repo; cd repo; git config user.name a; git config user.email a@example.org
printf 'int main(void) { return 7; }\\n' > main.c; printf 'prog: main.c\\n\\t$(CC) -o $@ $<\\n' > Makefile
git add .; git commit -qm one; echo >> main.c; git diff --stat | tail -1; git commit -qam two; git log --oneline | wc -l
make -s; ./prog || echo "built $?"
cd ..; git clone -q repo copy; git -C copy status --short
${python} -m venv --without-pip venv; venv/bin/python -c 'print("venv")'
mkdir lib app; echo '{"name":"lib","version":"1.0.0","main":"index.js"}' > lib/package.json; echo 'module.exports = 42' > lib/index.js
echo 'console.log(require("fs").readdirSync("lib").length)' > s.js; node s.js
cd lib; npm pack --silent > ../packed; cd ../app; echo '{"name":"app","version":"1.0.0"}' > package.json
npm install --silent --offline --no-audit --no-fund ../lib/lib-1.0.0.tgz; node -p 'require("lib")'; cd ..
${python} - <<'PY'
import socket, threading
s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(); threading.Thread(target=lambda: s.accept()[0].sendall(b'own server'), daemon=True).start()
print(socket.create_connection(s.getsockname(), timeout=20).recv(20).decode())
PY
`;

const escapes = `
exec 2>&1
try() { if "$@"; then echo "DONE: $*"; fi; }
put() { echo evil > "$1"; }
try put repo/.git/hooks/pre-commit
try put repo/.git/config
try git -C repo config core.fsmonitor /tmp/x
try cp repo/.git/hooks/pre-commit.sample repo/.git/hooks/pre-commit
try mv repo/.git/hooks/pre-commit.sample repo/.git/hooks/pre-commit
try ln -s /tmp/x repo/.git/hooks/pre-push
mkdir -p h/hooks && echo evil > h/hooks/pre-commit && try mv h other/.git
try git -C repo config user.name b
try put "$HOME/.bashrc"
try put .vscode/tasks.json
try cat .env
try cat "$HOME/.aws/credentials"
try cat "$HOME/Documents/plan.txt"
mkdir fresh template && echo '[core]' > template/config
GIT_TEMPLATE_DIR=$PWD/template try git init -q fresh
`;

const inNamespace = situations.filter(({ isolation }) => isolation === 'namespace');
describe.each(inNamespace)('[req: profiles:run] developer-agent ($title)', (situation) => {
  const tools = ['/usr/bin/git', '/usr/bin/make', '/usr/bin/cc', '/usr/bin/npm', '/usr/bin/node', python];
  test.skipIf(needs(...tools))('builds, runs and commits without a wrong denial', async () => {
    using home = new Home(situation);
    home.folder('home/.cache');
    const { code, stdout, stderr } = await home.under('developer-agent', [], ['/bin/sh', '-c', develop]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const said = stdout
      .trim()
      .split('\n')
      .map((line) => line.trim());
    expect(said).toEqual([
      expect.stringContaining('1 file changed'),
      '2',
      'built 7',
      'venv',
      '2',
      '42',
      'own server',
    ]);
    expect(home.refused()).toEqual([]);
  });

  test.skipIf(needs('/usr/bin/git'))('leaves nothing behind that would run outside', async () => {
    using home = new Home(situation);
    for (const one of ['home/work/.vscode', 'home/work/other']) home.folder(one);
    const made = await collect(home.bare(['/usr/bin/git', 'init', '-q', home.at('home/work/repo')]));
    expect(made.code).toBe(0);
    const config = readFileSync(home.at('home/work/repo/.git/config'), 'utf8');
    const { stdout } = await home.under('developer-agent', [], ['/bin/sh', '-c', escapes]);
    expect(stdout).not.toMatch(/secret|the plan/);
    // A nested repository is git's own to configure; only the one around the workspace is kept as it is.
    expect(stdout.match(/^DONE: .*/gm)).toEqual(['DONE: git -C repo config user.name b']);
    expect(existsSync(home.at('home/work/repo/.git/hooks/pre-commit'))).toBe(false);
    expect(existsSync(home.at('home/work/repo/.git/hooks/pre-push'))).toBe(false);
    expect(existsSync(home.at('home/work/other/.git'))).toBe(false);
    expect(readFileSync(home.at('home/work/repo/.git/config'), 'utf8')).toContain(config.trim());
    expect(readFileSync(home.at('home/.bashrc'), 'utf8')).toBe('# mine\n');
    const refused = home.refused().join('\n');
    for (const rule of [
      'git_hooks',
      'git_config',
      'git_arguments',
      'runs_later',
      'store:dotenv',
      'store:aws',
    ])
      expect(refused).toContain(`[${rule}]`);
  });

  test.skipIf(needs('/usr/bin/git'))('keeps the settings of the repository that it works in', async () => {
    using home = new Home(situation);
    const place = home.at('home/work');
    for (const args of [
      ['init', '-q', place],
      ['-C', place, 'config', 'user.email', 'a@example.org'],
    ])
      expect((await collect(home.bare(['/usr/bin/git', ...args]))).code).toBe(0);
    const script =
      'git -c user.name=a commit -q --allow-empty -m one && git config user.name b; mv .git .git2';
    await home.under('developer-agent', [], ['/bin/sh', '-c', script]);
    expect(home.refused()).toEqual([
      'create_file work/.git/config.lock [git_config]',
      'rename_file work/.git [git_folder]',
    ]);
    const opened = await home.under(
      'developer-agent',
      ['git_config=true'],
      ['git', 'config', 'user.name', 'b'],
    );
    expect(opened).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(path.join(place, '.git/config'), 'utf8')).toContain('name = b');
  });
});

const connect = `
import socket, sys
for port in sys.argv[1:]:
    try: print(socket.create_connection(('127.0.0.1', int(port)), timeout=20).recv(20).decode())
    except OSError as e: print(e.strerror)
`;

describe.each(inNamespace)('[req: profiles:run] this machine ($title)', (situation) => {
  test.skipIf(needs(python))('servers of the machine are not those of the session', async () => {
    using home = new Home(situation);
    const server = createServer((socket) => socket.end('of the machine'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      // Twice: a first refusal must leave nothing behind that answers in its place.
      const command = [python, '-c', connect, String(port), String(port)];
      const { stdout } = await home.under('developer-agent', [], command);
      expect(stdout).toBe('Permission denied\nPermission denied\n');
      expect(home.refused()).toEqual(['connect  [network]', 'connect  [network]']);
    } finally {
      server.close();
    }
  });

  test('credentials behind a link are closed like others', async () => {
    using home = new Home(situation);
    home.folder('home/work/dotfiles');
    renameSync(home.at('home/.aws'), home.at('home/work/dotfiles/amazon'));
    symlinkSync(home.at('home/work/dotfiles/amazon'), home.at('home/.aws'));
    const script = 'cat "$HOME/.aws/credentials"; cat dotfiles/amazon/credentials';
    const { code, stdout } = await home.under('developer-agent', [], ['/bin/sh', '-c', script]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(home.refused()).toHaveLength(2);
  });
});

describe.each(situations)('[req: profiles:run] observe ($title)', (situation) => {
  test('denies nothing, and marks what a profile would', async () => {
    using home = new Home(situation);
    const script =
      'cat .env ../.aws/credentials ../Documents/Finance/q4.csv && echo more >> ../.bashrc && echo done';
    const { code, stdout, stderr } = await home.under('observe', [], ['/bin/sh', '-c', script]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe('TOKEN=secret\naws_secret_access_key = secretsecret figuresdone\n');
    expect(home.refused()).toEqual([
      'read_file work/.env [store:dotenv]',
      'read_file .aws/credentials [store:aws]',
    ]);
    expect(readFileSync(home.at('home/.bashrc'), 'utf8')).toBe('# mine\nmore\n');
  });
});

test("[req: profiles:run] a profile of one's own uses the library, and cannot be changed from inside", async () => {
  const situation = situations[0];
  if (!situation) throw new Error('no situation to test in');
  using home = new Home(situation);
  const mine = 'home/.config/chaperone/policies/mine';
  mkdirSync(home.at(mine), { recursive: true });
  const manifest = {
    id: 'mine',
    title: 'Mine',
    description: 'x',
    type: 'any',
    risk: 'low',
    capabilities: [],
  };
  home.file(`${mine}/profile.json`, JSON.stringify(manifest));
  home.file(
    `${mine}/access.rego`,
    'package chaperone.access\nimport data.chaperone.lib.stores\ndecision := stores.denial if stores.denial\nelse := {"allow": true}\n',
  );
  const other = home.at('home/.config/chaperone/policies/other');
  const script = `cat "$HOME/.aws/credentials"; echo >> ${home.at(mine)}/access.rego; mkdir ${other}; cat ${home.at(mine)}/profile.json`;
  const { stdout } = await home.under('mine', [], ['/bin/sh', '-c', script]);
  expect(stdout).toBe(JSON.stringify(manifest));
  expect(existsSync(other)).toBe(false);
  expect(home.refused()).toEqual([
    'read_file .aws/credentials [store:aws]',
    'write_file .config/chaperone/policies/mine/access.rego []',
    'create_file .config/chaperone/policies/other []',
  ]);
});
