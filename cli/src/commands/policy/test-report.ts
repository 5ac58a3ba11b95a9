/** Results of tests, for a person and as OPA prints them for programs. */
import type { TestResult } from '@chaperone/rego';
import { fitLines, shown, traceLines } from '../../explanation.ts';
import type { Style } from '../journal/table.ts';

const words = { pass: 'PASS', fail: 'FAIL', error: 'ERROR', skip: 'SKIPPED' } as const;
const colours = { pass: '32', fail: '31', error: '31', skip: '33' } as const;
const maxTraces = 4;
const maxOutput = 100;

/** Nothing for what went well, unless everything is wanted. */
export function resultLines(result: TestResult, verbose: boolean, style: Style): string[] {
  const { name, file, row, outcome, durationMs, output, cases = [], message, trace = [] } = result;
  const bad = outcome === 'fail' || outcome === 'error';
  if (!bad && !verbose) return [];
  const word = paint(words[outcome], colours[outcome], style);
  const place = bad ? `  ${shown(file)}:${row}` : '';
  const hidden = output.length - maxOutput;
  const details = [
    ...(message === undefined ? [] : [`    ${shown(message)}`]),
    ...cases
      .filter((one) => verbose || !one.passed)
      .map((one) => `    ${one.passed ? '✓' : '✗'} ${shown(one.name)}`),
    ...output.slice(0, maxOutput).map((line) => `    | ${shown(line)}`),
    ...(hidden > 0 ? [`    | and ${hidden} more lines`] : []),
    ...trace.slice(0, maxTraces).flatMap(traceLines),
  ];
  const took = outcome === 'skip' ? '' : `  ${durationMs.toFixed(1)} ms`;
  return [`${word}  ${shown(name)}${took}${place}`, ...fitLines(details, style.width)];
}

export function summaryLine(results: readonly TestResult[], tookMs: number, style: Style): string {
  const counts = (['pass', 'fail', 'error', 'skip'] as const).flatMap((outcome) => {
    const count = results.filter((result) => result.outcome === outcome).length;
    return count === 0 && outcome !== 'pass'
      ? []
      : [paint(`${words[outcome]} ${count}`, colours[outcome], style)];
  });
  return `${counts.join('  ')}  of ${results.length} in ${tookMs.toFixed(0)} ms`;
}

/** The members are those of `opa test --format json`; durations in ns, output in base64. */
export function resultJson({
  name,
  file,
  row,
  outcome,
  durationMs,
  output,
  cases,
  message,
}: TestResult): object {
  const at = name.lastIndexOf('.');
  return {
    location: { file, row, col: 1 },
    package: name.slice(0, at),
    name: name.slice(at + 1),
    ...(outcome === 'fail' ? { fail: true } : {}),
    ...(outcome === 'error' ? { error: { code: 'eval_error', message: message ?? '' } } : {}),
    ...(outcome === 'skip' ? { skip: true } : {}),
    duration: Math.round(durationMs * 1e6),
    ...(output.length > 0 ? { output: Buffer.from(`${output.join('\n')}\n`).toString('base64') } : {}),
    ...(cases === undefined ? {} : { sub_results: subResults(cases) }),
  };
}

function subResults(cases: NonNullable<TestResult['cases']>): object {
  return Object.fromEntries(
    cases.map(({ name, passed }) => [name, passed ? { name } : { name, fail: true }] as const),
  );
}

function paint(text: string, code: string, { colour }: Style): string {
  return colour ? `\x1b[${code}m${text}\x1b[0m` : text;
}
