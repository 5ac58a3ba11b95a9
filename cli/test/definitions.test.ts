/** What is made from the command definitions: help, completions, the manual page. */
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command, Option } from 'commander';
import { describe, expect, onTestFinished, test } from 'vitest';
import { bashCompletion } from '../src/commands/completion/bash.ts';
import { fishCompletion } from '../src/commands/completion/fish.ts';
import { zshCompletion } from '../src/commands/completion/zsh.ts';
import { describeProgram } from '../src/program.ts';
import { allCommands, specOf } from '../src/spec.ts';

const root = path.resolve(import.meta.dirname, '../..');
const program = specOf(await describeProgram());
const commands = [...allCommands(program)];

test.each(commands.map((command) => [command.path.join(' '), command] as const))(
  '[req: cli:help] %s has a description, and its help ends in examples that name it',
  (name, { description, epilogue }) => {
    expect(description).not.toBe('');
    expect(epilogue).toMatch(/^Examples?:\n/m);
    expect(epilogue).toContain(name);
  },
);

test('[req: cli:help] every variable that the program reads is in docs/cli.md', () => {
  const reference = readFileSync(path.join(root, 'docs/cli.md'), 'utf8');
  const files = globSync('{cli,runtime-plane/endpoint}/src/**/*.{ts,js}', { cwd: root });
  const read = files.flatMap((file) =>
    [...readFileSync(path.join(root, file), 'utf8').matchAll(/\b(?:env|environment)\['([A-Z_]+)'\]/g)].map(
      ([, name]) => name ?? '',
    ),
  );
  expect(read.length).toBeGreaterThan(5);
  expect(read.filter((name) => !reference.includes(`\`${name}\``))).toEqual([]);
});

/** A made-up program with everything that could go wrong in a shell. */
function awkward() {
  const made = new Command('chaperone').description('Top.');
  const run = new Command('run')
    .summary(`it's $HOME, "x" [y]: \`z\``)
    .argument('<command...>')
    .passThroughOptions();
  run.addOption(
    new Option('-m, --mode <mode>', `don't; [a]: \\ $(touch pwned)`).choices(['audit', 'enforce']),
  );
  run
    .option('-p, --policy <path>', 'a file')
    .option('--journal <folder>', 'a folder')
    .option('--json', 'switch');
  const group = new Command('journal').summary('group');
  group.command('show').argument('[dir]').option('--last <count>', 'number');
  made.enablePositionalOptions().addCommand(run).addCommand(group);
  return specOf(made);
}

/** What bash would offer after these words; the last one is being written. */
function bashOffers(script: string, words: readonly string[], cwd: string): string[] {
  const file = path.join(cwd, 'script');
  writeFileSync(file, script);
  const driver =
    'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _chaperone; printf "%s\\n" "${COMPREPLY[@]}"';
  const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-c', driver, 'bash', file, ...words], {
    cwd,
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return [...new Set(stdout.split('\n'))].filter((line) => line !== '');
}

function aFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'completion-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe('[req: cli:completion] bash', () => {
  test.each<[string[], string[]]>([
    [
      ['chaperone', ''],
      ['run', 'journal'],
    ],
    [['chaperone', 'jo'], ['journal']],
    [['chaperone', 'journal', ''], ['show']],
    [['chaperone', 'journal', 'show', '--l'], ['--last']],
    [['chaperone', 'journal', 'show', '--last', ''], []],
    [
      ['chaperone', 'run', '--mode', ''],
      ['audit', 'enforce'],
    ],
    [['chaperone', 'run', '--mode', '=', 'en'], ['enforce']],
    [
      ['chaperone', 'run', '-m', 'audit', '--j'],
      ['--journal', '--json'],
    ],
    [['chaperone', 'run', '--policy', 'journal', '--mode', 'a'], ['audit']],
    [['chaperone', 'run', '--', 'mkfif'], ['mkfifo']],
    [['chaperone', 'run', 'mkfif'], ['mkfifo']],
    [['chaperone', 'run', '--', 'cat', '--mod'], []],
    [['chaperone', 'run', '--policy', 'scr'], ['script']],
    [['chaperone', 'run', '--journal', 'scr'], []],
  ])('%j', (words, offered) => {
    expect(bashOffers(bashCompletion(awkward()), words, aFolder()).toSorted()).toEqual(offered.toSorted());
  });

  test('the real commands', () => {
    const script = bashCompletion(program);
    const names = program.commands.map(({ path: where }) => where.at(-1) ?? '');
    expect(names).toContain('completion');
    expect(bashOffers(script, ['chaperone', ''], aFolder()).toSorted()).toEqual(names.toSorted());
  });
});

test.each([
  ['zsh', ['-n'], zshCompletion],
  ['fish', ['--no-execute'], fishCompletion],
] as const)('[req: cli:completion] %s can read its script', (shell, check, generate) => {
  const folder = aFolder();
  for (const spec of [program, awkward()]) {
    const script = generate(spec);
    for (const command of allCommands(spec)) expect(script).toContain(command.path.at(-1));
    // Both shells take a description between single quotes as it stands.
    expect(script.replaceAll(/'(?:[^']|'\\'')*'/g, '')).not.toContain('touch pwned');
    writeFileSync(path.join(folder, 'script'), script);
    const { error, status, stderr } = spawnSync(shell, [...check, path.join(folder, 'script')], {
      encoding: 'utf8',
    });
    if (error) console.log(`skipped: ${shell} is not installed, its script was not given to it`);
    else expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  }
});

test('[req: cli:manual] the manual page has every command and option, and nothing of this machine', () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(root, 'scripts/package/man.ts'), '2026-01-02'],
    { encoding: 'utf8' },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const plain = stdout.replaceAll('\\-', '-').replaceAll('\\(ti', '~');
  for (const { usage, options, description } of commands.slice(1)) {
    expect(plain).toContain(usage);
    expect(plain).toContain(description.split('\n')[0]);
    for (const { flags } of options) expect(plain).toContain(`.B ${flags}`);
  }
  for (const title of ['EXIT CODES', 'ENVIRONMENT', 'FILES']) expect(plain).toContain(`.SH "${title}"`);
  expect(plain).toContain('.TH CHAPERONE 1 2026-01-02');
  expect(plain).toContain('~/.local/state/chaperone/journal');
  expect(plain).not.toContain(root);
  const request = /^\.(?:TH|SH|SS|PP|TP|br|nf|fi|B|I|BR)\b/;
  expect(stdout.split('\n').filter((line) => line.startsWith('.') && !request.test(line))).toEqual([]);

  const page = path.join(aFolder(), 'page.1');
  writeFileSync(page, stdout);
  const man = spawnSync('man', ['--warnings', '-E', 'UTF-8', '-l', '-Tutf8', '-Z', page], {
    encoding: 'utf8',
  });
  if (man.error) console.log('skipped: man is not installed, the page was not given to it');
  else expect({ status: man.status, stderr: man.stderr }).toEqual({ status: 0, stderr: '' });
});
