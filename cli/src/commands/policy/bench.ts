/** chaperone policy bench: what one decision of a policy costs. */
import { RegoEvalError } from '@chaperone/rego';
import { Command, InvalidArgumentError } from 'commander';
import { CliError, type ExitCode } from '../../errors.ts';
import { examples } from '../../examples.ts';
import { shown } from '../../explanation.ts';
import { entrypointOf, readValue } from './ask.ts';
import { addFormat } from './format-option.ts';
import { readSources } from './sources.ts';

type Options = {
  readonly input?: string;
  readonly seconds: number;
  readonly format: 'text' | 'json';
  readonly v0Compatible?: boolean;
};

const batch = 20;
const maxSamples = 200_000;
const bars = '▁▂▃▄▅▆▇█';

export function defineBench(): Command {
  const command = new Command('bench')
    .summary('measure what one decision costs')
    .description(
      'Measures one rule with one input in this process: warms up, then measures batches of evaluations.\n\nThe machine decides the figures; compare them only with others of the same run.',
    )
    .argument('<rule>', 'for example data.endpoint.access.allow')
    .argument('<path...>', 'folders, .rego and data files, bundles')
    .option('-i, --input <file>', 'the input document as JSON, - for standard input')
    .option('--seconds <count>', 'how long to measure, at most 60', parseSeconds, 2);
  return addFormat(command, ['text', 'json'], 'for a person, or a program: one object, in microseconds')
    .option('--v0-compatible', 'read the files as Rego before 1.0')
    .addHelpText(
      'after',
      examples('chaperone policy bench data.endpoint.access.allow ./policy --input request.json'),
    )
    .action(async (rule: string, paths: string[], options: Options) => {
      process.exitCode = await bench(rule, paths, options);
    });
}

async function bench(rule: string, paths: readonly string[], options: Options): Promise<ExitCode> {
  const sources = await readSources(paths, { v0: options.v0Compatible === true });
  const loadStarted = performance.now();
  const entry = entrypointOf(sources, rule);
  const loadMs = performance.now() - loadStarted;
  const input = readValue(options.input);
  try {
    measure(() => entry.evaluate(input), Math.min(500, options.seconds * 250));
  } catch (error) {
    if (error instanceof RegoEvalError) throw new CliError(1, `the rule has no answer: ${error.message}`);
    throw error;
  }
  const samples = measure(() => entry.evaluate(input), options.seconds * 1000).sort((a, b) => a - b);
  const at = (share: number): number =>
    samples[Math.min(samples.length - 1, Math.floor(samples.length * share))] ?? 0;
  const figures = {
    load_ms: round(loadMs),
    evaluations: samples.length * batch,
    min_us: round(at(0)),
    median_us: round(at(0.5)),
    p90_us: round(at(0.9)),
    p99_us: round(at(0.99)),
    per_second: Math.round(1e6 / at(0.5)),
  };
  if (options.format === 'json') {
    print(JSON.stringify({ rule, ...figures }));
    return 0;
  }
  print(
    `${shown(rule)}: ${figures.evaluations.toLocaleString('en')} evaluations, loaded in ${figures.load_ms} ms`,
  );
  print(
    `  median ${figures.median_us} µs   min ${figures.min_us}   p90 ${figures.p90_us}   p99 ${figures.p99_us}`,
  );
  print(`  ${figures.per_second.toLocaleString('en')} a second on one core at the median`);
  print(`  ${histogram(samples, at(0), at(0.99))}  ${figures.min_us} … ${figures.p99_us} µs`);
  return 0;
}

/** Microseconds of one evaluation, one figure for each batch. */
function measure(act: () => unknown, ms: number): number[] {
  const samples: number[] = [];
  const end = performance.now() + ms;
  while (samples.length < maxSamples && (samples.length === 0 || performance.now() < end)) {
    const start = performance.now();
    for (let i = 0; i < batch; i += 1) act();
    samples.push(((performance.now() - start) * 1000) / batch);
  }
  return samples;
}

function histogram(samples: readonly number[], low: number, high: number): string {
  const counts = Array.from({ length: 40 }, () => 0);
  const step = (high - low) / counts.length || 1;
  for (const sample of samples) {
    const i = Math.min(counts.length - 1, Math.floor((sample - low) / step));
    counts[i] = (counts[i] ?? 0) + 1;
  }
  const most = Math.max(...counts);
  return counts
    .map((count) => (count === 0 ? ' ' : (bars[Math.ceil((count / most) * (bars.length - 1))] ?? '')))
    .join('');
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function parseSeconds(text: string): number {
  const value = Number(text);
  if (text === '' || !(value > 0 && value <= 60)) throw new InvalidArgumentError('More than 0, at most 60.');
  return value;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
