import { stringTerm } from '../ast.ts';
import type { Body, Branch, Head, Import, ModuleAst, Rule, Term } from '../ast.ts';
import type { Location } from '../errors.ts';
import { Cursor, FUTURE_KEYWORDS } from './cursor.ts';
import { parseBraced, parseLiteral } from './literals.ts';
import { parseTemplate } from './template.ts';
import { parsePostfix, parseTerm } from './terms.ts';

/** The two dialects: v1 is Rego as of OPA 1.0, v0 the language before it. */
export type Dialect = 'v0' | 'v1';

/** Parses one module; throws the first RegoError. */
export function parseModule(file: string, source: string, dialect: Dialect): ModuleAst {
  const c = new Cursor(file, source, dialect === 'v1' ? FUTURE_KEYWORDS : [], {
    braced: parseBraced,
    template: parseTemplate,
  });
  const state: State = { c, strict: dialect === 'v1' };
  const at = c.at();
  c.expectKw('package', 'every module starts with a package declaration');
  const pkg = staticPath(c, parsePostfix(c));
  endOfStatement(c);
  const imports: Import[] = [];
  const rules: Rule[] = [];
  while (c.tok.t !== 'eof') {
    if (c.isKw('import')) {
      const found = parseImport(state);
      if (found !== null) imports.push(found);
    } else rules.push(...parseRule(state));
    endOfStatement(c);
  }
  return { file, package: pkg, imports, rules, at };
}

interface State {
  readonly c: Cursor;
  /** v1 rules apply: `if` and `contains` are obligatory. */
  strict: boolean;
}

function endOfStatement(c: Cursor): void {
  while (c.takeOp(';'));
  if (!c.tok.line) c.fail(`unexpected ${c.describe()}: expected a new line`);
}

function staticPath(c: Cursor, term: Term): string[] {
  if (term.k === 'var') return [term.name];
  if (term.k === 'ref' && term.head.k === 'var') {
    const path = [term.head.name];
    for (const key of term.path) {
      if (key.k !== 'scalar' || typeof key.v !== 'string') c.fail('path must contain only names and strings');
      path.push(key.v);
    }
    return path;
  }
  return c.fail('path must start with a name');
}

/** Reads an import; the ones that only switch keywords on give null. */
function parseImport(state: State): Import | null {
  const { c } = state;
  const at = c.at();
  c.expectKw('import');
  const path = staticPath(c, parsePostfix(c));
  let alias = path.at(-1) ?? '';
  const named = c.takeKw('as');
  if (named) {
    if (c.tok.t !== 'ident') c.fail(`unexpected ${c.describe()}: expected a name`);
    alias = c.next().v;
  }
  const [head, second] = path;
  if (head === 'rego' && second === 'v1' && path.length === 2) {
    for (const word of FUTURE_KEYWORDS) c.keywords.add(word);
    state.strict = true;
    return null;
  }
  if (head === 'future' && second === 'keywords' && path.length <= 3) {
    const word = path[2];
    if (word !== undefined && !FUTURE_KEYWORDS.includes(word) && word !== 'not')
      c.fail(`unexpected keyword ${word}`, 'known are: in, every, contains, if');
    for (const known of word === undefined ? FUTURE_KEYWORDS : [word]) c.keywords.add(known);
    // As in OPA, `every` brings `in` with it.
    if (word === 'every') c.keywords.add('in');
    return null;
  }
  if (head !== 'data' && head !== 'input')
    c.fail(
      'unexpected import path, must begin with one of: {data, future, input, rego}',
      `got: ${head ?? ''}`,
    );
  return { path, alias, at };
}

function parseRule(state: State): Rule[] {
  const { c } = state;
  const at = c.at();
  const mark = c.mark();
  const isDefault = c.takeKw('default');
  const head = parseHead(c, at);
  const text = c.textFrom(mark);
  if (isDefault) return [parseDefault(c, head, at, text)];
  const usesIf = c.isKw('if');
  const bodies = parseBodies(state, usesIf);
  const shaped = shapeHead(state, head, usesIf, bodies.length > 0);
  const first = bodies[0] ?? [{ expr: { x: 'term', term: { k: 'scalar', v: true, at } }, withs: [], at }];
  const elses = parseElses(state);
  if (elses.length > 0 && shaped.member !== null) c.fail('else keyword cannot be used on multi-value rules');
  if (elses.length > 0 && bodies.length > 1) c.fail('else keyword cannot be used with multiple bodies');
  const rule: Rule = {
    isDefault: false,
    head: shaped,
    branches: [{ value: shaped.value, body: first, at, text }, ...elses],
    at,
  };
  const more = bodies
    .slice(1)
    .map((body): Rule => ({ ...rule, branches: [{ value: shaped.value, body, at, text }] }));
  return [rule, ...more];
}

