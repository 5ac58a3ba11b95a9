/** Ends what is left of a session whose gate died: in process isolation no namespace takes the agent's children with it. */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

const rounds = 500;

/** Kills what descends from this process, again and again until nothing does. */
export async function killDescendants(): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const found = descendantsOf(process.pid);
    if (found.length === 0) return;
    for (const pid of found) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // Gone already.
      }
    }
    await setTimeout(10);
  }
}

/** Living ones only: what is dead waits for us to end. */
function descendantsOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = read(`/proc/${name}/stat`);
    // proc(5): the command may hold anything, so fields are counted from its closing bracket.
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === undefined || parent === undefined || state === 'Z' || state === 'X') continue;
    children.set(Number(parent), [...(children.get(Number(parent)) ?? []), Number(name)]);
  }
  const found: number[] = [];
  for (const pending = [root]; pending.length > 0;) {
    const below = children.get(pending.pop() ?? 0) ?? [];
    found.push(...below);
    pending.push(...below);
  }
  return found;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
