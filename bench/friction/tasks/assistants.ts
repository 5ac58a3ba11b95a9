/** Mail, literature, a browser: the other assistants. */
import type { Task } from '../task.ts';

const programs = 'programs=~/.local/robot';

export const assistants: readonly Task[] = [
  {
    name: 'research',
    area: 'mail, research',
    profile: 'research-summary',
    title: 'reads a bibliography and texts, ranks sentences, writes a summary',
    needs: ['python3'],
    settings: [programs],
    setUp: String.raw`mkdir -p ~/Documents/Research/papers ~/Documents/Research/Summaries
for i in $(seq 1 30); do printf 'We study effect %s. The effect is large. Method %s is used on sample %s.\n' $i $((i % 4)) $i >~/Documents/Research/papers/p$i.txt; printf '@article{p%s, title={Effect %s}}\n' $i $i >>~/Documents/Research/all.bib; done`,
    run: {
      python: String.raw`import glob, json, math, os, re
from collections import Counter
home = os.path.expanduser('~/Documents/Research')
titles = dict(re.findall(r'@article\{(\w+), title=\{(.*?)\}\}', open(f'{home}/all.bib').read()))
texts = {os.path.basename(p)[:-4]: open(p).read() for p in sorted(glob.glob(f'{home}/papers/*.txt'))}
df = Counter(w for t in texts.values() for w in set(re.findall(r'\w+', t)))
best = {k: max(t.split('. '), key=lambda s: sum(math.log(len(texts) / df[w]) for w in re.findall(r'\w+', s) if w in df)) for k, t in texts.items()}
os.makedirs(f'{home}/Summaries/2023', exist_ok=True)
with open(f'{home}/Summaries/2023/summary.md', 'w') as f: f.writelines(f'## {titles[k]}\n{s}\n' for k, s in best.items())
json.dump(best, open(f'{home}/Summaries/2023/best.json', 'w'))
print(len(best))
`,
    },
    leaves: ['Documents/Research/Summaries/2023/summary.md'],
  },
  {
    name: 'mail',
    area: 'mail, research',
    profile: 'inbox-triage',
    title: 'sorts a Maildir into folders, flags messages, drafts an answer',
    needs: ['python3'],
    settings: [programs, 'mail=~/Maildir', 'drafts=~/Drafts'],
    setUp: String.raw`mkdir -p ~/Maildir/new ~/Maildir/cur ~/Maildir/tmp ~/Maildir/.News/new ~/Maildir/.News/cur ~/Maildir/.News/tmp ~/Drafts
for i in $(seq 1 30); do s='a question'; [ $((i % 3)) = 0 ] && s='newsletter'; printf 'From: p%s@example.org\nSubject: %s\n\nText %s\n' $i "$s" $i >~/Maildir/new/17000000$i.M1.host; done`,
    run: {
      python: String.raw`import email, glob, os
home = os.path.expanduser('~')
for path in sorted(glob.glob(f'{home}/Maildir/new/*')):
    with open(path) as f: message = email.message_from_file(f)
    name = os.path.basename(path)
    if message['Subject'] == 'newsletter': os.rename(path, f'{home}/Maildir/.News/cur/{name}:2,S')
    else:
        os.rename(path, f'{home}/Maildir/cur/{name}:2,F')
        with open(f'{home}/Drafts/{name}.eml', 'w') as f: f.write(f'To: {message["From"]}\nSubject: Re: {message["Subject"]}\n\nThank you.\n')
print(len(os.listdir(f'{home}/Maildir/cur')), len(os.listdir(f'{home}/Maildir/.News/cur')))
`,
    },
    leaves: ['Maildir/cur/170000001.M1.host:2,F', 'Drafts/170000001.M1.host.eml'],
  },
  {
    name: 'browser-page',
    area: 'browser',
    profile: 'browser-automation',
    title: 'Chromium, headless with its own sandbox, runs a page and gives its text',
    needs: ['python3', 'chromium'],
    settings: [programs, 'uploads=~/pages'],
    setUp: `mkdir -p ~/pages ~/Downloads/Agent; echo '<title>t</title><p id=p>no</p><script>document.getElementById("p").textContent = [6, 7].reduce((a, b) => a * b)</script>' >~/pages/a.html`,
    run: {
      python: String.raw`import os, subprocess
home = os.path.expanduser('~')
profile = f'{home}/.cache/chaperone-browser'
os.chdir(f'{home}/Downloads/Agent')
flags = ['--headless', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-default-apps']
out = subprocess.run(['/usr/bin/chromium', *flags, f'--user-data-dir={profile}', '--dump-dom', f'file://{home}/pages/a.html'], stdout=subprocess.PIPE, check=True, timeout=120, env={**os.environ, 'XDG_CACHE_HOME': f'{profile}/cache', 'XDG_CONFIG_HOME': f'{profile}/config'}).stdout
open('page.html', 'wb').write(out)
print(b'>42<' in out)
`,
    },
    closed: [
      {
        rule: 'refused_call',
        object: 'write_to_proc',
        why: 'how readily the kernel ends a child: no process changes another',
      },
      {
        rule: 'refused_call',
        object: 'proc_of_supervisor',
        why: 'the browser looks at processes that are not its own',
      },
      {
        rule: 'refused_call',
        object: 'socket:family=16*',
        why: 'netlink: the browser would watch for devices',
      },
      {
        rule: 'network',
        object: '*.google*.com',
        why: 'the browser looks for updates; the host is not listed',
      },
      {
        rule: 'network',
        object: '2001:4860:4860::8888*',
        why: 'the browser tries whether there is IPv6; the host is not listed',
      },
    ],
    leaves: ['Downloads/Agent/page.html'],
  },
];
