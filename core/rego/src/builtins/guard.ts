import { utf8 } from '../crypto/bytes.ts';
import { Problem, problem } from '../crypto/problem.ts';
import type { Value } from '../values.ts';
import type { Builtin, BuiltinContext } from './types.ts';

/** Characters of one argument: larger keys, certificates and tokens are refused before any work is done on them. */
const MAX_CHARACTERS = 4 * 1024 * 1024;

/** What built-ins over strings have in common: their operands are strings, and what is wrong with these ends in `ctx.fail`. */
export interface Guard {
  /** A built-in whose arguments are all strings. */
  readonly strings: (arity: number, fn: (...texts: string[]) => Value) => Builtin;
  /** Runs `fn`; a Problem is an error of the built-in. */
  readonly run: (fn: () => Value | undefined) => Value | undefined;
  /** Pays for reading the text, which must not be too large; throws Problem. */
  readonly pay: (text: string) => string;
  readonly bytes: (text: string) => Uint8Array;
}

export function guard(ctx: BuiltinContext): Guard {
  const run: Guard['run'] = (fn) => {
    try {
      return fn();
    } catch (error) {
      if (error instanceof Problem) return ctx.fail.error(error.message);
      throw error;
    }
  };
  const pay: Guard['pay'] = (text) => {
    if (text.length > MAX_CHARACTERS)
      problem(`the text has ${text.length} characters; at most ${MAX_CHARACTERS} are read`);
    ctx.charge(text.length >> 4);
    return text;
  };
  return {
    run,
    pay,
    bytes: (text) => utf8(pay(text)),
    strings: (arity, fn) => ({
      arity,
      fn: (...args) => {
        const texts: string[] = [];
        for (let i = 0; i < arity; i += 1) {
          const arg = args[i];
          if (typeof arg !== 'string') return ctx.fail.type(i + 1, 'string', arg);
          texts.push(arg);
        }
        return run(() => fn(...texts));
      },
    }),
  };
}
