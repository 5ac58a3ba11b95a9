/**
 * Texts that nobody wrote: whatever they are, they are refused with places that exist, or they run. `FUZZ_SECONDS` makes it
 * last longer, `FUZZ_SEED` repeats a run.
 */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile, marshal, RegoErrors, RegoEvalError } from '../src/index.ts';
import { generatedModule } from './generated.ts';

const seconds = Number(process.env['FUZZ_SECONDS'] ?? 0);
const settings = (numRuns: number): fc.Parameters<unknown> => ({
  seed: Number(process.env['FUZZ_SEED'] ?? 20261122),
  ...(seconds > 0
    ? { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: seconds * 1000 }
    : { numRuns }),
});
const limitMs = seconds * 1000 + 120_000;

const NAMES = ['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'x', 'input', 'data', 'p', 'length'];
const TOKENS = [
  ...NAMES,
  ...'package import default not some every in if contains else as with true false null set() rego.v1 future.keywords'.split(
    ' ',
  ),
  ...'{ } [ ] ( ) := = == != < <= > >= + - * / % & | , ; : . _ ` " $" $` #'.split(' '),
  '\n',
  '\n',
  '\t',
  '0',
  '1e9',
  '-1',
  '1e999999',
  '0.1',
  '01',
  '9'.repeat(400),
  '"a"',
  '`raw`',
  '"\\u0000"',
  '"\\ud800"',
  '$"{x}"',
  '$"{',
  '"${x}"',
  '\u2028',
  '\u0000',
  '\ufeff',
  '\ud800',
  'é',
  '😀',
  '"*/"',
  'count',
  'walk',
  'http.send',
  '# METADATA\n# title: x\n',
];

const soup = fc
  .array(fc.tuple(fc.constantFrom(...TOKENS), fc.constantFrom('', ' ', '\n')), { maxLength: 40 })
  .map((parts) => parts.flat().join(''));
const cut = fc
  .tuple(
    generatedModule,
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 12 }), fc.constantFrom('', ...TOKENS)), { maxLength: 4 }),
  )
  .map(([source, edits]) =>
    edits.reduce((text, [at, length, put]) => {
      const from = at % (text.length + 1);
      return text.slice(0, from) + put + text.slice(from + length);
    }, source),
  );
const nested = fc
  .tuple(
    fc.constantFrom(
      '[',
      '{',
      '(',
      '{"a": ',
      '[x | ',
      '{x: ',
      'not ',
      '-',
      '$"{',
      'every x in [',
      'a.',
      'f(',
      '1 + ',
    ),
    fc.nat({ max: 4000 }),
  )
  .map(([part, n]) => `p := ${part.repeat(n)}`);
