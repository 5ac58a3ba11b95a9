/** On what was measured, as far as it matters to the figures; no names of hosts, users or folders. */
import { readFileSync } from 'node:fs';
import os from 'node:os';

export type Machine = {
  readonly date: string;
  readonly processor: string;
  readonly processors: number;
  readonly memoryGib: number;
  readonly kernel: string;
  readonly system: string;
  readonly node: string;
  /** Runnable processes over the last minute, before the first run: other work makes the figures noise. */
  readonly load: number;
};

export function describeMachine(now: Date): Machine {
  const cpus = os.cpus();
  return {
    date: now.toISOString().slice(0, 10),
    processor: cpus[0]?.model.trim() || os.arch(),
    processors: cpus.length,
    memoryGib: Math.round(os.totalmem() / 2 ** 30),
    kernel: `${os.type()} ${os.release()}`,
    system: systemName(),
    node: process.version,
    load: os.loadavg()[0] ?? Number.NaN,
  };
}

function systemName(): string {
  try {
    return /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'unknown';
  } catch {
    return 'unknown';
  }
}
