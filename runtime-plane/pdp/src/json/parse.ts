/**
 * JSON as Go's decoder takes it: one value from the start of the text, integers of any size exactly. Strings that
 * JSON.parse takes at once are not looked at again; only what it refuses is read by hand, to say why.
 */
import { parseJson, type Value } from '@chaperone/rego';
import { type JsonProblem, scanJson } from './scan.ts';

/** Go's limit, and far less than what a JavaScript stack holds. */
const maxDepth = 10_000;

export type Parsed =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: JsonProblem };

/** The first value of the text; what follows it does not matter. An empty text is a problem whose message is `EOF`. */
export function parseFirst(text: string): Parsed {
  const whole = parseWhole(text);
  if (whole !== undefined) return { ok: true, value: whole };
  const scanned = scanJson(text, maxDepth);
  if (!scanned.ok) return scanned;
  const value = parseWhole(text.slice(0, scanned.end));
  return value === undefined
    ? { ok: false, problem: { message: 'invalid JSON', offset: scanned.end } }
    : { ok: true, value };
}

/** The one value that the text is. */
export function parseOnly(text: string): Parsed {
  const first = parseFirst(text);
  if (!first.ok || parseWhole(text) !== undefined) return first;
  const scanned = scanJson(text, maxDepth);
  const end = scanned.ok ? scanned.end : 0;
  const rest = text.slice(end).search(/[^ \t\r\n]/);
  const offset = end + Math.max(rest, 0);
  // What follows is read as JSON first, so a bare word is told as such.
  const after = scanJson(text.slice(offset), maxDepth);
  const message = after.ok
    ? `error: invalid character '${text.slice(offset, offset + 20)}' after top-level value`
    : after.problem.message;
  return { ok: false, problem: { message, offset } };
}

function parseWhole(text: string): Value | undefined {
  // Nesting this deep needs as many brackets.
  if (text.length > maxDepth && isTooDeep(text)) return undefined;
  return parseJson(text);
}

/** Brackets inside strings count as well, which only sends the text to the careful reader. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i += 1) {
    const c = text.charCodeAt(i);
    if (c === 0x5b || c === 0x7b) {
      depth += 1;
      if (depth > maxDepth) return !isShallow(text);
    } else if (c === 0x5d || c === 0x7d) depth -= 1;
  }
  return false;
}

function isShallow(text: string): boolean {
  return scanJson(text, maxDepth).ok;
}
