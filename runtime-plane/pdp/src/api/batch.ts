/** `/v1/batch/data`: one document for many inputs, each with its own outcome, all by the same version. */
import { isPlain, marshal, type Value } from '@chaperone/rego';
import { errorReply, type Reply, ReplyError } from '../http/reply.ts';
import { isParamSet, type PdpRequest } from '../http/request.ts';
import { decide, decisionTimers, wantsTimers } from './decide.ts';
import type { Context } from './context.ts';
import { Envelope } from './envelope.ts';
import { failureReply } from './failures.ts';
import { kindOf, readJson } from './input.ts';
import { parseFirst } from '../json/parse.ts';

type Outcome = { readonly ok: boolean; readonly body: { readonly [key: string]: Value } };

export async function askBatch(context: Context, request: PdpRequest, path: string): Promise<Reply> {
  const timers = decisionTimers(context, request);
  timers?.start('server_handler');
  const inputs = inputsOf(await readJson(context, request, 'body contains malformed input document: '));
  const version = context.store.current();
  const plan = version.plan(path);
  const batchId = context.newDecisionId?.();
  const isStrict = isParamSet(request.search, 'strict-builtin-errors');
  const outcomes: [string, Outcome][] = [];
  for (const [name, input] of Object.entries(inputs)) {
    const id = context.newDecisionId?.();
    const extra = id === undefined ? {} : { decision_id: id };
    try {
      const { result: value } = await decide({
        context,
        request,
        version,
        plan,
        path,
        input,
        isStrict,
        timers,
        id,
        batchId,
      });
      outcomes.push([name, { ok: true, body: value === undefined ? extra : { ...extra, result: value } }]);
    } catch (error) {
      outcomes.push([name, { ok: false, body: { ...extra, ...errorOf(error) } }]);
    }
  }
  timers?.stop('server_handler');
  const failed = outcomes.filter(([, { ok }]) => !ok).length;
  const status = failed === 0 ? 200 : failed === outcomes.length ? 500 : 207;
  const responses = Object.fromEntries(
    outcomes.map(([name, { ok, body }]) => [
      name,
      // Each says how it ended when they did not all end the same way.
      status === 207 ? { ...body, http_status_code: ok ? '200' : '500' } : body,
    ]),
  );
  const envelope = new Envelope(isParamSet(request.search, 'pretty'));
  if (batchId !== undefined) envelope.add('batch_decision_id', batchId);
  if (timers !== undefined && wantsTimers(request)) envelope.add('metrics', timers.all());
  return envelope.add('responses', responses).reply(status);
}

export function inputsOf(body: Value): { readonly [key: string]: Value } {
  const inputs = isPlain(body) && Object.hasOwn(body, 'inputs') ? body['inputs'] : undefined;
  if (isPlain(inputs)) return inputs;
  const found = inputs === undefined ? `none in ${kindOf(body)}` : kindOf(inputs);
  throw new ReplyError(
    errorReply(
      400,
      'invalid_parameter',
      `'inputs' must be an object of input documents by name, not ${found}`,
    ),
  );
}

/** The same error that a single question would have got. */
function errorOf(error: unknown): { readonly [key: string]: Value } {
  const parsed = parseFirst(failureReply(error).body);
  if (parsed.ok && isPlain(parsed.value)) return parsed.value;
  return { code: 'internal_error', message: marshal(String(error)) };
}
