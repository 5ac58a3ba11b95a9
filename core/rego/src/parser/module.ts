import { stringTerm } from '../ast.ts';
import type { Body, Branch, Comment, Head, Import, Literal, ModuleAst, Rule, Term } from '../ast.ts';
import { RegoError } from '../errors.ts';
import type { Location } from '../errors.ts';
import type { Concrete } from './concrete.ts';
import { parseArray, parseBraces } from './collections.ts';
import { Cursor, FUTURE_KEYWORDS } from './cursor.ts';
import type { Grammar } from './cursor.ts';
import { refusedDefault } from './defaults.ts';
import { parseBraced, parseLiteral } from './literals.ts';
import { parseTemplate } from './template.ts';
import { parsePair, parsePath, parseTerm } from './terms.ts';

/** The two dialects: v1 is Rego as of OPA 1.0, v0 the language before it. */
export type Dialect = 'v0' | 'v1';

/** The parts of the grammar that refer to each other. */
export const GRAMMAR: Grammar = {
  braced: parseBraced,
  template: parseTemplate,
  array: parseArray,
  braces: parseBraces,
};

/**
 * Parses one module; throws the first RegoError.
 *
 * @param concrete is filled with how the module was written, when given
 */
export function parseModule(
  file: string,
  source: string,
  dialect: Dialect,
  concrete: Concrete | null = null,
): ModuleAst {
  const comments: Comment[] = [];
  const c = new Cursor(file, source, dialect === 'v1' ? FUTURE_KEYWORDS : [], GRAMMAR, concrete, comments);
  const state: State = { c, strict: dialect === 'v1' };
  const at = c.at();
  c.expectKw('package', 'every module starts with a package declaration');
  const pkgTerm = parsePath(c);
  const pkg = staticPath(c, pkgTerm);
  if (concrete !== null) concrete.package = { path: pkgTerm, at };
  const imports: Import[] = [];
  const rules: Rule[] = [];
  while (c.tok.t !== 'eof') {
    if (c.isStatementKw('import')) {
      const found = parseImport(state);
      if (found !== null) imports.push(found);
    } else rules.push(...parseRule(state));
    while (c.takeOp(';'));
  }
  // Comments inside of template strings were read after those behind the string.
  comments.sort((a, b) => a.row - b.row || a.col - b.col);
  return { file, package: pkg, imports, rules, comments, at, dialect: state.strict ? 'v1' : 'v0' };
}

