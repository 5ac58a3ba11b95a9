import { parseJson } from '../json.ts';
import { isArray, isPlain, own } from '../values.ts';
import type { Plain, Value } from '../values.ts';
import { compareStrings } from '../values.ts';
import { decodeTokenPart } from './base64.ts';
import { textOf, utf8 } from './bytes.ts';
import { jsonMistake } from './go-json.ts';
import { Problem, problem } from './problem.ts';

/** The three parts of a token as they were written (RFC 7515, compact serialisation). */
export interface Token {
  readonly header: string;
  readonly payload: string;
  readonly signature: string;
}

/** Splits a token; throws Problem. */
export function splitToken(text: string): Token {
  if (!text.includes('.')) problem('encoded JWT had no period separators');
  const [header = '', payload = '', signature = '', ...more] = text.split('.');
  const sections = text.split('.').length;
  if (sections !== 3 || more.length > 0) problem(`encoded JWT must have 3 sections, found ${sections}`);
  return { header, payload, signature };
}

/** What a signature covers. */
export const signedBytes = ({ header, payload }: Token): Uint8Array => utf8(`${header}.${payload}`);

function decodePart(name: string, text: string): Uint8Array {
  try {
    return decodeTokenPart(text);
  } catch (error) {
    if (error instanceof Problem)
      throw new Problem(`JWT ${name} had invalid encoding: ${error.message}`, { cause: error });
    throw error;
  }
}

/** The header as an object; throws Problem, also for encrypted tokens. */
export function headerOf(token: Token): Plain {
  const text = textOf(decodePart('header', token.header));
  const header = jsonObject(text, 'bad JWT header: ');
  if (own(header, 'enc') !== undefined) problem('JWT is a JWE object, which is not supported');
  return header;
}

/** The payload as text; throws Problem. */
export const payloadText = (token: Token): string => textOf(decodePart('payload', token.payload));

/** The bytes of the signature, for `io.jwt.decode`; throws Problem. */
export const signatureOf = (token: Token): Uint8Array => decodePart('signature', token.signature);

/** The object of a JSON text; throws Problem. */
export function jsonObject(text: string, where = ''): Plain {
  const value = parseJson(text);
  if (value === undefined) return problem(`${where}invalid JSON: ${jsonMistake(text)}`);
  return isPlain(value) ? value : problem(`${where}decoded JSON type was not an Object`);
}

/** The header parameters that matter for verification (RFC 7515, 4.1); empty when absent. */
export interface Parameters {
  readonly alg: string;
  readonly kid: string;
  readonly cty: string;
  /** False when there is no algorithm or a critical parameter that is not understood: such a token is never valid. */
  readonly acceptable: boolean;
}

const KNOWN: ReadonlySet<string> = new Set(['alg', 'kid', 'typ', 'cty', 'crit']);

/** Throws Problem for parameters of the wrong type. */
export function parametersOf(header: Plain): Parameters {
  const found: Record<string, string> = {};
  const critical = new Set<string>();
  const unknown: string[] = [];
  const sorted = Object.entries(header).toSorted(([a], [b]) => compareStrings(a, b));
  for (const [name, value] of sorted) {
    if (!KNOWN.has(name)) unknown.push(name);
    else if (name === 'crit') for (const item of criticalOf(value)) critical.add(item);
    else found[name] = typeof value === 'string' ? value : problem(`${name}: must be a string`);
  }
  const { alg = '', kid = '', cty = '' } = found;
  return { alg, kid, cty, acceptable: alg !== '' && !unknown.some((name) => critical.has(name)) };
}

function criticalOf(value: Value): readonly string[] {
  if (!isArray(value)) return problem('crit: must be a list');
  const names: string[] = [];
  for (const item of value) {
    if (typeof item !== 'string') break;
    names.push(item);
  }
  return names.length > 0 ? names : problem('crit: must be a nonempty list');
}
