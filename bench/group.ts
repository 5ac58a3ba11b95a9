/** A command in a process group of its own, which is ended as a whole. */
import { spawn, type SpawnOptions } from 'node:child_process';

export type Ran = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** From start to exit. */
  readonly wholeNs: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
};

export type GroupLimits = {
  readonly timeoutMs: number;
  readonly stop: AbortSignal;
  /** Of each output: its last ones. */
  readonly keptCharacters: number;
};

/** Between being told to end and being ended: setuid programs (firejail) clean up only on the former. */
const graceMs = 2000;

/** Rejects when it cannot be started, and when `stop` is aborted. */
export function runGroup(
  command: readonly string[],
  options: Pick<SpawnOptions, 'cwd' | 'env' | 'uid' | 'gid'>,
  { timeoutMs, stop, keptCharacters }: GroupLimits,
): Promise<Ran> {
  stop.throwIfAborted();
  const [file = '', ...args] = command;
  return new Promise((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    let timedOut = false;
    let wholeNs = 0;
    const start = process.hrtime.bigint();
    const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const kill = (signal: NodeJS.Signals): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, signal);
      } catch {
        // the group is gone already
      }
    };
    const end = (): void => {
      kill('SIGTERM');
      setTimeout(() => kill('SIGKILL'), graceMs).unref();
    };
    const timer = setTimeout(() => {
      timedOut = true;
      end();
    }, timeoutMs);
    stop.addEventListener('abort', end);
    const settled = (): void => {
      clearTimeout(timer);
      stop.removeEventListener('abort', end);
    };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout = (stdout + text).slice(-keptCharacters);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-keptCharacters);
    });
    child.on('exit', () => (wholeNs = Number(process.hrtime.bigint() - start)));
    child.on('error', (error) => {
      settled();
      reject(error);
    });
    child.on('close', (code, signal) => {
      settled();
      if (stop.aborted) reject(new Error('stopped'));
      else resolve({ code, signal, wholeNs, stdout, stderr, timedOut });
    });
  });
}
