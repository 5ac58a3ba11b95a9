import type { Machine } from '../machine.ts';

export type SpeedRow = {
  readonly corpus: string;
  readonly megabytes: number;
  readonly files: number;
  readonly findings: number;
  /** MB/s; null: not measured. */
  readonly own: number;
  /** With the detectors of credentials alone, which is what the peers look for. */
  readonly secrets: number;
  readonly secretlint: number | null;
  readonly gitleaks: number | null;
};

export type DocumentRow = {
  readonly name: string;
  readonly megabytes: number;
  readonly ownMs: number;
  readonly type: string;
  readonly readBytes: number;
  readonly officeparserMs: number | null;
};

export type Report = {
  readonly machine: Machine;
  readonly detectors: number;
  readonly compileMs: number;
  readonly speed: readonly SpeedRow[];
  readonly documents: readonly DocumentRow[];
  readonly sources: readonly string[];
  readonly absent: readonly string[];
};

export type Goal = { readonly text: string; readonly met: boolean };

/** Tables of people are measured, but what every row of them holds is work that no scanner can leave out; small files for what each of them costs. */
const everyday = ['code', 'text', 'csv', 'logs'];

export function goals({ speed, documents }: Report): Goal[] {
  const four = speed.filter(({ corpus }) => everyday.includes(corpus));
  const own = together(four, (row) => row.own);
  const secretlint = together(four, (row) => row.secretlint);
  return [
    ...four.map((row) => ({
      text: `${row.corpus}: ${row.own.toFixed(0)} MB/s, at least 200`,
      met: row.own >= 200,
    })),
    ...(own === null || secretlint === null
      ? []
      : [
          {
            text: `all four: ${own.toFixed(0)} MB/s, ${(own / secretlint).toFixed(1)} × secretlint, at least 5 ×`,
            met: own >= 5 * secretlint,
          },
        ]),
    ...documents.flatMap(({ name, ownMs, officeparserMs }) =>
      officeparserMs === null
        ? []
        : [
            {
              text: `${name}: ${(officeparserMs / ownMs).toFixed(0)} × officeparser, at least 50 ×`,
              met: officeparserMs >= 50 * ownMs,
            },
          ],
    ),
  ];
}

/** MB/s over texts of the same size; null where one was not measured. */
function together(rows: readonly SpeedRow[], of: (row: SpeedRow) => number | null): number | null {
  let seconds = 0;
  for (const row of rows) {
    const speed = of(row);
    if (speed === null) return null;
    seconds += 1 / speed;
  }
  return rows.length / seconds;
}

export function markdown(report: Report): string {
  const { machine, detectors, compileMs, speed, documents, sources, absent } = report;
  const { date, processor, processors, memoryGib, kernel, system, node, load } = machine;
  return [
    '# Speed of classification',
    '',
    `${date}, ${processor} (${processors}), ${memoryGib} GiB, ${kernel}, ${system}, Node ${node}, load ${load.toFixed(1)}`,
    '',
    `${detectors} detectors, compiled in ${compileMs.toFixed(0)} ms. MB/s of processor time of one thread, the best of all rounds; the same bytes in the same run.`,
    '',
    '| text | MB | files | findings | chaperone MB/s | µs per file | credentials alone MB/s | secretlint MB/s | gitleaks MB/s |',
    '|---|---:|---:|---:|---:|---:|---:|---:|---:|',
    ...speed.map((row) =>
      cells(
        row.corpus,
        row.megabytes.toFixed(1),
        row.files,
        row.findings,
        rate(row.own),
        ((row.megabytes / row.own / row.files) * 1e6).toFixed(0),
        rate(row.secrets),
        rate(row.secretlint),
        rate(row.gitleaks),
      ),
    ),
    '',
    '| document | MB | read as | text read | chaperone ms | officeparser ms |',
    '|---|---:|---|---:|---:|---:|',
    ...documents.map((row) =>
      cells(
        row.name,
        row.megabytes.toFixed(2),
        row.type,
        `${(row.readBytes / 1024).toFixed(0)} KB`,
        row.ownMs.toFixed(1),
        row.officeparserMs?.toFixed(0) ?? '',
      ),
    ),
    '',
    ...sources.map((source) => `- ${source}`),
    ...absent.map((why) => `- not measured: ${why}`),
    ...goals(report).map(({ text, met }) => `- ${met ? 'met' : 'missed'}: ${text}`),
    '',
  ].join('\n');
}

function cells(...values: readonly (string | number)[]): string {
  return `| ${values.join(' | ')} |`;
}

function rate(value: number | null): string {
  return value === null ? '' : value.toFixed(value < 10 ? 1 : 0);
}
