import type { Machine } from '../machine.ts';
import type { Timing } from './measure.ts';

export interface Row {
  readonly rules: number;
  readonly engine: string;
  /** Milliseconds from source (or WebAssembly) to the first decision that can be asked; null where it is not known. */
  readonly loadMs: number | null;
  readonly medianUs: number;
  readonly p99Us: number;
  readonly minUs: number | null;
}

export interface Report {
  readonly machine: Machine;
  readonly rows: readonly Row[];
  /** Peers that were not measured, and why. */
  readonly absent: readonly string[];
}

export interface Goal {
  readonly text: string;
  readonly met: boolean;
}

export const own = 'chaperone';

export function row(rules: number, engine: string, loadMs: number | null, timing: Partial<Timing>): Row {
  const { minUs = null, medianUs = Number.NaN, p99Us = Number.NaN } = timing;
  return { rules, engine, loadMs, minUs, medianUs, p99Us };
}

/** The goals that the rows can answer. */
export function goals(rows: readonly Row[]): readonly Goal[] {
  const of = (engine: string): readonly Row[] => rows.filter((one) => one.engine === engine);
  const mine = of(own);
  const [small, large] = [mine[0], mine.at(-1)];
  if (small === undefined || large === undefined) return [];
  const found: Goal[] = [
    { text: `${small.rules} rules: median ${us(small.medianUs)} µs, under 10 µs`, met: small.medianUs < 10 },
  ];
  const wasm = of('opa-wasm').find(({ rules }) => rules === small.rules);
  if (wasm !== undefined) {
    const times = wasm.medianUs / small.medianUs;
    found.push({ text: `${times.toFixed(1)} × as fast as opa-wasm, at least 15 ×`, met: times >= 15 });
  }
  if (large !== small) {
    const slower = large.medianUs / small.medianUs;
    const text = `${large.rules} rules: ${slower.toFixed(2)} × the time of ${small.rules}, at most 1.5 ×`;
    found.push({ text, met: slower <= 1.5 });
  }
  return found;
}

export function markdown({ machine, rows, absent }: Report): string {
  const { date, processor, processors, memoryGib, kernel, system, node, load } = machine;
  const lines = rows.map((one) => {
    const beside = rows.find(({ rules, engine }) => rules === one.rules && engine === own);
    const ratio = beside === undefined ? '' : (one.medianUs / beside.medianUs).toFixed(1);
    const cells = [
      one.rules,
      one.engine,
      us(one.minUs),
      us(one.medianUs),
      us(one.p99Us),
      ratio,
      ms(one.loadMs),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    '# Decisions of the policy engine',
    '',
    `${date}, ${processor} (${processors}), ${memoryGib} GiB, ${kernel}, ${system}, Node ${node}, load ${load.toFixed(1)}`,
    '',
    '| rules | engine | min µs | median µs | p99 µs | × chaperone | load ms |',
    '|---:|---|---:|---:|---:|---:|---:|',
    ...lines,
    '',
    ...absent.map((why) => `- not measured: ${why}`),
    ...goals(rows).map(({ text, met }) => `- ${met ? 'met' : 'missed'}: ${text}`),
    '',
  ].join('\n');
}

function us(value: number | null): string {
  return value === null ? '' : value.toFixed(1);
}

function ms(value: number | null): string {
  return value === null ? '' : value.toFixed(0);
}
