/**
 * An attack as data, and how it is judged: it must work where nothing holds it (the control), win nothing under
 * chaperone (the effect), and leave the records that say who tried what (the record).
 */
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { denials, type Expected, matches } from './expected.ts';
import type { PolicyName } from './policies.ts';
import { type Cell, fingerprint, Ground, type Run, users, withoutRoot, World } from './world.ts';

export type Attack = {
  /** As in the list of known bypasses that the suite follows. */
  readonly id: string;
  readonly title: string;
  readonly policy: PolicyName;
  readonly data?: (world: World) => Readonly<Record<string, unknown>>;
  /** Programs of this machine, absolute. */
  readonly needs?: readonly string[];
  /** Why it cannot be run by this user, in this isolation, or at all. */
  readonly skip?: (cell: Cell) => string | undefined;
  /** What listens for the attack; before the policy is written, which has to know it. */
  readonly outside?: (world: World) => Promise<void>;
  readonly prepare?: (world: World) => void | Promise<void>;
  readonly command: (world: World) => readonly string[];
  /** What starts chaperone, or without it the attack: `argv` is to be run from there. */
  readonly outer?: (world: World, argv: readonly string[]) => readonly string[];
  /** Has the attacker won? By default: the secret was seen, or it is no longer as it was. */
  readonly won?: (world: World, run: Run) => boolean | Promise<boolean>;
  /** Or why a refusal of this kind leaves none. */
  readonly record: ((world: World) => readonly Expected[]) | { readonly none: string };
  /**
   * The same without chaperone wins; or its allowed twin under chaperone does; or what policy allows of the same run has
   * worked; or why none of them can be shown.
   */
  readonly control?:
    | { readonly twin: (world: World) => readonly string[] }
    | { readonly within: (world: World, run: Run) => boolean }
    | { readonly none: string }
    | ((cell: Cell) => { readonly none: string } | undefined);
};

export type Verdict = 'held' | 'LEAKED' | 'no record' | 'HUNG' | 'broken' | 'no control' | 'skipped';

declare module 'vitest' {
  interface TaskMeta {
    escape?: {
      readonly id: string;
      readonly title: string;
      readonly cell: Cell;
      readonly verdict: Verdict;
      readonly reason?: string;
    };
  }
}

const isolations = ['namespace', 'process'] as const;

/** One test per attack and cell. `programs` are the sources of the attack programs. */
export function describeAttacks(
  area: string,
  programs: readonly (string | readonly [source: string, as: string, ...flags: string[]])[],
  attacks: readonly Attack[],
): void {
  let ground: Ground;
  let compiled = true;
  const controls = new Map<string, Promise<string | undefined>>();
  beforeAll(() => {
    ground = new Ground();
    compiled = programs.every((program) => ground.compile(program));
    if (!compiled) console.log(`${area}: no C compiler, attacks are skipped`);
    if (withoutRoot) console.log(`${area}: ${withoutRoot}, only the unprivileged half is run`);
  });
  afterAll(() => ground.remove());

  describe.concurrent(area, () => {
    for (const attack of attacks) {
      for (const user of users) {
        for (const isolation of isolations) {
          const cell = { user, isolation };
          test(`${attack.id} ${attack.title} (${user}, ${isolation})`, async ({ task, skip }) => {
            const settle = (verdict: Verdict, reason?: string): void => {
              task.meta.escape = {
                id: attack.id,
                title: attack.title,
                cell,
                verdict,
                ...(reason ? { reason } : {}),
              };
            };
            const why = compiled ? whyNot(attack, cell) : 'no C compiler';
            if (why !== undefined) {
              settle('skipped', why);
              skip(why);
              return;
            }
            const judged = await judge(attack, ground, cell, controls);
            settle(judged.verdict, judged.reason);
            expect(`${judged.verdict}${judged.reason ? `: ${judged.reason}` : ''}`).toBe('held');
          });
        }
      }
    }
  });
}

