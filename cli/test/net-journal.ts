/** Journals with network records, written the way sessions write them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Journal, loadDeviceKey, openJournal, SessionRecord } from '@chaperone/endpoint/record';
import { type DecisionInput, deny, type Decision, type DestinationFacts } from '@chaperone/protocol';

type Figures = Parameters<SessionRecord['outcome']>[4];

const allowed: Decision = {
  ...deny('policy', 'r1', 'The policy allows this.'),
  effect: 'allow',
  reason: 'policy',
};

/** The network of one session; each act takes a second. */
export class NetSession {
  readonly record: SessionRecord;
  readonly journal: Journal;
  nowMs: number;
  readonly id: string;

  constructor(
    stateDir: string,
    id: string,
    nowMs = Date.UTC(2026, 0, 1, 12),
    extra: { agent?: string; floor?: string[] } = {},
  ) {
    this.id = id;
    this.nowMs = nowMs;
    const key = loadDeviceKey(stateDir);
    this.journal = openJournal({
      dir: path.join(stateDir, 'journal'),
      session: id,
      key,
      clock: () => (this.nowMs += 1_000),
      // Thousands of records in a moment: what a power cut takes is of no interest here.
      groupMs: 1e12,
      groupRecords: 1e9,
    });
    this.record = new SessionRecord(this.journal, key);
    this.record.start({
      session: id,
      argv: ['agent'],
      revision: 'r1',
      mode: 'enforce',
      version: '0.1.0',
      ...extra,
    });
  }

  connect(destination: DestinationFacts, who: Who = curl, operation?: string): string {
    return this.decide({ action: 'connect', destination, process: who, ...(operation ? { operation } : {}) });
  }

  request(destination: DestinationFacts, who: Who = curl, more: Partial<DecisionInput> = {}): string {
    return this.decide({ action: 'http_request', destination, process: who, ...more });
  }

  name(host: string, who: Who = curl, operation = 'A'): string {
    return this.decide({
      action: 'resolve_name',
      operation,
      destination: { host, protocol: 'dns' },
      process: who,
    });
  }

  decide(
    input: DecisionInput,
    decision: Decision = allowed,
    proceeded = decision.effect === 'allow',
  ): string {
    return this.record.decision(input, decision, 'grouped', undefined, proceeded).id;
  }

  ended(
    id: string,
    figures: Figures = {},
    result: 'done' | 'failed' | 'abandoned' = 'done',
    errno?: string,
  ): void {
    this.record.outcome(id, result, errno, undefined, figures);
  }

  refused(reason: string, message: string, destination: DestinationFacts, who: Who = curl): void {
    this.record.refusal('egress', message, reason, { action: 'connect', destination, process: who });
  }
}

export type Who = NonNullable<DecisionInput['process']>;

export const curl: Who = { pid: 4711, exe: '/usr/bin/curl', ancestors: ['/bin/sh'] };

export function byRule(reason: string, message: string): Decision {
  return { ...deny('policy', 'r1', message), policy_reason: reason, rules: ['r'] };
}

/** @returns a folder that is gone after the test, and its state directory */
export function aHome(finished: (act: () => void) => void): { home: string; stateDir: string } {
  const home = mkdtempSync(path.join(tmpdir(), 'net-'));
  finished(() => rmSync(home, { recursive: true, force: true }));
  return { home, stateDir: path.join(home, 'state/chaperone') };
}
