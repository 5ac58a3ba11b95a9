/** `/v1/query`. */
import { isPlain, type Value } from '@chaperone/rego';
import { errorReply, type Reply, ReplyError } from '../http/reply.ts';
import { isParamSet, paramValues, type PdpRequest } from '../http/request.ts';
import { runQuery } from '../query/adhoc.ts';
import type { Context } from './context.ts';
import { decisionTimers, wantsTimers } from './decide.ts';
import { Envelope } from './envelope.ts';
import { kindOf, readJson } from './input.ts';

const decoding = 'error(s) occurred while decoding request: ';

export async function getQuery(context: Context, request: PdpRequest): Promise<Reply> {
  const query = paramValues(request.search, 'q').at(-1);
  if (query === undefined) return errorReply(400, 'invalid_parameter', "missing parameter 'q'");
  return answer(context, request, query, undefined);
}

export async function postQuery(context: Context, request: PdpRequest): Promise<Reply> {
  const body = await readJson(context, request, decoding);
  if (body !== null && !isPlain(body))
    throw invalid(`json: cannot unmarshal ${kindOf(body)} into Go value of type types.QueryRequestV1`);
  const field = (name: string): Value | undefined =>
    body !== null && Object.hasOwn(body, name) ? (body[name] ?? undefined) : undefined;
  const query = field('query') ?? '';
  if (typeof query !== 'string')
    throw invalid(
      `json: cannot unmarshal ${kindOf(query)} into Go struct field QueryRequestV1.query of type string`,
    );
  return answer(context, request, query, field('input'));
}

async function answer(
  context: Context,
  request: PdpRequest,
  query: string,
  input: Value | undefined,
): Promise<Reply> {
  if (query.trim() === '') return errorReply(500, 'internal_error', 'cannot evaluate empty query');
  const { search } = request;
  const timers = decisionTimers(context, request);
  timers?.start('rego_query_eval');
  const version = context.store.current();
  const solutions = await runQuery(version, query, input);
  timers?.stop('rego_query_eval');
  const id = context.newDecisionId?.();
  if (id !== undefined && context.plugins.logs)
    context.plugins.log({
      id,
      query,
      input,
      result: solutions.length === 0 ? null : solutions,
      version,
      request: request.raw,
      requestId: request.id,
      ...(timers === undefined ? {} : { metrics: timers.all() }),
    });
  const envelope = new Envelope(isParamSet(search, 'pretty'));
  if (timers !== undefined && wantsTimers(request)) envelope.add('metrics', timers.all());
  if (solutions.length > 0) envelope.add('result', solutions);
  return envelope.reply();
}

function invalid(message: string): ReplyError {
  return new ReplyError(errorReply(400, 'invalid_parameter', `${decoding}${message}`));
}
