/** `/health`, and the health that a policy defines below `system.health`. */
import { marshal, RegoEvalError, type Value } from '@chaperone/rego';
import { errorReply, jsonReply, type Reply } from '../http/reply.ts';
import { isParamSet, paramValues, type PdpRequest } from '../http/request.ts';
import { evaluatePlan } from '../query/document.ts';
import { InvalidPath, showReference } from '../query/path.ts';
import type { Context } from './context.ts';

export function health({ plugins }: Context, { search }: PdpRequest): Reply {
  const missing = plugins.missingBundles;
  if (isParamSet(search, 'bundles') && missing.length > 0)
    return unhealthy(`one or more bundles are not activated: ${missing.join(', ')}`);
  const excluded = new Set(paramValues(search, 'exclude-plugin'));
  const isUp = Object.entries(plugins.states()).every(
    ([name, state]) => state === 'OK' || excluded.has(name),
  );
  if (isParamSet(search, 'plugins') && !isUp) return unhealthy('one or more plugins are not up');
  return jsonReply('{}');
}

export function policyHealth({ store, plugins }: Context, _: PdpRequest, rest: string): Reply {
  const states = plugins.states();
  const input: Value = {
    plugin_state: states,
    plugins_ready: Object.values(states).every((state) => state === 'OK'),
  };
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
