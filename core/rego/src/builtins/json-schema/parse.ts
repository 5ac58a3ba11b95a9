import { compileRegex } from '../../regex/index.ts';
import type { CompiledRegex } from '../../regex/index.ts';
import { isArray, isPlain, own } from '../../values.ts';
import type { Plain, Value } from '../../values.ts';
import {
  boundsOf,
  canonical,
  draftOf,
  enumOf,
  invalidType,
  limitsOf,
  listOf,
  requiredOf,
  textOf,
  typesOf,
} from './keywords.ts';
import { References } from './references.ts';
import { SchemaError } from './schema.ts';
import type { Draft, Schema } from './schema.ts';

/**
 * Parses a schema document as OPA does, on which its error messages depend; throws SchemaError.
 * @param document plain JSON, in which no object occurs twice
 * @param charge pays for each schema in it
 */
export function parseSchema(document: Value, charge: (steps: number) => void): Schema {
  const draft = draftOf(document);
  return new Parser(draft, new References(document), charge).schema(document);
}

const EMPTY: Schema = {
  types: [],
  properties: new Map(),
  patternProperties: [],
  dependencies: new Map(),
  uniqueItems: false,
  bounds: {},
  limits: {},
  required: [],
  oneOf: [],
  anyOf: [],
  allOf: [],
};

class Parser {
  private readonly byReference = new Map<string, Schema | null>();

  private readonly draft: Draft;
  private readonly references: References;
  private readonly charge: (steps: number) => void;

  constructor(draft: Draft, references: References, charge: (steps: number) => void) {
    this.draft = draft;
    this.references = references;
    this.charge = charge;
  }

  private since(draft: 6 | 7): boolean {
    return this.draft === 'hybrid' || this.draft >= draft;
  }

  schema(node: Value): Schema {
    this.charge(1);
    if (typeof node === 'boolean' && this.since(6)) return { ...EMPTY, pass: node };
    if (!isPlain(node)) throw new SchemaError('Expected: Valid Schema, given: Invalid JSON');
    textOf(node, this.draft === 4 || (this.draft === 'hybrid' && Object.hasOwn(node, 'id')) ? 'id' : '$id');
    this.definitions(own(node, 'definitions'));
    textOf(node, 'title');
    textOf(node, 'description');
    const reference = textOf(node, '$ref');
    if (reference !== undefined) return this.referring(this.references.of(node, reference));
    return this.keywords(node);
  }

  private referring(reference: string): Schema {
    if (!this.byReference.has(reference)) {
      // A schema may refer to itself, so it is looked up when it is used.
      this.byReference.set(reference, null);
      const target = this.references.get(reference);
      if (typeof target !== 'boolean' && !isPlain(target))
        throw new SchemaError('Valid Schema must be of type object');
      this.byReference.set(reference, this.schema(target));
    }
    return { ...EMPTY, reference: () => this.byReference.get(reference) ?? EMPTY };
  }

  private definitions(v: Value | undefined): void {
    if (v === undefined) return;
    if (!isPlain(v)) throw invalidType('Array Of Schemas', 'definitions');
    for (const k of Object.keys(v)) {
      const item = v[k] as Value;
      if (typeof item !== 'boolean' && !isPlain(item)) throw invalidType('Array Of Schemas', 'definitions');
      this.schema(item);
    }
  }

