import type { Body, Branch, Head, ModuleAst, Rule, Term } from '../ast.ts';
import { toStandard } from '../crypto/base64.ts';
import { utf8 } from '../crypto/bytes.ts';
import { Concrete } from '../parser/concrete.ts';
import { parseModule } from '../parser/module.ts';
import type { Dialect } from '../parser/module.ts';
import type { Value } from '../values.ts';
import { pathJson, record, TermWriter, typed } from './terms.ts';

/**
 * A module as OPA's AST in JSON, without locations, as `rego.parse_module` gives it. Throws RegoError when it cannot be parsed.
 *
 * @param file stands in the locations of comments
 */
export function moduleJson(file: string, source: string, dialect: Dialect): Value {
  const concrete = new Concrete();
  const ast = parseModule(file, source, dialect, concrete);
  const writer = new ModuleWriter(concrete);
  const imports = concrete.imports.map(({ path, alias }) =>
    record({ path: imported(path), ...(alias === null ? {} : { alias }) }),
  );
  const rules = ast.rules.map((rule) => writer.rule(rule));
  const comments = commentsOf(ast, source);
  return record({
    package: record({ path: pathJson(['data', ...ast.package]) }),
    ...(imports.length === 0 ? {} : { imports }),
    ...(rules.length === 0 ? {} : { rules }),
    ...(comments.length === 0 ? {} : { comments }),
  });
}

/** The first name of an import may be one that stands for something else elsewhere. */
function imported(path: Term): Value {
  const terms = new TermWriter();
  return path.k === 'var' ? typed('ref', [typed('var', path.name)]) : terms.term(path);
}

function commentsOf({ comments, file }: ModuleAst, source: string): Value[] {
  if (comments.length === 0) return [];
  const lines = source.split('\n');
  return comments.map(({ row, col }) => {
    const line = lines[row - 1] ?? '';
    const text = line.slice(col).replace(/\r$/, '');
    const Location = record({ file, row, col: line.slice(0, col - 1).length + 1 });
    return record({ Location, Text: toStandard(utf8(text)) });
  });
}

class ModuleWriter {
  private readonly concrete: Concrete;
  private readonly terms = new TermWriter();

  constructor(concrete: Concrete) {
    this.concrete = concrete;
  }

  rule(rule: Rule): Value {
    const [first, ...elses] = rule.branches;
    const shape = shapeOf(rule);
    const head = this.head(rule.head, shape);
    return record({
      ...(rule.isDefault ? { default: true } : {}),
      head: record(head),
      body: this.body(first?.body ?? []),
      ...this.else(elses, rule.head, { ...shape.name, ref: head['ref'] ?? [] }),
    });
  }

  private else([branch, ...rest]: readonly Branch[], head: Head, names: Fields): Fields {
    if (branch === undefined) return {};
    const { value, body } = branch;
    const isAssigned = this.concrete.assigned.has(head) || this.concrete.elses.get(branch)?.assigned === true;
    const shown = record({
      ...names,
      ...(head.args === null ? {} : { args: head.args.map((arg) => this.terms.term(arg)) }),
      ...(value === null ? {} : { value: this.terms.term(value) }),
      ...(isAssigned ? { assign: true } : {}),
    });
    return { else: record({ head: shown, body: this.body(body), ...this.else(rest, head, names) }) };
  }

  private head(head: Head, { name, isKeyed }: Shape): Fields {
    const { args, member, value } = head;
    const [first, ...keys] = head.ref;
    const ref = [typed('var', textOf(first)), ...keys.map((key) => this.terms.term(key))];
    return {
      ...name,
      ref,
      ...(args === null ? {} : { args: args.map((arg) => this.terms.term(arg)) }),
      ...(isKeyed ? { key: ref[1] ?? null } : {}),
      ...(member === null ? {} : { key: this.terms.term(member) }),
      ...(value === null ? {} : { value: this.terms.term(value) }),
      ...(this.concrete.assigned.has(head) ? { assign: true } : {}),
    };
  }

  /** A body that nobody wrote holds `true`. */
  private body(body: Body): Value {
    if (isWritten(body)) return this.terms.body(body);
    return [record({ generated: true, index: 0, terms: typed('boolean', true) })];
  }
}

type Fields = Readonly<Record<string, Value>>;

/** What a head says twice, for readers older than references in heads. */
interface Shape {
  readonly name: Fields;
  /** The last name of its reference is also its key. */
  readonly isKeyed: boolean;
}

function shapeOf({ head, branches, isDefault }: Rule): Shape {
  const [first, last] = head.ref;
  const name = { name: textOf(first) };
  if (last === undefined) return { name, isKeyed: false };
  const isOpen = last.k === 'var' || last.k === 'ref';
  // The value that stands for a missing one has the place of the head.
  const hasValue = head.value !== null && head.value.at !== head.at;
  const hasBody = isWritten(branches[0]?.body ?? []);
  if (head.ref.length > 2 || head.member !== null || isDefault) return { name: {}, isKeyed: false };
  if (head.args !== null) return { name: hasBody ? name : {}, isKeyed: false };
  if (!hasValue) return { name: {}, isKeyed: isOpen };
  return { name, isKeyed: isOpen || !hasBody };
}

function isWritten(body: Body): boolean {
  return body.length > 1 || body[0]?.text !== undefined;
}

function textOf(term: Term | undefined): string {
  return term?.k === 'scalar' && typeof term.v === 'string' ? term.v : '';
}
