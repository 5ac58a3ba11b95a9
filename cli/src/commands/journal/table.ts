/** Records as a table that fits the terminal. Every cell holds text that an agent may have chosen, so all are escaped. */
import { type DecisionInput, escapeForTerminal, type JournalRecord, pathBytes } from '@chaperone/protocol';
import type { Entry } from './entry.ts';

export type Style = {
  /** Columns to fit into; undefined for a pipe, where nothing is cut. */
  readonly width: number | undefined;
  readonly colour: boolean;
};

/** `NO_COLOR` is the convention of no-color.org: any non-empty value switches colour off. */
export function styleOf(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  env: Readonly<Record<string, string | undefined>>,
): Style {
  const asked = Number(env['COLUMNS']);
  // A terminal that nobody told its size (under script, expect, ssh -tt) says 0.
  const width =
    Number.isInteger(asked) && asked >= 20 ? asked : stream.isTTY ? stream.columns || 80 : undefined;
  return { width, colour: stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb' };
}

type Row = {
  readonly seq: string;
  readonly time: string;
  readonly what: string;
  readonly action: string;
  readonly object: string;
  readonly why: string;
  readonly tone: 'good' | 'bad' | 'quiet' | 'plain';
};

const sgr = { good: '32', bad: '31', quiet: '2', plain: '0' } as const;
const seqWidth = 6;
const timeWidth = 12;
const whatWidth = 8;
const actionWidth = 13;
const gaps = 5;

/** Above the records of a session; a record shows only its time. */
export function sessionRow(session: string, entry: Entry | undefined): string {
  const day = entry && 'record' in entry ? `, ${entry.record.time.slice(0, 10)}` : '';
  return `session ${escapeForTerminal(session)}${day}`;
}

export function headerRow(style: Style): string {
  return layOut(
    {
      seq: 'NO',
      time: 'TIME (UTC)',
      what: 'WHAT',
      action: 'ACTION',
      object: 'OBJECT',
      why: 'WHY',
      tone: 'quiet',
    },
    style,
  );
}

export function tableRow(entry: Entry, style: Style): string {
  if ('problem' in entry) {
    const object = `line ${entry.line} is no record: ${entry.problem}`;
    return layOut({ seq: '', time: '', what: 'damaged', action: '', object, why: '', tone: 'bad' }, style);
  }
  const { record } = entry;
  const base = { seq: String(record.seq), time: record.time.slice(11, 23) };
  return layOut({ ...base, ...describe(record) }, style);
}

function describe(record: JournalRecord): Omit<Row, 'seq' | 'time'> {
  switch (record.kind) {
    case 'session_start':
      return {
        what: 'start',
        action: '',
        object: record.argv.join(' '),
        why: `policy ${record.revision}`,
        tone: 'quiet',
      };
    case 'decision': {
      const { effect, reason, message, obligations } = record.decision;
      const duties = obligations.length === 0 ? '' : ` [${obligations.map(({ kind }) => kind).join(', ')}]`;
      const why =
        effect === 'allow'
          ? `${record.decision.rules.join(', ')}${duties}`
          : `${reason}: ${message}${duties}`;
      const { action } = record.input;
      return {
        what: effect === 'deny' && record.proceeded ? 'went on' : effect,
        action,
        object: objectOf(record.input),
        why,
        tone: effect === 'allow' ? 'good' : 'bad',
      };
    }
    case 'outcome': {
      const object = `of ${record.decision}${record.bytes === undefined ? '' : `, ${record.bytes} bytes`}`;
      return { what: record.result, action: '', object, why: record.errno ?? '', tone: 'quiet' };
    }
    case 'summary':
      return {
        what: 'allow',
        action: `× ${record.count}`,
        object: record.class,
        why: 'counted',
        tone: 'quiet',
      };
    case 'refusal': {
      const object = record.call ?? (record.input ? objectOf(record.input) : '');
      const action = record.input?.action ?? '';
      return { what: 'refuse', action, object, why: `${record.reason}: ${record.message}`, tone: 'bad' };
    }
    case 'session_end': {
      const object = `${record.allowed} allowed, ${record.denied} denied`;
      const why = record.cause ?? (record.exit_code === undefined ? '' : `exit ${record.exit_code}`);
      return { what: 'end', action: '', object, why, tone: 'quiet' };
    }
    case 'checkpoint':
      return {
        what: 'signed',
        action: '',
        object: `${record.count} records`,
        why: `key ${record.key}`,
        tone: 'quiet',
      };
    default:
      return record satisfies never;
  }
}

function objectOf(input: Partial<DecisionInput>): string {
  const { path, target, command, destination, call, credential } = input;
  if (destination) {
    const { host, ip, port, method, path: urlPath } = destination;
    const where = `${host ?? ip ?? '?'}${port === undefined ? '' : `:${port}`}${urlPath ?? ''}`;
    return method === undefined ? where : `${method} ${where}`;
  }
  if (command?.argv) return command.argv.join(' ');
  if (path !== undefined)
    return target === undefined ? exactPath(input, path) : `${exactPath(input, path)} -> ${target}`;
  return call?.name ?? credential?.kind ?? '';
}

/** A name that is not UTF-8 is shown by its bytes: its readable form may be that of another file. */
function exactPath(input: Partial<DecisionInput>, path: string): string {
  if (input.path_bytes === undefined) return path;
  return Buffer.from(pathBytes({ path, path_bytes: input.path_bytes }))
    .toString('latin1')
    .replace(/[^\x20-\x7e]/g, (byte) => {
      return `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`;
    });
}

function layOut(row: Row, { width, colour }: Style): string {
  const fixed = seqWidth + timeWidth + whatWidth + actionWidth + gaps;
  const rest = width === undefined ? undefined : Math.max(8, width - fixed);
  const objectWidth = rest === undefined ? undefined : row.why === '' ? rest : Math.ceil(rest * 0.6);
  const whyWidth = rest === undefined || objectWidth === undefined ? undefined : rest - objectWidth;
  const cells = [
    fit(row.seq, seqWidth).trimEnd().padStart(seqWidth),
    fit(row.time, timeWidth),
    fit(row.what, whatWidth),
    fit(row.action, actionWidth),
    objectWidth === undefined ? escapeForTerminal(row.object) : fit(row.object, objectWidth),
    whyWidth === undefined ? escapeForTerminal(row.why) : whyWidth > 0 ? fit(row.why, whyWidth) : '',
  ];
  const line = cells.join(' ').trimEnd();
  const cut = width === undefined ? line : cutTo(line, width);
  return colour && row.tone !== 'plain' ? `\x1b[${sgr[row.tone]}m${cut}\x1b[0m` : cut;
}

/** Escaped, cut with … where needed, and padded to exactly `width` columns. */
export function fit(text: string, width: number): string {
  const escaped = cutTo(escapeForTerminal(text), width);
  return escaped + ' '.repeat(Math.max(0, width - columnsOf(escaped)));
}

export function cutTo(text: string, width: number): string {
  if (columnsOf(text) <= width) return text;
  let result = '';
  let used = 0;
  for (const character of text) {
    used += columnsOf(character);
    if (used > width - 1) break;
    result += character;
  }
  return `${result}…`;
}

/** East Asian wide characters and emoji take two columns, combining marks none (Unicode TR 11). */
export function columnsOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let columns = 0;
  for (const character of text) {
    if (/\p{M}/u.test(character)) continue;
    columns +=
      /[\u{1100}-\u{115F}\u{2E80}-\u{A4CF}\u{AC00}-\u{D7A3}\u{F900}-\u{FAFF}\u{FE30}-\u{FE6F}\u{FF00}-\u{FF60}\u{FFE0}-\u{FFE6}\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return columns;
}
