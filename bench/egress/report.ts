/** Rounds to medians, goals and a page. Pure. */
import { median } from '../figures.ts';
import type { Machine } from '../machine.ts';
import type { PhaseName } from './load.ts';
import type { Cell, RowRound, Sizes } from './measure.ts';
import type { Row, RowName } from './rows.ts';

export type Report = {
  readonly machine: Machine;
  readonly rounds: number;
  readonly sizes: Sizes;
  readonly rows: readonly Row[];
  /** By row, one for each round; undefined where it failed in that one. */
  readonly measured: ReadonlyMap<RowName, readonly (RowRound | undefined)[]>;
  readonly absent: readonly string[];
};

export type Goal = { readonly text: string; readonly met: boolean };

type Field = 'perSecond' | 'p50' | 'p99' | 'mbPerSecond';

/** One figure for each round; NaN where there is none. */
function values(
  report: Report,
  row: RowName,
  phase: PhaseName,
  of: (cell: Cell) => number | undefined,
): number[] {
  return (report.measured.get(row) ?? []).map((round) => {
    const cell = round?.cells.get(phase);
    return (cell && of(cell)) ?? Number.NaN;
  });
}

const middle = (report: Report, row: RowName, phase: PhaseName, field: Field): number =>
  median(values(report, row, phase, (cell) => cell[field]));

/** Median of the rounds' ratios. */
function ratio(report: Report, one: RowName, other: RowName, phase: PhaseName, field: Field): number {
  const others = values(report, other, phase, (cell) => cell[field]);
  return median(
    values(report, one, phase, (cell) => cell[field]).map((value, i) => value / (others[i] ?? Number.NaN)),
  );
}

/** What one of the amount took on a processor, in microseconds: a request, or a MB. */
function processorUs(report: Report, row: RowName, phase: PhaseName): number {
  const unit = phase === 'down' || phase === 'up' ? 1e6 : 1;
  return median(
    values(report, row, phase, ({ processorMs, amount }) =>
      processorMs === undefined ? undefined : (processorMs * 1000 * unit) / amount,
    ),
  );
}

/** Only about what was measured. */
export function goals(report: Report): Goal[] {
  const isThere = (...names: RowName[]): boolean => names.every((name) => report.measured.has(name));
  const found: Goal[] = [];
  const add = (what: string, value: number, least: number, unit: string): void => {
    found.push({ text: `${what}: ${value.toFixed(2)} ×, at least ${least} × ${unit}`, met: value >= least });
  };
  if (isThere('passthrough', 'direct'))
    for (const phase of ['down', 'up'] as const)
      add(
        `passthrough, MB/s ${phase}`,
        ratio(report, 'passthrough', 'direct', phase, 'mbPerSecond'),
        0.8,
        'that without a proxy',
      );
  if (isThere('interception', 'mitmproxy'))
    add(
      'interception, requests/s',
      ratio(report, 'interception', 'mitmproxy', 'get', 'perSecond'),
      10,
      'those of mitmproxy',
    );
  const squid = isThere('squid-bump') ? 'squid-bump' : 'squid';
  if (isThere('interception', squid))
    add(
      'interception, requests/s',
      ratio(report, 'interception', squid, 'get', 'perSecond'),
      0.5,
      `those of ${squid}`,
    );
  return found;
}

export function markdown(report: Report): string {
  const { machine, rounds, sizes, measured, absent } = report;
  const { date, processor, processors, memoryGib, kernel, system, node, load } = machine;
  const rows = report.rows.filter(({ name }) => measured.has(name));
  return [
    '# Egress',
    '',
    `${date}, ${processor} (${processors}), ${memoryGib} GiB, ${kernel}, ${system}, Node ${node}, load ${load.toFixed(1)}`,
    '',
    `Medians of ${rounds} round${rounds === 1 ? '' : 's'}; HTTP/1.1 over TLS 1.3 on loopback, ${sizes.requests} requests on ${sizes.connections} connections, each as soon as the last is answered, after a third as many for warm-up; mitmproxy gets a fifth. The program that asks and the one that answers share the processors with what is measured.`,
    '',
    '| | GET/s | p50 ms | p99 ms | POST 10 KB/s | p50 ms | p99 ms | new connections/s |',
    '|---|---:|---:|---:|---:|---:|---:|---:|',
    ...rows.map(({ name }) =>
      line(
        name,
        whole(middle(report, name, 'get', 'perSecond')),
        fine(middle(report, name, 'get', 'p50')),
        fine(middle(report, name, 'get', 'p99')),
        whole(middle(report, name, 'post', 'perSecond')),
        fine(middle(report, name, 'post', 'p50')),
        fine(middle(report, name, 'post', 'p99')),
        whole(middle(report, name, 'connections', 'perSecond')),
      ),
    ),
    '',
    `One connection alone: added to a GET without a proxy (${fine(middle(report, 'direct', 'alone', 'p50'))} ms, p99 ${fine(middle(report, 'direct', 'alone', 'p99'))} ms); ${(sizes.streamBytes / 2 ** 20).toFixed(0)} MiB in one response and in one request. Processor time is that of all processes of the proxy together.`,
    '',
    '| | added p50 ms | added p99 ms | MB/s down | MB/s up | CPU µs per GET | per POST | per connection | CPU ms per GB down | up |',
    '|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|',
    ...rows.map(({ name }) =>
      line(
        name,
        name === 'direct' ? '' : fine(added(report, name, 'p50')),
        name === 'direct' ? '' : fine(added(report, name, 'p99')),
        whole(middle(report, name, 'down', 'mbPerSecond')),
        whole(middle(report, name, 'up', 'mbPerSecond')),
        whole(processorUs(report, name, 'get')),
        whole(processorUs(report, name, 'post')),
        whole(processorUs(report, name, 'connections')),
        whole(processorUs(report, name, 'down')),
        whole(processorUs(report, name, 'up')),
      ),
    ),
    '',
    ...rows.map(({ name, title }) => {
      const version = measured.get(name)?.find(Boolean)?.version;
      return `- ${name}: ${title}${version === undefined ? '' : `; ${version}`}`;
    }),
    ...absent.map((why) => `- not measured, or not in each round: ${why}`),
    ...goals(report).map(({ text, met }) => `- ${met ? 'met' : 'missed'}: ${text}`),
    '',
  ].join('\n');
}

/** Median of the rounds' differences. */
function added(report: Report, row: RowName, field: 'p50' | 'p99'): number {
  const direct = values(report, 'direct', 'alone', (cell) => cell[field]);
  return median(
    values(report, row, 'alone', (cell) => cell[field]).map((value, i) => value - (direct[i] ?? Number.NaN)),
  );
}

const line = (...values: readonly string[]): string => `| ${values.join(' | ')} |`;
const whole = (value: number): string => (Number.isNaN(value) ? '' : value.toFixed(0));
const fine = (value: number): string => (Number.isNaN(value) ? '' : value.toFixed(value < 10 ? 2 : 0));
