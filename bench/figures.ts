/** From samples to figures. Pure. */
import type { Cell } from './rounds.ts';

export type Figure = {
  readonly variant: string;
  readonly workload: string;
  /** In the unit of the workload. */
  readonly median: number;
  /** To the bare run of the same round: median, lowest, highest. */
  readonly ratio: number;
  readonly lowest: number;
  readonly highest: number;
  /** Why one round of it, or all, has no value. */
  readonly failed: string | undefined;
};

export type Target = {
  readonly what: string;
  readonly variant: string;
  readonly value: number;
  readonly most: number;
  readonly unit: 'µs' | 'ms' | '×';
};

export function median(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value)).toSorted((a, b) => a - b);
  const middle = Math.floor(known.length / 2);
  const upper = known[middle] ?? Number.NaN;
  return known.length % 2 === 1 ? upper : (upper + (known[middle - 1] ?? Number.NaN)) / 2;
}

/** For rounds in which both were measured. */
function paired(
  one: Cell | undefined,
  other: Cell | undefined,
  join: (one: number, other: number) => number,
): number[] {
  return (one?.values ?? [])
    .map((value, round) => join(value, other?.values[round] ?? Number.NaN))
    .filter((value) => !Number.isNaN(value));
}

const cellOf = (cells: readonly Cell[], variant: string, workload: string): Cell | undefined =>
  cells.find((cell) => cell.variant === variant && cell.workload === workload);

export function figures(cells: readonly Cell[]): Figure[] {
  return cells.map((cell) => {
    const ratios = paired(cell, cellOf(cells, 'bare', cell.workload), (own, bare) => own / bare);
    return {
      variant: cell.variant,
      workload: cell.workload,
      median: median(cell.values),
      ratio: median(ratios),
      lowest: ratios.length > 0 ? Math.min(...ratios) : Number.NaN,
      highest: ratios.length > 0 ? Math.max(...ratios) : Number.NaN,
      failed: cell.failures.at(-1),
    };
  });
}

/**
 * What the design promises, beside what was measured; medians over the rounds. Only what was measured appears.
 * @param chaperones the variants of chaperone that remember answers; that is what the targets are about
 */
export function targets(cells: readonly Cell[], chaperones: readonly string[]): Target[] {
  const minus = (variant: string, other: string, workload: string): number =>
    median(paired(cellOf(cells, variant, workload), cellOf(cells, other, workload), (a, b) => a - b));
  const ratio = (variant: string, workload: string): number =>
    median(paired(cellOf(cells, variant, workload), cellOf(cells, 'bare', workload), (a, b) => a / b));
  const promised: ((variant: string) => Omit<Target, 'variant'>)[] = [
    (variant) => ({
      what: `an open, beyond the bare ${variant === 'static' ? 'notify' : 'inject'} round trip`,
      value: minus(variant, variant === 'static' ? 'notify' : 'inject', 'open'),
      most: 10,
      unit: 'µs',
    }),
    (variant) => ({
      what: 'start of an interpreter',
      value: ratio(variant, 'python'),
      most: 1.05,
      unit: '×',
    }),
    (variant) => ({ what: 'compile', value: ratio(variant, 'compile'), most: 1.05, unit: '×' }),
    (variant) => ({ what: 'scan of a tree (grep -r)', value: ratio(variant, 'grep'), most: 3, unit: '×' }),
    (variant) => ({
      what: 'launch, beyond bubblewrap (with the daemon)',
      value: minus(variant, 'bubblewrap', 'launch'),
      most: 10,
      unit: 'ms',
    }),
  ];
  return promised
    .flatMap((about) => chaperones.map((variant) => ({ variant, ...about(variant) })))
    .filter(({ value }) => !Number.isNaN(value));
}
