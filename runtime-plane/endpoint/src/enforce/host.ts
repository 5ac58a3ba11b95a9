/** What this host offers a session. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { SessionError } from './errors.ts';
import type { Isolation } from './floor.ts';

export function landlockVersion(gate: string): number {
  const probe = spawnSync(gate, ['--probe'], { encoding: 'utf8' });
  const version = /"landlock":(\d+)/.exec(probe.stdout ?? '')?.[1];
  if (version === undefined) throw SessionError.noGate(gate, probe.error?.message ?? probe.stderr);
  return Number(version);
}

/** Why bubblewrap cannot make the namespaces of a session here, or undefined when it can. */
export function namespaceProblem(bubblewrap: string | undefined): string | undefined {
  if (bubblewrap === undefined) return 'bubblewrap is not installed (Debian: apt-get install bubblewrap)';
  const user = process.getuid?.() === 0 ? [] : ['--unshare-user'];
  const probe = spawnSync(
    bubblewrap,
    [
      ...user,
      '--unshare-pid',
      '--unshare-net',
      '--ro-bind',
      '/',
      '/',
      '--dev-bind',
      '/dev',
      '/dev',
      '--proc',
      '/proc',
      '--',
      '/proc/self/exe',
      '--version',
    ],
    { encoding: 'utf8', env: {} },
  );
  if (probe.status === 0) return undefined;
  const said = (probe.stderr || probe.error?.message || `status ${probe.status}`).trim().slice(0, 300);
  return `bubblewrap cannot make namespaces here (${said})`;
}

/** Takes what was asked for, or the strongest that works; never weaker than the policy demands. */
export function chooseIsolation(
  asked: Isolation | undefined,
  demanded: Isolation,
  bubblewrap: string | undefined,
): { isolation: Isolation; note?: string } {
  if (asked === 'process' && demanded === 'namespace') {
    throw new SessionError(
      'floor_too_weak',
      'the policy demands --isolation namespace; process isolation would be weaker',
    );
  }
  if (asked === 'process') return { isolation: 'process' };
  const problem = namespaceProblem(bubblewrap);
  if (problem === undefined) return { isolation: 'namespace' };
  if (asked === 'namespace' || demanded === 'namespace') {
    throw new SessionError(
      bubblewrap === undefined ? 'no_bubblewrap' : 'floor_too_weak',
      `${problem}; --isolation process works without, if the policy permits it`,
    );
  }
  return {
    isolation: 'process',
    note: `${problem}; using process isolation, where the network is decided but not closed`,
  };
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
