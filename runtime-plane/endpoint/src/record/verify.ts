/**
 * Answers whether a journal is what was written: every session that the register names is there and whole, every record
 * links to the one before, every checkpoint carries the device's signature. A crash leaves an unclosed session, perhaps
 * with a torn last line; that is reported as what it is, not as tampering.
 */
import { isSessionId } from '@chaperone/protocol';
import { parsePublicKey, type PublicKey } from './device-key.ts';
import { JournalError } from './errors.ts';
import { processStart } from './process-start.ts';
import { type Chain, listSessions, readRegister, readSession } from './read.ts';
import { type HighWaterMark, registerChain, registerFile } from './register.ts';
import { type Fault, walkChain } from './verify-chain.ts';

export type SessionStatus =
  /** Closed and whole. */
  | 'intact'
  /** Its process is running. */
  | 'open'
  /** Whole as far as it goes, but never closed: a crash. */
  | 'unclosed'
  | 'tampered';

export type SessionReport = {
  readonly session: string;
  readonly status: SessionStatus;
  readonly records: number;
  /** Number of the last record that a signature covers; 0 for none. */
  readonly signedUpTo: number;
  /** Bytes of an incomplete last line, left by a crash in the middle of a write. */
  readonly tornBytes: number;
  readonly fault?: Fault;
};

export type JournalReport = {
  /** No fault anywhere; open and unclosed sessions are not faults. */
  readonly ok: boolean;
  /** Id of the key the signatures were checked with. */
  readonly key?: string;
  /** False when the key was taken from the journal itself: then someone who rewrote all of it stays unseen. */
  readonly keyTrusted: boolean;
  readonly sessions: readonly SessionReport[];
  /** In the order found: the register's own first. */
  readonly faults: readonly Fault[];
};

export type VerifyOptions = {
  /** The device's key, from a source other than the journal. */
  readonly publicKey?: PublicKey;
  /** How far the register had grown when this device last wrote it. */
  readonly highWaterMark?: HighWaterMark;
  /** Is called every thousand records. */
  readonly progress?: (at: VerifyProgress) => void;
};

export type VerifyProgress = {
  /** The session that is being checked, from 1. */
  readonly session: number;
  readonly sessions: number;
  /** Records checked so far, in all sessions. */
  readonly records: number;
};

const progressEvery = 1000;

/** Reads everything and changes nothing. Throws JournalError `unreadable` when the directory cannot be read. */
export function verifyJournal(dir: string, options: VerifyOptions = {}): JournalReport {
  const folders = listSessions(dir);
  const register = readRegister(dir);
  if (!register) {
    if (folders.length === 0 && !options.highWaterMark) {
      throw new JournalError('unreadable', `${dir} is not a journal: it has no ${registerFile}`);
    }
    const fault: Fault = { code: 'register_cut', file: registerFile, message: `${registerFile} was removed` };
    return { ok: false, keyTrusted: false, sessions: [], faults: [fault] };
  }

  const key = options.publicKey ?? keyInRegister(register);
  const { entries, faults } = verifyRegister(register, key, options.highWaterMark);
  let records = 0;
  const sessions = [...entries.values()].map((entry, index) =>
    verifySession(dir, entry, folders, key, () => {
      records += 1;
      if (records % progressEvery === 0)
        options.progress?.({ session: index + 1, sessions: entries.size, records });
    }),
  );
  for (const session of folders) {
    if (!entries.has(session)) sessions.push(verifyUnregistered(dir, session));
  }
  for (const { fault } of sessions) if (fault) faults.push(fault);
  return {
    ok: faults.length === 0,
    ...(key ? { key: key.id } : {}),
    keyTrusted: options.publicKey !== undefined,
    sessions,
    faults,
  };
}

const noKey: Pick<PublicKey, 'verify'> = { verify: () => false };

type Entry = {
  readonly session: string;
  readonly isRunning: boolean;
  readonly closed?: { readonly count: unknown; readonly head: unknown };
};

/** The key that the register says it is signed with; undefined when its first line is damaged or missing. */
export function keyInRegister(register: Chain): PublicKey | undefined {
  const match = /"public_key":"([A-Za-z0-9+/=]+)"/.exec(register.lines[0]?.bytes.toString('latin1') ?? '');
  try {
    return match?.[1] ? parsePublicKey(match[1]) : undefined;
  } catch {
    // A damaged key is a damaged first line, which the walk over the register reports.
    return undefined;
  }
}

