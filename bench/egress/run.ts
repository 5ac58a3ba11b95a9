/** What it costs that every connection leaves through policy, beside no proxy and the proxies of others: `npm run bench:egress`. */
import { writeFileSync } from 'node:fs';
import { describeMachine } from '../machine.ts';
import { count, parsed, runAs, UsageError } from '../options.ts';
import { measureRow, type RowRound, type Sizes } from './measure.ts';
import { goals, markdown, type Report } from './report.ts';
import { type Row, type RowName, rows } from './rows.ts';
import { Stage } from './stage.ts';

const usage = `npm run bench:egress -- [--rounds N] [--requests N] [--only ROW,ROW] [--quick] [--write]
  --rounds      of all rows in turns; 3
  --requests    on 16 connections, of each kind; 10000
  --only        some of ${rows.map(({ name }) => name).join(', ')}; direct is always measured
  --quick       few requests, one round: shows that all works, says little about speed
  --write       bench/egress/results.md is replaced
  SQUID_BIN, MITMDUMP_BIN name the proxies of others where they are not in PATH; SQUID_CERTGEN its security_file_certgen`;

function chosen(only: string | undefined): readonly Row[] {
  if (only === undefined) return rows;
  const names = only.split(',');
  const unknown = names.find((name) => rows.every((row) => row.name !== name));
  if (unknown !== undefined) throw new UsageError(`no row is called ${unknown}`);
  return rows.filter(({ name }) => name === 'direct' || names.includes(name));
}

async function main(): Promise<void> {
  const off = { type: 'boolean', default: false } as const;
  const { values } = parsed({
    options: {
      rounds: { type: 'string' },
      requests: { type: 'string' },
      only: { type: 'string' },
      quick: off,
      write: off,
    },
  });
  const rounds = count('--rounds', values.rounds ?? (values.quick ? '1' : '3'), 50);
  const sizes: Sizes = {
    connections: 16,
    requests: count('--requests', values.requests ?? (values.quick ? '500' : '10000'), 1_000_000),
    alone: values.quick ? 100 : 2_000,
    opened: values.quick ? 100 : 1_000,
    streamBytes: (values.quick ? 16 : 256) << 20,
  };
  const left = new Set(chosen(values.only));
  const machine = describeMachine(new Date());
  const measured = new Map<RowName, (RowRound | undefined)[]>();
  const absent: string[] = [];
  await using stage = await Stage.build();
  for (let round = 0; round < rounds; round += 1) {
    for (const row of round % 2 === 0 ? [...left] : [...left].toReversed()) {
      const earlier = measured.get(row.name);
      try {
        const found = await measureRow(row, stage, sizes);
        measured.set(row.name, [...(earlier ?? []), found]);
        process.stderr.write(`${progress(row, found)}\n`);
      } catch (error) {
        const why = `${row.name}: ${error instanceof Error ? error.message : String(error)}`;
        process.stderr.write(`${why}\n`);
        absent.push(why);
        // What does not run the first time is not tried again.
        if (earlier) measured.set(row.name, [...earlier, undefined]);
        else left.delete(row);
      }
    }
  }
  const report: Report = { machine, rounds, sizes, rows, measured, absent };
  process.stdout.write(markdown(report));
  if (values.write) writeFileSync(new URL('results.md', import.meta.url), markdown(report));
  if (!values.quick && goals(report).some(({ met }) => !met)) process.exitCode = 1;
}

function progress({ name }: Row, { cells }: RowRound): string {
  const phases = [...cells].map(([phase, { perSecond, mbPerSecond }]) =>
    perSecond === undefined
      ? `${phase} ${mbPerSecond?.toFixed(0)} MB/s`
      : `${phase} ${perSecond.toFixed(0)}/s`,
  );
  return `${name.padEnd(14)}${phases.join('  ')}`;
}

await runAs('bench:egress', usage, main);
