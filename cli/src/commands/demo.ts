/** chaperone demo: real programs under a real policy, and a journal that notices one changed byte. */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { escapeForTerminal } from '@chaperone/protocol';
import { Command } from 'commander';
import { examples } from '../examples.ts';

type Step = {
  readonly title: string;
  readonly command: readonly string[];
  readonly expect: 'works' | 'refused';
};

const root = fileURLToPath(new URL('../../../', import.meta.url));

export function defineDemo(): Command {
  return new Command('demo')
    .description(
      'Runs real programs under a small policy, shows what is refused, and finds a tampered record.',
    )
    .addHelpText('after', examples('chaperone demo'))
    .action(() => {
      process.exitCode = demo() ? 0 : 1;
    });
}

/** @returns whether everything came out as it must */
function demo(): boolean {
  const folder = mkdtempSync(path.join(tmpdir(), 'chaperone-demo-'));
  try {
    const documents = path.join(folder, 'documents');
    const books = path.join(folder, 'financials');
    const policy = path.join(folder, 'policy');
    const journal = path.join(folder, 'journal');
    for (const one of [documents, books, policy]) mkdirSync(one);
    writeFileSync(path.join(documents, 'report.txt'), 'The quarterly report is due on Friday.\n');
    writeFileSync(path.join(books, 'Q4.csv'), 'account,balance\n4711,1000000\n');
    copyFileSync(path.join(root, 'policies', 'demo', 'access.rego'), path.join(policy, 'access.rego'));
    writeFileSync(
      path.join(policy, 'data.json'),
      JSON.stringify({ demo: { books: `${books}/`, runtimes: [path.dirname(process.execPath)] } }),
    );

    print(readFileSync(path.join(policy, 'access.rego'), 'utf8').trimEnd().replaceAll('\t', '  '), '  │ ');
    const steps: Step[] = [
      { title: 'reads a document', command: ['cat', path.join(documents, 'report.txt')], expect: 'works' },
      { title: 'reads the books', command: ['cat', path.join(books, 'Q4.csv')], expect: 'refused' },
      {
        title: 'reads them through a link that it makes first',
        command: ['node', '-e', linkAndRead(documents, books)],
        expect: 'refused',
      },
      { title: 'starts a shell', command: ['sh', '-c', 'echo this must not appear'], expect: 'refused' },
      { title: 'connects to a host', command: ['node', '-e', connect], expect: 'refused' },
    ];
    const results = steps.map((step, index) => act(step, index + 1, policy, journal));
    return verifies(journal) && findsTampering(journal) && results.every(Boolean);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const connect = `require('net').connect(443, '203.0.113.7').on('connect', () => console.log('connected')).on('error', (e) => { console.error(e.message); process.exit(1); });`;

function linkAndRead(documents: string, books: string): string {
  const link = JSON.stringify(path.join(documents, 'notes.txt'));
  const target = JSON.stringify(path.join(books, 'Q4.csv'));
  return `const fs = require('fs'); fs.symlinkSync(${target}, ${link}); try { console.log(fs.readFileSync(${link}, 'utf8')); } catch (e) { console.error(e.message); process.exit(1); }`;
}

function act({ title, command, expect }: Step, number: number, policy: string, journal: string): boolean {
  const [program, ...args] = command.map((one) => (one === 'node' ? process.execPath : one));
  const shown = command.map((one) => (one.includes(' ') ? '…' : path.basename(one))).join(' ');
  console.log(`\n${number}. The agent ${title}:  ${shown}`);
  const { status, stdout, stderr } = chaperone([
    'run',
    '--policy',
    policy,
    '--journal',
    journal,
    '--json',
    '--',
    program ?? '',
    ...args,
  ]);
  if (stdout.trim()) print(stdout.trimEnd(), '     ');
  const reasons = stderr.split('\n').flatMap((line) => denialIn(line));
  const worked = status === 0;
  console.log(
    worked ? '   ✓ allowed' : `   ✗ refused${reasons[0] ? `: ${escapeForTerminal(reasons[0])}` : ''}`,
  );
  const right = expect === 'works' ? worked : !worked && reasons.length > 0;
  if (!right)
    print(
      `this should have ${expect === 'works' ? 'worked' : 'been refused'}; status ${status}\n${stderr}`,
      '   ! ',
    );
  return right;
}

function denialIn(line: string): string[] {
  try {
    const news = JSON.parse(line) as { event?: string; decision?: { message?: string } };
    return news.event === 'denied' && news.decision?.message ? [news.decision.message] : [];
  } catch {
    return [];
  }
}

function verifies(journal: string): boolean {
  const { status, stdout } = chaperone(['journal', 'verify', journal]);
  console.log('\n6. The journal, verified:');
  print(stdout.trimEnd(), '   ');
  return status === 0;
}

function findsTampering(journal: string): boolean {
  const session =
    readdirSync(journal, { withFileTypes: true }).filter((entry) => entry.isDirectory())[1]?.name ?? '';
  const file = path.join(journal, session, '000001.jsonl');
  const bytes = readFileSync(file);
  const at = bytes.indexOf('"effect":"deny"');
  if (at < 0) return false;
  bytes.write('x', at + 11);
  writeFileSync(file, bytes);
  const { status, stdout, stderr } = chaperone(['journal', 'verify', journal]);
  console.log('\n7. One byte of one record changed, verified again:');
  print((stdout + stderr).trimEnd(), '   ');
  return status === 1;
}

function chaperone(args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [process.argv[1] ?? '', ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function print(text: string, indent: string): void {
  for (const line of text.split('\n')) console.log(indent + escapeForTerminal(line));
}