function whyNot({ needs = [], skip }: Attack, cell: Cell): string | undefined {
  const missing = needs.filter((file) => !existsSync(file));
  return missing.length > 0 ? `without ${missing.join(', ')}` : skip?.(cell);
}

type Judged = { readonly verdict: Verdict; readonly reason?: string };

async function judge(
  attack: Attack,
  ground: Ground,
  cell: Cell,
  controls: Map<string, Promise<string | undefined>>,
): Promise<Judged> {
  const key = `${attack.id} ${attack.title} ${cell.user}`;
  const control = controls.get(key) ?? whyControlFails(attack, ground, cell);
  controls.set(key, control);
  const broken = await control;
  if (broken !== undefined) return { verdict: 'no control', reason: broken };

  const { world, run, won } = await attempt(attack, ground, cell, true);
  try {
    if (won) return { verdict: 'LEAKED', reason: short(run.output) };
    if (run.hung) return { verdict: 'HUNG', reason: short(run.output) };
    const records = world.records();
    const end = records.find((record) => record.kind === 'session_end');
    if (run.status === 125 || !end || end.cause !== undefined)
      return { verdict: 'broken', reason: short(run.output) };
    const within = typeof attack.control === 'object' && 'within' in attack.control && attack.control.within;
    if (within && !within(world, run)) return { verdict: 'no control', reason: short(run.output) };
    if ('none' in attack.record) return { verdict: 'held' };
    for (const expected of attack.record(world)) {
      const found = records.filter((record) => matches(record, expected, ownExe(attack, world))).length;
      const enough = expected.times === undefined ? found > 0 : found === expected.times;
      if (!enough)
        return {
          verdict: 'no record',
          reason: `${JSON.stringify(expected)} found ${found} times; output ${short(run.output)}; ${denials(records)}`,
        };
    }
    return { verdict: 'held' };
  } finally {
    world.remove();
  }
}

async function whyControlFails(attack: Attack, ground: Ground, cell: Cell): Promise<string | undefined> {
  const control = typeof attack.control === 'function' ? attack.control(cell) : attack.control;
  if (control && ('none' in control || 'within' in control)) return undefined;
  const chosen = control ? { ...attack, command: control.twin } : attack;
  const { world, run, won } = await attempt(chosen, ground, cell, control !== undefined);
  world.remove();
  return won ? undefined : `the control does not win (status ${run.status}): ${short(run.output)}`;
}

type Attempt = { readonly world: World; readonly run: Run; readonly won: boolean };

async function attempt(attack: Attack, ground: Ground, cell: Cell, held: boolean): Promise<Attempt> {
  const world = new World(ground, cell);
  try {
    await attack.outside?.(world);
    world.usePolicy(attack.policy, attack.data?.(world));
    await attack.prepare?.(world);
    const before = stateOf(world);
    const argv = attack.command(world);
    const whole = held ? world.chaperoned(argv) : argv;
    const run = await world.runBare(attack.outer?.(world, whole) ?? whole);
    const won = attack.won ? await attack.won(world, run) : seen(world, run) || stateOf(world) !== before;
    world.stopOutside();
    return { world, run, won };
  } catch (error) {
    world.remove();
    throw error;
  }
}

/** The content of the secret, somewhere else than where it belongs. */
export function seen(world: World, run: Run): boolean {
  return (
    run.output.includes(world.canary) ||
    world.files().some((file) => readFileSync(file).includes(world.canary))
  );
}

function stateOf({ secret, secretFolder }: World): string {
  return existsSync(secretFolder)
    ? `${fingerprint(secret)} ${readdirSync(secretFolder).toSorted().join('/')}`
    : 'gone';
}

function ownExe(attack: Attack, world: World): string | undefined {
  const [file] = attack.command(world);
  return file !== undefined && path.isAbsolute(file) && existsSync(file) ? realpathSync(file) : undefined;
}

const short = (text: string): string =>
  JSON.stringify(text.length > 1700 ? `${text.slice(0, 1500)} … ${text.slice(-200)}` : text);
