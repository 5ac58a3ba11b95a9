/** `chaperone net log`: connections with what they carried, and what was refused, one per line. */
import { jsonForTerminal } from '@chaperone/protocol';
import type { ExitCode } from '../../errors.ts';
import { sessionRow, styleOf, type Style } from '../journal/table.ts';
import { type Column, Layout, painted } from './columns.ts';
import { addressOf, type Connection, type Item, type Request } from './items.ts';
import { Network } from './network.ts';
import { whyText } from './overview.ts';
import { isAt, Latest } from './tally.ts';
import { bytesText, durationText, nameText, programText, speechText, stateText } from './units.ts';

export type LogOptions = {
  readonly session?: string;
  readonly host?: string;
  readonly last?: number;
  readonly requests?: boolean;
  readonly denied?: boolean;
  readonly json?: boolean;
};

/** One line, and the requests below it. */
type Shown = { readonly time: string; readonly item: Item; readonly under: Request[]; more: number };

/** Requests that wait for the end of their connection; what is more is counted. */
const maxWaiting = 50_000;

/** Throws CliError and JournalError. @returns 1 when a line could not be read as a record */
export function showLog(dir: string, options: LogOptions): ExitCode {
  const latest = options.last === undefined ? undefined : new Latest<Shown>(options.last);
  const style = styleOf(process.stdout, process.env);
  const print = options.json ? printJson : tablePrinter(style, (line) => process.stdout.write(`${line}\n`));
  let shown = 0;
  const found = (one: Shown): void => {
    shown += 1;
    if (latest) latest.add(one);
    else print(one);
  };
  const lines = new Lines(options, found);
  const network = new Network(dir, options.session, {
    ended: (connection) => lines.connection(connection),
    answered: (request) => lines.request(request),
    denied: (denied) => lines.add(denied),
  });
  network.read();
  for (const request of network.waiting()) lines.request(request);
  for (const connection of network.live()) lines.connection(connection);
  lines.end();
  latest?.list().forEach(print);
  if (shown === 0 && !options.json) process.stdout.write('Nothing was found.\n');
  return network.told();
}

/** What is wanted of all that is heard, with requests below their connections. */
class Lines {
  readonly #options: LogOptions;
  readonly #found: (shown: Shown) => void;
  /** By the id of their connection. */
  readonly #under = new Map<string, { requests: Request[]; more: number }>();
  #waiting = 0;

  constructor(options: LogOptions, found: (shown: Shown) => void) {
    this.#options = options;
    this.#found = found;
  }

  add(item: Item, under: Request[] = [], more = 0): void {
    if (this.#options.denied && item.kind !== 'denied') return;
    if (under.length + more > 0 || isAt(item, this.#options.host))
      this.#found({ time: item.time, item, under, more });
  }

  connection(connection: Connection): void {
    const { requests = [], more = 0 } = this.#under.get(connection.id) ?? {};
    this.#waiting -= requests.length;
    this.#under.delete(connection.id);
    this.add(connection, requests, more);
  }

  request(request: Request): void {
    const { host, requests, denied, json } = this.#options;
    if (!requests || denied || !isAt(request, host)) return;
    const { connection } = request;
    if (json || connection === undefined) return this.add(request);
    let under = this.#under.get(connection);
    if (!under) this.#under.set(connection, (under = { requests: [], more: 0 }));
    if (this.#waiting >= maxWaiting) {
      under.more += 1;
      return;
    }
    this.#waiting += 1;
    under.requests.push(request);
  }

  /** Requests whose connection ended before them. */
  end(): void {
    for (const { requests } of this.#under.values()) for (const one of requests) this.add(one);
  }
}

function printJson({ item }: Shown): void {
  process.stdout.write(`${jsonForTerminal(item)}\n`);
}

const columns: readonly Column[] = [
  { head: 'NO', min: 6, right: true },
  { head: 'TIME', min: 8 },
  { head: 'PROGRAM', min: 8, middle: true, weight: 0.5 },
  { head: 'WHAT', min: 17, middle: true },
  { head: 'SENT', min: 6, right: true },
  { head: 'RECEIVED', min: 8, right: true, goes: 1 },
  { head: 'TOOK', min: 6, right: true, goes: 2 },
  { head: 'HOW', min: 10 },
];
/** Rows are printed as they are found, before it is known how wide the others are. */
const sizes = [6, 8, 16, 60, 6, 8, 6, 60] as const;

/** A printer that puts the session and the day above its rows. */
export function tablePrinter(style: Style, write: (line: string) => void): (shown: Shown) => void {
  const layout = new Layout(columns, sizes, style);
  let above: string | undefined;
  return ({ item, under, more }) => {
    const title = `${sessionRow(item.session, undefined)}, ${item.time.slice(0, 10)} (UTC)`;
    if (title !== above) {
      write(`${above === undefined ? '' : '\n'}${painted(title, 'bold', style)}`);
      write(layout.head());
      above = title;
    }
    write(layout.row(cellsOf(item), toneOf(item)));
    for (const request of under) write(layout.row(cellsOf(request, '  '), toneOf(request)));
    if (more > 0) write(layout.row(['', '', '', `  and ${more.toLocaleString('en')} more requests`]));
  };
}

function toneOf(item: Item): 'bad' | 'plain' {
  return item.kind === 'denied' ? 'bad' : 'plain';
}

function cellsOf(item: Item, indent = ''): string[] {
  const number = item.id.slice(item.id.lastIndexOf(':') + 1);
  const start = [number, item.time.slice(11, 19), programText(item)];
  switch (item.kind) {
    case 'denied':
      return [...start, item.what, `denied, ${whyText(item)}`];
    case 'connection':
      return [...start, addressOf(item), ...figures(item), howConnected(item)];
    case 'request':
      return [...start, `${indent}${item.method} ${item.url}`, ...figures(item), howAsked(item)];
    default:
      return item satisfies never;
  }
}

function figures({
  sent_bytes: sent,
  received_bytes: received,
  took_ms: took,
}: Connection | Request): string[] {
  return [bytesText(sent), bytesText(received), durationText(took)];
}

function howConnected(connection: Connection): string {
  const { certificate } = connection;
  const issuer = certificate ? `, certificate by ${nameText(certificate.issuer)}` : '';
  return `${stateText(connection)}, ${speechText(connection)}${issuer}`;
}

function howAsked(request: Request): string {
  const { operation, content_type: type, credential, classification = [], redacted } = request;
  const parts = [
    stateText(request),
    operation,
    type,
    classification.length > 0 ? `with ${classification.join(', ')}` : undefined,
    redacted ? `redacted ${Object.keys(redacted).join(', ')}` : undefined,
    credential === undefined ? undefined : `credential ${credential}`,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}
