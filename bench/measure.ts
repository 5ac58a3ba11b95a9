/** One run of one load under one variant. */
import type { Ground } from './ground.ts';
import { type Ran, runGroup } from './group.ts';
import type { Variant } from './variants.ts';
import type { Workload } from './workloads.ts';

export type Sample =
  | { readonly kind: 'measured'; readonly value: number }
  | { readonly kind: 'failed'; readonly why: string };

/** More is neither needed nor kept. */
const keptCharacters = 16_384;

/** Runs as the ordinary user. */
export function run(
  ground: Ground,
  command: readonly string[],
  timeoutMs: number,
  stop: AbortSignal,
): Promise<Ran> {
  const options = { cwd: ground.dir, env: ground.environment };
  return runGroup(ground.asOrdinaryUser(command), options, { timeoutMs, stop, keptCharacters });
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
