/** A journal in a temporary folder, with a clock that the test moves. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { RecordBody } from '@chaperone/protocol';
import { onTestFinished } from 'vitest';
import { loadDeviceKey } from '../src/record/device-key.ts';
import { type Journal, type JournalOptions, openJournal } from '../src/record/journal.ts';
import { readHighWaterMark } from '../src/record/register.ts';
import { type JournalReport, verifyJournal } from '../src/record/verify.ts';

export function aJournalDirectory() {
  const root = mkdtempSync(path.join(tmpdir(), 'journal-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const dir = path.join(root, 'journal');
  const key = loadDeviceKey(path.join(root, 'state'));
  const clock = { nowMs: Date.UTC(2026, 0, 1) };
  return {
    root,
    dir,
    key,
    clock,
    open(session: string, options: Partial<JournalOptions> = {}): Journal {
      return openJournal({ dir, session, key, clock: () => clock.nowMs, ...options });
    },
    /** As this device verifies: with its key and what it remembers. */
    verify(): JournalReport {
      const highWaterMark = readHighWaterMark(key.stateDir, dir);
      return verifyJournal(dir, { publicKey: key, ...(highWaterMark ? { highWaterMark } : {}) });
    },
    file: (session: string, segment = 1): string =>
      path.join(dir, session, `${String(segment).padStart(6, '0')}.jsonl`),
    register: path.join(dir, 'sessions.jsonl'),
  };
}

export function aDeny(path = '/etc/shadow'): RecordBody {
  return {
    kind: 'decision',
    input: { action: 'read_file', path },
    decision: {
      effect: 'deny',
      reason: 'policy',
      message: 'No.',
      obligations: [],
      rules: [],
      revision: 'r1',
    },
  };
}

export function anEnd(): RecordBody {
  return { kind: 'session_end', exit_code: 0, allowed: 0, denied: 1 };
}
