/** One decision as the decision log has it. */
import type { IncomingMessage } from 'node:http';
import { RegoEvalError, type Value } from '@chaperone/rego';
import type { Version } from '../../store/version.ts';
import { timestamp } from '../clock.ts';

/** A question that was answered, or was not. */
export type Decision = {
  readonly id: string;
  /** Slash-separated; or `query` for one that asks for no document. */
  readonly path?: string;
  readonly query?: string;
  readonly input: Value | undefined;
  readonly result: Value | undefined;
  readonly error?: unknown;
  /** By which it was decided. */
  readonly version: Version;
  readonly request: IncomingMessage;
  /** Counts the requests. */
  readonly requestId: number;
  readonly metrics?: Value;
  readonly batchId?: string;
};

/** Its members in the order of the Open Policy Agent. */
export type LogEvent = { readonly [name: string]: Value };

/** @param headers of the request that are shown, in lower case */
export function eventOf(
  decision: Decision,
  labels: Readonly<Record<string, string>>,
  nowMs: number,
  headers: readonly string[],
): LogEvent {
  const { id, batchId, path, query, input, result, error, version, request, requestId, metrics } = decision;
  const revisions = Object.entries(version.revisions);
  const from = requestedBy(request);
  return {
    labels,
    decision_id: id,
    ...(batchId === undefined ? {} : { batch_decision_id: batchId }),
    ...(revisions.length === 0
      ? {}
      : { bundles: Object.fromEntries(revisions.map(([name, revision]) => [name, { revision }])) }),
    ...(path === undefined ? {} : { path }),
    ...(query === undefined ? {} : { query }),
    ...(input === undefined ? {} : { input }),
    ...(result === undefined ? {} : { result }),
    ...(error === undefined ? {} : { error: errorOf(error) }),
    ...(from === undefined ? {} : { requested_by: from }),
    ...(headers.length === 0 ? {} : { request_context: { http: { headers: headersOf(request, headers) } } }),
    timestamp: timestamp(nowMs),
    ...(metrics === undefined ? {} : { metrics }),
    req_id: requestId,
  };
}

/** Nothing is defined there, which is an error in version 0 of the API. */
export class UndefinedDocument extends Error {
  override readonly name = 'UndefinedDocument';
}

/** What is left when nothing that a caller has sent may be shown, or it is too much: that there was a decision. */
export function bareEvent(event: LogEvent): LogEvent {
  const { input, result, erased: _, masked: __, ...rest } = event;
  const erased = [...(input === undefined ? [] : ['/input']), ...(result === undefined ? [] : ['/result'])];
  const cut = Object.fromEntries(
    Object.entries(rest).map(([name, value]) => [
      name,
      typeof value === 'string' && value.length > maxBareText
        ? value.slice(0, maxBareText).toWellFormed()
        : value,
    ]),
  );
  return { ...cut, ...(erased.length === 0 ? {} : { erased }) };
}

const maxBareText = 1024;

function errorOf(error: unknown): Value {
  if (error instanceof UndefinedDocument) return { code: 'undefined_document', message: error.message };
  if (!(error instanceof RegoEvalError))
    return { code: 'internal_error', message: error instanceof Error ? error.message : 'unknown error' };
  const { code, detail, at } = error;
  return {
    code,
    message: detail,
    ...(at === undefined ? {} : { location: { file: at.file, row: at.row, col: at.col } }),
  };
}

/** Undefined for a Unix socket, whose other end has no address. */
function requestedBy({ socket }: IncomingMessage): string | undefined {
  const { remoteAddress, remotePort } = socket;
  if (remoteAddress === undefined || remotePort === undefined) return undefined;
  return remoteAddress.includes(':') ? `[${remoteAddress}]:${remotePort}` : `${remoteAddress}:${remotePort}`;
}

function headersOf(request: IncomingMessage, wanted: readonly string[]): Value {
  const found: Record<string, Value> = {};
  for (const name of wanted) {
    const values = request.headersDistinct[name];
    if (values !== undefined) found[name.replaceAll(/(?:^|-)[a-z]/g, (c) => c.toUpperCase())] = values;
  }
  return found;
}
