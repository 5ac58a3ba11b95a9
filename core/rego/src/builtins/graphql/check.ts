import { GraphqlError, placeOf } from './lexer.ts';
import { parseSchema } from './schema.ts';
import { child, flag, kindNumber, namedType, names, nodes, showType, text } from './reading.ts';
import { KINDS, tree } from './tree.ts';
import type { Places, Tree } from './tree.ts';

/** What is there without being declared. Source: https://spec.graphql.org/October2021/#sec-Schema-Introspection */
const PRELUDE = `
scalar Int scalar Float scalar String scalar Boolean scalar ID
directive @include(if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
directive @skip(if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
directive @defer(if: Boolean = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT
directive @deprecated(reason: String = "No longer supported") on FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE
directive @specifiedBy(url: String!) on SCALAR
directive @oneOf on INPUT_OBJECT`;

/** Types of the introspection, which the checking library brings itself. */
const INTROSPECTION = new Set(
  '__Schema __Type __Field __InputValue __EnumValue __Directive __TypeKind __DirectiveLocation'.split(' '),
);

/** Directives that a schema may declare again; the first declaration counts. */
const REDECLARABLE = new Set(['include', 'skip', 'deprecated', 'specifiedBy', 'defer', 'oneOf']);

const INPUT_KINDS = new Set(['SCALAR', 'ENUM', 'INPUT_OBJECT']);

/** A schema that holds: extensions are merged into their types, roots are known. */
export interface Schema {
  readonly types: ReadonlyMap<string, Tree>;
  readonly directives: ReadonlyMap<string, Tree>;
  readonly roots: ReadonlyMap<string, string>;
}

/** Checks a schema document as OPA does; throws GraphqlError. `source` is the text that the places are in. */
export function checkSchema(
  document: Tree,
  places: Places,
  source: string,
  charge: (steps: number) => void,
): Schema {
  return new Checker(places, source, charge).check(document);
}

class Checker {
  private readonly types = new Map<string, Tree>();
  private readonly directives = new Map<string, Tree>();
  private readonly possible = new Map<string, Set<string>>();
  private readonly builtIn = new Set<string>();

  private readonly places: Places;
  private readonly source: string;
  private readonly charge: (steps: number) => void;

  constructor(places: Places, source: string, charge: (steps: number) => void) {
    this.places = places;
    this.source = source;
    this.charge = charge;
  }

  private error(node: Tree | undefined, message: string): GraphqlError {
    const at = node === undefined ? undefined : this.places.get(node);
    const { line, column } = at === undefined ? { line: 0, column: 0 } : placeOf(this.source, at);
    const where = at === undefined ? 'input' : `input:${line}:${column}`;
    return new GraphqlError(`Error in gqlparser SchemaDocument to Schema conversion: ${where}: ${message}`);
  }

  check(document: Tree): Schema {
    const prelude = parseSchema(PRELUDE, () => undefined).document;
    for (const type of nodes(prelude, 'Definitions')) {
      this.types.set(text(type, 'Name'), type);
      this.builtIn.add(text(type, 'Name'));
    }
    this.collect(document);
    for (const directive of nodes(prelude, 'Directives'))
      this.directives.set(text(directive, 'Name'), directive);
    for (const directive of nodes(document, 'Directives')) {
      const name = text(directive, 'Name');
      if (!this.directives.has(name)) this.directives.set(name, directive);
      else if (!REDECLARABLE.has(name)) throw this.error(directive, `Cannot redeclare directive ${name}.`);
    }
    const roots = this.roots(document);
    for (const name of [...this.types.keys()].sort()) this.definition(this.types.get(name) as Tree);
    this.cycles();
    for (const name of [...this.directives.keys()].sort()) {
      const directive = this.directives.get(name) as Tree;
      this.reserved(directive, name);
      this.args(nodes(directive, 'Arguments'), name);
    }
    return { types: this.types, directives: this.directives, roots };
  }

  private collect(document: Tree): void {
    for (const type of nodes(document, 'Definitions')) {
      const name = text(type, 'Name');
      if (this.types.has(name) || INTROSPECTION.has(name))
        throw this.error(type, `Cannot redeclare type ${name}.`);
      this.types.set(name, type);
    }
    for (const extension of nodes(document, 'Extensions')) this.extend(extension);
    for (const [name, type] of this.types) {
      const kind = text(type, 'Kind');
      const add = (key: string, member: string): void => {
        const known = this.possible.get(key) ?? new Set();
        this.possible.set(key, known.add(member));
      };
      if (kind === 'UNION') for (const member of names(type, 'Types')) add(name, member);
      else for (const one of names(type, 'Interfaces')) add(one, name);
    }
  }

