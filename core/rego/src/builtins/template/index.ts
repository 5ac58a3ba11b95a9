import { marshal } from '../../json.ts';
import { isObject } from '../../values.ts';
import type { Value } from '../../values.ts';
import type { BuiltinContext, BuiltinTable } from '../types.ts';
import type { Template } from './ast.ts';
import { execute } from './execute.ts';
import { TemplateError } from './lexer.ts';
import { parseTemplate } from './parser.ts';
import { itemOf } from './values.ts';

const CACHE_SIZE = 64;

/** `strings.render_template`. */
export function templateBuiltins(ctx: BuiltinContext): BuiltinTable {
  const cache = new Map<string, Template>();
  const templateOf = (source: string): Template => {
    const known = cache.get(source);
    if (known !== undefined) return known;
    const made = parseTemplate(source);
    if (cache.size >= CACHE_SIZE) cache.clear();
    cache.set(source, made);
    return made;
  };
  const render = (source?: Value, data?: Value): Value | undefined => {
    if (typeof source !== 'string') return ctx.fail.type(1, 'string', source);
    if (data === undefined || !isObject(data)) return ctx.fail.type(2, 'object', data);
    ctx.charge(1 + (source.length >> 3));
    try {
      const item = itemOf(data, (k) => (typeof k === 'string' ? k : marshal(k)));
      return execute(templateOf(source), item, ctx.charge).replaceAll('<no value>', '<undefined>');
    } catch (error) {
      if (error instanceof TemplateError) return ctx.fail.error(error.message);
      throw error;
    }
  };
  return { 'strings.render_template': { arity: 2, fn: render } };
}
