/** `chaperone net`: what is connected now, and what was refused lately. */
import { jsonForTerminal } from '@chaperone/protocol';
import type { ExitCode } from '../../errors.ts';
import { styleOf, type Style } from '../journal/table.ts';
import { fill } from '../../wrap.ts';
import { type Column, painted, table } from './columns.ts';
import { addressOf, type Connection, type Denied } from './items.ts';
import { Network } from './network.ts';
import { counting, isAt, Latest, noTotals, type Totals } from './tally.ts';
import { bytesText, count, momentText, programText, speechText } from './units.ts';

export type OverviewOptions = { readonly session?: string; readonly host?: string; readonly last?: number };

export type Overview = {
  readonly live: readonly Connection[];
  /** The last ones, the oldest first. */
  readonly denied: readonly Denied[];
  readonly totals: Totals;
};

const defaultLast = 20;
/** Below, a denial takes two lines. */
const wideColumns = 120;
const indent = ' '.repeat(9);

/** Throws CliError and JournalError. @returns 1 when a line could not be read as a record */
export function showOverview(
  dir: string,
  options: OverviewOptions & { readonly json?: boolean },
  nowMs: number,
): ExitCode {
  const watch = new Watch(dir, options);
  watch.network.read();
  const overview = watch.overview();
  if (options.json) process.stdout.write(`${jsonForTerminal(overview)}\n`);
  else {
    const lines = overviewLines(overview, styleOf(process.stdout, process.env), nowMs);
    process.stdout.write(`${lines.join('\n')}\n`);
  }
  return watch.network.told();
}

/** A journal's network with what the overview needs of it. */
export class Watch {
  readonly network: Network;
  readonly #totals = noTotals();
  readonly #denied: Latest<Denied>;
  readonly #host: string | undefined;

  /** @param heard also hears what is counted */
  constructor(
    dir: string,
    { session, host, last = defaultLast }: OverviewOptions,
    heard?: {
      opened(connection: Connection): void;
      ended(connection: Connection): void;
      denied(denied: Denied): void;
    },
  ) {
    this.#host = host;
    this.#denied = new Latest(last);
    const count = counting(() => this.#totals);
    this.network = new Network(dir, session, {
      opened: (connection) => {
        if (isAt(connection, host)) heard?.opened(connection);
      },
      ended: (connection) => {
        if (!isAt(connection, host)) return;
        count.ended(connection);
        heard?.ended(connection);
      },
      asked: (request) => isAt(request, host) && count.asked(request),
      named: (name, where) => isAt(where, host) && count.named(name, where),
      denied: (denied) => {
        if (!isAt(denied, host)) return;
        count.denied(denied);
        this.#denied.add(denied);
        heard?.denied(denied);
      },
    });
  }

  overview(): Overview {
    const live = this.network.live().filter((one) => isAt(one, this.#host));
    const connections = this.#totals.connections + live.length;
    return { live, denied: this.#denied.list(), totals: { ...this.#totals, connections } };
  }
}

const liveColumns: readonly Column[] = [
  { head: 'SESSION', min: 9, middle: true, weight: 0.5, goes: 1 },
  { head: 'SINCE', min: 11 },
  { head: 'PROGRAM', min: 8, middle: true, weight: 0.7 },
  { head: 'DESTINATION', min: 16, middle: true, weight: 1.5 },
  { head: 'WHAT', min: 5 },
  { head: 'SENT', min: 6, right: true },
];

const denialColumns: readonly Column[] = [
  { head: 'TIME', min: 11 },
  { head: 'PROGRAM', min: 8, middle: true, weight: 0.7 },
  { head: 'WHAT', min: 16, middle: true },
  { head: 'WHY', min: 16 },
  { head: 'ID', min: 24 },
];

/** @param rows of the terminal, when all has to fit: then the oldest are left out, and it is said how many */
export function overviewLines(overview: Overview, style: Style, nowMs: number, rows = Infinity): string[] {
  const { live, denied, totals } = overview;
  const figures = totalsOf(totals, live.length);
  if (figures.length === 0) return ['No agent has used the network.'];
  const isWide = style.width === undefined || style.width >= wideColumns;
  const last = ['', ...fill(figures, style.width ?? Infinity, false)];
  // Headings, heads of columns, what is left out, and the line between.
  const room = rows - last.length - 7;
  const perDenial = isWide ? 1 : 2;
  const liveRoom = Math.max(
    1,
    Math.min(live.length, Math.max(Math.floor(room / 2), room - denied.length * perDenial)),
  );
  const deniedRoom = Math.max(1, Math.floor((room - Math.min(live.length, liveRoom)) / perDenial));
  return [
    painted('Live connections', 'bold', style),
    ...section(live, liveRoom, 'None.', style, (shown) => liveTable(shown, style, nowMs)),
    '',
    painted('Recent denials', 'bold', style),
    ...section(denied, deniedRoom, 'None.', style, (shown) => denialTable(shown, style, nowMs, isWide)),
    ...last,
  ];
}

function section<One>(
  all: readonly One[],
  room: number,
  none: string,
  style: Style,
  lines: (shown: readonly One[]) => string[],
): string[] {
  if (all.length === 0) return [none];
  const hidden = Math.max(0, all.length - room);
  return [
    ...lines(all.slice(hidden)),
    ...(hidden > 0 ? [painted(`and ${hidden.toLocaleString('en')} before them`, 'quiet', style)] : []),
  ];
}

function liveTable(live: readonly Connection[], style: Style, nowMs: number): string[] {
  const rows = live.map((one) => [
    one.session,
    momentText(one.time, nowMs),
    programText(one),
    addressOf(one),
    speechText(one),
    // What has no requests says how much it sent when it ends.
    bytesText(one.body_sent_bytes === 0 ? undefined : one.body_sent_bytes),
  ]);
  return table(liveColumns, rows, style);
}

function denialTable(denied: readonly Denied[], style: Style, nowMs: number, isWide: boolean): string[] {
  const rows = denied.map((one) => [
    momentText(one.time, nowMs),
    programText(one),
    one.what,
    whyText(one),
    one.id,
  ]);
  if (isWide) return table(denialColumns, rows, style, 'bad');
  const [head = '', ...firsts] = table(
    denialColumns.slice(0, 3),
    rows.map((row) => row.slice(0, 3)),
    style,
    'bad',
  );
  const seconds = table(
    [{ head: '', min: 0, middle: true }, ...denialColumns.slice(3)],
    rows.map((row) => [indent.slice(1), ...row.slice(3)]),
    style,
  ).slice(1);
  return [head, ...firsts.flatMap((line, index) => [line, seconds[index] ?? ''])];
}

export function whyText({ reason, message, went_on: wentOn }: Denied): string {
  return `${wentOn ? 'went on, ' : ''}${reason}: ${message}`;
}

/** @returns nothing when there was nothing at all */
function totalsOf(totals: Totals, live: number): string[] {
  const { connections, requests, names, denied, went_on: wentOn } = totals;
  if (connections + requests + names + denied + wentOn === 0) return [];
  const parts = [
    `${count(connections, 'connection')} (${live.toLocaleString('en')} live)`,
    count(requests, 'request'),
    count(names, 'name'),
    `${bytesText(totals.sent_bytes)} sent`,
    `${bytesText(totals.received_bytes)} received`,
    `${denied.toLocaleString('en')} denied`,
    ...(wentOn > 0 ? [`${wentOn.toLocaleString('en')} would be denied and went on`] : []),
  ];
  return parts.map((part, index) => (index < parts.length - 1 ? `${part},` : part));
}