  /** A type that is only extended comes into being by that. */
  private extend(extension: Tree): void {
    const name = text(extension, 'Name');
    const kind = text(extension, 'Kind');
    const base = this.types.get(name) ?? tree({ Kind: kind, Name: name });
    if (text(base, 'Kind') !== kind)
      throw this.error(
        extension,
        `Cannot extend type ${name} because the base type is a ${text(base, 'Kind')}, not ${kind}.`,
      );
    const both = (key: string): Tree[] => [...nodes(base, key), ...nodes(extension, key)];
    const merged = tree({
      ...base,
      Directives: both('Directives'),
      Interfaces: [...names(base, 'Interfaces'), ...names(extension, 'Interfaces')],
      Fields: both('Fields'),
      Types: [...names(base, 'Types'), ...names(extension, 'Types')],
      EnumValues: both('EnumValues'),
    });
    const at = this.places.get(this.types.has(name) ? base : extension);
    if (at !== undefined) this.places.set(merged, at);
    this.types.set(name, merged);
  }

  private roots(document: Tree): Map<string, string> {
    const roots = new Map<string, string>();
    const schemas = nodes(document, 'Schema');
    if (schemas.length > 1)
      throw this.error(
        schemas[1],
        'Cannot have multiple schema entry points, consider schema extensions instead.',
      );
    for (const schema of [...schemas, ...nodes(document, 'SchemaExtension')]) {
      for (const entry of nodes(schema, 'OperationTypes')) {
        const [operation, type] = [text(entry, 'Operation'), text(entry, 'Type')];
        if (!this.types.has(type))
          throw this.error(entry, `Schema root ${operation} refers to a type ${type} that does not exist.`);
        roots.set(operation, type);
      }
      this.applied(nodes(schema, 'Directives'), 'SCHEMA');
    }
    if (schemas.length === 0)
      for (const [operation, type] of [
        ['query', 'Query'],
        ['mutation', 'Mutation'],
        ['subscription', 'Subscription'],
      ] as const)
        if (!roots.has(operation) && this.types.has(type)) roots.set(operation, type);
    return roots;
  }

  private reserved(node: Tree, name: string): void {
    if (name.startsWith('__'))
      throw this.error(
        node,
        `Name "${name}" must not begin with "__", which is reserved by GraphQL introspection.`,
      );
  }

  private known(type: Tree | undefined): Tree {
    const name = namedType(type);
    const found = this.types.get(name);
    if (found === undefined && !INTROSPECTION.has(name)) throw this.error(type, `Undefined type ${name}.`);
    return found ?? tree({ Kind: 'OBJECT', Name: name });
  }

  private definition(type: Tree): void {
    this.charge(1);
    const [kind, name] = [text(type, 'Kind'), text(type, 'Name')];
    const fields = nodes(type, 'Fields');
    for (const field of fields) {
      this.reserved(field, text(field, 'Name'));
      this.known(child(field, 'Type'));
      this.args(nodes(field, 'Arguments'), null);
      this.applied(
        nodes(field, 'Directives'),
        kind === 'INPUT_OBJECT' ? 'INPUT_FIELD_DEFINITION' : 'FIELD_DEFINITION',
      );
    }
    for (const member of names(type, 'Types')) {
      const found = this.types.get(member);
      if (found === undefined) throw this.error(type, `Undefined type ${JSON.stringify(member)}.`);
      if (text(found, 'Kind') !== 'OBJECT')
        throw this.error(type, `${kind} type ${JSON.stringify(member)} must be OBJECT.`);
    }
    for (const one of names(type, 'Interfaces')) this.implementing(type, one);
    this.contents(type, kind, name, fields);
    this.once(fields, (field) => `Field ${name}.${text(field, 'Name')} can only be defined once.`);
    this.once(
      nodes(type, 'EnumValues'),
      (value) => `Enum value ${name}.${text(value, 'Name')} can only be defined once.`,
    );
    const twice = names(type, 'Types').find((member, i, all) => all.indexOf(member) < i);
    if (twice !== undefined)
      throw this.error(type, `Union type ${name} can only include type ${twice} once.`);
    if (!this.builtIn.has(name)) this.reserved(type, name);
    this.applied(nodes(type, 'Directives'), kind, false);
  }

