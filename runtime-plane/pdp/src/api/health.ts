/** `/health`, and the health that a policy defines below `system.health`. */
import { marshal, RegoEvalError, type Value } from '@chaperone/rego';
import { errorReply, jsonReply, type Reply } from '../http/reply.ts';
import type { PdpRequest } from '../http/request.ts';
import { evaluatePlan } from '../query/document.ts';
import { InvalidPath, showReference } from '../query/path.ts';
import type { Context } from './context.ts';

/** There are no bundles and plug-ins yet that could be missing; asking for them changes nothing. */
export function health(): Reply {
  return jsonReply('{}');
}

export function policyHealth({ store }: Context, _: PdpRequest, rest: string): Reply {
  const input: Value = { plugin_state: {}, plugins_ready: true };
  try {
    const plan = store.current().plan(`system/health/${rest}`);
    const value = evaluatePlan(plan, input);
    if (value === true) return jsonReply('{}');
    const what = value === undefined ? 'was undefined' : 'returned unexpected value';
    return unhealthy(`health check (${showReference(plan.keys)}) ${what}`);
  } catch (error) {
    if (error instanceof InvalidPath)
      return errorReply(400, 'invalid_parameter', `invalid path: ${error.message}`);
    if (error instanceof RegoEvalError) return unhealthy(error.message);
    throw error;
  }
}

function unhealthy(error: string): Reply {
  return jsonReply(marshal({ error }), 500);
}
