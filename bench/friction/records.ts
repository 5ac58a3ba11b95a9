/** What the journal of one run says: how many acts, and which of them a person would have been asked about. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { couldNotAnyway } from './anyway.ts';
import type { Stage } from './stage.ts';
import type { Closed, Task } from './task.ts';
import { expression } from './tree.ts';

type RecordLine = {
  readonly kind: string;
  readonly seq: number;
  readonly class?: string;
  readonly count?: number;
  readonly call?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly input?: {
    readonly action?: string;
    readonly path?: string;
    readonly target?: string;
    readonly destination?: { readonly host?: string; readonly ip?: string; readonly port?: number };
    readonly process?: { readonly exe?: string };
  };
  readonly decision?: {
    readonly effect: string;
    readonly reason?: string;
    readonly message?: string;
    readonly rules?: readonly string[];
    readonly obligations?: readonly { readonly type: string }[];
  };
};

export type Asked = {
  /** `<session>:<seq>` */
  readonly record: string;
  readonly kind: 'denial' | 'refusal' | 'approval';
  readonly action: string;
  /** Path (the home folder as ~), host or system call. */
  readonly object: string;
  readonly program: string;
  readonly reason: string;
  readonly rules: readonly string[];
  /** Repetitions of the same question. */
  readonly times: number;
  /** Why the profile closes this, when the task says that it should. */
  readonly closed: string | undefined;
};

export type Account = {
  /** Decisions and refusals, those in summaries included. */
  readonly acts: number;
  readonly allowed: number;
  /** Distinct: the same action on the same object is one question. */
  readonly asked: readonly Asked[];
};

/** Where the journal lies, and whose home and rights the paths in it are to be read with. */
export type Place = Pick<Stage, 'journal' | 'home' | 'uid'>;

export function readAccount(stage: Place, task: Task): Account {
  let acts = 0;
  const asked = new Map<string, Asked>();
  for (const { session, line } of recordsOf(stage.journal)) {
    acts += actsOf(line);
    const one = question(session, line, task, stage);
    if (!one) continue;
    const key = [one.kind, one.action, one.object, ...one.rules].join('\0');
    const before = asked.get(key);
    asked.set(key, before ? { ...before, times: before.times + 1 } : one);
  }
  const refused = [...asked.values()].filter(({ kind }) => kind !== 'approval');
  return {
    acts,
    allowed: acts - refused.reduce((sum, { times }) => sum + times, 0),
    asked: [...asked.values()],
  };
}

function actsOf({ kind, count = 0 }: RecordLine): number {
  if (kind === 'summary') return count;
  return kind === 'decision' || kind === 'refusal' ? 1 : 0;
}

function question(session: string, line: RecordLine, task: Task, stage: Place): Asked | undefined {
  const { kind, seq, decision, input } = line;
  const approval = decision?.obligations?.some(({ type }) => type === 'require_approval') ?? false;
  const denied = kind === 'decision' && decision?.effect === 'deny';
  if (kind !== 'refusal' && !denied && !approval) return undefined;
  const reason = decision?.reason ?? line.reason ?? '';
  const rules = decision?.rules ?? [];
  const action = input?.action ?? '';
  const object = input?.path ?? line.call ?? addressOf(input?.destination) ?? '';
  const promised = task.closed?.find((one) =>
    covers(one, rules.length === 0 ? [reason] : rules, object, stage.home),
  );
  const moot = couldNotAnyway(action, object, stage.uid)
    ? 'this user could not do it bare either'
    : undefined;
  return {
    record: `${session}:${seq}`,
    kind: kind === 'refusal' ? 'refusal' : denied ? 'denial' : 'approval',
    action,
    object: object.startsWith(`${stage.home}/`) ? `~${object.slice(stage.home.length)}` : object,
    program: input?.process?.exe ?? '',
    reason,
    rules,
    times: 1,
    closed: promised?.why ?? moot,
  };
}

function addressOf(destination: NonNullable<RecordLine['input']>['destination']): string | undefined {
  if (!destination) return undefined;
  const { host, ip, port } = destination;
  return host ?? `${ip}:${port}`;
}

function covers(
  { rule, object }: Closed,
  because: readonly string[],
  reached: string,
  home: string,
): boolean {
  if (!because.includes(rule)) return false;
  return (
    object === undefined ||
    expression(object).test(reached) ||
    expression(path.join(home, object)).test(reached)
  );
}

function* recordsOf(journal: string): Generator<{ session: string; line: RecordLine }> {
  if (!existsSync(journal)) throw new Error(`no journal in ${journal}`);
  for (const entry of readdirSync(journal, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const folder = path.join(journal, entry.name);
    for (const name of readdirSync(folder).toSorted())
      for (const text of readFileSync(path.join(folder, name), 'utf8').split('\n').slice(0, -1))
        yield { session: entry.name, line: JSON.parse(text) as RecordLine };
  }
}