  private once(list: readonly Tree[], message: (node: Tree) => string): void {
    const seen = new Set<string>();
    for (const node of list) {
      if (seen.has(text(node, 'Name'))) throw this.error(node, message(node));
      seen.add(text(node, 'Name'));
    }
  }

  private contents(type: Tree, kind: string, name: string, fields: readonly Tree[]): void {
    const isField = (allowed: (k: string) => boolean, field: Tree): boolean =>
      allowed(text(this.known(child(field, 'Type')), 'Kind'));
    if (kind === 'OBJECT' || kind === 'INTERFACE') {
      if (fields.length === 0) throw this.error(type, `${kind} ${name}: must define one or more fields.`);
      const bad = fields.find((field) => !isField((k) => k !== 'INPUT_OBJECT', field));
      if (bad !== undefined)
        throw this.error(
          bad,
          `${kind} ${name}: field must be one of SCALAR, OBJECT, INTERFACE, UNION, ENUM.`,
        );
    } else if (kind === 'ENUM') {
      const values = nodes(type, 'EnumValues');
      if (values.length === 0)
        throw this.error(type, `${kind} ${name}: must define one or more unique enum values.`);
      for (const value of values) {
        if (/^(?:true|false|null)$/.test(text(value, 'Name')))
          throw this.error(type, `${kind} ${name}: non-enum value ${text(value, 'Name')}.`);
        this.applied(nodes(value, 'Directives'), 'ENUM_VALUE');
      }
    } else if (kind === 'INPUT_OBJECT') {
      if (fields.length === 0)
        throw this.error(type, `${kind} ${name}: must define one or more input fields.`);
      const bad = fields.find((field) => !isField((k) => INPUT_KINDS.has(k), field));
      if (bad !== undefined)
        throw this.error(
          bad,
          `${text(this.known(child(bad, 'Type')), 'Kind')} ${text(bad, 'Name')}: field must be one of SCALAR, ENUM, INPUT_OBJECT.`,
        );
    }
  }

  private args(args: readonly Tree[], ofDirective: string | null): void {
    for (const arg of args) {
      this.charge(1);
      this.reserved(arg, text(arg, 'Name'));
      const type = child(arg, 'Type');
      const kind = text(this.known(type), 'Kind');
      if (!INPUT_KINDS.has(kind))
        throw this.error(
          arg,
          `cannot use ${showType(type)} as argument ${text(arg, 'Name')} because ${kind} is not a valid input type`,
        );
      const directives = nodes(arg, 'Directives');
      const self = directives.find((directive) => text(directive, 'Name') === ofDirective);
      if (self !== undefined) throw this.error(self, `Directive ${ofDirective} cannot refer to itself.`);
      this.applied(directives, 'ARGUMENT_DEFINITION');
    }
  }

  private applied(list: readonly Tree[], location: string, once = true): void {
    const seen = new Set<string>();
    for (const directive of list) {
      this.charge(1);
      const name = text(directive, 'Name');
      this.reserved(directive, name);
      const found = this.directives.get(name);
      if (found === undefined) throw this.error(directive, `Undefined directive ${name}.`);
      if (once && seen.has(name) && !flag(found, 'IsRepeatable'))
        throw this.error(directive, `The directive ${name} can only be used once at this location.`);
      seen.add(name);
      if (!names(found, 'Locations').includes(location))
        throw this.error(directive, `Directive ${name} is not applicable on ${location}.`);
      const given = nodes(directive, 'Arguments');
      const wanted = nodes(found, 'Arguments');
      for (const arg of given)
        if (!wanted.some((other) => text(other, 'Name') === text(arg, 'Name')))
          throw this.error(arg, `Undefined argument ${text(arg, 'Name')} for directive ${name}.`);
      for (const arg of wanted) {
        const type = child(arg, 'Type');
        if (type === undefined || !flag(type, 'NonNull') || child(arg, 'DefaultValue') !== undefined)
          continue;
        const value = child(given.find((other) => text(other, 'Name') === text(arg, 'Name')) ?? arg, 'Value');
        if (value === undefined || KINDS[kindNumber(value)] === 'Null')
          throw this.error(directive, `Argument ${text(arg, 'Name')} for directive ${name} cannot be null.`);
      }
    }
  }

