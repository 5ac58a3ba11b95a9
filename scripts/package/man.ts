/**
 * Prints the manual page chaperone(1): commands and options from their definitions, the rest from docs/cli.md.
 * Usage: scripts/node scripts/package/man.ts [DATE]
 */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { describeProgram } from '../../cli/src/program.ts';
import { allCommands, type CommandSpec, specOf } from '../../cli/src/spec.ts';

const root = new URL('../../', import.meta.url);

/** @param date YYYY-MM-DD */
export function manualPage(program: CommandSpec, version: string, reference: string, date: string): string {
  const commands = [...allCommands(program)].filter(({ path }) => path.length > 1);
  return [
    `.TH CHAPERONE 1 ${date} ${word(`chaperone ${version}`)} "User Commands"`,
    '.SH NAME',
    `chaperone \\- ${text(lowerFirst(program.description).replace(/\.$/, ''))}`,
    '.SH SYNOPSIS',
    ...commands
      .filter((command) => command.commands.length === 0)
      .flatMap(({ usage }) => ['.br', `.B ${text(usage)}`])
      .slice(1),
    '.SH DESCRIPTION',
    ...paragraphs(program.description),
    '.SH OPTIONS',
    ...options(program),
    '.SH COMMANDS',
    ...commands.flatMap(section),
    ...sections(reference),
    '.SH SEE ALSO',
    '.BR bwrap (1)',
    '',
  ].join('\n');
}

function section(command: CommandSpec): string[] {
  return [
    `.SS ${word(command.usage)}`,
    ...paragraphs(command.description),
    ...command.arguments.flatMap(({ name, detail }) =>
      detail ? ['.TP', `.I ${text(name)}`, text(detail)] : [],
    ),
    ...options(command),
    ...(command.epilogue ? ['.PP', '.nf', ...command.epilogue.split('\n').map(text), '.fi'] : []),
  ];
}

/** `-h` is said once, for the program. */
function options(command: CommandSpec): string[] {
  return command.options
    .filter(({ long }) => long !== '--help' || command.path.length === 1)
    .flatMap(({ flags, detail }) => ['.TP', `.B ${text(flags)}`, text(detail)]);
}

function paragraphs(description: string): string[] {
  return description
    .split(/\n\n+/)
    .flatMap((paragraph) => ['.PP', text(paragraph.replaceAll('\n', ' '))])
    .slice(1);
}

/** Each `##` of the reference with its table: the first column is the term, the last one what it means. */
function sections(reference: string): string[] {
  return reference
    .split(/^## /m)
    .slice(1)
    .flatMap((part) => {
      const [title = '', ...lines] = part.split('\n');
      const rows = tableRows(lines);
      if (rows.length === 0) throw new Error(`docs/cli.md: the section ${title} has no table`);
      return [
        `.SH ${word(title.toUpperCase())}`,
        ...rows.flatMap((cells) => {
          const [term = '', ...rest] = cells;
          const meaning = rest.at(-1) ?? '';
          const where = rest.length > 1 && rest[0] !== 'all' ? `(${rest[0]}) ` : '';
          return ['.TP', `.B ${text(unmarked(term))}`, text(unmarked(where + meaning))];
        }),
      ];
    });
}

/** The cells of a Markdown table, without its head. */
export function tableRows(lines: readonly string[]): string[][] {
  return lines
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .replace(/^\||\|\s*$/g, '')
        .split('|')
        .map((cell) => cell.trim()),
    );
}

function unmarked(markdown: string): string {
  return markdown.replaceAll('`', '');
}

function lowerFirst(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

/** A line of roff that prints as it stands: a hyphen stays one, and no first character is a request. */
function text(line: string): string {
  const escaped = line
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('~', '\\(ti')
    .replaceAll('^', '\\(ha')
    .replace(
      /[^\x20-\x7e]/gu,
      (character) => `\\[u${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}]`,
    );
  return /^[.']/.test(escaped) ? `\\&${escaped}` : escaped;
}

/** One argument of a request. */
function word(argument: string): string {
  return `"${text(argument).replaceAll('"', '\\(dq')}"`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // Defaults in the definitions are paths below the home folder of whoever asks.
  process.env['HOME'] = '~';
  for (const name of ['XDG_STATE_HOME', 'XDG_CACHE_HOME', 'COLUMNS']) delete process.env[name];
  const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { version: string };
  const reference = readFileSync(new URL('docs/cli.md', root), 'utf8');
  const date = process.argv[2] ?? new Date().toISOString().slice(0, 10);
  process.stdout.write(manualPage(specOf(await describeProgram()), version, reference, date));
}
