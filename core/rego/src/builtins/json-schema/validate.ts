import { integerOf } from '../../decimal.ts';
import type { Num } from '../../decimal.ts';
import { compareStrings, isArray, isNumber, isPlain, own, typeName } from '../../values.ts';
import type { Plain, Value } from '../../values.ts';
import { hasFormat } from './formats.ts';
import { canonical } from './keywords.ts';
import { compareRatios, isMultiple, ratioOf, showRatio } from './ratio.ts';
import type { Limit, Schema } from './schema.ts';

/** One thing wrong with a document. `field` is a path of names and indexes with dots, `(Root)` for the whole. */
export interface Finding {
  readonly type: string;
  readonly field: string;
  readonly desc: string;
}

/** Findings, and a score by which the best of several alternatives is chosen for its findings. */
interface Result {
  readonly findings: Finding[];
  score: number;
}

const LIMITS: readonly (readonly [Limit, string, (order: number) => boolean, string])[] = [
  ['maximum', 'number_lte', (order) => order <= 0, 'less than or equal to'],
  ['exclusiveMaximum', 'number_lt', (order) => order < 0, 'less than'],
  ['minimum', 'number_gte', (order) => order >= 0, 'greater than or equal to'],
  ['exclusiveMinimum', 'number_gt', (order) => order > 0, 'greater than'],
];

/** Checks documents against a schema; every schema that meets a value is paid for. */
export class Validator {
  private readonly charge: (steps: number) => void;

  constructor(charge: (steps: number) => void) {
    this.charge = charge;
  }

  /** What is wrong with a document (plain JSON). */
  validate(schema: Schema, document: Value): readonly Finding[] {
    return this.check(schema, document, '(Root)').findings;
  }

  private check(schema: Schema, v: Value, at: string): Result {
    const result: Result = { findings: [], score: 0 };
    this.into(result, schema, v, at);
    return result;
  }

  private add(result: Result, at: string, type: string, desc: string): void {
    result.findings.push({ type, field: fieldOf(at), desc });
    // One more than a check that passes adds.
    result.score -= 2;
  }

  private merge(result: Result, other: Result): void {
    this.charge(other.findings.length);
    for (const finding of other.findings) result.findings.push(finding);
    result.score += other.score;
  }

  private into(result: Result, schema: Schema, v: Value, at: string): void {
    this.charge(1 + (at.length >> 6));
    if (schema.pass !== undefined) {
      if (!schema.pass) this.add(result, at, 'false', 'False always fails validation');
      return;
    }
    if (schema.reference !== undefined) {
      this.into(result, schema.reference(), v, at);
      return;
    }
    const given = typeOf(v);
    const { types } = schema;
    if (types.length > 0 && !types.includes(given) && !(given === 'integer' && types.includes('number'))) {
      const expected = types.length > 1 ? `[${types.join()}]` : (types[0] ?? '');
      this.add(result, at, 'invalid_type', `Invalid type. Expected: ${expected}, given: ${given}`);
      return;
    }
    this.combined(result, schema, v, at);
    if (isNumber(v)) this.number(result, schema, v, at);
    if (isArray(v)) this.array(result, schema, v, at);
    if (isPlain(v)) this.object(result, schema, v, at);
    this.common(result, schema, v, at);
    if (typeof v === 'string') this.string(result, schema, v, at);
    if (isPlain(v))
      for (const [name, property] of schema.properties) {
        const child = own(v, name);
        if (child !== undefined) this.into(result, property, child, `${at}.${name}`);
      }
    result.score += 1;
  }

  private combined(result: Result, schema: Schema, v: Value, at: string): void {
    this.anyOf(result, schema.anyOf, v, at);
    this.oneOf(result, schema.oneOf, v, at);
    let passed = 0;
    for (const part of schema.allOf) {
      const found = this.check(part, v, at);
      if (found.findings.length === 0) passed += 1;
      this.merge(result, found);
    }
    if (passed < schema.allOf.length)
      this.add(result, at, 'number_all_of', 'Must validate all the schemas (allOf)');
    if (schema.not !== undefined && this.check(schema.not, v, at).findings.length === 0)
      this.add(result, at, 'number_not', 'Must not validate the schema (not)');
    if (isPlain(v)) this.dependencies(result, schema, v, at);
    this.conditional(result, schema, v, at);
    result.score += 1;
  }