  private implementing(type: Tree, name: string): void {
    const own = text(type, 'Name');
    const found = this.types.get(name);
    if (found === undefined) throw this.error(type, `Undefined type ${JSON.stringify(name)}.`);
    if (text(found, 'Kind') !== 'INTERFACE')
      throw this.error(type, `${JSON.stringify(name)} is a non interface type ${text(found, 'Kind')}.`);
    const fields = new Map(nodes(type, 'Fields').map((field) => [text(field, 'Name'), field]));
    for (const wanted of nodes(found, 'Fields')) {
      this.charge(1);
      const field = fields.get(text(wanted, 'Name'));
      const prefix = `For ${own} to implement ${name}`;
      if (field === undefined)
        throw this.error(type, `${prefix} it must have a field called ${text(wanted, 'Name')}.`);
      if (!this.covariant(child(wanted, 'Type'), child(field, 'Type')))
        throw this.error(
          field,
          `${prefix} the field ${text(wanted, 'Name')} must have type ${showType(child(wanted, 'Type'))}.`,
        );
      this.sameArgs(prefix, wanted, field);
    }
    for (const above of names(found, 'Interfaces')) {
      if (names(type, 'Interfaces').includes(above)) continue;
      throw this.error(
        type,
        above === own
          ? `Type ${own} cannot implement ${name} because it would create a circular reference.`
          : `Type ${own} must implement ${above} because it is implemented by ${name}.`,
      );
    }
  }

  private sameArgs(prefix: string, wanted: Tree, field: Tree): void {
    const [need, have] = [nodes(wanted, 'Arguments'), nodes(field, 'Arguments')];
    const called = (list: readonly Tree[], name: string): Tree | undefined =>
      list.find((arg) => text(arg, 'Name') === name);
    for (const arg of need) {
      const found = called(have, text(arg, 'Name'));
      const start = `${prefix} the field ${text(wanted, 'Name')} must have the same arguments but`;
      if (found === undefined) throw this.error(field, `${start} it is missing ${text(arg, 'Name')}.`);
      if (!compatible(child(arg, 'Type'), child(found, 'Type')))
        throw this.error(found, `${start} ${text(arg, 'Name')} has the wrong type.`);
    }
    for (const arg of have) {
      const type = child(arg, 'Type');
      if (called(need, text(arg, 'Name')) !== undefined || type === undefined || !flag(type, 'NonNull'))
        continue;
      if (child(arg, 'DefaultValue') === undefined)
        throw this.error(
          arg,
          `${prefix} any additional arguments on ${text(field, 'Name')} must be optional or have a default value but ${text(arg, 'Name')} is required.`,
        );
    }
  }

  private covariant(wanted: Tree | undefined, actual: Tree | undefined): boolean {
    if (wanted === undefined || actual === undefined) return wanted === actual;
    if (flag(wanted, 'NonNull') && !flag(actual, 'NonNull')) return false;
    const elem = child(wanted, 'Elem');
    if (elem !== undefined) return this.covariant(elem, child(actual, 'Elem'));
    const [a, b] = [text(wanted, 'NamedType'), text(actual, 'NamedType')];
    return a === b || this.possible.get(a)?.has(b) === true;
  }

  /** Input objects that need one another forever have no values. */
  private cycles(): void {
    const done = new Set<string>();
    const path: { name: string; field: Tree }[] = [];
    const visit = (name: string): void => {
      if (done.has(name)) return;
      done.add(name);
      for (const field of nodes(this.types.get(name) as Tree, 'Fields')) {
        this.charge(1);
        const type = child(field, 'Type');
        if (type === undefined || !flag(type, 'NonNull') || text(type, 'NamedType') === '') continue;
        const next = this.types.get(text(type, 'NamedType'));
        if (next === undefined || text(next, 'Kind') !== 'INPUT_OBJECT') continue;
        path.push({ name, field });
        const nextName = text(next, 'Name');
        const start = path.findIndex((step) => step.name === nextName);
        if (start >= 0) {
          const steps = path.slice(start).map((step) => text(step.field, 'Name'));
          throw this.error(
            path[start]?.field,
            `Cannot reference Input Object "${nextName}" within itself through a series of non-null fields: "${steps.join('.')}".`,
          );
        }
        visit(nextName);
        path.pop();
      }
    };
    for (const name of [...this.types.keys()].sort())
      if (text(this.types.get(name) as Tree, 'Kind') === 'INPUT_OBJECT') visit(name);
  }
}

function compatible(a: Tree | undefined, b: Tree | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (text(a, 'NamedType') !== text(b, 'NamedType')) return false;
  if ((child(a, 'Elem') === undefined) !== (child(b, 'Elem') === undefined)) return false;
  if (child(a, 'Elem') !== undefined && !compatible(child(a, 'Elem'), child(b, 'Elem'))) return false;
  return !flag(b, 'NonNull') || flag(a, 'NonNull');
}