  private keywords(node: Plain): Schema {
    const types = typesOf(node);
    const properties = this.properties(own(node, 'properties'));
    const parsed: Record<string, unknown> = { ...EMPTY, types, properties };
    const put = (key: keyof Schema, v: unknown): void => {
      if (v !== undefined) parsed[key] = v;
    };
    put('additionalProperties', this.additional(node, 'additionalProperties'));
    put('patternProperties', this.patternProperties(own(node, 'patternProperties')));
    if (this.since(6)) put('propertyNames', this.propertyNames(own(node, 'propertyNames')));
    put('dependencies', this.dependencies(own(node, 'dependencies')));
    put('items', this.items(own(node, 'items')));
    put('additionalItems', this.additional(node, 'additionalItems'));
    put('limits', limitsOf(node, this.draft));
    put('pattern', patternOf(node));
    put('format', textOf(node, 'format'));
    put('bounds', boundsOf(node));
    put('required', requiredOf(node));
    put('uniqueItems', uniqueOf(node));
    const contains = own(node, 'contains');
    if (contains !== undefined && this.since(6)) put('contains', this.schema(contains));
    const constant = own(node, 'const');
    if (constant !== undefined && this.since(6)) put('const', canonical(constant));
    put('enum', enumOf(node));
    for (const key of ['oneOf', 'anyOf', 'allOf'] as const)
      put(
        key,
        listOf(node, key).map((item) => this.schema(item)),
      );
    put('not', this.child(node, 'not'));
    if (this.since(7)) for (const key of ['if', 'then', 'else'] as const) put(key, this.child(node, key));
    return parsed as unknown as Schema;
  }

  private child(node: Plain, key: string): Schema | undefined {
    const v = own(node, key);
    if (v === undefined) return undefined;
    if (typeof v !== 'boolean' && !isPlain(v)) throw new SchemaError(`${key} must be of an object`);
    return this.schema(v);
  }

  private properties(v: Value | undefined): ReadonlyMap<string, Schema> {
    if (v === undefined) return new Map();
    if (!isPlain(v)) throw new SchemaError('Properties must be of type object');
    return new Map(Object.keys(v).map((k) => [k, this.schema(v[k] as Value)]));
  }

  private additional(node: Plain, key: string): boolean | Schema | undefined {
    const v = own(node, key);
    if (v === undefined || typeof v === 'boolean') return v;
    if (!isPlain(v)) throw invalidType('boolean/Valid Schema', key);
    return this.schema(v);
  }

  private patternProperties(v: Value | undefined): (readonly [CompiledRegex, Schema])[] | undefined {
    if (v === undefined) return undefined;
    if (!isPlain(v)) throw invalidType('Valid Schema', 'patternProperties');
    return Object.keys(v).map((pattern) => {
      const regex = compileRegex(pattern);
      if (regex === null) throw new SchemaError(`Invalid regex pattern '${pattern}'`);
      return [regex, this.schema(v[pattern] as Value)] as const;
    });
  }

  private propertyNames(v: Value | undefined): Schema | undefined {
    if (v === undefined) return undefined;
    if (typeof v !== 'boolean' && !isPlain(v)) throw invalidType('Valid Schema', 'patternProperties');
    return this.schema(v);
  }

  private dependencies(v: Value | undefined): ReadonlyMap<string, Schema | readonly string[]> | undefined {
    if (v === undefined) return undefined;
    if (!isPlain(v)) throw new SchemaError('dependencies must be of type object');
    const found = new Map<string, Schema | readonly string[]>();
    for (const k of Object.keys(v)) {
      const item = v[k] as Value;
      if (typeof item === 'boolean' || isPlain(item)) found.set(k, this.schema(item));
      else if (isArray(item) && item.every((name) => typeof name === 'string')) found.set(k, item);
      else throw new SchemaError('Dependency must be of type Schema Or Array Of Strings');
    }
    return found;
  }

  private items(v: Value | undefined): Schema | readonly Schema[] | undefined {
    const isSchema = (item: Value): boolean => typeof item === 'boolean' || isPlain(item);
    if (v === undefined) return undefined;
    if (isSchema(v)) return this.schema(v);
    if (!isArray(v) || !v.every(isSchema)) throw invalidType('Valid Schema/Array Of Schemas', 'items');
    return v.map((item) => this.schema(item));
  }
}

function patternOf(node: Plain): Schema['pattern'] {
  const source = textOf(node, 'pattern');
  if (source === undefined) return undefined;
  const regex = compileRegex(source);
  if (regex === null) throw new SchemaError('pattern must be a valid regex');
  return { source, regex };
}

function uniqueOf(node: Plain): boolean | undefined {
  const v = own(node, 'uniqueItems');
  if (v !== undefined && typeof v !== 'boolean') throw new SchemaError('uniqueItems must be of a boolean');
  return v;
}
