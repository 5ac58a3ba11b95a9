import { noWaiting } from '../external.ts';
import type { Host } from '../host.ts';
import { createBuiltins } from './index.ts';
import { hasSignature, signatureNames } from './signatures.ts';
import type { BuiltinContext } from './types.ts';

/** What the compiler must know about a built-in. */
export interface BuiltinInfo {
  readonly supported: boolean;
  readonly arity: number;
  readonly relation: boolean;
}

/** Looks built-ins up by name; null for a name that OPA does not have either. */
export function builtinInfo(host: Host): (name: string) => BuiltinInfo | null {
  const supported = createBuiltins(withoutEvaluation(host));
  return (name) => {
    const found = supported.get(name);
    if (found !== undefined)
      return { supported: true, arity: found.arity, relation: found.relation === true };
    // Naming what is not here lets a policy that uses it be refused for the right reason.
    return hasSignature(name) ? { supported: false, arity: -1, relation: false } : null;
  };
}

/** A context for built-ins that are not called. */
export function withoutEvaluation(host: Host): BuiltinContext {
  const fail = {
    type: () => undefined,
    operand: () => undefined,
    invalid: () => undefined,
    error: () => undefined,
  };
  return {
    host,
    fail,
    ask: noWaiting.ask,
    nowNs: () => 0n,
    once: (_, make) => make(),
    charge: () => undefined,
  };
}

/** Is this the name of a built-in, supported or not? */
export function isKnownBuiltin(name: string): boolean {
  return hasSignature(name);
}

/** Do names of built-ins begin with this one, as those of `time.now_ns` with `time`? */
export function isKnownNamespace(name: string): boolean {
  for (const known of signatureNames()) if (known.startsWith(`${name}.`)) return true;
  return false;
}