function verifyRegister(
  register: Chain,
  key: PublicKey | undefined,
  mark: HighWaterMark | undefined,
): { entries: Map<string, Entry>; faults: Fault[] } {
  const walk = walkChain(registerChain, register.lines, key ?? noKey, () => true);
  const faults: Fault[] = walk.fault ? [walk.fault] : [];
  const entries = new Map<string, Entry>();
  for (const { seq, value } of walk.lines) {
    const { kind, session } = value;
    if (kind === 'session_opened' && isSessionId(session)) {
      const isRunning = processStart(Number(value['pid'])) === value['pid_start'];
      entries.set(session, { session, isRunning });
    } else if (kind === 'session_closed' && isSessionId(session)) {
      const { count, head } = value;
      entries.set(session, { session, isRunning: false, closed: { count, head } });
    } else if (kind === 'cut_found') {
      const message = `${String(value['expected_count'])} lines had been written before line ${seq}, and some were gone then`;
      faults.push({ code: 'register_cut', seq, file: registerFile, line: seq, message });
    }
  }
  if (mark && !walk.fault && walk.lines[mark.count - 1]?.hash !== mark.head) {
    const message = `this device wrote ${mark.count} lines to ${registerFile}; ${walk.lines.length} are left, or others`;
    faults.push({ code: 'register_cut', seq: mark.count, file: registerFile, message });
  }
  // A torn last line is what a crash leaves, and what cutting the register in the middle of its last line leaves.
  if (register.tornBytes > 0) {
    const message = `its last line is incomplete (${register.tornBytes} bytes); it was cut, or a writer crashed`;
    faults.push({ code: 'register_cut', file: registerFile, line: register.lines.length + 1, message });
  }
  return { entries, faults };
}

function verifySession(
  dir: string,
  entry: Entry,
  folders: readonly string[],
  key: PublicKey | undefined,
  onRecord: () => void,
): SessionReport {
  const { session, closed } = entry;
  const report = (
    status: SessionStatus,
    rest: Partial<Omit<SessionReport, 'fault'>> = {},
    fault?: Omit<Fault, 'session'>,
  ): SessionReport => ({
    session,
    status,
    records: 0,
    signedUpTo: 0,
    tornBytes: 0,
    ...rest,
    ...(fault ? { fault: { session, ...fault } } : {}),
  });
  if (!folders.includes(session)) {
    return report('tampered', {}, { code: 'session_missing', message: `session ${session} was removed` });
  }

  const chain = readSession(dir, session);
  const isCheckpoint: Parameters<typeof walkChain>[3] = ({ value }) => value['kind'] === 'checkpoint';
  const walk = walkChain(session, chain.lines, key ?? noKey, isCheckpoint, onRecord);
  const last = walk.lines.at(-1);
  const signed = walk.lines.findLast(({ value }) => value['kind'] === 'checkpoint');
  const figures = { records: walk.lines.length, signedUpTo: signed?.seq ?? 0, tornBytes: chain.tornBytes };
  if (walk.fault) return report('tampered', figures, walk.fault);

  if (!closed) {
    // A journal closes with a checkpoint after its session_end, and then tells the register.
    if (
      last?.value['kind'] === 'checkpoint' &&
      walk.lines.at(-2)?.value['kind'] === 'session_end' &&
      !entry.isRunning
    ) {
      const message = `session ${session} was closed, but ${registerFile} does not say so: its end was cut`;
      return report('tampered', figures, { code: 'register_cut', seq: last.seq, message });
    }
    return report(entry.isRunning ? 'open' : 'unclosed', figures);
  }
  const count = Number(closed.count);
  if (walk.lines.length < count) {
    const message = `records ${walk.lines.length + 1} to ${count} were removed from the end`;
    return report('tampered', figures, { code: 'tail_cut', seq: walk.lines.length + 1, message });
  }
  const surplus = chain.lines[count];
  if (surplus || chain.tornBytes > 0) {
    const message = `something was added after the last record ${count}`;
    const where = surplus ? { file: surplus.file, line: surplus.line } : {};
    return report('tampered', figures, { code: 'inserted', seq: count + 1, ...where, message });
  }
  if (walk.head !== closed.head) {
    const message = `record ${count} was replaced: ${registerFile} holds another hash`;
    return report('tampered', figures, { code: 'altered', seq: count, message });
  }
  return report('intact', figures);
}

/** A folder without records is what a crash leaves between creating it and registering it. */
function verifyUnregistered(dir: string, session: string): SessionReport {
  const { lines, tornBytes } = readSession(dir, session);
  const report = { session, records: lines.length, signedUpTo: 0, tornBytes };
  if (lines.length === 0 && tornBytes === 0) return { ...report, status: 'unclosed' };
  const message = `session ${session} is not in ${registerFile}: it was inserted, or its line was removed`;
  return { ...report, status: 'tampered', fault: { code: 'session_unregistered', session, message } };
}
