/** What happens between the builds: files are found, changed, moved, packed, looked at. */
import type { Task } from '../task.ts';

const shell = { area: 'shell', profile: 'developer-agent' } as const;

const tree = String.raw`mkdir -p tree/a/b tree/c
for i in $(seq 1 60); do printf 'name = old%s\nvalue = %s\n' $i $i >tree/a/b/f$i.conf; done
printf 'old\n' >tree/c/README; ln -s ../a tree/c/link; touch -d @1600000000 $(find tree -type f)`;

export const shells: readonly Task[] = [
  {
    ...shell,
    name: 'files',
    title: 'find, xargs, cp -a, mv, ln, chmod, touch, rm, du, stat, install',
    needs: ['find', 'xargs'],
    setUp: tree,
    run: {
      sh: 'find tree -name "*7.conf" -print0 | xargs -0 -n 3 cat | sort | head -3 && cp -a tree copy && mv copy/a/b copy/moved && ln copy/c/README copy/hard && chmod -R go-w copy && touch copy/new && rm -r copy/c && find copy -type f | wc -l && stat -c %s copy/hard && install -m 600 copy/hard secret && mkdir -p x/y/z && rmdir -p x/y/z && diff -r tree/a/b copy/moved && readlink -f tree/c/link/.. >/dev/null && mktemp -d -p . d.XXXX >/dev/null',
    },
    leaves: ['work/copy/moved/f7.conf', 'work/secret'],
    ignores: ['work/d.*'],
  },
  {
    ...shell,
    name: 'search-replace',
    title: 'ripgrep, grep -r, sed -i and perl -pi over a tree',
    needs: ['rg', 'grep', 'sed', 'perl'],
    setUp: tree,
    run: {
      sh: 'rg -l old1 tree | sort | wc -l && rg -c value tree | wc -l && grep -rl "old5$" tree && sed -i "s/old/new/" $(grep -rl old tree) && perl -pi -e "s/value = (\\d+)/q(value = ) . 2*\\$1/e" tree/a/b/*.conf && cat tree/a/b/f9.conf',
    },
    leaves: ['work/tree/a/b/f60.conf'],
  },
  {
    ...shell,
    name: 'text',
    title: 'sort, uniq, join, awk, cut, paste, tr, comm, split, jq, bc, here documents',
    needs: ['awk', 'jq', 'bc'],
    run: {
      sh: String.raw`seq 1 500 | awk '{ print $1 % 7, $1 }' | sort -k1,1n -k2,2nr >s; cut -d' ' -f1 s | uniq -c | paste -sd, ; split -l 100 s part.; sort s >s1; join s1 s1 | wc -l; sort -R --random-source=/etc/passwd s | wc -l
awk '{ a[$1] += $2 } END { for (k in a) print k, a[k] | "sort" }' s; jq -n '[range(5)] | map(. * 2) | {x: .}' >j.json; jq -r .x[2] j.json; echo '2^64' | bc; printf 'a\nb\n' | tr a-z A-Z | tee up; comm -12 up up | wc -l; date -u -d @0 +%F; od -c up | head -1; base64 up; sha256sum up >sums && sha256sum -c --quiet sums; column -t s | head -1; env -i printf 'x\n'`,
    },
    leaves: ['work/j.json', 'work/part.ae', 'work/sums'],
  },
  {
    ...shell,
    name: 'archives',
    title: 'tar with gzip, bzip2, xz, zstd and back, with links and modes; append and extract one file',
    needs: ['tar', 'gzip', 'bzip2', 'xz', 'zstd'],
    setUp: tree,
    run: {
      sh: 'for k in gz bz2 xz zst; do tar --sort=name --mtime=@1600000000 -caf t.tar.$k tree && mkdir $k && tar -xf t.tar.$k -C $k && diff -r tree $k/tree && rm -r $k; done && tar --mtime=@1600000000 -cf u.tar tree/c && tar --mtime=@1600000000 -rf u.tar tree/a/b/f1.conf && tar -tf u.tar | wc -l && tar -xOf u.tar tree/a/b/f1.conf && gzip -k -n -9 tree/c/README && zcat tree/c/README.gz && xz -k tree/c/README && xzcat tree/c/README.xz && find tree | cpio -o --quiet 2>/dev/null | wc -c >/dev/null',
    },
    leaves: ['work/t.tar.zst', 'work/tree/c/README.gz'],
  },
  {
    ...shell,
    name: 'zip',
    title: 'zip, unzip, a jar-like update, a listing',
    needs: ['zip', 'unzip'],
    setUp: tree,
    run: {
      sh: 'zip -q -r -X t.zip tree && echo more >tree/c/more && touch -d @1600000000 tree/c/more && zip -q -X -u t.zip tree/c/more && unzip -q t.zip -d out && diff -r tree out/tree && unzip -Z1 t.zip | wc -l && unzip -p t.zip tree/c/README && zip -q -d t.zip tree/c/more && unzip -tq t.zip',
    },
    leaves: ['work/t.zip', 'work/out/tree/c/README'],
    varies: ['work/t.zip'],
  },
  {
    ...shell,
    name: 'vim',
    title: 'vim edits two files, with its own settings, a swap file and a backup',
    needs: ['vim'],
    setUp: `${tree}; printf 'set backup undofile undodir=.\\n' >~/.vimrc`,
    run: {
      sh: 'vim -es -u ~/.vimrc -c "%s/old/vim/" -c wq tree/a/b/f1.conf </dev/null; vim -T dumb -n -c "normal Gochanged" -c "wq" tree/c/README </dev/null >/dev/null 2>&1; cat tree/a/b/f1.conf tree/c/README',
    },
    leaves: ['work/tree/a/b/f1.conf'],
    closed: [
      {
        rule: 'floor',
        object: '.viminfo*',
        why: "what vim remembers of a person's work (registers, commands, searches) is not the agent's",
      },
    ],
    ignores: ['.viminfo', '.vim', '.vim/**', 'work/%*', 'work/tree/**/*~', 'work/tree/**/.*.un~'],
  },
  {
    ...shell,
    name: 'ed-patch',
    title: 'ed, diff, patch and patch -R',
    needs: ['ed', 'diff', 'patch'],
    setUp: tree,
    run: {
      sh: 'cp tree/c/README r && printf "a\\nadded\\n.\\n1s/old/ed/\\nwq\\n" | ed -s r && (diff -u tree/c/README r >p || true) && sed -i "1,2s/\\t.*//" p && patch -s tree/c/README p && cmp tree/c/README r && patch -s -R tree/c/README p && cat tree/c/README p',
    },
    leaves: ['work/r', 'work/p'],
  },
  {
    ...shell,
    name: 'tmux',
    title: 'a command in a tmux session of its own, and what its screen shows',
    needs: ['tmux'],
    run: {
      sh: String.raw`tmux -L work -f /dev/null new-session -d -x 80 -y 24 'echo from-tmux >made; echo shown; sleep 30'
for i in $(seq 100); do tmux -L work capture-pane -p | grep -q shown && break; sleep 0.1; done
tmux -L work capture-pane -p | grep -c shown; tmux -L work kill-server; cat made`,
    },
    leaves: ['work/made'],
    closed: [
      {
        rule: 'default_deny',
        object: 'socket:unixgram',
        why: 'without set-group-id its helper cannot register the terminal as a login, and says so to syslog',
      },
    ],
  },
  {
    ...shell,
    name: 'terminal',
    title: 'script and Python make pseudo-terminals; stty and job control in them',
    needs: ['script', 'python3', 'bash'],
    run: {
      sh: `script -qec 'stty size >/dev/null; tty | cut -c1-8' out.txt >/dev/null; grep -c /dev/pts out.txt; python3 -c 'import pty; pty.spawn(["bash", "-c", "test -t 0 && echo terminal"])' | tr -d '\\r'; bash -c 'set -m; sleep 5 & kill %1; wait %1; echo $?; ulimit -n >/dev/null; echo {1..3}; cat < <(echo sub)' 2>/dev/null`,
    },
    leaves: ['work/out.txt'],
    varies: ['work/out.txt'],
  },
  {
    ...shell,
    name: 'look-around',
    title:
      'what an agent asks of a machine first: ls, ps, df, uname, id, which, locale, man, apt-cache, mount',
    needs: ['ps', 'man'],
    run: {
      sh: 'ls -la >/dev/null; ls / ~ >/dev/null 2>&1 || true; ps aux | grep -c ps >/dev/null; df -h . >/dev/null; uname -sm; id -un; id -u >/dev/null; which sh; locale | head -1; free >/dev/null; uptime >/dev/null; man -P cat ls 2>/dev/null | head -1 >/dev/null; cat /etc/os-release | head -1; getconf PAGESIZE; nproc >/dev/null; dpkg -l bash | tail -1 | cut -c1-2; apt-cache policy bash >/dev/null; env | sort | cut -d= -f1 | grep -c HOME; hostname >/dev/null; lscpu >/dev/null; file -b /bin/sh | cut -c1-8; groups >/dev/null; whoami; touch done',
    },
    leaves: ['work/done'],
    closed: [
      {
        rule: 'floor',
        object: '/',
        why: 'a floor grants whole folders, so those on the way to them cannot be listed',
      },
      { rule: 'floor', object: '', why: 'nor can the home folder' },
      { rule: 'refused_call', object: 'proc_of_supervisor', why: 'ps looks at the supervisor, too' },
    ],
  },
  {
    ...shell,
    name: 'documentation',
    title: 'groff: a manual page as text and PostScript, and man itself',
    needs: ['groff'],
    setUp: String.raw`printf '.TH TOOL 1\n.SH NAME\ntool \\- does things\n.SH OPTIONS\n.TP\n.B \\-x\nexplains\n.TS\nl r.\na\t1\nb\t2\n.TE\n' >tool.1`,
    run: {
      sh: 'groff -man -Tutf8 -P-c tool.1 >tool.txt && groff -t -man -Tps tool.1 >tool.ps && man -l -P cat tool.1 2>/dev/null | head -1 && wc -l <tool.txt',
    },
    leaves: ['work/tool.txt', 'work/tool.ps'],
    varies: ['work/tool.ps'],
  },
];
