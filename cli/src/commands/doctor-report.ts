/** The report as text that fits the terminal. What it quotes may come from anywhere, so all of it is escaped. */
import type { Finding, Report, Result, Verdict } from '@chaperone/endpoint/doctor';
import { escapeForTerminal } from '@chaperone/protocol';
import { fill, wrap } from '../wrap.ts';
import type { Style } from './journal/table.ts';

const sgr: Readonly<Record<Result, string>> = { ok: '32', limited: '33', missing: '31', info: '2' };
const resultWidth = 8;
const checkWidth = 18;
const indent = ' '.repeat(resultWidth + checkWidth);
/** Where commands start: they need the width. */
const commandIndent = ' '.repeat(resultWidth);
const defaultWidth = 80;
/** Longer lines are hard to read. */
const maxWidth = 100;

/** @returns lines that end in a newline; only a word of a command may be wider than the terminal */
export function doctorReport({ findings, verdict }: Report, style: Style): string {
  const width = Math.min(style.width ?? defaultWidth, maxWidth);
  const lines = findings.flatMap((finding) => describe(finding, width, style.colour));
  return `${[...lines, '', ...verdictLines(verdict, width, style.colour)].join('\n')}\n`;
}

function describe({ check, result, means, remedy }: Finding, width: number, colour: boolean): string[] {
  const [first = '', ...more] = wrap(means, width - indent.length);
  const word = paint(result.padEnd(resultWidth), sgr[result], colour);
  return [
    `${word}${escapeForTerminal(check).padEnd(checkWidth)}${first}`,
    ...[...more, ...wrap(remedy?.text ?? '', width - indent.length)].map((line) => indent + line),
    ...(remedy?.commands ?? []).flatMap((line) => wrapCommand(line, width)),
  ];
}

function verdictLines(verdict: Verdict, width: number, colour: boolean): string[] {
  const { run, isolation, because, lost } = verdict;
  const list = (items: readonly string[]): string[] =>
    items.flatMap((item) =>
      wrap(item, width - 4).map((line, index) => `${index === 0 ? '  - ' : '    '}${line}`),
    );
  switch (run) {
    case 'works':
      return [
        paint(
          `chaperone run works, with ${isolation ?? 'no'} isolation and every guarantee.`,
          sgr.ok,
          colour,
        ),
      ];
    case 'limited':
      return [
        paint(`chaperone run works with ${isolation ?? 'no'} isolation, with limits.`, sgr.limited, colour),
        ...(lost.length > 0 ? ['Not guaranteed here:', ...list(lost)] : []),
      ];
    case 'joins':
      return [paint('chaperone run joins the session that this is in.', sgr.limited, colour), ...list(lost)];
    case 'impossible':
      return wrap(`chaperone run cannot start here. See: ${because.join(', ')}.`, width).map((line) =>
        paint(line, sgr.missing, colour),
      );
    default:
      return run satisfies never;
  }
}

function paint(text: string, code: string, colour: boolean): string {
  return colour ? `\x1b[${code}m${text}\x1b[0m` : text;
}

/** Broken as a shell takes it; a line of a file that a here-document holds must stay whole, and is short. */
function wrapCommand(command: string, width: number): string[] {
  const text = escapeForTerminal(command);
  const room = width - commandIndent.length - 2;
  if (text.length <= room + 2 || command.includes('<<')) return [commandIndent + text];
  return fill(text.split(' '), room, false).map(
    (line, at, all) => commandIndent + line + (at < all.length - 1 ? ' \\' : ''),
  );
}
