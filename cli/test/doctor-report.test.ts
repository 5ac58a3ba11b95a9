import type { Finding, Report } from '@chaperone/endpoint/doctor';
import { expect, test } from 'vitest';
import { doctorReport } from '../src/commands/doctor-report.ts';
import { styleOf } from '../src/commands/journal/table.ts';

const plain = styleOf({}, {});

function report(findings: readonly Finding[], verdict: Partial<Report['verdict']> = {}): Report {
  return {
    findings,
    verdict: { run: 'limited', because: [], lost: [], ...verdict },
    facts: {} as Report['facts'],
  };
}

const long = 'words that do not end '.repeat(12).trim();

test('[req: cli:doctor] fits the terminal, and 80 columns where there is none', () => {
  const text = report(
    [
      {
        check: 'namespaces',
        result: 'limited',
        means: long,
        remedy: { text: long, commands: [long, 'short'] },
      },
      { check: 'journal', result: 'missing', means: `/home/${'a'.repeat(200)} cannot be written.` },
    ],
    { lost: [long] },
  );
  for (const [style, width] of [
    [plain, 80],
    [styleOf({ isTTY: true, columns: 60 }, { NO_COLOR: '1' }), 60],
    [styleOf({}, { COLUMNS: '200' }), 100],
  ] as const) {
    const lines = doctorReport(text, style).split('\n');
    expect(lines.filter((line) => line.length > width)).toEqual([]);
    expect(lines.join('')).toContain('a'.repeat(20));
  }
  // A shell takes a broken command as one line.
  const commands = doctorReport(text, plain).replaceAll(/ \\\n +/g, ' ');
  expect(commands).toContain(`\n        ${long}\n        short\n`);
});

test('[req: cli:doctor] colour only where it is wanted', () => {
  const one = report([{ check: 'gate', result: 'ok', means: 'It starts.' }], {
    run: 'works',
    isolation: 'namespace',
  });
  expect(doctorReport(one, styleOf({ isTTY: true, columns: 80 }, {}))).toContain('\u001b[32mok');
  for (const env of [{ NO_COLOR: '1' }, { TERM: 'dumb' }])
    expect(doctorReport(one, styleOf({ isTTY: true, columns: 80 }, env))).not.toContain('\u001b');
  expect(doctorReport(one, plain)).not.toContain('\u001b');
});

test('[req: cli:doctor] what is quoted cannot control the terminal', () => {
  const hostile = 'a\u001b[2Jb\u202ec\u0007';
  const one = report(
    [{ check: hostile, result: 'missing', means: hostile, remedy: { text: hostile, commands: [hostile] } }],
    { lost: [hostile] },
  );
  expect(doctorReport(one, plain)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
});

test.each([
  ['works', /works, with namespace isolation and every guarantee/],
  ['limited', /with limits/],
  ['impossible', /cannot start here\. See: Landlock/],
  ['joins', /joins the session/],
] as const)('[req: cli:doctor] the last lines say what run will do: %s', (run, expected) => {
  const text = doctorReport(report([], { run, isolation: 'namespace', because: ['Landlock'] }), plain);
  expect(text).toMatch(expected);
});
