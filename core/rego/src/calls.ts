import type { Callee, Literal, Term } from './ast.ts';
import type { BuiltinInfo } from './builtins/names.ts';
import type { Signatures } from './builtins/signatures.ts';
import { signatureNames } from './builtins/signatures.ts';
import { RegoError } from './errors.ts';
import type { Location } from './errors.ts';
import { display } from './json.ts';
import { nearest } from './nearest.ts';
import { packageKey } from './paths.ts';
import type { ResolvedRule } from './resolve.ts';
import { argumentError, calleeName, startOf } from './types/errors.ts';
import type { Maybe } from './types/type.ts';
import { scalarType } from './types/type.ts';
import { walkRule } from './walk.ts';

type Call = Extract<Term, { k: 'call' }>;

/** Checks that everything that is called exists and gets as many arguments as it takes. */
export class CallCheck {
  private readonly signatures: Signatures;
  private readonly arities: ReadonlyMap<string, number>;
  private readonly errors: RegoError[];
  /** All calls of built-ins, with the file of each. */
  readonly builtins: { readonly name: string; readonly call: Call; readonly file: string }[] = [];
  /** Rules with calls that are not evaluated as they are written: the last argument is the result. */
  readonly irregular = new Set<ResolvedRule>();
  /** Is there a call of `print`? */
  prints = false;

  constructor(rules: readonly ResolvedRule[], signatures: Signatures, errors: RegoError[]) {
    this.signatures = signatures;
    this.errors = errors;
    this.arities = new Map(
      rules.flatMap((rule) =>
        rule.args === null ? [] : [[packageKey(rule.path), rule.args.length] as const],
      ),
    );
  }

  /** Number of arguments, or -1 where it is not fixed or nothing of the name exists. */
  arity(fn: Callee): number {
    if (fn.c === 'func') return this.arities.get(fn.path) ?? -1;
    const type = fn.c === 'builtin' ? this.signatures.get(fn.name)?.type : undefined;
    return type === undefined || type.variadic !== null ? -1 : type.args.length;
  }

  rule(rule: ResolvedRule): void {
    const whole = new Map<Term, Location>();
    walkRule(rule, {
      literal: ({ expr, at }: Literal) => {
        if (expr.x === 'term' && expr.term.k === 'call') whole.set(expr.term, at);
      },
      term: (term) => {
        if (term.k === 'call') this.call(term, whole.get(term), rule);
      },
    });
  }

  /** Adds an error for every call of a built-in that is not there with this host. */
  refuseUnsupported(builtin: (name: string) => BuiltinInfo | null): void {
    for (const { name, call } of this.builtins)
      if (builtin(name)?.supported !== true)
        this.errors.push(
          new RegoError('rego_unsupported', `built-in function ${name} is not supported`, call.at),
        );
  }

  /** `expression`: where the expression is that the call is the whole of; such a call may have its result as one more argument. */
  private call(call: Call, expression: Location | undefined, rule: ResolvedRule): void {
    const { fn, args } = call;
    const at = expression ?? startOf(call);
    const signature = fn.c === 'builtin' ? this.signatures.get(fn.name) : null;
    if (fn.c === 'builtin') {
      this.builtins.push({ name: fn.name, call, file: rule.at.file });
      if (fn.name === 'internal.print') this.prints = true;
    }
    const arity = this.arity(fn);
    if (fn.c === 'builtin' ? signature === null : arity < 0) {
      const name = calleeName(fn);
      const near = nearest(name, this.names());
      const hint = near === null ? undefined : `did you mean ${near}?`;
      this.errors.push(new RegoError('rego_type_error', `undefined function ${name}`, at, hint));
      return;
    }
    if (signature && signature.type.result === null && expression === undefined) {
      this.errors.push(new RegoError('rego_type_error', `${asWritten(call)} used as value`, at));
      return;
    }
    if (arity < 0 || args.length === arity) return;
    if (expression !== undefined && args.length === arity + 1) {
      this.irregular.add(rule);
      return;
    }
    const name = calleeName(fn);
    if (signature) {
      const have: Maybe[] = args.map((arg) => (arg.k === 'scalar' ? scalarType(arg.v) : null));
      if (expression === undefined) have.push(null);
      this.errors.push(argumentError(name, 'arity mismatch', have, signature.type, at));
      return;
    }
    const got = `got ${args.length} argument${args.length === 1 ? '' : 's'}`;
    this.errors.push(new RegoError('rego_type_error', `function ${name} has arity ${arity}, ${got}`, at));
  }

  private names(): string[] {
    return [...signatureNames(), ...[...this.arities.keys()].map((path) => calleeName({ c: 'func', path }))];
  }
}

/** The call as its author wrote it, cut where that is long. */
function asWritten({ fn, args }: Call): string {
  const [list] = args;
  const isPrint = fn.c === 'builtin' && fn.name === 'internal.print' && list?.k === 'array';
  // Before what is printed stands where.
  const own = isPrint ? list.items.slice(2).map((item) => (item.k === 'comp' ? item.value : item)) : args;
  const shown = own.map((arg) => (arg.k === 'scalar' ? display(arg.v, false) : '…'));
  return `${isPrint ? 'print' : calleeName(fn)}(${shown.join(', ')})`;
}
