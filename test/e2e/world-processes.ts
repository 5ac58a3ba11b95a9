/** What of a world still runs, read from /proc. */
import { readdirSync, readFileSync } from 'node:fs';
import type { World } from './world.ts';

export type Running = { readonly pid: number; readonly argv: readonly string[]; readonly state: string };

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return ''; // ended meanwhile
  }
}

const pids = (): number[] =>
  readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));

/** State letter of proc_pid_stat(5), or '' when there is no such process. */
export function stateOf(pid: number): string {
  return /\) (\S)/.exec(read(`/proc/${pid}/stat`))?.[1] ?? '';
}

/** Processes whose command line names the world (and `word`); no zombies. */
export function processesOf(world: World, word = ''): Running[] {
  return pids().flatMap((pid) => {
    const line = read(`/proc/${pid}/cmdline`);
    if (!line.includes(world.dir) || !line.includes(word)) return [];
    const state = stateOf(pid);
    return state === '' || state === 'Z' ? [] : [{ pid, argv: line.split('\0').slice(0, -1), state }];
  });
}

/** Children, their children and so on, in the order of their birth. */
export function descendants(pid: number): number[] {
  const children = pids().filter((one) => Number(/\) \S (\d+)/.exec(read(`/proc/${one}/stat`))?.[1]) === pid);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

/** The gate of a session that chaperone (`pid`) started: first below it, or below bubblewrap. */
export function gateOf(pid: number): number {
  const found = descendants(pid).find((one) =>
    /^(\S*chaperone-gate|\/proc\/self\/fd\/5)\0/.test(read(`/proc/${one}/cmdline`)),
  );
  if (found === undefined) throw new Error(`no gate below process ${pid}`);
  return found;
}
