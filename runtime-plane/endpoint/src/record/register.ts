/**
 * `sessions.jsonl`: a small signed chain with one line when a session opens and one when it closes, shared by all
 * processes that write to this directory. It is what makes a missing session or a cut tail visible. Its own end is
 * guarded by a high-water mark in the state directory, out of reach of whoever can only write the journal.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  realpathSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import type { DeviceKey } from './device-key.ts';
import { errnoOf, JournalError } from './errors.ts';
import { genesis, openLine, sealLine, splitLines } from './line.ts';
import { withLockFile } from './lock-file.ts';

export const registerFile = 'sessions.jsonl';
export const registerChain = 'sessions';

export type RegisterBody =
  | {
      readonly kind: 'session_opened';
      readonly session: string;
      readonly key: string;
      /** Base64 SPKI, so that a third party can check signatures once it trusts the key's id. */
      readonly public_key: string;
      readonly pid: number;
      /** Clock ticks since boot; with `pid` it tells a running session from a crashed one. */
      readonly pid_start: string;
    }
  | {
      readonly kind: 'session_closed';
      readonly session: string;
      readonly count: number;
      readonly head: string;
    }
  /** A writer died in the middle of a line; the fragment is kept here (base64, at most 3 KiB of it). */
  | { readonly kind: 'torn_line_removed'; readonly bytes: number; readonly fragment: string }
  /** The register was shorter than, or different from, what this device had written. */
  | { readonly kind: 'cut_found'; readonly expected_count: number; readonly expected_head: string };

export type HighWaterMark = { readonly count: number; readonly head: string };

/** Longest line that is read back to continue the chain. */
const tailBytes = 64 * 1024;
const lockTimeoutMs = 5_000;

/** Appends one entry and makes it durable. Throws JournalError. */
export function appendToRegister(dir: string, body: RegisterBody, key: DeviceKey, nowMs: number): void {
  try {
    withLockFile(path.join(dir, 'sessions.lock'), lockTimeoutMs, () => appendLocked(dir, body, key, nowMs));
  } catch (error) {
    if (error instanceof JournalError) throw error;
    throw new JournalError(
      'write_failed',
      `cannot write ${path.join(dir, registerFile)} (${errnoOf(error) ?? 'error'})`,
      { cause: error },
    );
  }
}

function appendLocked(dir: string, body: RegisterBody, key: DeviceKey, nowMs: number): void {
  const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
  const fd = openSync(path.join(dir, registerFile), flags, 0o600);
  try {
    const { head, torn } = readTail(fd, dir);
    const bodies: RegisterBody[] = [];
    if (torn) bodies.push(torn);
    const mark = readHighWaterMark(key.stateDir, dir);
    if (mark && !isAtMark(fd, mark, head)) {
      bodies.push({ kind: 'cut_found', expected_count: mark.count, expected_head: mark.head });
    }
    let { count, hash } = head;
    for (const entry of [...bodies, body]) {
      const sealed = sealLine(count + 1, new Date(nowMs).toISOString(), hash, entry, key);
      writeAll(fd, sealed.line);
      count += 1;
      hash = sealed.hash;
    }
    fdatasyncSync(fd);
    writeHighWaterMark(key.stateDir, dir, { count, head: hash });
  } finally {
    closeSync(fd);
  }
}

type Head = { readonly count: number; readonly hash: string };

/** The last complete line; an incomplete one after it is cut off and returned as the entry that reports it. */
function readTail(fd: number, dir: string): { head: Head; torn?: RegisterBody } {
  const { size } = fstatSync(fd);
  const from = Math.max(0, size - tailBytes);
  const tail = Buffer.alloc(size - from);
  readSync(fd, tail, 0, tail.length, from);
  const { lines, torn } = splitLines(tail);
  const last = lines.at(-1);
  const opened = last && openLine(last);
  if (typeof opened === 'string' || (last === undefined && from > 0)) {
    throw new JournalError(
      'register_damaged',
      `the last line of ${path.join(dir, registerFile)} was altered; keep the directory as evidence and journal to a new one`,
    );
  }
  const head = opened ? { count: opened.seq, hash: opened.hash } : { count: 0, hash: genesis(registerChain) };
  if (torn.length === 0) return { head };
  ftruncateSync(fd, size - torn.length);
  const fragment = torn.subarray(0, 3072).toString('base64');
  return { head, torn: { kind: 'torn_line_removed', bytes: torn.length, fragment } };
}

function isAtMark(fd: number, mark: HighWaterMark, head: Head): boolean {
  if (head.count === mark.count) return head.hash === mark.head;
  if (head.count < mark.count) return false;
  // The register is ahead when a writer died before it moved the mark.
  const content = Buffer.alloc(fstatSync(fd).size);
  readSync(fd, content, 0, content.length, 0);
  return isMarkIn(content, mark);
}

/** Whether the register still holds the line that the mark was set at. */
export function isMarkIn(register: Buffer, mark: HighWaterMark): boolean {
  const line = splitLines(register).lines[mark.count - 1];
  const opened = line && openLine(line);
  return typeof opened === 'object' && opened.hash === mark.head;
}

function markFile(stateDir: string, dir: string): string {
  const name = createHash('sha256').update(realpathSync(dir)).digest('hex').slice(0, 16);
  return path.join(stateDir, 'registers', `${name}.json`);
}

/** @returns undefined when this device never wrote to the directory. Throws JournalError `unreadable`. */
export function readHighWaterMark(stateDir: string, dir: string): HighWaterMark | undefined {
  const file = markFile(stateDir, dir);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw new JournalError('unreadable', `cannot read ${file} (${errnoOf(error) ?? 'error'})`, {
      cause: error,
    });
  }
  try {
    const mark = JSON.parse(text) as { count?: unknown; head?: unknown };
    if (typeof mark.count === 'number' && typeof mark.head === 'string')
      return { count: mark.count, head: mark.head };
  } catch (error) {
    throw new JournalError('unreadable', `${file} is damaged`, { cause: error });
  }
  throw new JournalError('unreadable', `${file} is damaged`);
}

function writeHighWaterMark(stateDir: string, dir: string, mark: HighWaterMark): void {
  const file = markFile(stateDir, dir);
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify({ dir: realpathSync(dir), ...mark })}\n`, { mode: 0o600 });
  renameSync(draft, file);
}

/** write(2) may take less than it was given, for example on a disk that is nearly full. */
function writeAll(fd: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
}
