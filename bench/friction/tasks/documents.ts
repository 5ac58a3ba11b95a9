/** Robots over documents: a Python program on its own, no shell. */
import type { Task } from '../task.ts';

const programs = 'programs=~/.local/robot';
const documents = {
  area: 'documents',
  profile: 'documents-assistant',
  needs: ['python3'],
  settings: [programs],
} as const;

const notes = String.raw`mkdir -p ~/Documents/Projects/Alpha ~/Documents/Letters ~/Documents/Assistant
for i in $(seq 1 40); do printf '# Note %s\n\nThe project has %s open points. Next meeting on day %s.\n' $i $((i % 5)) $i >~/Documents/Projects/Alpha/note$i.md; done
printf 'Dear Sir,\n\nthank you for the offer.\n' >~/Documents/Letters/offer.txt
python3 - <<'END'
import os, zipfile
home = os.path.expanduser('~/Documents/Letters/contract.docx')
with zipfile.ZipFile(home, 'w') as z:
    for name, text in (('[Content_Types].xml', '<Types/>'), ('word/document.xml', '<w:document xmlns:w="x"><w:p><w:t>The parties agree.</w:t></w:p><w:p><w:t>Signed.</w:t></w:p></w:document>')):
        z.writestr(zipfile.ZipInfo(name, (2023, 1, 1, 0, 0, 0)), text)
END
`;

