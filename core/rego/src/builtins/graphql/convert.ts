import type { DefinitionNode, DocumentNode, Location } from 'graphql';
import type { Schema } from './check.ts';
import { child, flag, kindNumber, names, nodes, text } from './reading.ts';
import { KINDS } from './tree.ts';
import type { Places, Tree } from './tree.ts';

/** A node of the library. Its types are narrower than what is built here piece by piece. */
type Node = Readonly<Record<string, unknown>>;

const LEAF: Readonly<Record<string, string>> = { Float: 'FloatValue', Enum: 'EnumValue' };

const INT32 = 2n ** 31n;

/** OPA takes integers of any size where the library takes 32 bits; different ones should stay different. */
function withinInt32(raw: string): string {
  if (!/^-?\d+$/.test(raw)) return raw;
  const n = BigInt(raw);
  return n >= -INT32 && n < INT32 ? raw : String(n % INT32);
}

/** Turns trees into the library's nodes. */
export class Converter {
  private readonly source: unknown;

  private readonly places: Places;
  private readonly charge: (steps: number) => void;

  constructor(places: Places, body: string, charge: (steps: number) => void) {
    this.places = places;
    this.charge = charge;
    this.source = { body, name: 'input', locationOffset: { line: 1, column: 1 } };
  }

  private node(kind: string, from: Tree | null, fields: Record<string, unknown>): Node {
    this.charge(1);
    const at = from === null ? undefined : this.places.get(from);
    const loc: Partial<Location> | undefined =
      at === undefined ? undefined : { start: at, end: at, source: this.source as Location['source'] };
    return { kind, ...fields, loc };
  }

  private name(value: string, from: Tree | null = null): Node {
    return this.node('Name', from, { value });
  }

  private all(list: readonly Tree[], convert: (node: Tree) => Node): Node[] {
    return list.map(convert);
  }

  query(document: Tree): DocumentNode {
    const operations = this.all(nodes(document, 'Operations'), (node) =>
      this.node('OperationDefinition', node, {
        operation: text(node, 'Operation'),
        name: text(node, 'Name') === '' ? undefined : this.name(text(node, 'Name'), node),
        variableDefinitions: this.all(nodes(node, 'VariableDefinitions'), (v) => this.variable(v)),
        directives: this.directives(node),
        selectionSet: this.selections(node) ?? this.node('SelectionSet', node, { selections: [] }),
      }),
    );
    const fragments = this.all(nodes(document, 'Fragments'), (node) =>
      this.node('FragmentDefinition', node, {
        name: this.name(text(node, 'Name'), node),
        typeCondition: this.named(text(node, 'TypeCondition'), node),
        directives: this.directives(node),
        selectionSet: this.selections(node) ?? this.node('SelectionSet', node, { selections: [] }),
      }),
    );
    return this.document([...operations, ...fragments]);
  }

  private document(definitions: readonly Node[]): DocumentNode {
    return {
      kind: 'Document',
      definitions: definitions as unknown as readonly DefinitionNode[],
    } as DocumentNode;
  }

  private named(name: string, from: Tree | null): Node {
    return this.node('NamedType', from, { name: this.name(name, from) });
  }

  private variable(node: Tree): Node {
    const value = child(node, 'DefaultValue');
    return this.node('VariableDefinition', node, {
      variable: this.node('Variable', node, { name: this.name(text(node, 'Variable'), node) }),
      // Findings about the type are located at the variable.
      type: this.type(child(node, 'Type'), node),
      defaultValue: value === undefined ? undefined : this.value(value),
      directives: this.directives(node),
    });
  }

  private type(node: Tree | undefined, at = node): Node {
    if (node === undefined) return this.named('', null);
    const elem = child(node, 'Elem');
    const inner =
      elem === undefined
        ? this.named(text(node, 'NamedType'), at ?? null)
        : this.node('ListType', at ?? null, { type: this.type(elem, at) });
    return flag(node, 'NonNull') ? this.node('NonNullType', at ?? null, { type: inner }) : inner;
  }

  private value(node: Tree): Node {
    const kind = KINDS[kindNumber(node)] ?? 'Null';
    const raw = text(node, 'Raw');
    const children = nodes(node, 'Children');
    switch (kind) {
      case 'Variable':
        return this.node('Variable', node, { name: this.name(raw, node) });
      case 'String':
      case 'Block':
        return this.node('StringValue', node, { value: raw, block: kind === 'Block' });
      case 'Boolean':
        return this.node('BooleanValue', node, { value: raw === 'true' });
      case 'Null':
        return this.node('NullValue', node, {});
      case 'List':
        return this.node('ListValue', node, {
          values: this.all(children, (item) => this.value(child(item, 'Value') ?? item)),
        });
      case 'Object':
        return this.node('ObjectValue', node, {
          fields: this.all(children, (item) => this.named_value('ObjectField', item)),
        });
      case 'Int':
        return this.node('IntValue', node, { value: withinInt32(raw) });
      case 'Float':
      case 'Enum':
        return this.node(LEAF[kind] ?? kind, node, { value: raw });
      default:
        return kind satisfies never;
    }
  }

