/**
 * Strict schemas of the journal's records, for readers at an outer edge (a journal file may come from anywhere). A
 * separate entry because zod costs start-up time that a launch must not pay.
 */
import { z } from 'zod';
import { actionNames } from './action.ts';
import { denyReasons } from './decision.ts';
import { readObligation } from './obligation.ts';
import { isSessionId, type JournalRecord } from './record.ts';

const text = z.string().max(100_000);
const count = z.int().nonnegative();
const instant = z.iso.datetime();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const session = z.string().refine(isSessionId, 'not a session id');
const mode = z.enum(['audit', 'enforce']);

const envelope = {
  v: z.literal(1),
  seq: z.int().positive(),
  time: instant,
  prev: sha256,
  hash: sha256,
};

/**
 * The facts stay open: a record of a newer endpoint may carry more of them, and a reader shows what it knows. Only what
 * a reader relies on is checked.
 */
const input = z.looseObject({
  action: z.enum(actionNames),
  operation: text.optional(),
  path: text.optional(),
  path_bytes: z.base64().optional(),
  target: text.optional(),
  target_bytes: z.base64().optional(),
  command: z.looseObject({ argv: z.array(text).optional() }).optional(),
  call: z.looseObject({ name: text }).optional(),
  process: z.looseObject({ pid: count.optional(), exe: text.optional() }).optional(),
  destination: z
    .looseObject({ host: text.optional(), ip: text.optional(), port: count.optional() })
    .optional(),
  user: text.optional(),
  mode: mode.optional(),
  pep: text.optional(),
});

const obligation = z.custom((value) => typeof readObligation(value) === 'object', 'not an obligation');

const answer = {
  message: text,
  policy_reason: text.optional(),
  obligations: z.array(obligation),
  rules: z.array(text),
  revision: text,
};

const decision = z.discriminatedUnion('effect', [
  z.strictObject({ effect: z.literal('allow'), reason: z.enum(['policy', 'floor']), ...answer }),
  z.strictObject({ effect: z.literal('deny'), reason: z.enum(denyReasons), ...answer }),
]);

export const journalRecordSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...envelope,
    kind: z.literal('session_start'),
    session,
    argv: z.array(text),
    cwd: text.optional(),
    user: text.optional(),
    groups: z.array(text).optional(),
    agent: text.optional(),
    policy: z
      .looseObject({
        locations: z.array(text),
        verified: text.optional(),
        entrypoint: text.optional(),
        data: z.record(z.string(), z.unknown()).optional(),
      })
      .optional(),
    revision: text,
    mode,
    floor: z.array(text).optional(),
    key: text,
    version: text,
  }),
  z.strictObject({
    ...envelope,
    kind: z.literal('decision'),
    class: text.optional(),
    input,
    decision,
    entrypoint: text.optional(),
    proceeded: z.literal(true).optional(),
    redacted: z.record(text, count).optional(),
    took_us: z.number().nonnegative().optional(),
  }),
  z.strictObject({
    ...envelope,
    kind: z.literal('outcome'),
    decision: text,
    result: z.enum(['done', 'failed', 'abandoned']),
    errno: text.optional(),
    bytes: count.optional(),
    sent_bytes: count.optional(),
    received_bytes: count.optional(),
    took_ms: count.optional(),
    certificate: z
      .strictObject({ subject: text, issuer: text, fingerprint256: text, validTo: text })
      .optional(),
    redacted: z.record(text, count).optional(),
  }),
  z.strictObject({
    ...envelope,
    kind: z.literal('summary'),
    class: text,
    decision: text.optional(),
    count,
    first_at: instant,
    last_at: instant,
  }),
  z.strictObject({
    ...envelope,
    kind: z.literal('refusal'),
    reason: z.enum(denyReasons),
    message: text,
    call: text.optional(),
    input: input.partial().optional(),
  }),
  z.strictObject({
    ...envelope,
    kind: z.literal('session_end'),
    exit_code: z.int().optional(),
    allowed: count,
    denied: count,
    cause: text.optional(),
  }),
  z.strictObject({
    ...envelope,
    kind: z.literal('checkpoint'),
    session,
    count,
    key: text,
    signature: z.base64(),
  }),
]);

/** @returns the record, or one line that says what is wrong with it */
export function parseJournalRecord(value: unknown): { record: JournalRecord } | { problem: string } {
  const parsed = journalRecordSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return { problem: issue ? `${issue.path.join('.') || 'record'}: ${issue.message}` : 'not a record' };
  }
  // The schema checks every field that the type promises; `input` stays open for newer facts.
  return { record: parsed.data as unknown as JournalRecord };
}