export const robots: readonly Task[] = [
  {
    ...documents,
    name: 'summarise',
    title: 'walks the documents, reads text and Word files, writes a summary in Markdown',
    setUp: notes,
    run: {
      python: String.raw`import os, re, zipfile
from collections import Counter
home = os.path.expanduser('~/Documents')
lines, words = [], Counter()
for folder, folders, files in os.walk(home):
    folders.sort()
    if folder.endswith('Assistant'): continue
    for name in sorted(files):
        path = os.path.join(folder, name)
        if name.endswith('.docx'):
            with zipfile.ZipFile(path) as z: text = ' '.join(re.findall(r'<w:t>(.*?)</w:t>', z.read('word/document.xml').decode()))
        else:
            with open(path, encoding='utf-8') as f: text = f.read()
        words.update(re.findall(r'\w+', text.lower()))
        lines.append(f'- {os.path.relpath(path, home)}: {len(text)} characters, {text.split(chr(10))[0]}')
with open(os.path.join(home, 'Assistant/summary.md'), 'w') as out:
    out.write('# Summary\n\n' + '\n'.join(lines) + '\n\n' + '\n'.join(f'{w} {n}' for w, n in sorted(words.items())) + '\n')
print(len(lines))
`,
    },
    leaves: ['Documents/Assistant/summary.md'],
  },
  {
    ...documents,
    name: 'word-document',
    title: 'writes a Word document through a temporary file, and replaces an older one',
    setUp: `${notes} echo old >~/Documents/Assistant/report.docx`,
    run: {
      python: String.raw`import os, tempfile, zipfile
out = os.path.expanduser('~/Documents/Assistant/report.docx')
with open(os.path.expanduser('~/Documents/Letters/offer.txt')) as f: paragraphs = f.read().split('\n')
with tempfile.NamedTemporaryFile(dir=os.path.dirname(out), delete=False) as f:
    with zipfile.ZipFile(f, 'w', zipfile.ZIP_DEFLATED) as z:
        for name, text in (('[Content_Types].xml', '<Types/>'), ('word/document.xml', '<w:document>' + ''.join(f'<w:p><w:t>{p}</w:t></w:p>' for p in paragraphs) + '</w:document>')):
            z.writestr(zipfile.ZipInfo(name, (2023, 1, 1, 0, 0, 0)), text)
os.chmod(f.name, 0o644)
os.replace(f.name, out)
with tempfile.TemporaryDirectory() as folder:
    with zipfile.ZipFile(out) as z: z.extractall(folder)
    print(sorted(os.listdir(folder)))
`,
    },
    leaves: ['Documents/Assistant/report.docx'],
  },
  {
    ...documents,
    name: 'typeset',
    title: 'starts groff to typeset a letter, and file to tell what things are',
    needs: ['python3', 'groff', 'file'],
    setUp: notes,
    run: {
      python: String.raw`import os, subprocess
home = os.path.expanduser('~/Documents')
text = open(f'{home}/Letters/offer.txt').read()
source = f'{home}/Assistant/offer.1'
open(source, 'w').write('.TH OFFER 1\n.PP\n' + text)
for device, name in (('ps', 'offer.ps'), ('utf8', 'offer.out')):
    with open(f'{home}/Assistant/{name}', 'wb') as out:
        subprocess.run(['groff', '-man', f'-T{device}', source], stdout=out, check=True)
print(subprocess.run(['file', '-b', f'{home}/Assistant/offer.ps'], stdout=subprocess.PIPE, text=True, check=True).stdout[:10])
`,
    },
    leaves: ['Documents/Assistant/offer.ps', 'Documents/Assistant/offer.out'],
    varies: ['Documents/Assistant/offer.ps'],
  },
  {
    ...documents,
    name: 'search-index',
    title: 'a full-text index with SQLite in the output folder, and searches in it',
    setUp: notes,
    run: {
      python: String.raw`import glob, os, sqlite3
home = os.path.expanduser('~/Documents')
db = sqlite3.connect(f'{home}/Assistant/index.db')
db.execute('create virtual table t using fts5(name, text)')
for path in sorted(glob.glob(f'{home}/Projects/**/*.md', recursive=True)):
    db.execute('insert into t values (?, ?)', (os.path.basename(path), open(path).read()))
db.commit()
print(db.execute("select count(*) from t where t match 'points'").fetchone(), db.execute("select name from t where t match '\"day 7\"'").fetchall())
db.execute('vacuum'); db.close()
`,
    },
    leaves: ['Documents/Assistant/index.db'],
  },
  {
    ...documents,
    name: 'closed-folders',
    title: 'walks documents among which some are closed to it, and goes on',
    setUp: `${notes} mkdir ~/Documents/Finance; echo x >~/Documents/Finance/q4.txt`,
    closed: [{ rule: 'closed_folder', why: 'the profile keeps folders named finance, HR, legal … closed' }],
    run: {
      python: String.raw`import os
home = os.path.expanduser('~/Documents')
names = [n for folder, folders, files in os.walk(home) if '/Finance' not in folder for n in files]
open(f'{home}/Assistant/list.txt', 'w').write('\n'.join(sorted(names)))
`,
    },
    leaves: ['Documents/Assistant/list.txt'],
  },
  {
    ...documents,
    name: 'perl-report',
    title: 'a Perl program makes an HTML index of documents',
    needs: ['python3', 'perl'],
    setUp: `${notes} mkdir -p ~/.local/robot; cat >~/.local/robot/index.pl <<'END'
use strict; use File::Find; use File::Temp; use POSIX;
my @found; my $home = $ENV{HOME} . '/Documents';
find({ no_chdir => 1, wanted => sub { push @found, $_ if -f && /\\.(md|txt)$/ } }, "$home/Projects", "$home/Letters");
open my $out, '>', "$home/Assistant/index.html" or die $!;
for (sort @found) { open my $in, '<', $_ or die "$_: $!"; my $first = <$in>; chomp $first; print $out "<li>$first</li>\\n"; }
print scalar(@found), "\\n";
END`,
    run: {
      python: `import os; os.execv('/usr/bin/perl', ['perl', os.path.expanduser('~/.local/robot/index.pl')])`,
    },
    leaves: ['Documents/Assistant/index.html'],
  },
  {
    name: 'own-automation',
    area: 'documents',
    profile: 'default-deny',
    title: 'an automation of one’s own: reads logs, writes a weekly report and rotates it',
    needs: ['python3'],
    settings: [programs, 'read=~/logs', 'write=~/reports'],
    setUp: `mkdir ~/logs ~/reports; for d in 1 2 3 4 5 6 7; do for i in 1 2 3; do echo "2023-11-0$d GET /p$i 200 $((d * i))"; done >~/logs/access.$d; gzip -nk ~/logs/access.$d; done; echo old >~/reports/week.txt`,
    run: {
      python: String.raw`import gzip, os, shutil
from concurrent.futures import ThreadPoolExecutor
home = os.path.expanduser('~')
def total(n):
    with gzip.open(f'{home}/logs/access.{n}.gz', 'rt') as f: return sum(int(l.split()[-1]) for l in f)
with ThreadPoolExecutor(4) as pool: sums = list(pool.map(total, range(1, 8)))
os.rename(f'{home}/reports/week.txt', f'{home}/reports/week.1.txt')
with open(f'{home}/reports/week.txt', 'w') as f: f.write('\n'.join(map(str, sums)))
shutil.make_archive(f'{home}/reports/all', 'tar', f'{home}/reports', 'week.txt')
print(sum(sums))
`,
    },
    leaves: ['reports/week.txt', 'reports/all.tar'],
    varies: ['reports/all.tar'],
  },
];