  private anyOf(result: Result, parts: readonly Schema[], v: Value, at: string): void {
    let best: Result | null = null;
    for (const part of parts) {
      const found = this.check(part, v, at);
      if (found.findings.length === 0) return;
      if (best === null || found.score > best.score) best = found;
    }
    if (best === null) return;
    this.add(result, at, 'number_any_of', 'Must validate at least one schema (anyOf)');
    this.merge(result, best);
  }

  private oneOf(result: Result, parts: readonly Schema[], v: Value, at: string): void {
    let best: Result | null = null;
    let passed = 0;
    for (const part of parts) {
      const found = this.check(part, v, at);
      if (found.findings.length === 0) passed += 1;
      else if (passed === 0 && (best === null || found.score > best.score)) best = found;
    }
    if (parts.length === 0 || passed === 1) return;
    this.add(result, at, 'number_one_of', 'Must validate one and only one schema (oneOf)');
    if (passed === 0 && best !== null) this.merge(result, best);
  }

  private dependencies(result: Result, schema: Schema, v: Plain, at: string): void {
    for (const [name, dependency] of schema.dependencies) {
      if (!Object.hasOwn(v, name)) continue;
      if (!Array.isArray(dependency)) this.into(result, dependency as Schema, v, at);
      else
        for (const needed of dependency as readonly string[])
          if (!Object.hasOwn(v, needed))
            this.add(result, at, 'missing_dependency', `Has a dependency on ${needed}`);
    }
  }

  private conditional(result: Result, schema: Schema, v: Value, at: string): void {
    if (schema.if === undefined) return;
    const holds = this.check(schema.if, v, at).findings.length === 0;
    const branch = holds ? schema.then : schema.else;
    if (branch === undefined) return;
    const found = this.check(branch, v, at);
    if (found.findings.length === 0) return;
    if (holds) this.add(result, at, 'condition_then', 'Must validate "then" as "if" was valid');
    else this.add(result, at, 'condition_else', 'Must validate "else" as "if" was not valid');
    this.merge(result, found);
  }

  private common(result: Result, schema: Schema, v: Value, at: string): void {
    if (schema.const !== undefined || schema.enum !== undefined) {
      const text = canonical(v);
      this.charge(text.length >> 6);
      if (schema.const !== undefined && text !== schema.const)
        this.add(result, at, 'const', `${fieldOf(at)} does not match: ${schema.const}`);
      if (schema.enum !== undefined && !schema.enum.includes(text))
        this.add(
          result,
          at,
          'enum',
          `${fieldOf(at)} must be one of the following: ${schema.enum.join(', ')}`,
        );
    }
    if (schema.format !== undefined && typeof v === 'string') {
      this.charge(v.length >> 4);
      if (!hasFormat(schema.format, v))
        this.add(result, at, 'format', `Does not match format '${schema.format}'`);
    }
    result.score += 1;
  }

  private array(result: Result, schema: Schema, v: readonly Value[], at: string): void {
    const { items, additionalItems, contains } = schema;
    const { minItems = 0, maxItems = Infinity } = schema.bounds;
    if (isList(items)) {
      v.forEach((item, i) => {
        const one = items[i] ?? (i >= items.length && items.length > 0 ? additionalItems : undefined);
        if (typeof one === 'object') this.merge(result, this.check(one, item, `${at}.${i}`));
      });
      if (items.length > 0 && items.length < v.length && additionalItems === false)
        this.add(result, at, 'array_no_additional_items', 'No additional items allowed on array');
    } else if (items !== undefined)
      v.forEach((item, i) => {
        this.merge(result, this.check(items, item, `${at}.${i}`));
      });
    if (v.length < minItems)
      this.add(result, at, 'array_min_items', `Array must have at least ${minItems} items`);
    if (v.length > maxItems)
      this.add(result, at, 'array_max_items', `Array must have at most ${maxItems} items`);
    if (schema.uniqueItems) this.unique(result, v, at);
    if (contains !== undefined) this.contains(result, contains, v, at);
    result.score += 1;
  }

