import { compareNumbers, integerOf } from '../../decimal.ts';
import { marshal } from '../../json.ts';
import { isArray, isNumber, isPlain, own } from '../../values.ts';
import type { Plain, Value } from '../../values.ts';
import { ratioOf } from './ratio.ts';
import type { Ratio } from './ratio.ts';
import { BOUNDS, SchemaError, TYPES } from './schema.ts';
import type { Bound, Draft, Limit } from './schema.ts';

export function invalidType(expected: string, given: string): SchemaError {
  return new SchemaError(`Invalid type. Expected: ${expected}, given: ${given}`);
}

/** The keyword's text, undefined when absent. */
export function textOf(node: Plain, key: string): string | undefined {
  const v = own(node, key);
  if (v !== undefined && typeof v !== 'string') throw invalidType('string', key);
  return v;
}

/** The keyword's list, empty when absent. */
export function listOf(node: Plain, key: string): readonly Value[] {
  const v = own(node, key);
  if (v === undefined) return [];
  if (!isArray(v)) throw new SchemaError(`${key} must be of an array`);
  return v;
}

export function typesOf(node: Plain): string[] {
  const v = own(node, 'type');
  if (v === undefined) return [];
  const types: string[] = [];
  if (typeof v !== 'string' && !isArray(v)) throw invalidType('type', 'string/Array Of Strings');
  for (const type of typeof v === 'string' ? [v] : v) {
    if (typeof type !== 'string') throw invalidType('type', 'string/Array Of Strings');
    if (!TYPES.includes(type))
      throw new SchemaError(
        `has a primitive type that is NOT VALID -- given: /${type}/ Expected valid values are:[${TYPES.join(' ')}]`,
      );
    if (types.includes(type)) throw new SchemaError(`${type} type is duplicated`);
    types.push(type);
  }
  return types;
}

/** Canonical JSON, in which numbers that are equal look the same. */
export function canonical(v: Value): string {
  return marshal(v);
}

export function enumOf(node: Plain): readonly string[] | undefined {
  if (own(node, 'enum') === undefined) return undefined;
  const texts = listOf(node, 'enum').map(canonical);
  if (new Set(texts).size < texts.length) throw new SchemaError('enum items must be unique');
  return texts;
}

export function requiredOf(node: Plain): readonly string[] {
  const names: string[] = [];
  for (const name of listOf(node, 'required')) {
    if (typeof name !== 'string') throw invalidType('string', 'required');
    if (names.includes(name)) throw new SchemaError('required items must be unique');
    names.push(name);
  }
  return names;
}

export function boundsOf(node: Plain): Partial<Record<Bound, number>> {
  const bounds: Partial<Record<Bound, number>> = {};
  for (const key of BOUNDS) {
    const v = own(node, key);
    if (v === undefined) continue;
    const whole = isNumber(v) ? integerOf(v) : undefined;
    if (whole === undefined) throw new SchemaError(`${key} must be of an integer`);
    if (whole < 0n) throw new SchemaError(`${key} must be greater than or equal to 0`);
    bounds[key] = Number(whole);
  }
  const { minLength = 0, maxLength = Infinity, minProperties = 0, maxProperties = Infinity } = bounds;
  if (minLength > maxLength) throw new SchemaError('minLength cannot be greater than maxLength');
  if (minProperties > maxProperties)
    throw new SchemaError('minProperties cannot be greater than maxProperties');
  return bounds;
}

export function limitsOf(node: Plain, draft: Draft): Partial<Record<Limit, Ratio>> {
  const limits: Partial<Record<Limit, Ratio>> = {};
  const multiple = own(node, 'multipleOf');
  if (multiple !== undefined) {
    if (!isNumber(multiple)) throw invalidType('Number', 'multipleOf');
    if (compareNumbers(multiple, 0) <= 0) throw new SchemaError('multipleOf must be strictly greater than 0');
    limits.multipleOf = ratioOf(multiple);
  }
  for (const [plain, exclusive] of [
    ['minimum', 'exclusiveMinimum'],
    ['maximum', 'exclusiveMaximum'],
  ] as const) {
    const v = own(node, plain);
    if (v !== undefined) {
      if (!isNumber(v)) throw new SchemaError(`${plain} must be of a Number`);
      limits[plain] = ratioOf(v);
    }
    exclude(limits, draft, plain, exclusive, own(node, exclusive));
  }
  return limits;
}

/** In draft 4 the exclusive keywords are flags on the plain ones, later they are numbers of their own. */
function exclude(
  limits: Partial<Record<Limit, Ratio>>,
  draft: Draft,
  plain: 'minimum' | 'maximum',
  exclusive: 'exclusiveMinimum' | 'exclusiveMaximum',
  v: Value | undefined,
): void {
  if (v === undefined) return;
  if (typeof v === 'boolean' && (draft === 4 || draft === 'hybrid')) {
    const limit = limits[plain];
    if (limit === undefined) throw new SchemaError(`${exclusive} cannot be used without ${plain}`);
    if (!v) return;
    limits[exclusive] = limit;
    delete limits[plain];
  } else if (isNumber(v) && draft !== 4) limits[exclusive] = ratioOf(v);
  else
    throw invalidType(draft === 4 ? 'boolean' : draft === 'hybrid' ? 'boolean/number' : 'number', exclusive);
}

/** The draft that `$schema` names; a mixture when it names none that is known. */
export function draftOf(document: Value): Draft {
  if (typeof document === 'boolean') return 'hybrid';
  if (!isPlain(document)) throw new SchemaError('schema is invalid');
  const v = own(document, '$schema');
  if (v !== undefined && typeof v !== 'string') throw new SchemaError('$schema must be of type string');
  const found = /^http:\/\/json-schema\.org\/draft-0([467])\/schema#?$/.exec(v ?? '')?.[1];
  return found === '4' ? 4 : found === '6' ? 6 : found === '7' ? 7 : 'hybrid';
}
