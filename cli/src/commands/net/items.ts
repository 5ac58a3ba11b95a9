/**
 * What a journal says about the network, in the form that `--json` prints. The facts of a record are open to other enforcement points,
 * so whatever the journal's schema does not promise is checked here.
 */
import { type DecisionInput, type JournalRecord, type Outcome, recordId } from '@chaperone/protocol';

export type Where = {
  /** Id of the record, as `chaperone why` takes it. */
  readonly id: string;
  readonly session: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly pid?: number;
  readonly exe?: string;
  host?: string;
  readonly ip?: string;
  readonly port?: number;
  readonly protocol?: string;
};

/** As in the record of the outcome. */
type Figures = Pick<Outcome, 'errno' | 'sent_bytes' | 'received_bytes' | 'took_ms' | 'certificate'> & {
  readonly redacted?: Readonly<Record<string, number>>;
};

export type Connection = Where & {
  readonly kind: 'connection';
  /** `ended`: no outcome was recorded, and nothing that could record one is left. */
  state: 'live' | 'ended' | Outcome['result'];
  /** Made although the policy would deny it (audit). */
  readonly went_on?: true;
  speaks?: string;
  requests: number;
  /** What its requests carried so far; {@link Figures} are known when it ends. */
  body_sent_bytes: number;
  body_received_bytes: number;
} & Figures;

export type Request = Where & {
  readonly kind: 'request';
  state: Connection['state'];
  readonly went_on?: true;
  readonly method: string;
  readonly url: string;
  readonly operation?: string;
  readonly content_type?: string;
  readonly bytes?: number;
  readonly credential?: string;
  readonly classification?: readonly string[];
  /** Id of the connection that it seems to belong to. */
  readonly connection?: string;
} & Figures;

export type Denied = Where & {
  readonly kind: 'denied';
  readonly action: string;
  /** What was wanted, in one line. */
  readonly what: string;
  readonly reason: string;
  readonly message: string;
  readonly went_on?: true;
};

export type Item = Connection | Request | Denied;

const nameReasons: ReadonlySet<string> = new Set(['no_name', 'rebinding', 'name_limits', 'name_protocol']);

export function whereOf(session: string, { seq, time }: JournalRecord, input: Partial<DecisionInput>): Where {
  const { process, destination = {} } = input;
  const { host, ip, port } = destination;
  const protocol = text(destination.protocol);
  return {
    id: recordId(session, seq),
    session,
    time,
    ...(process?.pid === undefined ? {} : { pid: process.pid }),
    ...(process?.exe === undefined ? {} : { exe: process.exe }),
    ...(host === undefined ? {} : { host }),
    ...(ip === undefined ? {} : { ip }),
    ...(port === undefined ? {} : { port }),
    ...(protocol === undefined ? {} : { protocol }),
  };
}

export function requestOf(where: Where, input: DecisionInput, wentOn: boolean, connection?: string): Request {
  const { destination = {}, credential, resource } = input;
  const { bytes } = destination;
  const type = text(destination.content_type);
  const known = text(credential?.id) ?? text(credential?.kind);
  const { classification } = resource ?? {};
  const classes = Array.isArray(classification)
    ? classification.filter((one) => typeof one === 'string')
    : [];
  return {
    kind: 'request',
    ...where,
    state: 'live',
    ...(wentOn ? { went_on: true } : {}),
    method: text(destination.method) ?? '?',
    url: urlOf(where, input),
    ...(input.operation === undefined ? {} : { operation: input.operation }),
    ...(type === undefined ? {} : { content_type: type }),
    ...(typeof bytes === 'number' ? { bytes } : {}),
    ...(known === undefined ? {} : { credential: known }),
    ...(classes.length === 0 ? {} : { classification: classes }),
    ...(connection === undefined ? {} : { connection }),
  };
}

/** @param call reason code of a refusal that no policy was asked about */
export function whatOf(where: Where, input: Partial<DecisionInput>, call?: string): string {
  const { destination = {}, operation, action = 'connect' } = input;
  const method = text(destination.method);
  if (method !== undefined) return `${method} ${urlOf(where, input)}`;
  if (action === 'resolve_name') return `name ${operation ?? '?'} ${where.host ?? '?'}`;
  if (call !== undefined && nameReasons.has(call) && where.port === undefined)
    return `name ${addressOf(where)}`;
  return `${action === 'http_request' ? 'request to' : action} ${addressOf(where)}`;
}

/** `host:port`, with the address where no name is known. */
export function addressOf({ host, ip, port }: Where): string {
  const name = host ?? ip ?? '?';
  const shown = name.includes(':') ? `[${name}]` : name;
  return port === undefined ? shown : `${shown}:${port}`;
}

function urlOf(where: Where, { destination = {} }: Partial<DecisionInput>): string {
  const { protocol = 'http', port } = where;
  const usual = port === (protocol === 'https' ? 443 : 80);
  const { port: _, ...portless } = where;
  const path = text(destination.path) ?? '';
  const query = text(destination.query);
  return `${protocol}://${addressOf(usual ? portless : where)}${path}${query ? `?${query}` : ''}`;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