  private unique(result: Result, v: readonly Value[], at: string): void {
    const seen = new Map<string, number>();
    v.forEach((item, j) => {
      const text = canonical(item);
      this.charge(1 + (text.length >> 6));
      const i = seen.get(text);
      if (i !== undefined) this.add(result, at, 'unique', `array items[${i},${j}] must be unique`);
      seen.set(text, j);
    });
  }

  private contains(result: Result, schema: Schema, v: readonly Value[], at: string): void {
    let best: Result | null = null;
    for (const [i, item] of v.entries()) {
      const found = this.check(schema, item, `${at}.${i}`);
      if (found.findings.length === 0) return;
      if (best === null || found.score > best.score) best = found;
    }
    this.add(result, at, 'contains', 'At least one of the items must match');
    if (best !== null) this.merge(result, best);
  }

  private object(result: Result, schema: Schema, v: Plain, at: string): void {
    const names = Object.keys(v).sort(compareStrings);
    const { minProperties = 0, maxProperties = Infinity } = schema.bounds;
    if (names.length < minProperties)
      this.add(result, at, 'array_min_properties', `Must have at least ${minProperties} properties`);
    if (names.length > maxProperties)
      this.add(result, at, 'array_max_properties', `Must have at most ${maxProperties} properties`);
    for (const name of schema.required) {
      if (Object.hasOwn(v, name)) result.score += 1;
      else this.add(result, at, 'required', `${name} is required`);
    }
    for (const name of names) this.property(result, schema, name, v[name] as Value, at);
    if (schema.propertyNames !== undefined)
      for (const name of names) {
        const found = this.check(schema.propertyNames, name, at);
        if (found.findings.length === 0) continue;
        this.add(result, at, 'invalid_property_name', `Property name of "${name}" does not match`);
        this.merge(result, found);
      }
    result.score += 1;
  }

  private property(result: Result, schema: Schema, name: string, v: Value, at: string): void {
    let matched = false;
    for (const [regex, part] of schema.patternProperties) {
      this.charge(regex.cost(name.length));
      if (!regex.test(name)) continue;
      matched = true;
      this.merge(result, this.check(part, v, `${at}.${name}`));
    }
    if (matched) result.score += 1;
    if (matched || schema.properties.has(name)) return;
    const rest = schema.additionalProperties;
    if (rest === false)
      this.add(result, at, 'additional_property_not_allowed', `Additional property ${name} is not allowed`);
    else if (typeof rest === 'object') this.merge(result, this.check(rest, v, `${at}.${name}`));
  }

  private string(result: Result, schema: Schema, v: string, at: string): void {
    const { minLength, maxLength } = schema.bounds;
    if (minLength !== undefined || maxLength !== undefined) {
      this.charge(v.length >> 6);
      const length = [...v].length;
      if (minLength !== undefined && length < minLength)
        this.add(result, at, 'string_gte', `String length must be greater than or equal to ${minLength}`);
      if (maxLength !== undefined && length > maxLength)
        this.add(result, at, 'string_lte', `String length must be less than or equal to ${maxLength}`);
    }
    if (schema.pattern !== undefined) {
      this.charge(schema.pattern.regex.cost(v.length));
      if (!schema.pattern.regex.test(v))
        this.add(result, at, 'pattern', `Does not match pattern '${schema.pattern.source}'`);
    }
    result.score += 1;
  }

  private number(result: Result, schema: Schema, v: Num, at: string): void {
    const exact = ratioOf(v);
    const { multipleOf } = schema.limits;
    if (multipleOf !== undefined && !isMultiple(exact, multipleOf))
      this.add(result, at, 'multiple_of', `Must be a multiple of ${showRatio(multipleOf)}`);
    for (const [key, type, holds, words] of LIMITS) {
      const limit = schema.limits[key];
      if (limit !== undefined && !holds(compareRatios(exact, limit)))
        this.add(result, at, type, `Must be ${words} ${showRatio(limit)}`);
    }
    result.score += 1;
  }
}

function isList(items: Schema | readonly Schema[] | undefined): items is readonly Schema[] {
  return Array.isArray(items);
}

function fieldOf(at: string): string {
  return at.startsWith('(Root).') ? at.slice('(Root).'.length) : at;
}

function typeOf(v: Value): string {
  if (isNumber(v) && integerOf(v) !== undefined) return 'integer';
  return typeName(v);
}
