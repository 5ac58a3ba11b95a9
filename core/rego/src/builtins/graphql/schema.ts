import { Parser } from './parser.ts';
import type { Parsed } from './query.ts';
import { tree } from './tree.ts';
import type { Tree } from './tree.ts';

/** Places where a directive may stand. */
const LOCATIONS = new Set(
  (
    'QUERY MUTATION SUBSCRIPTION FIELD FRAGMENT_DEFINITION FRAGMENT_SPREAD INLINE_FRAGMENT SCHEMA SCALAR OBJECT ' +
    'FIELD_DEFINITION ARGUMENT_DEFINITION INTERFACE UNION ENUM ENUM_VALUE INPUT_OBJECT INPUT_FIELD_DEFINITION ' +
    'VARIABLE_DEFINITION'
  ).split(' '),
);

const KIND_OF: Readonly<Record<string, string>> = {
  scalar: 'SCALAR',
  type: 'OBJECT',
  interface: 'INTERFACE',
  union: 'UNION',
  enum: 'ENUM',
  input: 'INPUT_OBJECT',
};

/** A description, and the comments before it. */
interface Description {
  readonly text: string;
  readonly comment: Tree | undefined;
}

/** Parses a type system document; throws GraphqlError. Types that it does not have are no errors here. */
export function parseSchema(text: string, charge: (steps: number) => void): Parsed {
  const p = new Parser(text, charge);
  const lists: Record<'Schema' | 'SchemaExtension' | 'Directives' | 'Definitions' | 'Extensions', Tree[]> = {
    Schema: [],
    SchemaExtension: [],
    Directives: [],
    Definitions: [],
    Extensions: [],
  };
  while (!p.is('<EOF>')) {
    const start = p.peek();
    const about = description(p);
    const word = p.peek();
    if (word.kind !== 'Name') throw p.unexpected();
    if (word.value === 'schema') lists.Schema.push(root(p, about, p.comments(), false));
    else if (word.value === 'directive') lists.Directives.push(directive(p, about));
    else if (word.value === 'extend') {
      if (about.text !== '') throw p.unexpected(start);
      const comment = p.comments();
      p.take();
      if (p.isWord('schema')) lists.SchemaExtension.push(root(p, about, comment, true));
      else lists.Extensions.push(definition(p, about, comment, true));
    } else lists.Definitions.push(definition(p, about, p.comments(), false));
  }
  return { document: tree({ ...lists, Comment: p.comments() }), places: p.places };
}

function description(p: Parser): Description {
  const comment = p.comments();
  if (!p.is('String') && !p.is('BlockString')) return { text: '', comment: undefined };
  return { text: p.take().value, comment };
}

const described = (
  about: Description,
  after: Tree | undefined,
): Record<string, Tree | string | undefined> => ({
  Description: about.text,
  BeforeDescriptionComment: about.comment,
  AfterDescriptionComment: after,
});

function root(p: Parser, about: Description, comment: Tree | undefined, extends_: boolean): Tree {
  p.take();
  const token = p.peek();
  const directives = p.directives(true);
  const operations = p.some('{', '}', () => {
    const operation = p.peek();
    const before = p.comments();
    if (!/^(?:query|mutation|subscription)$/.test(operation.value) || operation.kind !== 'Name')
      throw p.unexpected();
    p.take();
    p.expect(':');
    return p.at(operation, tree({ Operation: operation.value, Type: p.name(), Comment: before }));
  });
  if (extends_ && directives.length === 0 && operations.items.length === 0) throw p.unexpected();
  return p.at(
    token,
    tree({
      ...described(about, comment),
      Directives: directives,
      OperationTypes: operations.items,
      EndOfDefinitionComment: operations.end,
    }),
  );
}

function definition(p: Parser, about: Description, comment: Tree | undefined, extends_: boolean): Tree {
  const word = p.peek();
  const kind = word.kind === 'Name' && Object.hasOwn(KIND_OF, word.value) ? KIND_OF[word.value] : undefined;
  if (kind === undefined) throw p.unexpected();
  p.take();
  const token = p.peek();
  const name = p.name();
  const interfaces = kind === 'OBJECT' || kind === 'INTERFACE' ? implemented(p) : [];
  const directives = p.directives(true);
  const fields =
    kind === 'OBJECT' || kind === 'INTERFACE'
      ? p.some('{', '}', () => field(p))
      : kind === 'INPUT_OBJECT'
        ? p.some('{', '}', () => input(p))
        : undefined;
  const types = kind === 'UNION' ? members(p) : [];
  const values = kind === 'ENUM' ? p.some('{', '}', () => enumValue(p)) : undefined;
  const parts = [interfaces, directives, fields?.items ?? [], types, values?.items ?? []];
  if (extends_ && parts.every((part) => part.length === 0)) throw p.unexpected();
  return p.at(
    token,
    tree({
      ...described(about, comment),
      Kind: kind,
      Name: name,
      Directives: directives,
      Interfaces: interfaces,
      Fields: fields?.items,
      Types: types,
      EnumValues: values?.items,
      BuiltIn: false,
      EndOfDefinitionComment: fields?.end ?? values?.end,
    }),
  );
}

function implemented(p: Parser): string[] {
  const names: string[] = [];
  if (!p.isWord('implements')) return names;
  p.take();
  p.skip('&');
  names.push(p.name());
  while (p.skip('&') || p.is('Name')) names.push(p.name());
  return names;
}

function members(p: Parser): string[] {
  const names: string[] = [];
  if (!p.skip('=')) return names;
  p.skip('|');
  do names.push(p.name());
  while (p.skip('|'));
  return names;
}

/** What may have a description in front: where it begins, what is written before it, and what `read` finds in it. */
function declared(p: Parser, read: () => Parameters<typeof tree>[0]): Tree {
  const about = description(p);
  const token = p.peek();
  const comment = p.comments();
  return p.at(token, tree({ ...described(about, comment), ...read() }));
}

function field(p: Parser): Tree {
  return declared(p, () => {
    const name = p.name();
    const args = p.some('(', ')', () => input(p)).items;
    p.expect(':');
    return { Name: name, Arguments: args, Type: p.type(), Directives: p.directives(true) };
  });
}

/** An argument or a field of an input object. */
function input(p: Parser): Tree {
  return declared(p, () => {
    const name = p.name();
    p.expect(':');
    const type = p.type();
    const value = p.skip('=') ? p.value(true) : undefined;
    return { Name: name, Type: type, DefaultValue: value, Directives: p.directives(true) };
  });
}

function enumValue(p: Parser): Tree {
  return declared(p, () => ({ Name: p.name(), Directives: p.directives(true) }));
}

function directive(p: Parser, about: Description): Tree {
  const comment = p.comments();
  p.take();
  p.expect('@');
  const token = p.peek();
  const name = p.name();
  const args = p.some('(', ')', () => input(p)).items;
  const repeatable = p.isWord('repeatable');
  if (repeatable) p.take();
  if (!p.isWord('on')) throw p.error(`Expected "on", found ${p.peek().kind}`);
  p.take();
  p.skip('|');
  const locations: string[] = [];
  do {
    const location = p.peek();
    const word = p.name();
    if (!LOCATIONS.has(word)) throw p.unexpected(location);
    locations.push(word);
  } while (p.skip('|'));
  return p.at(
    token,
    tree({
      ...described(about, comment),
      Name: name,
      Arguments: args,
      Locations: locations,
      IsRepeatable: repeatable,
    }),
  );
}
