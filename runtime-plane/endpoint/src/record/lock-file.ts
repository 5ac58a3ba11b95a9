/**
 * A lock between processes that is only a file, because Node has no flock(2). It appears complete (by link(2)), names its
 * holder, and is taken over when the holder is dead.
 */
import { linkSync, readFileSync, readlinkSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { errnoOf, JournalError } from './errors.ts';
import { processStart } from './process-start.ts';

/** An act under the lock takes milliseconds; a holder in another PID namespace cannot be asked whether it lives. */
const foreignStaleMs = 30_000;
const waitStepMs = 5;

/** Throws JournalError `register_locked` after `timeoutMs`. */
export function withLockFile<Result>(file: string, timeoutMs: number, act: () => Result): Result {
  const pidNamespace = readlinkSync('/proc/self/ns/pid');
  const claim = `${process.pid} ${processStart(process.pid) ?? ''} ${pidNamespace}`;
  const draft = `${file}.${process.pid}.${performance.now()}`;
  const deadline = performance.now() + timeoutMs;
  writeFileSync(draft, claim, { flag: 'wx', mode: 0o600 });
  try {
    while (!tryLink(draft, file)) {
      if (breakStale(file, draft, pidNamespace)) continue;
      if (performance.now() > deadline) {
        throw new JournalError(
          'register_locked',
          `${file} has been held for ${timeoutMs} ms by ${holderOf(file) ?? 'another process'}`,
        );
      }
      pause(waitStepMs);
    }
    try {
      return act();
    } finally {
      unlinkSync(file);
    }
  } finally {
    unlinkSync(draft);
  }
}

function tryLink(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Removes the lock of a dead holder. Only one process may do so at a time: with two, the slower one would remove the
 * lock that the faster one has just taken.
 */
function breakStale(file: string, draft: string, pidNamespace: string): boolean {
  if (!isStale(file, pidNamespace)) return false;
  const breaker = `${file}.break`;
  if (!tryLink(draft, breaker)) {
    if (isStale(breaker, pidNamespace)) unlinkSync(breaker);
    return false;
  }
  try {
    if (!isStale(file, pidNamespace)) return false;
    unlinkSync(file);
    return true;
  } finally {
    unlinkSync(breaker);
  }
}

function isStale(file: string, pidNamespace: string): boolean {
  const holder = holderOf(file);
  if (holder === undefined) return false;
  const [pid = '', start = '', namespace = ''] = holder.split(' ');
  if (namespace === pidNamespace) return processStart(Number(pid)) !== start;
  try {
    return Date.now() - statSync(file).mtimeMs > foreignStaleMs;
  } catch {
    return false;
  }
}

function holderOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Blocks this thread: the callers are synchronous, because no record may be pending when an act proceeds. */
function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
