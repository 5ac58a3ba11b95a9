import { compileRegex } from '../regex/index.ts';
import type { CompiledRegex } from '../regex/index.ts';
import type { Value } from '../values.ts';
import { remember } from './remember.ts';
import type { BuiltinContext, BuiltinTable } from './types.ts';

/** What a template became: an expression, or the reason why it did not. */
type Made = CompiledRegex | string;

const quote = (text: string): string => text.replaceAll(/[\\.+*?()|[\]{}^$]/g, String.raw`\$&`);

/** Cuts the template at its outermost delimiters; null when they are not balanced. */
function cut(template: string, start: string, end: string): (readonly [number, number])[] | null {
  const found: (readonly [number, number])[] = [];
  let level = 0;
  let from = 0;
  for (let i = 0; i < template.length; i += 1) {
    // With equal delimiters every one opens, as in OPA.
    if (template[i] === start) {
      level += 1;
      if (level === 1) from = i;
    } else if (template[i] === end) {
      level -= 1;
      if (level === 0) found.push([from, i + 1]);
      if (level < 0) return null;
    }
  }
  return level === 0 ? found : null;
}

function make(template: string, start: string, end: string): Made {
  const found = cut(template, start, end);
  if (found === null) return `unbalanced braces in ${JSON.stringify(template)}`;
  let pattern = '^';
  let at = 0;
  for (const [from, to] of found) {
    const inner = template.slice(from + 1, to - 1);
    if (compileRegex(`^${inner}$`) === null) return `error parsing regexp: \`^${inner}$\``;
    pattern += `${quote(template.slice(at, from))}(${inner})`;
    at = to;
  }
  pattern += `${quote(template.slice(at))}$`;
  return compileRegex(pattern) ?? `error parsing regexp: \`${pattern}\``;
}

/** `regex.template_match`: text with regular expressions between two delimiters. */
export function regexTemplateBuiltins(ctx: BuiltinContext): BuiltinTable {
  // Both delimiters are one character long.
  const made = remember(
    (key: string): Made => make(key.slice(2), key.charAt(0), key.charAt(1)),
    (found) => (typeof found === 'string' ? 0 : found.size),
  );
  const match = (...args: readonly (Value | undefined)[]): Value | undefined => {
    const texts = args.filter((arg) => typeof arg === 'string');
    const wrong = args.findIndex((arg) => typeof arg !== 'string');
    const [template, text, start, end] = texts;
    if (template === undefined || text === undefined || start === undefined || end === undefined)
      return ctx.fail.type(wrong + 1, 'string', args[wrong]);
    const size = (s: string): number => new TextEncoder().encode(s).length;
    for (const [name, delimiter] of [
      ['start', start],
      ['end', end],
    ] as const)
      if (size(delimiter) !== 1)
        return ctx.fail.error(
          `${name} delimiter has to be exactly one character long but is ${size(start)} long`,
        );
    ctx.charge(template.length >> 4);
    const found = made(start + end + template);
    if (typeof found === 'string') return ctx.fail.error(found);
    ctx.charge(found.cost(text.length) + (found.size >> 6));
    return found.test(text);
  };
  return { 'regex.template_match': { arity: 4, fn: match } };
}
