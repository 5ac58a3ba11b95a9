/** What chaperone costs, beside bare runs and what others built: `npm run bench`. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { figures, targets } from './figures.ts';
import { Ground, root } from './ground.ts';
import { describeMachine } from './machine.ts';
import { type Options, parseOptions, runAs, usage, UsageError } from './options.ts';
import { jsonReport, markdownReport, type Report, terminalReport } from './report.ts';
import { measureAll } from './rounds.ts';
import { type Variant, variants } from './variants.ts';
import { sizesOf, type Workload, workloads } from './workloads.ts';

/** Throws UsageError for a name that nothing has. */
function chosen(
  only: readonly string[],
  everyVariant: readonly Variant[],
  everyWorkload: readonly Workload[],
): { variants: readonly Variant[]; workloads: readonly Workload[] } {
  const names = [...everyVariant, ...everyWorkload].map(({ name }) => name);
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new UsageError(`nothing is called ${unknown.join(', ')}; known are ${names.join(', ')}`);
  const pick = <T extends { readonly name: string }>(list: readonly T[]): readonly T[] => {
    const named = list.filter(({ name }) => only.includes(name));
    return named.length > 0 ? named : list;
  };
  const picked = pick(everyVariant);
  return {
    variants: everyVariant.filter((one) => one.kind === 'bare' || picked.includes(one)),
    workloads: pick(everyWorkload),
  };
}

async function bench(options: Options, stop: AbortSignal): Promise<Report> {
  const machine = describeMachine(new Date());
  const progress = (text: string): void => {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text}`);
  };
  // Builds what is missing as the owner: the ordinary user could not.
  const ready = spawnSync(path.join(root, 'chaperone'), ['--version'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (ready.status !== 0) throw new Error('./chaperone --version does not work; the lines above say why');
  progress('building the ground');
  using ground = new Ground(sizesOf(options.quick));
  const choice = chosen(options.only, variants(ground), workloads(options.quick));
  const { rounds, timeoutMs, quick } = options;
  const { cells, absent } = await measureAll({
    ...choice,
    ground,
    rounds,
    timeoutMs,
    stop,
    random: Math.random,
    progress,
  });
  progress('');
  const chaperones = choice.variants
    .filter(({ kind, name }) => kind === 'chaperone' && name !== 'uncached')
    .map(({ name }) => name);
  return {
    ...choice,
    machine,
    rounds,
    quick,
    absent,
    cells,
    figures: figures(cells),
    targets: targets(cells, chaperones),
  };
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort());
  const report = await bench(options, stop.signal);
  process.stdout.write(terminalReport(report));
  if (options.json !== undefined) writeFileSync(options.json, jsonReport(report));
  if (options.write) writeFileSync(path.join(root, 'bench/results.md'), markdownReport(report));
}

await runAs('bench', usage, main);
