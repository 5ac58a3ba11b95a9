import type { With } from './ast.ts';
import { hasSignature } from './builtins/signatures.ts';
import { RegoError } from './errors.ts';
import { dataPath } from './paths.ts';
import type { BodyResolver } from './resolve-body.ts';
import { hintFor } from './resolve-words.ts';
import { spelling } from './scope.ts';
import type { Scope } from './scope.ts';
import { startOf } from './types/errors.ts';

/** Resolves one `with`; throws RegoError when there is nothing that it could replace. */
export function resolveWith(resolver: BodyResolver, w: With, scope: Scope): With {
  const head = w.target.k === 'ref' ? w.target.head : w.target;
  const name = head.k === 'var' ? head.name : '';
  const isDocument = resolver.isGlobal(name) || name === 'input' || name === 'data';
  const callee = isDocument || scope.find(name) !== undefined ? null : spelling(w.target);
  if (callee !== null && hasSignature(callee)) {
    resolver.declarations.checkReplaceable(callee, startOf(w.target));
    return { target: w.target, callee: { c: 'builtin', name: callee }, ...withValue(resolver, w, scope) };
  }
  if (!isDocument)
    throw new RegoError(
      'rego_type_error',
      'with keyword target must reference existing input, data, or a function',
      startOf(w.target),
      callee === null ? undefined : hintFor(callee),
    );
  return { target: resolver.term(w.target, scope), ...withValue(resolver, w, scope) };
}

/** The value of a `with`; when it spells a built-in or may spell a function, that too. */
function withValue(
  resolver: BodyResolver,
  w: With,
  scope: Scope,
): Pick<With, 'value' | 'replacement' | 'at'> {
  const head = w.value.k === 'ref' ? w.value.head : w.value;
  const plain = head.k === 'var' && scope.find(head.name) === undefined;
  const spelled = plain ? spelling(w.value) : null;
  if (
    head.k === 'var' &&
    plain &&
    spelled !== null &&
    !resolver.isGlobal(head.name) &&
    hasSignature(spelled)
  ) {
    return {
      value: { k: 'scalar', v: null, at: w.at },
      replacement: { c: 'builtin', name: spelled },
      at: w.at,
    };
  }
  const value = resolver.term(w.value, scope);
  const path = dataPath(value);
  return path === null ? { value, at: w.at } : { value, replacement: { c: 'func', path }, at: w.at };
}
