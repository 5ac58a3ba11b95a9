/**
 * What must happen besides an allow or a deny. Each obligation is data with one sentence that explains it; the runtime
 * has one handler per kind. A policy's obligation that is not exactly one of these is refused, because dropping a
 * condition would turn a conditional allow into an unconditional one.
 */

export type Obligation =
  | {
      readonly kind: 'require_approval';
      readonly approvers?: readonly string[];
      /** How long a person's yes stays good. */
      readonly ttl_seconds?: number;
      readonly message?: string;
    }
  | { readonly kind: 'redact'; readonly classes?: readonly string[] }
  | { readonly kind: 'quarantine'; readonly folder?: string }
  | { readonly kind: 'audit_only' }
  | { readonly kind: 'justify'; readonly message?: string }
  | { readonly kind: 'notify'; readonly audience?: 'user' | 'admin'; readonly message?: string }
  | {
      readonly kind: 'limit';
      readonly max_bytes?: number;
      readonly max_count?: number;
      readonly window_seconds?: number;
    }
  | { readonly kind: 'terminate'; readonly scope?: 'process' | 'session' };

export type ObligationKind = Obligation['kind'];

type FieldCheck = (value: unknown) => boolean;

const isText: FieldCheck = (value) => typeof value === 'string' && value.length <= 1000;
const isTexts: FieldCheck = (value) => Array.isArray(value) && value.length <= 100 && value.every(isText);
const isCount: FieldCheck = (value) => Number.isSafeInteger(value) && Number(value) >= 0;

function isOneOf(...values: string[]): FieldCheck {
  return (value) => typeof value === 'string' && values.includes(value);
}

/** The fields each kind may carry; all are optional. */
const fields: { readonly [kind in ObligationKind]: Readonly<Record<string, FieldCheck>> } = {
  require_approval: { approvers: isTexts, ttl_seconds: isCount, message: isText },
  redact: { classes: isTexts },
  quarantine: { folder: isText },
  audit_only: {},
  justify: { message: isText },
  notify: { audience: isOneOf('user', 'admin'), message: isText },
  limit: { max_bytes: isCount, max_count: isCount, window_seconds: isCount },
  terminate: { scope: isOneOf('process', 'session') },
};

export const obligationKinds: ReadonlySet<ObligationKind> = new Set(Object.keys(fields) as ObligationKind[]);

function isObligationKind(kind: unknown): kind is ObligationKind {
  return typeof kind === 'string' && Object.hasOwn(fields, kind);
}

/**
 * Reads one obligation a policy returned. `unknown`: a kind that nobody here can carry out; `invalid`: a known kind with
 * a missing, extra or ill-typed field.
 */
export function readObligation(value: unknown): Obligation | 'unknown' | 'invalid' {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'invalid';
  const { kind, ...rest } = value as Record<string, unknown>;
  if (typeof kind !== 'string') return 'invalid';
  if (!isObligationKind(kind)) return 'unknown';
  const allowed = fields[kind];
  for (const [name, content] of Object.entries(rest)) {
    if (!Object.hasOwn(allowed, name) || !allowed[name]?.(content)) return 'invalid';
  }
  // A limit without a figure limits nothing: it would read like a safeguard and be none.
  if (kind === 'limit' && rest['max_bytes'] === undefined && rest['max_count'] === undefined)
    return 'invalid';
  // Every field was checked against the table of its kind above.
  return { kind, ...rest } as Obligation;
}

/** One sentence for a person; may contain text from the policy, so escape it before it reaches a terminal. */
export function explainObligation(obligation: Obligation): string {
  switch (obligation.kind) {
    case 'require_approval': {
      const who = obligation.approvers?.length ? obligation.approvers.join(' or ') : 'an approver';
      const ttl =
        obligation.ttl_seconds === undefined ? '' : `; the yes is good for ${obligation.ttl_seconds} s`;
      return `It waits until ${who} approves it${ttl}.`;
    }
    case 'redact':
      return obligation.classes?.length
        ? `What is classified as ${obligation.classes.join(', ')} is blacked out first.`
        : 'Sensitive content is blacked out first.';
    case 'quarantine':
      return 'The result is held in quarantine until it has been classified.';
    case 'audit_only':
      return 'It is only recorded; the act itself is not held back.';
    case 'justify':
      return 'The person is asked for a reason, which is recorded.';
    case 'notify':
      return `${obligation.audience === 'admin' ? 'An administrator' : 'The person'} is told about it.`;
    case 'limit': {
      const parts: string[] = [];
      if (obligation.max_count !== undefined) parts.push(`${obligation.max_count} times`);
      if (obligation.max_bytes !== undefined) parts.push(`${obligation.max_bytes} bytes`);
      const window = obligation.window_seconds === undefined ? '' : ` within ${obligation.window_seconds} s`;
      return `At most ${parts.join(' and ')}${window}.`;
    }
    case 'terminate':
      return obligation.scope === 'process' ? 'The process is ended.' : 'The session is ended.';
    default:
      return obligation satisfies never;
  }
}
