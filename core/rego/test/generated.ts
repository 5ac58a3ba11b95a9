import fc from 'fast-check';
import type { Json } from '../src/index.ts';

/**
 * Small policies in package `test`, and inputs that meet their constants. Rules refer only to groups before their own, so every
 * module is accepted; conflicts, undefined values and errors of built-ins come about by themselves.
 */
const WORDS = ['a', 'b', 'ab', 'c', ''] as const;
const FIELDS = ['input.a', 'input.b', 'input.deep.c', 'input.n'] as const;

const word = fc.constantFrom(...WORDS).map((text) => JSON.stringify(text));
const field = fc.constantFrom(...FIELDS);
const scalar = fc.oneof(
  { weight: 4, arbitrary: word },
  fc.constantFrom('0', '1', '2', 'true', 'false', 'null'),
);
const comparison = fc.constantFrom('==', '!=', '<', '<=', '>', '>=');

export const generatedData: Json = { words: { a: 'b', ab: 'c' }, list: ['a', 'c', 1], least: 1 };

export const generatedInput: fc.Arbitrary<Json> = fc.record(
  {
    a: fc.constantFrom(...WORDS, 1, null),
    b: fc.constantFrom(...WORDS, true, false),
    deep: fc.oneof(fc.constant(7), fc.record({ c: fc.constantFrom<Json>(...WORDS, 0, [1]) })),
    n: fc.constantFrom(0, 1, 2, 3, '1'),
    list: fc.array(fc.constantFrom<Json>(...WORDS, 1, ['a']), { maxLength: 4 }),
    map: fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), fc.constantFrom<Json>(...WORDS, 1), {
      maxKeys: 3,
    }),
  },
  { requiredKeys: [] },
);

const KINDS = ['complete', 'same', 'set', 'object', 'func'] as const;
type Kind = (typeof KINDS)[number];

interface Known {
  readonly name: string;
  readonly kind: Kind;
}

/** An expression that may stand for a group's value. */
function use({ name, kind }: Known): fc.Arbitrary<string> {
  if (kind === 'func') return fc.oneof(field, scalar).map((arg) => `${name}(any_of(${arg}))`);
  if (kind === 'object') return fc.oneof(word, field).map((key) => `${name}[any_of(${key})]`);
  return fc.constant(name);
}

/** One line of a body. `ordinal` makes the names of its variables. */
function condition(known: readonly Known[], ordinal: number): fc.Arbitrary<string> {
  const [x, y] = [`x${ordinal}`, `y${ordinal}`];
  const equation = fc
    .tuple(field, scalar, fc.boolean())
    .map(([f, c, reversed]) => (reversed ? `${c} == ${f}` : `${f} == ${c}`));
  const plain = fc.oneof(
    { weight: 6, arbitrary: equation },
    fc.tuple(field, comparison, scalar).map(([f, op, c]) => `${f} ${op} ${c}`),
    fc
      .tuple(field, fc.array(scalar, { minLength: 1, maxLength: 3 }))
      .map(([f, cs]) => `${f} in {${cs.join(', ')}}`),
    fc.tuple(field, fc.array(scalar, { maxLength: 3 })).map(([f, cs]) => `${f} in [${cs.join(', ')}]`),
    fc.tuple(field, scalar).map(([f, c]) => `${f} = ${c}`),
    field,
    fc.tuple(field, word).map(([f, c]) => `startswith(${f}, ${c})`),
    fc.tuple(field, scalar).map(([f, c]) => `data.words[${f}] == ${c}`),
  );
  const wide = fc.oneof(
    fc.tuple(field, scalar).map(([f, c]) => `${x} := ${f}\n  ${x} == ${c}`),
    scalar.map((c) => `some ${x} in input.list\n  ${x} != ${c}`),
    scalar.map((c) => `some ${x} in {"c", "ab", "a", 1}\n  ${x} != ${c}`),
    fc.tuple(field, word).map(([f, c]) => `some ${x}, ${y} in input.map\n  ${x} == ${c}\n  ${y} != ${f}`),
    fc.tuple(scalar, comparison).map(([c, op]) => `every ${x} in input.list { ${x} ${op} ${c} }`),
    fc
      .tuple(scalar, field)
      .map(([c, f]) => `count([${x} | some ${x} in input.list; ${x} != ${c}]) > count({${f}, 1})`),
    fc.tuple(scalar, field).map(([c, f]) => `{${x}: ${y} | some ${y}, ${x} in input.list}[${c}] == ${f}`),
    word.map((c) => `[${x}, ${y}] = [input.a, ${c}]\n  ${y} != ${x}`),
    word.map((c) => `walk(input.list, [${x}, ${y}])\n  ${y} == ${c}`),
    fc.constant('regex.match(input.a, "aab")'),
    fc.constant('1 / input.n > 0'),
  );
  const negated = plain.map((text) => `not ${text.includes(' = ') ? 'input.b' : text}`);
  const arms = [{ weight: 5, arbitrary: plain }, { weight: 2, arbitrary: wide }, negated];
  if (known.length === 0) return fc.oneof(...arms);
  const helper = fc.constantFrom(...known).chain(use);
  return fc.oneof(
    ...arms,
    helper,
    helper.map((text) => `not ${text}`),
    fc.tuple(helper, scalar).map(([text, c]) => `any_of(${text}) == ${c}`),
    fc.tuple(helper, scalar).map(([text, c]) => `${text} with input.a as ${c}`),
    fc.tuple(helper, scalar).map(([text, c]) => `${text} with data.list as [${c}]`),
    fc.tuple(helper, scalar).map(([text, c]) => `${text} with startswith as ${c}`),
  );
}

