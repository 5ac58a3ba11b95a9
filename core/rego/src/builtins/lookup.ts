import type { Answer } from '../external.ts';
import { RegoSet } from '../values.ts';
import { parseAddress, showAddress } from './net.ts';
import type { BuiltinContext, BuiltinTable } from './types.ts';

/** `net.lookup_ip_addr`: an address is its own answer, a name needs a host that looks it up. */
export function lookupBuiltins(ctx: BuiltinContext): BuiltinTable {
  const { lookup } = ctx.host;
  if (lookup === undefined) return {};
  const perform = async (name: string, deadline: AbortSignal): Promise<Answer> => {
    try {
      return { ok: true, value: RegoSet.of(await lookup(name, deadline)) };
    } catch (error) {
      return { ok: false, why: error instanceof Error ? error.message : `lookup ${name}: failed` };
    }
  };
  return {
    'net.lookup_ip_addr': {
      arity: 1,
      fn: (name) => {
        if (typeof name !== 'string') return ctx.fail.type(1, 'string', name);
        const address = parseAddress(name);
        if (address !== null) return RegoSet.of([showAddress(address)]);
        const answer = ctx.ask('net.lookup_ip_addr', name, (deadline) => perform(name, deadline));
        return answer.ok ? answer.value : ctx.fail.error(answer.why);
      },
    },
  };
}
