/** How often the shipped profiles get in the way of ordinary work: `npm run friction`. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../ground.ts';
import { describeMachine } from '../machine.ts';
import { runAs, UsageError } from '../options.ts';
import { type Options, parseOptions, usage } from './options.ts';
import { perform, type Result } from './perform.ts';
import { isMet, jsonReport, markdownReport, type Report, taskLine, totalLines } from './report.ts';
import { Stage } from './stage.ts';
import type { Task } from './task.ts';
import { tasks } from './tasks/index.ts';

/** Throws UsageError for a name that no task has. */
function chosen(only: readonly string[]): readonly Task[] {
  const unknown = only.filter((name) => !tasks.some((task) => task.name === name));
  if (unknown.length > 0)
    throw new UsageError(
      `no task is called ${unknown.join(', ')}; there are ${tasks.map(({ name }) => name).join(', ')}`,
    );
  return only.length === 0 ? tasks : tasks.filter(({ name }) => only.includes(name));
}

async function measure({ only, keep, timeoutMs }: Options, stop: AbortSignal): Promise<Report> {
  const machine = describeMachine(new Date());
  const list = chosen(only);
  // Builds what is missing as the owner: the ordinary user could not.
  const ready = spawnSync(path.join(root, 'chaperone'), ['--version'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (ready.status !== 0) throw new Error('./chaperone --version does not work; the lines above say why');
  using stage = new Stage();
  const results: Result[] = [];
  for (const [index, task] of list.entries()) {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${index + 1}/${list.length} ${task.name}`);
    const result = await perform(task, stage, { timeoutMs, stop });
    results.push(result);
    if (process.stderr.isTTY) process.stderr.write('\r\u001B[K');
    process.stdout.write(`${taskLine(result)}\n`);
    if (keep !== undefined && existsSync(stage.journal))
      cpSync(stage.journal, path.join(keep, task.name), { recursive: true });
  }
  return { machine, results };
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort());
  const report = await measure(options, stop.signal);
  process.stdout.write(`\n${totalLines(report)}`);
  if (options.json !== undefined) writeFileSync(options.json, jsonReport(report));
  if (options.write) writeFileSync(path.join(root, 'bench/friction/results.md'), markdownReport(report));
  if (!isMet(report.results)) process.exitCode = 1;
}

await runAs('friction', usage, main);