interface State {
  readonly c: Cursor;
  /** v1 rules apply: `if` and `contains` are obligatory. */
  strict: boolean;
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
  const mark = c.mark();
  c.expectKw('import');
  const written = parsePath(c);
  const path = staticPath(c, written);
  let alias = path.at(-1) ?? '';
  const named = c.takeKw('as');
  if (named) {
    if (!c.isName()) c.fail(`unexpected ${c.describe()}: expected a name`);
    if (c.tok.v === 'input' || c.tok.v === 'data')
      c.fail(`unexpected import alias, must not be a reserved name, got: ${c.tok.v}`);
    alias = c.next().v;
  }
  c.concrete?.imports.push(c.note({ path: written, alias: named ? alias : null, at }, mark));
  const [head, second] = path;
  if (head === 'rego' && second === 'v1' && path.length === 2) {
    for (const word of FUTURE_KEYWORDS) c.keywords.add(word);
    state.strict = true;
    return null;
  }
  if (head === 'rego' && second === 'v2' && path.length === 2) unsupportedImport('rego.v2', at);
  if (head === 'future' && second === 'keywords' && path.length <= 3) {
    const word = path[2];
    if (word === 'and' || word === 'or') unsupportedImport(`keyword ${word}`, at);
    if (word === 'not') c.negatesBodies = true;
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

function unsupportedImport(what: string, at: Location): never {
  throw new RegoError(
    'rego_unsupported',
    `import of ${what} is not supported`,
    at,
    'modules are read as Rego 1; write alternatives as rules of the same name',
  );
}

function parseRule(state: State): Rule[] {
  const { c } = state;
  const at = c.at();
  const mark = c.mark();
  const isDefault = c.isStatementKw('default');
  if (isDefault) c.next();
  const head = parseHead(c, at);
  const text = c.textFrom(mark);
  if (isDefault) return [c.note(parseDefault(c, head, at, text), mark)];
  const usesIf = c.isKw('if');
  const bodies = parseBodies(state, usesIf);
  const shaped = shapeHead(state, head, usesIf, bodies.length > 0);
  c.concrete?.replaced(head, shaped);
  const first = bodies[0] ?? [{ expr: { x: 'term', term: { k: 'scalar', v: true, at } }, withs: [], at }];
  const elses = bodies.length > 0 ? parseElses(state) : [];
  if (elses.length > 0 && shaped.member !== null) c.fail('else keyword cannot be used on multi-value rules');
  if (elses.length > 0 && bodies.length > 1) c.fail('else keyword cannot be used with multiple bodies');
  const rule: Rule = {
    isDefault: false,
    head: shaped,
    branches: [{ value: shaped.value, body: first, at, text }, ...elses],
    at,
  };
  c.note(rule, mark);
  const more = bodies
    .slice(1)
    .map((body): Rule => ({ ...rule, branches: [{ value: shaped.value, body, at, text }] }));
  for (const other of more) {
    c.note(other, mark);
    c.concrete?.continued.add(other);
  }
  return [rule, ...more];
}

function parseDefault(c: Cursor, head: Head, at: Location, text: string): Rule {
  if (head.value === null)
    c.fail('illegal default rule (must have a value)', 'write: default allow := false');
  if (head.member !== null) c.fail('illegal default rule (cannot be multi-value)');
  if (c.isKw('if') || c.isOp('{')) c.fail('illegal default rule (cannot have a body)');
  const reason = refusedDefault(head.args ?? [], head.value);
  if (reason !== null) throw new RegoError('rego_parse_error', `illegal default rule (${reason})`, at);
  return { isDefault: true, head, branches: [{ value: head.value, body: [], at, text }], at };
}

function parseHead(c: Cursor, at: Location): Head {
  if (!c.isRuleName()) c.fail(`unexpected ${c.describe()}: expected a rule`, 'a rule starts with its name');
  const name = c.next();
  const start = c.mark() - 1;
  const ref: Term[] = [c.note(stringTerm(name.v, c.at(name)), start)];
  let args: Term[] | null = null;
  while (c.tok.t === 'op' && !c.tok.space && args === null) {
    if (c.isOp('.')) {
      c.next();
      const part = c.next();
      if (part.t !== 'ident') c.fail('unexpected token after "."', undefined, part);
      ref.push(c.note(stringTerm(part.v, c.at(part)), c.mark() - 1));
    } else if (c.takeOp('[')) {
      ref.push(parsePair(c));
      c.expectOp(']');
    } else if (c.takeOp('(')) {
      args = [];
      while (!c.isOp(')')) {
        args.push(parseTerm(c));
        if (!c.takeOp(',')) break;
      }
      if (args.length === 0) c.fail('rule argument list must take at least one argument');
      c.expectOp(')');
    } else break;
  }
  const member = c.takeKw('contains') ? parsePair(c) : null;
  if (member !== null && args !== null)
    c.fail('the contains keyword can only be used with multi-value rule definitions');
  const assigned = c.takeOp(':=');
  const value = assigned || c.takeOp('=') ? parsePair(c) : null;
  if (member !== null && value !== null) c.fail('multi-value rules cannot have a value');
  const head = c.note({ ref, args, member, value, at }, start);
  if (assigned) c.concrete?.assigned.add(head);
  return head;
}

/** The bodies after a head: one after `if`, or (v0) any number of brace blocks. */
function parseBodies(state: State, usesIf: boolean): Body[] {
  const { c } = state;
  const bodies: Body[] = [];
  if (usesIf) {
    c.expectKw('if');
    bodies.push(parseIfBody(c));
  }
  while (c.isOp('{')) {
    if (state.strict && bodies.length === 0)
      c.fail(
        '`if` keyword is required before rule body',
        'write: allow if { … }; or load the module as v0, --v0-compatible',
      );
    c.next();
    bodies.push(parseBraced(c, '}'));
  }
  return bodies;
}

function parseIfBody(c: Cursor): Body {
  const bare = c.mark();
  if (!c.isOp('{')) return c.note([parseLiteral(c)], bare);
  // `if {` opens a body unless what follows is a term that is no set (`if {1, 2} == x`, `if {x | …}`).
  const mark = c.mark();
  if (!c.opensBody()) {
    const literal = c.attempt(() => parseLiteral(c));
    if (literal !== null && !isSet(literal)) return c.note([literal], mark);
    c.reset(mark);
  }
  c.next();
  return parseBraced(c, '}');
}

function isSet({ expr }: Literal): boolean {
  return expr.x === 'term' && expr.term.k === 'set';
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
  while (c.isStatementKw('else')) {
    const at = c.at();
    const mark = c.mark();
    c.next();
    const assigned = c.takeOp(':=');
    const written = assigned || c.takeOp('=') ? parsePair(c) : null;
    const value: Term = written ?? { k: 'scalar', v: true, at };
    const text = c.textFrom(mark);
    const headEnd = c.mark();
    let body: Body;
    let bodiless = false;
    if (c.takeKw('if')) body = parseIfBody(c);
    else if (c.isOp('{')) {
      if (state.strict) c.fail('`if` keyword is required before else body', 'write: else := x if { … }');
      c.next();
      body = parseBraced(c, '}');
    } else {
      if (written === null) c.fail(`unexpected ${c.describe()}: expected else value term or rule body`);
      bodiless = true;
      body = [{ expr: { x: 'term', term: { k: 'scalar', v: true, at } }, withs: [], at }];
    }
    const branch = { value, body, at, text };
    branches.push(c.note(branch, mark));
    c.concrete?.elses.set(branch, { assigned, written: written !== null, head: c.place(mark, headEnd) });
    // Behind an else without a condition nothing can apply.
    if (bodiless) break;
  }
  return branches;
}
