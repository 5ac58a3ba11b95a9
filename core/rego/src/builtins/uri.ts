import { Problem } from '../crypto/problem.ts';
import { hostParts, parseUrl } from '../go-url.ts';
import { objectFrom } from '../values.ts';
import type { BuiltinContext, BuiltinTable } from './types.ts';

function isUri(text: string): boolean {
  try {
    parseUrl(text);
    return text !== '';
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}

/** `uri.*`: taking URLs and references apart, as Go does. */
export function uriBuiltins(ctx: BuiltinContext): BuiltinTable {
  return {
    'uri.is_valid': { arity: 1, fn: (v) => typeof v === 'string' && isUri(v) },
    'uri.parse': {
      arity: 1,
      fn: (v) => {
        if (typeof v !== 'string') return ctx.fail.type(1, 'string', v);
        ctx.charge(v.length >> 6);
        try {
          const url = parseUrl(v);
          const { scheme, path, rawPath, rawQuery, fragment } = url;
          const parts = {
            scheme,
            ...hostParts(url),
            path,
            raw_path: rawPath === '' ? path : rawPath,
            raw_query: rawQuery,
            fragment,
          };
          return objectFrom(Object.entries(parts).filter(([, part]) => part !== ''));
        } catch (error) {
          if (error instanceof Problem) return ctx.fail.error(error.message);
          throw error;
        }
      },
    },
  };
}
