/** Running and testing what has been written: servers, databases, processes. */
import type { Task } from '../task.ts';

const program = { area: 'programs', profile: 'developer-agent' } as const;

export const running: readonly Task[] = [
  {
    ...program,
    name: 'node-server',
    title: 'an HTTP server and its client, worker threads, child processes, a watched file',
    needs: ['node'],
    run: {
      sh: String.raw`cat >t.js <<'END'
const http = require('http'), fs = require('fs'), cp = require('child_process'), { Worker } = require('worker_threads');
const s = http.createServer((q, r) => r.end('served ' + q.url)).listen(0, 'localhost', async () => {
  const r = await fetch('http://localhost:' + s.address().port + '/x');
  console.log(await r.text());
  s.close(); s.closeAllConnections();
  fs.writeFileSync('w', '1');
  const w = fs.watch('w', () => { w.close(); console.log('seen'); new Worker('require("worker_threads").parentPort.postMessage(6*7)', { eval: true }).on('message', console.log).on('exit', () => console.log(cp.execFileSync('sh', ['-c', 'echo child']).toString().trim())); });
  fs.writeFileSync('w', '2');
});
END
node t.js`,
    },
    leaves: ['work/w'],
  },
  {
    ...program,
    name: 'node-test',
    title: "Node's test runner with coverage",
    needs: ['node'],
    setUp: String.raw`mkdir test; printf 'export const add = (a, b) => a + b;\n' >add.mjs
printf 'import test from "node:test"; import assert from "node:assert"; import { add } from "../add.mjs";\ntest("adds", () => assert.equal(add(1, 2), 3));\n' >test/add.test.mjs`,
    run: { sh: 'node --test --experimental-test-coverage >out.txt && grep -c "pass 1" out.txt' },
    leaves: ['work/out.txt'],
    varies: ['work/out.txt'],
  },
  {
    ...program,
    name: 'python-test',
    title: 'unittest with temporary folders, multiprocessing, asyncio and a subprocess',
    needs: ['python3'],
    setUp: String.raw`cat >test_all.py <<'END'
import asyncio, multiprocessing, os, shutil, sqlite3, subprocess, sys, tempfile, threading, unittest

def square(n):
    return n * n

class All(unittest.TestCase):
    def test_pool(self):
        with multiprocessing.Pool(2) as pool:
            self.assertEqual(pool.map(square, range(4)), [0, 1, 4, 9])
    def test_shared_memory(self):
        from multiprocessing import shared_memory
        one = shared_memory.SharedMemory(create=True, size=10)
        one.buf[0] = 7
        one.close(); one.unlink()
    def test_temporary(self):
        with tempfile.TemporaryDirectory() as folder:
            with tempfile.NamedTemporaryFile(dir=folder) as file:
                file.write(b"x"); file.flush()
                self.assertEqual(os.stat(file.name).st_size, 1)
    def test_asyncio(self):
        async def go():
            one = await asyncio.create_subprocess_exec(sys.executable, "-c", "print(1)", stdout=subprocess.PIPE)
            out, _ = await one.communicate()
            return out
        self.assertEqual(asyncio.run(go()), b"1\n")
    def test_sqlite(self):
        db = sqlite3.connect("t.db")
        db.execute("pragma journal_mode=wal"); db.execute("create table if not exists t(x)"); db.execute("insert into t values (1)"); db.commit()
        self.assertEqual(db.execute("select count(*) from t").fetchone()[0], 1)
        db.close(); os.remove("t.db")
    def test_copy(self):
        os.makedirs("a/b", exist_ok=True); open("a/b/c", "w").close(); os.chmod("a/b/c", 0o600); os.utime("a/b/c", (1, 1))
        shutil.copytree("a", "z"); os.replace("z", "y"); os.symlink("y", "l"); os.link("a/b/c", "h"); shutil.rmtree("y")

if __name__ == "__main__":
    unittest.main()
END`,
    run: { sh: 'python3 -m unittest -q 2>&1 | grep -v Ran && ls' },
    leaves: ['work/a/b/c', 'work/h'],
  },
  {
    ...program,
    name: 'python-server',
    title: "Python's HTTP server on a loopback port, asked with curl and urllib, and stopped",
    needs: ['python3', 'curl'],
    run: {
      sh: String.raw`echo page >index.html
python3 -u -m http.server --bind 127.0.0.1 18731 >log 2>&1 & server=$!
for i in $(seq 50); do curl -sf http://127.0.0.1:18731/ >got && break; sleep 0.1; done
cat got; python3 -c 'import urllib.request as u; print(u.urlopen("http://localhost:18731/index.html").read())'; kill $server; wait $server || true`,
    },
    leaves: ['work/got'],
    closed: [
      {
        rule: 'network',
        object: '*:18731',
        why: 'until the session has bound a loopback port, whatever listens there is the machine’s',
      },
    ],
    varies: ['work/log'],
  },
  {
    ...program,
    name: 'postgres',
    title: 'a PostgreSQL server in the workspace: initdb, start, SQL through its socket, stop',
    needs: ['initdb', 'pg_ctl', 'psql'],
    run: {
      sh: String.raw`initdb -D db -A trust -N --locale=C >/dev/null
pg_ctl -D db -s -w -l log -o "-c listen_addresses='' -k $PWD" start
psql -q -h "$PWD" -d postgres -At -c 'create table t(x int); insert into t select generate_series(1, 100); select sum(x) from t'
pg_ctl -D db -s -m fast stop`,
    },
    leaves: ['work/db/PG_VERSION'],
    varies: ['work/log'],
    ignores: ['work/db/**'],
  },
  {
    ...program,
    name: 'sqlite',
    title: 'a database is imported, queried and dumped',
    needs: ['sqlite3'],
    run: {
      sh: String.raw`seq 1 50 | sed 's/.*/&,name&/' >in.csv
sqlite3 my.db 'create table t(id int, name text)' '.mode csv' '.import in.csv t' 'create index i on t(name)' 'select count(*), max(id) from t'
sqlite3 my.db .dump >dump.sql && sqlite3 copy.db <dump.sql && sqlite3 copy.db 'vacuum' 'select name from t where id = 7'`,
    },
    leaves: ['work/my.db', 'work/dump.sql', 'work/copy.db'],
  },
  {
    ...program,
    name: 'perl',
    title: 'Perl with its test harness and core modules',
    needs: ['perl', 'prove'],
    setUp: String.raw`mkdir t lib
printf 'package Sum; sub sum { my $s = 0; $s += $_ for @_; $s } 1;\n' >lib/Sum.pm
printf 'use Test::More tests => 2; use Sum; use JSON::PP; is(Sum::sum(1, 2), 3); is(decode_json(q({"a":1}))->{a}, 1);\n' >t/sum.t`,
    run: {
      sh: `prove -q -l t | tail -1 && perl -MFile::Find -MDigest::SHA=sha1_hex -e 'find(sub { print sha1_hex($_), "\n" if -f }, ".")' | sort`,
    },
    leaves: ['work/lib/Sum.pm'],
  },
  {
    ...program,
    name: 'tls',
    title: 'openssl makes a test certificate and serves a page with it, curl asks for it',
    needs: ['openssl', 'curl'],
    run: {
      sh: String.raw`openssl req -x509 -newkey rsa:2048 -nodes -keyout server.key -out server.pem -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null
openssl x509 -in server.pem -noout -subject
echo page >page.html
openssl s_server -accept 127.0.0.1:18732 -cert server.pem -key server.key -WWW -quiet >/dev/null 2>&1 & server=$!
for i in $(seq 50); do curl -s --cacert server.pem https://localhost:18732/page.html >got && break; sleep 0.1; done
cat got; kill $server; openssl dgst -sha256 page.html; echo secret | openssl enc -aes-256-cbc -pbkdf2 -pass pass:x -out enc && openssl enc -d -aes-256-cbc -pbkdf2 -pass pass:x -in enc`,
    },
    leaves: ['work/server.pem', 'work/got'],
    closed: [
      {
        rule: 'network',
        object: '*:18732',
        why: 'until the session has bound a loopback port, whatever listens there is the machine’s',
      },
    ],
    varies: ['work/server.*', 'work/enc'],
  },
  {
    ...program,
    name: 'test-keys',
    title: 'key pairs for a test: ssh-keygen, a signature with it',
    needs: ['ssh-keygen'],
    run: {
      sh: 'ssh-keygen -q -t ed25519 -N "" -C test -f test_key && ssh-keygen -l -f test_key.pub | cut -d" " -f1 && echo text >m && ssh-keygen -q -Y sign -f test_key -n file m 2>/dev/null && echo "me $(cat test_key.pub)" >allowed && ssh-keygen -Y verify -f allowed -I me -n file -s m.sig <m | cut -c1-4',
    },
    leaves: ['work/test_key', 'work/m.sig'],
    varies: ['work/test_key*', 'work/m.sig', 'work/allowed'],
  },
  {
    ...program,
    name: 'gpg',
    title: 'GnuPG with a key ring of its own in the workspace: key, sign, verify, encrypt',
    needs: ['gpg', 'gpgconf'],
    run: {
      sh: String.raw`export GNUPGHOME="$PWD/ring"; mkdir -m 700 ring
gpg -q --batch --passphrase '' --quick-generate-key 'Test <t@example.org>' ed25519 default never 2>/dev/null
echo text >m && gpg -q --batch --armor --detach-sign m && gpg -q --verify m.asc m 2>/dev/null && echo good
gpg -q --batch --symmetric --passphrase x -o m.gpg m && gpg -q --batch --passphrase x --pinentry-mode loopback -d m.gpg; gpgconf --kill all`,
    },
    leaves: ['work/m.asc', 'work/m.gpg'],
    varies: ['work/m.*'],
    ignores: ['work/ring/**'],
  },
  {
    ...program,
    name: 'valgrind',
    title: 'a program under valgrind',
    needs: ['valgrind', 'gcc'],
    setUp: String.raw`printf '#include <stdlib.h>\nint main(void) { char *p = malloc(10); p[0] = 1; free(p); return 0; }\n' >m.c`,
    run: { sh: 'gcc -g m.c -o m && valgrind -q --error-exitcode=3 --leak-check=full ./m && echo clean' },
    leaves: ['work/m'],
  },
];
