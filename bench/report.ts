/** Figures as a table for the terminal, as Markdown, and as JSON. */
import type { Figure, Target } from './figures.ts';
import type { Machine } from './machine.ts';
import type { Cell } from './rounds.ts';
import type { Variant } from './variants.ts';
import type { Workload } from './workloads.ts';

export type Report = {
  readonly machine: Machine;
  readonly rounds: number;
  readonly quick: boolean;
  readonly variants: readonly Variant[];
  readonly workloads: readonly Workload[];
  readonly figures: readonly Figure[];
  readonly targets: readonly Target[];
  readonly absent: ReadonlyMap<string, string>;
  readonly cells: readonly Cell[];
};

/** 10 + 10 × 10: fits a terminal of 110 columns with all loads. */
const nameWidth = 10;
const cellWidth = 10;

/** Three significant digits, no exponent. */
export function short(value: number): string {
  if (Number.isNaN(value)) return '-';
  if (value >= 100) return value.toFixed(0);
  return value.toFixed(value >= 10 ? 1 : 2);
}

const ratioOf = (value: number): string =>
  value >= 10 ? value.toFixed(0) : value.toFixed(value >= 3 ? 1 : 2);

function range({ lowest, highest }: Figure): string {
  const digits = highest >= 10 ? 0 : highest >= 3 ? 1 : 2;
  return `${lowest.toFixed(digits)}-${highest.toFixed(digits)}`;
}

function find(report: Report, variant: Variant, workload: Workload): Figure | undefined {
  return report.figures.find((one) => one.variant === variant.name && one.workload === workload.name);
}

/** Variants and loads that have figures. */
function shown(report: Report): { variants: Variant[]; workloads: Workload[] } {
  return {
    variants: report.variants.filter(({ name }) => !report.absent.has(name)),
    workloads: report.workloads.filter(({ name }) => !report.absent.has(name)),
  };
}

export function terminalReport(report: Report): string {
  const table = (
    title: string,
    only: (variant: Variant) => boolean,
    cell: (figure: Figure) => string,
  ): string => {
    const { variants, workloads } = shown(report);
    const head = `${''.padEnd(nameWidth)}${workloads.map((one) => one.head.padStart(cellWidth)).join('')}`;
    const rows = variants.filter(only).map((variant) => {
      const parts = workloads.map((workload) => {
        const figure = find(report, variant, workload);
        return (figure && !Number.isNaN(figure.ratio) ? cell(figure) : 'failed').padStart(cellWidth);
      });
      return `${variant.name.padEnd(nameWidth)}${parts.join('')}`;
    });
    return [title, head, ...rows, ''].join('\n');
  };
  const notBare = ({ kind }: Variant): boolean => kind !== 'bare';
  const parts = [
    `${machineLine(report.machine)}\n${runLine(report)}\n`,
    table(
      'Median time; ms unless the head says µs',
      () => true,
      ({ median }) => short(median),
    ),
    table('Ratio to the bare run of the same round, median', notBare, ({ ratio }) => ratioOf(ratio)),
    table('The same, lowest-highest', notBare, range),
  ];
  parts.push(['Rows', ...shown(report).variants.map(rowLine), ''].join('\n'));
  if (report.targets.length > 0) parts.push(['Targets', ...targetLines(report.targets), ''].join('\n'));
  const notes = noteLines(report);
  if (notes.length > 0) parts.push(['Not measured, or not in each round', ...notes, ''].join('\n'));
  return parts.join('\n');
}

function rowLine({ name, title, kind, version }: Variant): string {
  const what = kind === 'chaperone' ? `chaperone: ${title}` : `${version ? `${version}: ` : ''}${title}`;
  return `  ${name.padEnd(nameWidth + 1)}${what}`;
}

function machineLine({
  processor,
  processors,
  memoryGib,
  kernel,
  system,
  node,
  date,
  load,
}: Machine): string {
  return `${date}: ${processors} × ${processor}, ${memoryGib} GiB, ${kernel}, ${system}, Node ${node}, load ${load.toFixed(1)}`;
}

function runLine({ rounds, quick }: Report): string {
  return quick
    ? `Quick: a tenth of every load, ${rounds} round${rounds === 1 ? '' : 's'}. These figures are noise.`
    : `${rounds} round${rounds === 1 ? '' : 's'}, variants in random order, one warm-up of each load.`;
}

function targetLines(targets: readonly Target[]): string[] {
  return targets.map(({ what, variant, value, most, unit }) => {
    const signed = `${value < 0 ? '-' : ''}${short(Math.abs(value))} ${unit}`;
    const verdict = value <= most ? 'met' : 'missed';
    return `  ${what.padEnd(44)}${variant.padEnd(10)}${signed.padStart(10)}   at most ${most} ${unit}   ${verdict}`;
  });
}

function noteLines({ absent, figures }: Report): string[] {
  return [
    ...[...absent].map(([name, why]) => `  ${name}: ${why}`),
    ...figures.flatMap(({ variant, workload, failed }) =>
      failed === undefined ? [] : [`  ${workload} under ${variant}: ${failed}`],
    ),
  ];
}

export function markdownReport(report: Report): string {
  const { variants, workloads } = shown(report);
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rows = variants.map((variant) =>
    row([variant.head, ...workloads.map((each) => markdownCell(report, variant, each))]),
  );
  const about = (text: string): string => text.replaceAll('<', '&lt;').replaceAll('|', '\\|');
  return [
    '# What Chaperone costs',
    '',
    `Written by \`npm run bench -- --write\`. ${machineLine(report.machine)}. ${runLine(report)}`,
    '',
    'Each cell: median time, and in brackets the median of the ratios to the bare run of the same round, with the lowest and',
    'the highest of them. Time is taken inside the sandbox, so that its start counts in its own column only.',
    '',
    row(['', ...workloads.map(({ head, unit }) => (head.endsWith(unit) ? head : `${head} ${unit}`))]),
    row(['---', ...workloads.map(() => '---:')]),
    ...rows,
    '',
    '## Targets',
    '',
    '```',
    ...targetLines(report.targets).map((line) => line.slice(2)),
    '```',
    '',
    '## Rows',
    '',
    ...variants.map(
      ({ head, title, version }) => `- **${head}**${version ? ` ${version}` : ''}: ${about(title)}`,
    ),
    '',
    '## Columns',
    '',
    ...workloads.map(({ head, title }) => `- **${head}**: ${about(title)}`),
    ...(noteLines(report).length > 0
      ? [
          '',
          '## Not measured, or not in each round',
          '',
          ...noteLines(report).map((line) => `- ${about(line.trim())}`),
        ]
      : []),
    '',
  ].join('\n');
}

function markdownCell(report: Report, variant: Variant, workload: Workload): string {
  const figure = find(report, variant, workload);
  if (!figure || Number.isNaN(figure.ratio)) return 'failed';
  if (variant.kind === 'bare') return short(figure.median);
  return `${short(figure.median)} (${ratioOf(figure.ratio)}×, ${range(figure).replace('-', '–')})`;
}

export function jsonReport(report: Report): string {
  const { machine, rounds, quick, figures, targets, cells, absent } = report;
  const rows = report.variants.map(({ name, title, version }) => ({ name, title, version }));
  const columns = report.workloads.map(({ name, title, unit }) => ({ name, title, unit }));
  const whole = {
    machine,
    rounds,
    quick,
    rows,
    columns,
    figures,
    targets,
    cells,
    absent: Object.fromEntries(absent),
  };
  return `${JSON.stringify(whole, null, 2)}\n`;
}
