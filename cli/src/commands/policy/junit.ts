/** Results of tests as JUnit XML, which every CI server reads. */
import type { TestResult } from '@chaperone/rego';

/** One suite per file. */
export function junit(results: readonly TestResult[]): string {
  const suites = [...Map.groupBy(results, ({ file }) => file)].map(([file, found]) => suite(file, found));
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>', ...suites.flat(), '</testsuites>'].join(
    '\n',
  );
}

function suite(file: string, results: readonly TestResult[]): string[] {
  const count = (outcome: TestResult['outcome']): string =>
    String(results.filter((result) => result.outcome === outcome).length);
  const time = results.reduce((total, { durationMs }) => total + durationMs, 0);
  const head = attributes({
    name: file,
    tests: String(results.length),
    failures: count('fail'),
    errors: count('error'),
    skipped: count('skip'),
    time: seconds(time),
  });
  return [`  <testsuite${head}>`, ...results.flatMap(testcase), '  </testsuite>'];
}

function testcase(result: TestResult): string[] {
  const { name, file, row, durationMs, output } = result;
  const at = name.lastIndexOf('.');
  const head = attributes({
    classname: name.slice(0, at),
    name: name.slice(at + 1),
    file,
    line: String(row),
    time: seconds(durationMs),
  });
  const printed = output.length === 0 ? [] : [`      <system-out>${text(output.join('\n'))}</system-out>`];
  return [`    <testcase${head}>`, ...verdict(result), ...printed, '    </testcase>'];
}

function verdict({ outcome, message, cases = [], trace = [] }: TestResult): string[] {
  switch (outcome) {
    case 'pass':
      return [];
    case 'skip':
      return ['      <skipped/>'];
    case 'error':
      return [`      <error${attributes({ message: message ?? '' })}/>`];
    case 'fail': {
      const failed = cases.filter((one) => !one.passed).map((one) => one.name);
      const what = failed.length > 0 ? `does not hold for ${failed.join(', ')}` : 'does not hold';
      const steps = trace.flatMap((body) =>
        body.failed ? [`${body.file}:${body.failed.line}: ${body.failed.text} does not hold`] : [],
      );
      return [`      <failure${attributes({ message: what })}>${text(steps.join('\n'))}</failure>`];
    }
    default:
      return outcome satisfies never;
  }
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${text(value).replaceAll('"', '&quot;').replaceAll('\n', '&#10;')}"`)
    .join('');
}

/** XML 1.0 cannot hold most control characters at all, not even as references. */
function text(value: string): string {
  return value
    .toWellFormed()
    .replaceAll(/[^\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
