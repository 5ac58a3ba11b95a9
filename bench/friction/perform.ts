/** One task twice, bare and under its profile, and what the difference was. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { root } from '../ground.ts';
import { runGroup } from '../group.ts';
import { type Account, readAccount } from './records.ts';
import type { Stage } from './stage.ts';
import type { Task } from './task.ts';
import { compareTrees, digestOf, readTree, type Tree } from './tree.ts';

export type Result =
  | { readonly kind: 'skipped'; readonly task: Task; readonly why: string }
  | (Account & {
      readonly kind: 'done';
      readonly task: Task;
      readonly differences: readonly string[];
      readonly digest: string;
      readonly bareMs: number;
      readonly underMs: number;
      /** The last that it said on standard error under the profile. */
      readonly stderr: string;
    });

export type Limits = { readonly timeoutMs: number; readonly stop: AbortSignal };

type Ran = {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
};
type Left = Ran & { readonly tree: Tree; readonly absent: readonly string[] };

const keptCharacters = 65_536;

/** Rejects when `stop` is aborted. */
export async function perform(task: Task, stage: Stage, limits: Limits): Promise<Result> {
  const lacking = task.needs.filter((name) => !stage.has(name));
  if (lacking.length > 0) return { kind: 'skipped', task, why: `not installed: ${lacking.join(', ')}` };
  const bare = await once(task, stage, limits, []);
  if ('why' in bare) return { kind: 'skipped', task, why: bare.why };
  if (bare.code !== 0 || bare.absent.length > 0)
    return { kind: 'skipped', task, why: `does not work bare: ${reasonOf(bare)}` };
  const options = (task.settings ?? []).flatMap((one) => ['--set', one]);
  const prefix = [path.join(root, 'chaperone'), 'run', '--profile', task.profile, ...options, '--'];
  const under = await once(task, stage, limits, prefix);
  if ('why' in under) return { kind: 'skipped', task, why: under.why };
  return {
    kind: 'done',
    task,
    differences: differences(task, bare, under),
    digest: digestOf(under.tree),
    bareMs: bare.ms,
    underMs: under.ms,
    stderr: lastLines(under.stderr),
    ...readAccount(stage, task),
  };
}

async function once(
  task: Task,
  stage: Stage,
  limits: Limits,
  prefix: readonly string[],
): Promise<Left | { why: string }> {
  stage.clear();
  if (task.setUp !== undefined) {
    const ready = await run(['/bin/sh', '-euc', task.setUp], stage, limits);
    if (ready.code !== 0) return { why: `cannot be prepared: ${reasonOf({ ...ready, absent: [] })}` };
  }
  const ran = await run([...prefix, ...commandOf(task, stage)], stage, limits);
  return {
    ...ran,
    tree: readTree(stage.home, task),
    absent: task.leaves.filter((name) => !existsSync(path.join(stage.home, name))),
  };
}

function commandOf({ run: what }: Task, stage: Stage): string[] {
  if ('sh' in what) return ['/bin/sh', '-euc', what.sh];
  return ['/usr/bin/python3', stage.write('.local/robot/robot.py', what.python)];
}

function differences(task: Task, bare: Left, under: Left): string[] {
  const output =
    task.variesOutput || bare.stdout === under.stdout
      ? []
      : [`standard output: ${firstDifference(bare.stdout, under.stdout)}`];
  return [
    ...(bare.code === under.code ? [] : [`exit code ${bare.code} bare, ${under.code} under the profile`]),
    ...under.absent.map((name) => `${name} was not made`),
    ...output,
    ...compareTrees(bare.tree, under.tree),
  ];
}

function firstDifference(bare: string, under: string): string {
  const [before, after] = [bare.split('\n'), under.split('\n')];
  const at = before.findIndex((line, index) => line !== after[index]);
  const index = at === -1 ? before.length : at;
  return `line ${index + 1} is ${JSON.stringify(before[index] ?? '')} bare, ${JSON.stringify(after[index] ?? '')} under the profile`;
}

function reasonOf({ code, stderr, absent }: Pick<Left, 'code' | 'stderr' | 'absent'>): string {
  if (code === 0) return `it does not leave ${absent.join(', ')}`;
  return `ended with ${code}: ${lastLines(stderr)}`;
}

const lastLines = (text: string): string => text.trim().split('\n').slice(-3).join(' / ').slice(-300);

async function run(command: readonly string[], stage: Stage, { timeoutMs, stop }: Limits): Promise<Ran> {
  const start = performance.now();
  const ran = await runGroup(command, stage.spawnOptions, { timeoutMs, stop, keptCharacters });
  const { code, signal, stdout, stderr, timedOut } = ran;
  const ended = timedOut ? `nothing after ${timeoutMs / 1000} s` : (code ?? signal ?? 'a signal');
  return { code: ended, stdout, stderr, ms: performance.now() - start };
}