function parseDefault(c: Cursor, head: Head, at: Location, text: string): Rule {
  if (head.value === null)
    c.fail('illegal default rule (must have a value)', 'write: default allow := false');
  if (head.member !== null) c.fail('illegal default rule (cannot be multi-value)');
  if (c.isKw('if') || c.isOp('{')) c.fail('illegal default rule (cannot have a body)');
  return { isDefault: true, head, branches: [{ value: head.value, body: [], at, text }], at };
}

function parseHead(c: Cursor, at: Location): Head {
  if (!c.isName()) c.fail(`unexpected ${c.describe()}: expected a rule`, 'a rule starts with its name');
  const name = c.next();
  const ref: Term[] = [stringTerm(name.v, c.at(name))];
  let args: Term[] | null = null;
  while (c.tok.t === 'op' && !c.tok.space && args === null) {
    if (c.isOp('.')) {
      c.next();
      const part = c.next();
      if (part.t !== 'ident') c.fail('unexpected token after "."', undefined, part);
      ref.push(stringTerm(part.v, c.at(part)));
    } else if (c.takeOp('[')) {
      ref.push(parseTerm(c));
      c.expectOp(']');
    } else if (c.takeOp('(')) {
      args = [];
      while (!c.isOp(')')) {
        args.push(parseTerm(c));
        if (!c.takeOp(',')) break;
      }
      c.expectOp(')');
    } else break;
  }
  const member = c.takeKw('contains') ? parseTerm(c) : null;
  if (member !== null && args !== null)
    c.fail('the contains keyword can only be used with multi-value rule definitions');
  const value = c.takeOp(':=') || c.takeOp('=') ? parseTerm(c) : null;
  if (member !== null && value !== null) c.fail('multi-value rules cannot have a value');
  return { ref, args, member, value, at };
}

/** The bodies after a head: one after `if`, or (v0) any number of brace blocks. */
function parseBodies(state: State, usesIf: boolean): Body[] {
  const { c } = state;
  if (usesIf) {
    c.expectKw('if');
    return [parseIfBody(c)];
  }
  const bodies: Body[] = [];
  while (c.isOp('{') && (bodies.length === 0 || !c.tok.line || !state.strict)) {
    if (state.strict)
      c.fail('`if` keyword is required before rule body', 'write: allow if { … }; or load the module as v0');
    c.next();
    bodies.push(parseBraced(c, '}'));
  }
  return bodies;
}

function parseIfBody(c: Cursor): Body {
  if (!c.isOp('{')) return [parseLiteral(c)];
  if (c.peek(1).t === 'op' && c.peek(1).v === '}') c.fail('found empty body');
  // `if {` opens a body, unless it only parses as a term (`if {1, 2} == x`).
  const mark = c.mark();
  const depth = c.depth;
  try {
    c.next();
    const body = parseBraced(c, '}');
    if (c.tok.line || c.isKw('else') || c.isOp(';')) return body;
    c.fail(`unexpected ${c.describe()}: expected a new line`);
  } catch (error) {
    const end = c.mark();
    try {
      c.reset(mark);
      c.depth = depth;
      const literal = parseLiteral(c);
      if (c.tok.line) return [literal];
    } catch {
      // The first reading's error is the one that helps.
    }
    c.reset(end);
    throw error;
  }
}

/** Gives the head its meaning by dialect: partial set, object entry, or `true`. */
function shapeHead(state: State, head: Head, usesIf: boolean, hasBody: boolean): Head {
  const { c } = state;
  if (head.member !== null || head.value !== null) return head;
  const last = head.ref.at(-1);
  const { at } = head;
  if (head.args === null && head.ref.length > 1 && last !== undefined && !usesIf) {
    if (state.strict)
      c.fail(
        '`contains` keyword is required for partial set rules',
        'write: deny contains msg if { … }',
        undefined,
      );
    // Before 1.0, `p[x] { … }` defines a set; longer references define the value true.
    if (head.ref.length === 2) return { ...head, ref: head.ref.slice(0, 1), member: last };
  }
  if (!hasBody && head.args === null && head.ref.length === 1) {
    c.fail('var cannot be used for rule name', 'a rule needs a value, a body, or both');
  }
  return { ...head, value: { k: 'scalar', v: true, at } };
}

function parseElses(state: State): Branch[] {
  const { c } = state;
  const branches: Branch[] = [];
  while (c.isKw('else')) {
    const at = c.at();
    const mark = c.mark();
    c.next();
    const value: Term = c.takeOp(':=') || c.takeOp('=') ? parseTerm(c) : { k: 'scalar', v: true, at };
    const text = c.textFrom(mark);
    let body: Body;
    if (c.takeKw('if')) body = parseIfBody(c);
    else if (c.isOp('{')) {
      if (state.strict) c.fail('`if` keyword is required before else body', 'write: else := x if { … }');
      c.next();
      body = parseBraced(c, '}');
    } else body = [{ expr: { x: 'term', term: { k: 'scalar', v: true, at } }, withs: [], at }];
    branches.push({ value, body, at, text });
  }
  return branches;
}
