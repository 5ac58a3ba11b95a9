# Interpreters, their threads, their children and their locks.
perl -e 'open my $f, ">", "perl" or die; print $f "p\n"; close $f; rename "perl", "perl2"; print -s "perl2", "\n"; my $p = fork // die; exit 7 unless $p; waitpid $p, 0; print $? >> 8, "\n"; print `echo backtick`; opendir my $d, "." or die; print join(",", sort grep { !/^\./ } readdir $d), "\n"'
cat >t.py <<'PY'
import sqlite3, subprocess, tempfile, os, sys, threading, multiprocessing, socket, mmap, fcntl, concurrent.futures, pathlib, shutil
db = sqlite3.connect('db'); db.execute('pragma journal_mode=wal'); db.execute('create table t (n)'); db.commit()
def add(k):
    c = sqlite3.connect('db', timeout=60)
    for i in range(10): c.execute('insert into t values (?)', (k * 100 + i,)); c.commit()
    c.close()
if __name__ == '__main__':
    with multiprocessing.get_context('fork').Pool(3) as p: p.map(add, range(3))
    with concurrent.futures.ThreadPoolExecutor(3) as e: list(e.map(add, range(3, 6)))
    print(db.execute('select count(*), sum(n) from t').fetchone()); db.close()
    with tempfile.NamedTemporaryFile(dir='.') as f: f.write(b'x' * 5000); f.flush(); m = mmap.mmap(f.fileno(), 0); print(m[4999:5000]); fcntl.lockf(f, fcntl.LOCK_EX | fcntl.LOCK_NB); print(subprocess.run([sys.executable, '-c', f'import fcntl; f = open({f.name!r}, "r+"); fcntl.lockf(f, fcntl.LOCK_EX | fcntl.LOCK_NB)'], stderr=subprocess.DEVNULL).returncode); m.close()
    print(subprocess.run('echo $0 $FOO', shell=True, capture_output=True, env={'FOO': 'bar'}).stdout)
    a, b = socket.socketpair(); threading.Thread(target=lambda: (b.sendall(b'z' * 300000), b.close())).start(); n = 0
    while d := a.recv(65536): n += len(d)
    print(n); shutil.copytree('/etc/skel', 'skel'); print(sorted(p.name for p in pathlib.Path('skel').iterdir())); print(os.path.realpath('/proc/self/cwd') == os.getcwd()); q = multiprocessing.get_context('spawn').Process(target=print, args=('spawned',), kwargs={'flush': True}); sys.stdout.flush(); q.start(); q.join(); print(q.exitcode)
PY
/usr/bin/python3 -B t.py && /usr/bin/python3 -c 'import py_compile; py_compile.compile("t.py", cfile="t.pyc", invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)' ; rm -f db db-*
cat >t.mjs <<'JS'
import { Worker, isMainThread, parentPort } from 'node:worker_threads'; import cp from 'node:child_process'; import fs from 'node:fs'; import { createHash } from 'node:crypto';
if (!isMainThread) { parentPort.postMessage(fs.readFileSync('t.py').length); }
else { for (let i = 0; i < 3; i++) { const w = new Worker(new URL(import.meta.url)); console.log(await new Promise((r, f) => { w.on('message', r); w.on('error', f); })); }
  console.log(cp.execFileSync('sh', ['-c', 'echo child; exit 0'], { encoding: 'utf8' }), cp.spawnSync('sh', ['-c', 'exit 9']).status, cp.spawnSync('no-such-program').error.code);
  await Promise.all(Array.from({ length: 40 }, (_, i) => fs.promises.writeFile(`js${i}`, String(i)))); console.log((await Promise.all(Array.from({ length: 40 }, (_, i) => fs.promises.readFile(`js${i}`, 'utf8')))).join(' ')); const c = cp.fork('./f.mjs'); console.log(await new Promise((r) => c.on('message', r))); c.kill(); fs.cpSync('skel', 'skel2', { recursive: true }); fs.rmSync('skel2', { recursive: true }); console.log(createHash('sha1').update(fs.readFileSync('js7')).digest('hex')); const w = fs.watch('.'); setTimeout(() => fs.writeFileSync('seen', ''), 50); w.on('change', (k, f) => { if (f === 'seen') { console.log('seen'); w.close(); } }); }
JS
echo 'process.send("forked"); setInterval(() => {}, 1000)' >f.mjs; node t.mjs
command -v sqlite3 >/dev/null && sqlite3 d2 'create table a (x); insert into a values (1); select * from a; vacuum;' && rm -f d2
ssh-keygen -q -t ed25519 -N '' -f key -C c && ssh-keygen -y -f key | cmp -s - key.pub && stat -c '%n %a' key key.pub && rm key key.pub
/usr/bin/python3 - <<'PY'
import os, pty, time, select
pid, fd = pty.fork()
if pid == 0: os.execvp('vim', ['vim', '-u', 'NONE', '-N', '-n', 'note'])
time.sleep(0.7); os.write(fd, b'ihello from vim\x1b:wq\r'); end = time.time() + 10
while time.time() < end:
    try:
        if select.select([fd], [], [], 0.2)[0] and not os.read(fd, 4096): break
    except OSError: break
print(os.waitpid(pid, 0)[1], open('note').read())
PY
