/** One run of one load under one variant. */
import { spawn } from 'node:child_process';
import type { Ground } from './ground.ts';
import type { Variant } from './variants.ts';
import type { Workload } from './workloads.ts';

export type Ran = {
  readonly code: number | null;
  readonly wholeNs: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
};

export type Sample =
  | { readonly kind: 'measured'; readonly value: number }
  | { readonly kind: 'failed'; readonly why: string };

/** More is neither needed nor kept. */
const keptCharacters = 16_384;
/** Between being told to end and being ended: setuid programs (firejail) clean up only on the former. */
const graceMs = 2000;

/** Runs as the ordinary user, in its own process group, for at most `timeoutMs`. Rejects when `stop` is aborted. */
export function run(
  ground: Ground,
  command: readonly string[],
  timeoutMs: number,
  stop: AbortSignal,
): Promise<Ran> {
  stop.throwIfAborted();
  const [file = '', ...args] = ground.asOrdinaryUser(command);
  return new Promise((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    let timedOut = false;
    let wholeNs = 0;
    const start = process.hrtime.bigint();
    const child = spawn(file, args, {
      cwd: ground.dir,
      env: ground.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const kill = (signal: NodeJS.Signals): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, signal);
      } catch {
        // the group is gone already
      }
    };
    const end = (): void => {
      kill('SIGTERM');
      setTimeout(() => kill('SIGKILL'), graceMs).unref();
    };
    const timer = setTimeout(() => {
      timedOut = true;
      end();
    }, timeoutMs);
    stop.addEventListener('abort', end);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout = (stdout + text).slice(-keptCharacters);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-keptCharacters);
    });
    child.on('exit', () => (wholeNs = Number(process.hrtime.bigint() - start)));
    const settled = (): void => {
      clearTimeout(timer);
      stop.removeEventListener('abort', end);
    };
    child.on('error', (error) => {
      settled();
      reject(error);
    });
    child.on('close', (code) => {
      settled();
      if (stop.aborted) reject(new Error('stopped'));
      else resolve({ code, wholeNs, stdout, stderr, timedOut });
    });
  });
}

/** @returns the figure in the unit of the workload */
export async function sample(
  ground: Ground,
  variant: Variant,
  workload: Workload,
  timeoutMs: number,
  stop: AbortSignal,
): Promise<Sample> {
  if (workload.writes) ground.settle();
  const ran = await run(ground, [...(variant.prefix ?? []), ...workload.command(ground)], timeoutMs, stop);
  const why = trouble(ran);
  if (why !== undefined) return { kind: 'failed', why };
  const ns = workload.time === 'whole' ? ran.wholeNs : insideNs(ran.stdout);
  if (ns === undefined) return { kind: 'failed', why: 'the load did not say how long it took' };
  return { kind: 'measured', value: ns / workload.acts / (workload.unit === 'ms' ? 1e6 : 1e3) };
}

/** Whether the variant works here at all and is what it says it is; its first start, which is not measured. */
export async function preflight(
  ground: Ground,
  variant: Variant,
  timeoutMs: number,
  stop: AbortSignal,
): Promise<string | undefined> {
  const prefix = variant.prefix ?? [];
  const ran = await run(ground, [...prefix, ground.program('inside'), '1', '/bin/true'], timeoutMs, stop);
  const why = trouble(ran) ?? (insideNs(ran.stdout) === undefined ? 'the load said nothing' : undefined);
  if (why !== undefined || variant.kind !== 'chaperone') return why;
  // A floor that is not accepted as stated is noted there, and the row would show something else.
  if (/static/.test(ran.stderr)) return firstLine(ran.stderr);
  const secret = await run(ground, [...prefix, '/bin/cat', ground.at('closed/secret')], timeoutMs, stop);
  return secret.code === 0 ? 'it does not deny what its policy denies' : undefined;
}

function trouble({ code, timedOut, stderr, wholeNs }: Ran): string | undefined {
  if (timedOut) return `not finished after ${Math.round(wholeNs / 1e9)} s`;
  return code === 0 ? undefined : `ended with ${code ?? 'a signal'}: ${firstLine(stderr)}`;
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0]?.slice(0, 160) ?? '';
}

function insideNs(stdout: string): number | undefined {
  const found = /^ns (\d+)$/m.exec(stdout)?.[1];
  return found === undefined ? undefined : Number(found);
}
