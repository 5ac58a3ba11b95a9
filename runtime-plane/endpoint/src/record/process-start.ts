/** Tells a living process from a dead one whose number was given away again. */
import { readFileSync } from 'node:fs';

/** Start time in clock ticks since boot (proc(5), field 22); undefined when there is no such process. */
export function processStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command name (field 2) may hold spaces and parentheses, so count from the last one.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
