/** What this host offers a session. */
import { readFileSync } from 'node:fs';
import { gatherNamespaces } from './doctor/gather-namespaces.ts';
import { selectIsolation } from './doctor/isolation.ts';
import { diagnoseNamespaces } from './doctor/namespaces.ts';
import { tryProgram } from './doctor/try.ts';
import { SessionError } from './errors.ts';
import type { Isolation } from './floor.ts';

/** @returns the ABI version. Throws SessionError `no_landlock`, except for a build of the gate that does without. */
export function landlockVersion(gate: string): number {
  const { stdout, said } = tryProgram(gate, ['--probe']);
  const version = /"landlock":(\d+)/.exec(stdout)?.[1];
  if (version === undefined) throw SessionError.noGate(gate, said);
  if (version === '0' && !stdout.includes('"optional":1')) throw SessionError.noLandlock();
  return Number(version);
}

/** Throws SessionError `floor_too_weak` or `no_bubblewrap`, with what to do about it. */
export function chooseIsolation(
  asked: Isolation | undefined,
  demanded: Isolation,
  bubblewrap: string | undefined,
  gate: string,
): { isolation: Isolation; note?: string } {
  const chosen = selectIsolation(asked, demanded, () =>
    diagnoseNamespaces(gatherNamespaces(bubblewrap, gate, process.env)),
  );
  if ('refused' in chosen) throw new SessionError(chosen.refused, chosen.message);
  return chosen;
}

/** Nameservers of resolv.conf(5). */
export function nameservers(file = '/etc/resolv.conf'): string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line) => /^\s*nameserver\s+([0-9a-fA-F.:]+)/.exec(line)?.[1] ?? []);
  } catch {
    return [];
  }
}
