import { isArray, isPlain, objectEntries, objectFrom } from '../values.ts';
import type { Value } from '../values.ts';
import { parseDuration } from './time.ts';
import type { BuiltinContext, BuiltinTable } from './types.ts';

function without(v: Value, hidden: readonly string[]): Value {
  return isPlain(v)
    ? objectFrom(objectEntries(v).filter(([k]) => typeof k !== 'string' || !hidden.includes(k)))
    : v;
}

function inEach(v: Value, hidden: readonly string[]): Value {
  if (isArray(v)) return v.map((item) => without(item, hidden));
  return isPlain(v) ? objectFrom(objectEntries(v).map(([k, item]) => [k, without(item, hidden)])) : v;
}

/** The runtime without the credentials of services and the keys that its configuration may hold. */
function redacted(runtime: Value): Value {
  if (!isPlain(runtime)) return runtime;
  const config = (v: Value): Value =>
    isPlain(v)
      ? objectFrom(
          objectEntries(v).map(([k, item]) => {
            if (k === 'services') return [k, inEach(item, ['credentials'])];
            return k === 'keys' ? [k, inEach(item, ['key', 'private_key'])] : [k, item];
          }),
        )
      : v;
  return objectFrom(objectEntries(runtime).map(([k, v]) => [k, k === 'config' ? config(v) : v]));
}

/** Built-ins about the program that evaluates. */
export function runtimeBuiltins(ctx: BuiltinContext): BuiltinTable {
  let runtime: Value | null = null;
  return {
    'opa.runtime': { arity: 0, fn: () => (runtime ??= redacted(ctx.host.runtime ?? {})) },
    // It exists for tests of the clock, which stands still during an evaluation; nothing waits.
    'test.sleep': {
      arity: 1,
      fn: (v) => {
        if (typeof v !== 'string') return ctx.fail.type(1, 'string', v);
        const ns = parseDuration(v);
        return typeof ns === 'string' ? ctx.fail.error(ns) : null;
      },
    },
  };
}