  private named_value(kind: 'Argument' | 'ObjectField', node: Tree): Node {
    return this.node(kind, node, {
      name: this.name(text(node, 'Name'), node),
      value: this.value(child(node, 'Value') ?? node),
    });
  }

  private directives(node: Tree): Node[] {
    return this.all(nodes(node, 'Directives'), (directive) =>
      this.node('Directive', directive, {
        name: this.name(text(directive, 'Name'), directive),
        arguments: this.all(nodes(directive, 'Arguments'), (arg) => this.named_value('Argument', arg)),
      }),
    );
  }

  private selections(node: Tree): Node | undefined {
    const list = nodes(node, 'SelectionSet');
    if (list.length === 0) return undefined;
    return this.node('SelectionSet', node, { selections: this.all(list, (item) => this.selection(item)) });
  }

  private selection(node: Tree): Node {
    if (Object.hasOwn(node, 'Alias')) {
      const [alias, name] = [text(node, 'Alias'), text(node, 'Name')];
      return this.node('Field', node, {
        alias: alias === name || alias === '' ? undefined : this.name(alias, node),
        name: this.name(name, node),
        arguments: this.all(nodes(node, 'Arguments'), (arg) => this.named_value('Argument', arg)),
        directives: this.directives(node),
        selectionSet: this.selections(node),
      });
    }
    if (Object.hasOwn(node, 'Name'))
      return this.node('FragmentSpread', node, {
        name: this.name(text(node, 'Name'), node),
        directives: this.directives(node),
      });
    const condition = text(node, 'TypeCondition');
    return this.node('InlineFragment', node, {
      typeCondition: condition === '' ? undefined : this.named(condition, node),
      directives: this.directives(node),
      selectionSet: this.selections(node) ?? this.node('SelectionSet', node, { selections: [] }),
    });
  }

  /** A checked schema. Names of built-in scalars are the library's own. */
  schema({ types, directives, roots }: Schema): DocumentNode {
    const root = this.node('SchemaDefinition', null, {
      operationTypes: [...roots].map(([operation, type]) =>
        this.node('OperationTypeDefinition', null, { operation, type: this.named(type, null) }),
      ),
    });
    const own = [...types.values()].filter(
      (type) => !/^(?:Int|Float|String|Boolean|ID)$/.test(text(type, 'Name')),
    );
    return this.document([
      root,
      ...own.map((type) => this.definition(type)),
      ...[...directives.values()].map((directive) =>
        this.node('DirectiveDefinition', directive, {
          name: this.name(text(directive, 'Name')),
          arguments: this.inputs(nodes(directive, 'Arguments')),
          repeatable: flag(directive, 'IsRepeatable'),
          locations: names(directive, 'Locations').map((location) => this.name(location)),
        }),
      ),
    ]);
  }

  private definition(type: Tree): Node {
    const name = this.name(text(type, 'Name'));
    const interfaces = names(type, 'Interfaces').map((one) => this.named(one, null));
    const directives = this.directives(type);
    switch (text(type, 'Kind')) {
      case 'OBJECT':
      case 'INTERFACE':
        return this.node(
          text(type, 'Kind') === 'OBJECT' ? 'ObjectTypeDefinition' : 'InterfaceTypeDefinition',
          type,
          { name, interfaces, directives, fields: this.fields(nodes(type, 'Fields')) },
        );
      case 'UNION':
        return this.node('UnionTypeDefinition', type, {
          name,
          directives,
          types: names(type, 'Types').map((one) => this.named(one, null)),
        });
      case 'ENUM':
        return this.node('EnumTypeDefinition', type, {
          name,
          directives,
          values: this.all(nodes(type, 'EnumValues'), (value) =>
            this.node('EnumValueDefinition', value, {
              name: this.name(text(value, 'Name')),
              directives: this.directives(value),
            }),
          ),
        });
      case 'INPUT_OBJECT':
        return this.node('InputObjectTypeDefinition', type, {
          name,
          directives,
          fields: this.inputs(nodes(type, 'Fields')),
        });
      default:
        return this.node('ScalarTypeDefinition', type, { name, directives });
    }
  }

  private fields(list: readonly Tree[]): Node[] {
    return this.all(list, (field) =>
      this.node('FieldDefinition', field, {
        name: this.name(text(field, 'Name')),
        arguments: this.inputs(nodes(field, 'Arguments')),
        type: this.type(child(field, 'Type')),
        directives: this.directives(field),
      }),
    );
  }

  private inputs(list: readonly Tree[]): Node[] {
    return this.all(list, (field) => {
      const value = child(field, 'DefaultValue');
      return this.node('InputValueDefinition', field, {
        name: this.name(text(field, 'Name')),
        type: this.type(child(field, 'Type')),
        defaultValue: value === undefined ? undefined : this.value(value),
        directives: this.directives(field),
      });
    });
  }
}
