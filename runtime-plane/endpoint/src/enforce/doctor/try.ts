/** One try: a program with a time limit, and the small files in which the kernel tells what it permits. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import path from 'node:path';

export const tryMs = 10_000;

export type Try = {
  readonly works: boolean;
  readonly timedOut: boolean;
  readonly stdout: string;
  /** Why not, on one line; written by the program, so escape it. */
  readonly said: string;
};

/** @param gateFile handed on as descriptor 5, as a session's launcher does */
export function tryProgram(file: string, args: readonly string[], gateFile?: number, timeoutMs = tryMs): Try {
  const { status, signal, stdout, stderr, error } = spawnSync(file, [...args], {
    encoding: 'utf8',
    env: {},
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'pipe', 'ignore', 'ignore', gateFile ?? 'ignore'],
  });
  const timedOut = error !== undefined && 'code' in error && error.code === 'ETIMEDOUT';
  const end = signal === null ? `status ${status}` : `ended by ${signal}`;
  return {
    works: status === 0,
    timedOut,
    stdout: stdout ?? '',
    said: (stderr || error?.message || end).replace(/\s+/g, ' ').trim().slice(0, 300),
  };
}

/** @returns undefined when it cannot be read. For files of the kernel and of /etc, which do not block. */
export function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** A number in /proc/sys; undefined where this kernel has no such setting. */
export function readSetting(name: string): number | undefined {
  const text = readText(`/proc/sys/${name.replaceAll('.', '/')}`)?.trim();
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export function findProgram(name: string, environment: Environment): string | undefined {
  return (environment['PATH'] ?? '')
    .split(':')
    .filter((folder) => path.isAbsolute(folder))
    .map((folder) => path.join(folder, name))
    .find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
