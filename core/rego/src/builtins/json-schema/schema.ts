import type { CompiledRegex } from '../../regex/index.ts';
import type { Ratio } from './ratio.ts';

/** A schema that does not hold; the message is the one that policies see. */
export class SchemaError extends Error {}

/** Drafts 4, 6 and 7; without `$schema` a mixture that takes what any of them has. */
export type Draft = 4 | 6 | 7 | 'hybrid';

/** A parsed schema. What the schema does not say is absent. */
export interface Schema {
  /** A schema that is only true or false. */
  readonly pass?: boolean;
  readonly reference?: () => Schema;
  readonly types: readonly string[];
  readonly properties: ReadonlyMap<string, Schema>;
  readonly patternProperties: readonly (readonly [CompiledRegex, Schema])[];
  readonly additionalProperties?: boolean | Schema;
  readonly propertyNames?: Schema;
  readonly dependencies: ReadonlyMap<string, Schema | readonly string[]>;
  /** One for all items, or one per place. */
  readonly items?: Schema | readonly Schema[];
  readonly additionalItems?: boolean | Schema;
  readonly contains?: Schema;
  readonly uniqueItems: boolean;
  readonly bounds: Readonly<Partial<Record<Bound, number>>>;
  readonly limits: Readonly<Partial<Record<Limit, Ratio>>>;
  readonly pattern?: { readonly source: string; readonly regex: CompiledRegex };
  readonly format?: string;
  readonly required: readonly string[];
  /** As canonical JSON. */
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly oneOf: readonly Schema[];
  readonly anyOf: readonly Schema[];
  readonly allOf: readonly Schema[];
  readonly not?: Schema;
  readonly if?: Schema;
  readonly then?: Schema;
  readonly else?: Schema;
}

/** Keywords whose value is a count. */
export const BOUNDS = [
  'minLength',
  'maxLength',
  'minProperties',
  'maxProperties',
  'minItems',
  'maxItems',
] as const;
export type Bound = (typeof BOUNDS)[number];

export type Limit = 'multipleOf' | 'minimum' | 'maximum' | 'exclusiveMinimum' | 'exclusiveMaximum';

export const TYPES: readonly string[] = ['array', 'boolean', 'integer', 'number', 'null', 'object', 'string'];
