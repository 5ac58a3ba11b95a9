/** Processor time of a process and all that descend from it, from /proc. */
import { readdirSync, readFileSync } from 'node:fs';

/** Of `USER_HZ`, which is 100 on every Linux that Node runs on. */
const tickMs = 10;

type Seen = { readonly parent: number; readonly ms: number; readonly isLoad: boolean };

/** @returns milliseconds; without the program that asks, which is below a session but no part of it */
export function processorMs(root: number): number {
  const all = new Map<number, Seen>();
  for (const name of readdirSync('/proc')) {
    const seen = /^\d+$/.test(name) ? look(name) : undefined;
    if (seen) all.set(Number(name), seen);
  }
  let ms = 0;
  for (const [pid, seen] of all) if (!seen.isLoad && descends(pid, root, all)) ms += seen.ms;
  return ms;
}

function descends(pid: number, root: number, all: ReadonlyMap<number, Seen>): boolean {
  for (let at = pid; at > 1; at = all.get(at)?.parent ?? 0) if (at === root) return true;
  return false;
}

function look(pid: string): Seen | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // After the name, which may hold anything: state, parent, …; the times are fields 14 and 15 (proc_pid_stat(5)).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [, program = ''] = readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0');
    return {
      parent: Number(fields[1]),
      ms: (Number(fields[11]) + Number(fields[12])) * tickMs,
      isLoad: program.endsWith('/bench/egress/load.ts'),
    };
  } catch {
    return undefined; // it ended meanwhile
  }
}
