/** The gate, the kernel behind it, and what a desktop has. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { DesktopFacts, GateFacts, KernelProbe } from './facts.ts';
import { isEncrypted } from './gather-system.ts';
import { type Environment, findProgram, tryProgram } from './try.ts';

export function gatherGate(file: string, environment: Environment): GateFacts {
  const compiler = findProgram('cc', environment) ?? findProgram('gcc', environment);
  if (!existsSync(file)) return { file, state: 'missing', compiler };
  const { works, stdout, said } = tryProgram(file, ['--probe']);
  if (works && stdout.startsWith('{"landlock":')) return { file, state: 'ready', compiler };
  return { file, state: 'broken', said, compiler };
}

const untried: KernelProbe = {
  landlock: 0,
  landlock_errno: -1,
  landlock_holds: -1,
  listener: -1,
  wait_killable: -1,
  sync_wake_up: -1,
  addfd: -1,
  addfd_send: -1,
  pidfd_open: -1,
  pidfd_getfd: -1,
  pidfd_thread: -1,
  memfd: -1,
  read_memory: -1,
  seize: -1,
  user_namespace: -1,
  mount: -1,
  clock: -1,
  clock_synchronised: -1,
};

/** @returns undefined when the gate did not come to its end */
export function gatherKernel(gate: string): KernelProbe | undefined {
  const { works, stdout } = tryProgram(gate, ['--probe-kernel']);
  return works ? parseKernelProbe(stdout) : undefined;
}

/** What it does not say counts as not tried. @returns undefined when it is no answer */
export function parseKernelProbe(text: string): KernelProbe | undefined {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof given !== 'object' || given === null) return undefined;
  const numbers = Object.entries(given).filter(
    (entry): entry is [string, number] => Object.hasOwn(untried, entry[0]) && Number.isInteger(entry[1]),
  );
  return { ...untried, ...Object.fromEntries(numbers) };
}

export function gatherDesktop(environment: Environment, home: string): DesktopFacts {
  const runtime = environment['XDG_RUNTIME_DIR'];
  const wayland = environment['WAYLAND_DISPLAY'];
  const bus = runtime === undefined ? undefined : path.join(runtime, 'bus');
  return {
    x11: environment['DISPLAY'] || undefined,
    wayland: wayland && runtime ? path.resolve(runtime, wayland) : undefined,
    sessionBus:
      environment['DBUS_SESSION_BUS_ADDRESS'] ||
      (bus !== undefined && existsSync(bus) ? `unix:path=${bus}` : undefined),
    dbusProxy: findProgram('xdg-dbus-proxy', environment),
    socat: findProgram('socat', environment),
    tpm: existsSync('/dev/tpmrm0'),
    homeEncrypted: isEncrypted(home),
  };
}
