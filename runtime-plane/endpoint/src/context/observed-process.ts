/** What proc(5) says about a living process, for a question that names one by its number alone. */
import { constants, openSync, readFileSync, readlinkSync } from 'node:fs';
import type { ProcessFacts } from '@chaperone/protocol';
import type { Digests } from './digests.ts';

/** A process that was started by a longer line of others hides nothing: what is above is left out. */
const maxAncestors = 64;

/**
 * The path of its executable, and digest and ancestors when they are read. What this user may not see is absent; so are facts that
 * are first read when the number belongs to another process. What was read is in `forRecord` from then on.
 *
 * @returns undefined when there is no such process
 */
export function observeProcess(
  pid: number,
  digests: Digests,
): { forPolicy: ProcessFacts; forRecord: ProcessFacts } | undefined {
  const born = statOf(pid)?.start;
  const exe = exeOf(pid);
  const isSame = (): boolean => statOf(pid)?.start === born;
  if (born === undefined || !isSame()) return undefined;
  const known = { pid, ...(exe === undefined ? {} : { exe }) };
  const forRecord: { -readonly [name in keyof ProcessFacts]: ProcessFacts[name] } = { ...known };
  const forPolicy = {
    ...known,
    get sha256() {
      const digest = digestOf(pid, digests);
      if (digest !== undefined && isSame()) forRecord.sha256 = digest;
      return forRecord.sha256;
    },
    get ancestors() {
      const found = ancestorsOf(pid);
      if (isSame()) forRecord.ancestors = found;
      return forRecord.ancestors;
    },
  } as ProcessFacts;
  return { forPolicy, forRecord };
}

function digestOf(pid: number, digests: Digests): string | undefined {
  try {
    return digests.of(openSync(`/proc/${pid}/exe`, constants.O_RDONLY));
  } catch {
    return undefined;
  }
}

function ancestorsOf(pid: number): string[] {
  const found: string[] = [];
  for (
    let at = statOf(pid)?.parent ?? 0;
    at > 0 && found.length < maxAncestors;
    at = statOf(at)?.parent ?? 0
  ) {
    const exe = exeOf(at);
    if (exe === undefined) break;
    found.push(exe);
  }
  return found;
}

function exeOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return undefined;
  }
}

function statOf(pid: number): { parent: number; start: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command name may hold spaces and parentheses, so count from the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const start = fields[19];
    return start === undefined ? undefined : { parent: Number(fields[1]), start };
  } catch {
    return undefined;
  }
}