const text = fc.oneof(
  soup.map((tail) => `package test\n${tail}`),
  soup,
  cut,
  nested.map((rule) => `package test\n${rule}`),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

/** Compiles, and evaluates what there is; throws whatever is neither a refusal nor the end of an evaluation. */
function attempt(source: string, dialect: 'v0' | 'v1', backend: 'javascript' | 'closures'): string {
  try {
    const program = compile([{ file: 'f.rego', source, dialect }], { backend, steps: 10_000 });
    const [rule] = program.rules().filter(({ kind }) => kind !== 'func');
    if (rule === undefined) return 'no rule';
    const value = program.entrypoint(rule.path.join('/')).value({ __proto__: null, x: 1 });
    return value === undefined ? 'undefined' : marshal(value);
  } catch (error) {
    if (error instanceof RegoErrors) {
      const lines = source.split('\n');
      expect(error.errors.length).toBeGreaterThan(0);
      for (const { file, row, col } of error.errors) {
        expect(['f.rego', '']).toContain(file);
        expect(row).toBeGreaterThanOrEqual(1);
        expect(row).toBeLessThanOrEqual(lines.length);
        expect(col).toBeGreaterThanOrEqual(1);
        expect(col).toBeLessThanOrEqual(Buffer.byteLength(lines[row - 1] ?? '') + 2);
      }
      return 'refused';
    }
    if (error instanceof RegoEvalError) return error.code;
    throw error;
  }
}

/** What would show that a text from a policy was run, or had changed what all objects inherit. */
function untouched(): unknown {
  return [
    Object.getOwnPropertyNames(Object.prototype).toSorted(),
    Object.getOwnPropertyNames(Array.prototype).toSorted(),
    Reflect.get(globalThis, 'canary'),
  ];
}
const before = untouched();

describe('any text', () => {
  test.each(['v1', 'v0'] as const)(
    'is refused with places in it, or runs the same on both back-ends, within linear time (%s)',
    (dialect) => {
      const seen = new Map<string, number>();
      fc.assert(
        fc.property(text, (given) => {
          const source =
            dialect === 'v1' ? given : given.replace('package test\n', 'package test\nimport rego.v1\n');
          const begun = performance.now();
          const end = attempt(source, dialect, 'javascript');
          expect(performance.now() - begun).toBeLessThan(3000 + source.length);
          expect(attempt(source, dialect, 'closures')).toBe(end);
          seen.set(end, (seen.get(end) ?? 0) + 1);
          expect(untouched()).toEqual(before);
        }),
        settings(250),
      );
      // A fuzzer of which everything is refused looks at the parser only.
      expect(seen.get('refused')).toBeGreaterThan(20);
      expect(seen.size).toBeGreaterThan(2);
    },
    limitMs,
  );

  const folder = new URL('corpus/', import.meta.url);
  const found = readdirSync(folder).filter((name) => name.endsWith('.rego'));
  test.each(found)('that was a finding once: %s', (name) => {
    const source = readFileSync(new URL(name, folder), 'utf8');
    const begun = performance.now();
    for (const dialect of ['v1', 'v0'] as const)
      expect(attempt(source, dialect, 'javascript')).toBe(attempt(source, dialect, 'closures'));
    expect(performance.now() - begun).toBeLessThan(10_000);
  });
});

const ATTACK = "globalThis.canary = 'sung'";
const hostile = fc.oneof(
  fc.constantFrom(...NAMES),
  fc
    .array(
      fc.constantFrom(
        '"',
        "'",
        '`',
        '\\',
        '\n',
        '\r',
        '\u2028',
        '\u2029',
        '*/',
        '//',
        '${',
        '}',
        ';',
        ')',
        '\u0000',
        '\ud800',
        '\udc00',
        '</script>',
        'a',
        ATTACK,
        `\${${ATTACK}}`,
        `");${ATTACK};("`,
        `\`;${ATTACK};\``,
      ),
      { maxLength: 6 },
    )
    .map((parts) => parts.join('')),
);
const spelled = (value: string): string => JSON.stringify(value);

describe('what a policy says never becomes code', () => {
  test.each(['javascript', 'closures'] as const)(
    'as name, key, text, comment, template, argument or binding (%s)',
    (backend) => {
      fc.assert(
        fc.property(hostile, hostile, (a, b) => {
          const comment = `${a}${b}`.replaceAll(/[\n\r\u0000]/g, ' ').toWellFormed();
          const source = [
            `package test[${spelled(a)}]`,
            `# ${comment}`,
            `text := ${spelled(b)}`,
            `both := {${spelled(a)}: ${spelled(b)}, 1: [${spelled(a)}]}`,
            `members contains ${spelled(a)}`,
            `at[${spelled(b)}] := ${spelled(a)}`,
            `f(${spelled(a)}) := ${spelled(b)}`,
            `called := f(${spelled(a)})`,
            `template := $"<{${spelled(b)}}>"`,
            `read := input[${spelled(a)}][${spelled(b)}]`,
            `base := data.base[${spelled(a)}]`,
            `key if some k, ${spelled(b)} in {${spelled(a)}: ${spelled(b)}}`,
            `mocked := v if v := input.x with input.x as ${spelled(a)}`,
            ...Array.from(
              { length: 8 },
              (_, i) => `many := ${spelled(a)} if input.y == ${spelled(`${b}${i}`)}`,
            ),
          ].join('\n');
          const object = (key: string, value: unknown): object =>
            Object.defineProperty({}, key, { value, enumerable: true });
          const program = compile([{ file: `${a}\n*/.rego`, source }], {
            backend,
            data: { base: object(a, 'base') } as never,
          });
          // A name with a slash in it cannot be asked for by itself.
          const [all] = Object.values(
            program
              .entrypoint('test')
              .evaluate({ ...object(a, object(b, 'deep')), y: `${b}3` } as never) as object,
          ) as Record<string, unknown>[];
          const rest = { ...all };
          delete rest['both'];
          expect(Object.entries(all?.['both'] as object)).toEqual(expect.arrayContaining([[a, b]]));
          expect(rest['text']).toBe(b);
          expect(rest['members']).toEqual([a]);
          expect(Object.entries(rest['at'] as object)).toEqual([[b, a]]);
          expect(rest['called']).toBe(b);
          expect(rest['template']).toBe(`<${b}>`);
          expect(rest['base']).toBe('base');
          expect(rest['key']).toBe(true);
          expect(rest['mocked']).toBe(a);
          expect(rest['many']).toBe(a);
          expect(untouched()).toEqual(before);
        }),
        settings(150),
      );
    },
    limitMs,
  );
});
