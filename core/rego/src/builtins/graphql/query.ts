import { Parser } from './parser.ts';
import { tree } from './tree.ts';
import type { Places, Tree } from './tree.ts';

/** A document, and where its nodes stand in the text. */
export interface Parsed {
  readonly document: Tree;
  readonly places: Places;
}

/** Parses an executable document; throws GraphqlError. */
export function parseQuery(text: string, charge: (steps: number) => void): Parsed {
  const p = new Parser(text, charge);
  const operations: Tree[] = [];
  const fragments: Tree[] = [];
  while (!p.is('<EOF>')) {
    const token = p.peek();
    if (
      token.kind === '{' ||
      (token.kind === 'Name' && /^(?:query|mutation|subscription)$/.test(token.value))
    )
      operations.push(operation(p));
    else if (p.isWord('fragment')) fragments.push(fragment(p));
    else throw p.unexpected();
  }
  return { document: tree({ Operations: operations, Fragments: fragments }), places: p.places };
}

function operation(p: Parser): Tree {
  const token = p.peek();
  if (token.kind === '{')
    return p.at(token, tree({ Operation: 'query', Name: '', SelectionSet: selections(p) }));
  const comment = p.comments();
  p.take();
  return p.at(
    token,
    tree({
      Comment: comment,
      Operation: token.value,
      Name: p.is('Name') ? p.name() : '',
      VariableDefinitions: p.many('(', ')', () => variable(p)),
      Directives: p.directives(false),
      SelectionSet: required(p),
    }),
  );
}

function variable(p: Parser): Tree {
  const token = p.peek();
  const comment = p.comments();
  p.expect('$');
  const name = p.name();
  p.expect(':');
  return p.at(
    token,
    tree({
      Comment: comment,
      Variable: name,
      Type: p.type(),
      DefaultValue: p.skip('=') ? p.value(true) : undefined,
      Directives: p.directives(false),
      Used: false,
    }),
  );
}

function selections(p: Parser): Tree[] {
  return p.some('{', '}', () => selection(p)).items;
}

function required(p: Parser): Tree[] {
  if (!p.is('{')) throw p.error(`Expected {, found ${p.peek().kind}`);
  return selections(p);
}

function selection(p: Parser): Tree {
  return p.is('...') ? spread(p) : field(p);
}

function field(p: Parser): Tree {
  const token = p.peek();
  const comment = p.comments();
  const alias = p.name();
  const name = p.skip(':') ? p.name() : alias;
  return p.at(
    token,
    tree({
      Comment: comment,
      Alias: alias,
      Name: name,
      Arguments: p.arguments(false),
      Directives: p.directives(false),
      SelectionSet: selections(p),
    }),
  );
}

function spread(p: Parser): Tree {
  const comment = p.comments();
  p.take();
  const token = p.peek();
  if (token.kind === 'Name' && token.value !== 'on') {
    const name = p.name();
    return p.at(token, tree({ Comment: comment, Name: name, Directives: p.directives(false) }));
  }
  const condition = p.isWord('on');
  if (condition) p.take();
  return p.at(
    token,
    tree({
      Comment: comment,
      TypeCondition: condition ? p.name() : '',
      Directives: p.directives(false),
      SelectionSet: required(p),
    }),
  );
}

function fragment(p: Parser): Tree {
  const token = p.peek();
  const comment = p.comments();
  p.take();
  if (p.isWord('on')) throw p.unexpected();
  const name = p.name();
  const variables = p.many('(', ')', () => variable(p));
  if (!p.isWord('on')) throw p.error(`Expected "on", found ${p.peek().kind}`);
  p.take();
  return p.at(
    token,
    tree({
      Comment: comment,
      Name: name,
      VariableDefinition: variables,
      TypeCondition: p.name(),
      Directives: p.directives(false),
      SelectionSet: required(p),
    }),
  );
}
