/** Which records an attack has to leave. */
import type { ActionName, DestinationFacts, JournalRecord } from '@chaperone/protocol';

type Common = {
  /** Executable that tried; by default the attack's own. */
  readonly by?: string;
  /** How many records of it, exactly; at least one when left out. */
  readonly times?: number;
  /** What the record has to say of the destination. */
  readonly destination?: DestinationFacts;
};

export type Expected =
  | (Common & { readonly kind: 'deny'; readonly action: ActionName; readonly path?: string })
  | (Common & { readonly kind: 'refusal'; readonly call: string });

/** @param exe of the attack itself */
export function matches(record: JournalRecord, expected: Expected, exe: string | undefined): boolean {
  const by = expected.by ?? exe;
  if (record.kind !== 'decision' && record.kind !== 'refusal') return false;
  const { input } = record;
  if (by !== undefined && input?.process?.exe !== by) return false;
  const facts = Object.entries(expected.destination ?? {});
  if (!facts.every(([name, value]) => new Map(Object.entries(input?.destination ?? {})).get(name) === value))
    return false;
  if (expected.kind === 'refusal')
    return record.kind === 'refusal' && record.call?.startsWith(expected.call) === true;
  if (record.kind !== 'decision' || record.decision.effect !== 'deny') return false;
  const { action, path } = record.input;
  return action === expected.action && path === expected.path;
}

export function denials(records: readonly JournalRecord[]): string {
  const told = records.flatMap((record) => {
    if (record.kind === 'refusal')
      return [`refused ${record.call} ${aim(record.input)} by ${record.input?.process?.exe}`];
    return record.kind === 'decision' && record.decision.effect === 'deny'
      ? [`denied ${record.input.action} ${aim(record.input)} by ${record.input.process?.exe}`]
      : [];
  });
  return `the journal has: ${told.slice(0, 24).join('; ') || 'no denial'}`;
}

function aim(input: Extract<JournalRecord, { kind: 'refusal' }>['input']): string {
  return input?.path ?? JSON.stringify(input?.destination ?? {});
}