/** `lead`: the field that most bodies of a group compare first, as rules that are keyed on it do. */
function body(known: readonly Known[], lead: string): fc.Arbitrary<string> {
  const first = fc.oneof(
    { weight: 3, arbitrary: scalar.map((c) => [`${lead} == ${c}`]) },
    fc.constant<string[]>([]),
  );
  const others = fc
    .integer({ min: 1, max: 3 })
    .chain((n) => fc.tuple(...Array.from({ length: n }, (_, i) => condition(known, i))));
  return fc.tuple(first, others).map((lines) => `{\n  ${lines.flat().join('\n  ')}\n}`);
}

function value(known: readonly Known[]): fc.Arbitrary<string> {
  const plain = fc.oneof(
    { weight: 3, arbitrary: scalar },
    field,
    fc.tuple(field, scalar).map(([f, c]) => `[${f}, ${c}]`),
    field.map((f) => `{"of": ${f}}`),
    field.map((f) => `sprintf("%v-%s", [${f}, input.a])`),
    field.map((f) => `$"<{${f}}>"`),
  );
  return known.length === 0 ? plain : fc.oneof(plain, fc.constantFrom(...known).chain(use));
}

function rule(self: Known, known: readonly Known[], lead: string): fc.Arbitrary<string> {
  const { name } = self;
  const withElse = fc
    .tuple(value(known), body(known, lead), fc.option(fc.tuple(value(known), body(known, lead))))
    .map(([v, b, other]) => `:= ${v} if ${b}${other === null ? '' : ` else := ${other[0]} if ${other[1]}`}`);
  switch (self.kind) {
    case 'complete':
      return withElse.map((rest) => `${name} ${rest}`);
    case 'same':
      return body(known, lead).map((b) => `${name} if ${b}`);
    case 'set':
      return fc.tuple(value(known), body(known, lead)).map(([v, b]) => `${name} contains ${v} if ${b}`);
    case 'object':
      return fc
        .tuple(fc.oneof(word, field), value(known), body(known, lead))
        .map(([k, v, b]) => `${name}[${k}] := ${v} if ${b}`);
    case 'func':
      return fc
        .tuple(fc.oneof(scalar, fc.constant('p'), fc.constant('[p, _]')), withElse)
        .map(([p, rest]) => `${name}(${p}) ${rest}`);
    default:
      return self.kind satisfies never;
  }
}

function group(self: Known, known: readonly Known[]): fc.Arbitrary<string> {
  const fallback: Readonly<Record<Kind, string>> = {
    complete: `default ${self.name} := "none"\n`,
    same: `default ${self.name} := false\n`,
    set: '',
    object: '',
    func: `default ${self.name}(_) := 0\n`,
  };
  return fc.tuple(fc.boolean(), field, fc.boolean()).chain(([hasDefault, lead, isLong]) => {
    const size = isLong ? { minLength: 6, maxLength: 14 } : { minLength: 1, maxLength: 4 };
    return fc
      .array(rule(self, known, lead), size)
      .map((rules) => `${hasDefault ? fallback[self.kind] : ''}${rules.join('\n')}`);
  });
}

/** The source of a module whose document `test/all` holds the values of all its rules. */
export const generatedModule: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...KINDS), { minLength: 1, maxLength: 5 })
  .chain((kinds) => {
    const all = kinds.map((kind, i): Known => ({ name: `g${i}`, kind }));
    return fc.tuple(...all.map((self, i) => group(self, all.slice(0, i)))).map((groups) => {
      const parts = all.map(({ name, kind }) =>
        kind === 'func'
          ? `"${name}": [v | some x in ["a", "b", 1, ["a", 1]]; v := ${name}(any_of(x))]`
          : `"${name}": {v | v := ${name}}`,
      );
      // Behind a function, a value may be anything to the type checker.
      return `package test\nany_of(x) := x\n${groups.join('\n')}\nall := {${parts.join(', ')}}\n`;
    });
  });
